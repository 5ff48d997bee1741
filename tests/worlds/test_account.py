"""A DigitalOcean account that is read: what it is asked, what it hides, and how it misbehaves."""

from collections import Counter
from pathlib import Path

import pytest

from plimsoll.cli import main
from plimsoll.environment.loader import load
from plimsoll.findings.redaction import mask
from plimsoll.worlds.cloud import Misbehavior, Trouble

API = "api.digitalocean.com"
ENVIRONMENTS = ("app-oint", "tetrix", "digitalocean-production")
MOST_CALLS = 60
MOST_AT_ONCE = 8


def api_calls(run):
    """What the API was asked, as `GET /v2/…`."""
    return [f"{one.method} {one.path}" for one in run.requests if one.host == API]


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def whole(request, rehearse):
    """One whole run of each sound world, with every request it was sent."""
    return rehearse(lambda world: None, "--no-reports", env=request.param)


def test_the_api_is_only_read_and_asked_nothing_twice(whole):
    """The servers' own log of a whole run."""
    calls = api_calls(whole)
    assert calls
    assert {call.partition(" ")[0] for call in calls} == {"GET"}
    assert [call for call, count in Counter(calls).items() if count > 1] == []
    assert len(calls) <= MOST_CALLS


def test_the_object_store_is_only_read_and_asked_nothing_twice(whole):
    """Names, dates and rules are asked for, each once; what an object holds is not."""
    stores = [one for one in whole.requests if one.host.endswith(".digitaloceanspaces.com")]
    asked = [(one.method, one.host, one.path) for one in stores]
    assert {method for method, _, _ in asked} <= {"GET", "HEAD"}
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_what_the_account_gives_away_goes_no_further(rehearse, env):
    """Passwords, keys and addresses that the API answers with are in nothing that a run writes."""
    run = rehearse(env=env)
    canaries = {**run.world.cloud.canaries, **run.world.credentials}
    assert len(canaries) > 3
    heard = [
        (place, name)
        for name, text in run.written.items()
        for place, canary in canaries.items()
        if canary in text
    ]
    assert heard == []


def withdraw(*scopes):
    """Return a change of a world: its token has no longer these scopes."""

    def change(world):
        for scope in scopes:
            world.cloud.scopes.discard(scope)

    return change


def test_a_token_without_scopes_is_told_in_one_message_and_decides_nothing(rehearse):
    """What was refused and what was left out is not observed; nothing of it fails or passes."""
    run = rehearse(
        withdraw("database:read", "tag:read"), "--no-reports", env="digitalocean-production"
    )
    assert run.status == 2, run.out
    (line,) = [line for line in run.out.splitlines() if "the token lacks" in line and "," in line]
    assert "database:read" in line
    assert "tag:read" in line


def test_a_missing_scope_fails_nothing(rehearse):
    """Not to see a thing is not to see that it is wrong."""
    run = rehearse(withdraw("database:read", "tag:read"), env="digitalocean-production")
    assert run.controls_with("fail") == set()
    assert {"SCL-07a", "SCL-07b", "BKP-09", "OPS-04", "SEC-06a", "SEC-06b"} <= run.controls_with(
        "error"
    )
    assert run.document["run"]["missing_scopes"] == ["database:read", "tag:read"]


def test_a_token_that_is_not_accepted_stops_at_once(rehearse):
    """One refusal is enough: nothing else is asked, and everything of the account is unknown."""

    def replace_the_token(world):
        world.cloud.token = "another"

    run = rehearse(replace_the_token, env="tetrix")
    assert run.status == 2
    assert run.controls_with("fail") == set()
    assert 1 <= len(api_calls(run)) <= MOST_AT_ONCE


def trouble(kind, **more):
    """Return a change of a world: its API misbehaves."""
    return lambda world: world.cloud.trouble.append(Trouble(kind, **more))


def test_an_api_that_limits_for_a_while_is_waited_for(rehearse):
    """Told to come again in a second, the run does, and decides as if nothing had been."""
    limited = trouble(Misbehavior.TOO_MANY_REQUESTS, times=2, retry_after_seconds=1)
    run = rehearse(limited, env="tetrix")
    assert run.status == 0, run.out


@pytest.mark.parametrize(
    "kind",
    [
        Misbehavior.DOWN,
        Misbehavior.RESET,
        Misbehavior.TRUNCATED,
        Misbehavior.NOT_JSON,
        Misbehavior.NOT_AN_OBJECT,
        Misbehavior.SERVER_ERROR,
        Misbehavior.ENDLESS_PAGES,
    ],
)
def test_an_api_that_does_not_answer_decides_nothing(rehearse, kind):
    """Whatever is wrong with it: nothing fails, what rests on it is unknown, the rest is judged."""
    run = rehearse(trouble(kind), env="tetrix")
    assert run.status == 2, run.out
    assert run.controls_with("fail") == set()
    judged = {
        one["control"]
        for one in run.document["results"]
        for seen in one["vantage"]
        if seen["source"] == "do" and seen["verdict"] == "pass"
    }
    assert judged == set()
    assert "HLT-03" in run.controls_with("pass")


def test_the_token_goes_nowhere_else(rehearse):
    """A page that is said to go on at another host is not followed there with the token."""
    run = rehearse(trouble(Misbehavior.FOREIGN_PAGE), env="tetrix")
    hosts = {one.host for one in run.requests if one.credentialed}
    assert hosts <= {API}


def test_without_a_token_no_socket_is_opened(rehearse):
    """The variable that should hold it is named, and the API hears nothing."""
    run = rehearse(lambda world: world.credentials.pop("DIGITALOCEAN_TOKEN"), env="tetrix")
    assert run.status == 2
    assert api_calls(run) == []
    reasons = [one["summary"] for one in run.document["results"] if one["verdict"] == "error"]
    assert any("DIGITALOCEAN_TOKEN" in reason for reason in reasons)


def test_a_draft_of_a_mocked_account_is_a_valid_environment_file(tmp_path, capsys):
    """`plimsoll init`: what is there is declared, and the file is accepted as it stands."""
    path = tmp_path / "first.yaml"
    assert main(["init", "--mock", "tetrix", "--out", str(path)]) == 0
    assert "written" in capsys.readouterr().out
    (app,) = load(str(path)).model.digitalocean.apps
    assert app.id == "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
    assert {domain.name for domain in app.domains} == {
        "tetrixcorp.com", "joromi.tetrixcorp.com", "code-academy.tetrixcorp.com",
    }  # fmt: skip
    assert main(["validate", str(path)]) == 0


def test_a_draft_never_replaces_a_file(tmp_path, capsys):
    """What somebody wrote stays."""
    path = tmp_path / "mine.yaml"
    path.write_text("mine")
    assert main(["init", "--mock", "tetrix", "--out", str(path)]) == 4
    assert Path(path).read_text() == "mine"
    assert "already there" in capsys.readouterr().err


def test_a_draft_without_a_token_says_what_is_missing(tmp_path, capsys, monkeypatch):
    """Nothing is written where nothing could be read."""
    monkeypatch.delenv("DIGITALOCEAN_TOKEN", raising=False)
    path = tmp_path / "none.yaml"
    assert main(["init", "--out", str(path)]) == 2
    assert not path.exists()
    said = capsys.readouterr().err
    assert said.count("DIGITALOCEAN_TOKEN is not set") == 1
    assert mask(said) == said


def test_a_draft_that_cannot_be_written_says_so(tmp_path, capsys):
    """A folder that is not there is told in a sentence, and no account is asked anything."""
    assert main(["init", "--out", str(tmp_path / "nowhere" / "first.yaml")]) == 4
    assert f"there is no folder {tmp_path / 'nowhere'}" in capsys.readouterr().err
