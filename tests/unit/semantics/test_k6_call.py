"""Only the words behind `k6 run` are k6's own; those before it set its environment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.script import Answer
from plimsoll.semantics.k6_call import K6Call, hidden_calls, k6_call
from plimsoll.semantics.load_invocation import hidden_invocation, script_invocations
from plimsoll.semantics.load_test_runner import load_test_runner
from plimsoll.semantics.shell.script import ShellError, parse_script

IMAGE = "grafana/k6"


def call(text: str) -> K6Call | None:
    """How the first command of a script starts a load test."""
    return k6_call(parse_script(text).commands[0])


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("k6 run x.js --vus 3", "x.js --vus 3"),
        ("exec /usr/bin/k6 run x.js", "x.js"),
        ("k6 -q -c k6.json run x.js", "-q -c k6.json x.js"),
        ("k6 --log-output=none run x.js", "--log-output=none x.js"),
        ("sudo -u k6 k6 run x.js", "x.js"),
        ("docker run --rm -i grafana/k6 run -", "-"),
        ('docker run -u "$(id -u)" -d=false grafana/k6:1.0 run /s/x.js', "/s/x.js"),
        ("podman run registry:5000/k6@sha256:00 run x.js", "x.js"),
        ("docker compose -p k6 run k6 run x.js", "x.js"),
        ("k6 cloud --exit-on-running x.js", "--exit-on-running x.js"),
        ("k6 cloud run x.js", "x.js"),
    ],
)
def test_the_words_of_k6_begin_behind_its_verb(text: str, own: str) -> None:
    """Whatever wraps it, by path, image or user; options before the verb are k6's too."""
    found = call(text)
    assert found is not None
    assert found.own == tuple(own.split())


@pytest.mark.parametrize(
    "text",
    ["echo k6 run x.js", "k6 version", "k6 cloud login", "docker run --name k6 -d alpine", "k6 -c"],
)
def test_what_starts_no_test_is_no_call(text: str) -> None:
    """Printed, asked for something else, or only named so."""
    assert call(text) is None


@pytest.mark.parametrize(
    ("before", "variables"),
    [
        ("docker run -e K6_VUS=1 -e K6_DURATION=10s", {"K6_VUS": "1", "K6_DURATION": "10s"}),
        ("docker run --env=K6_VUS=1 -eA=b=c", {"K6_VUS": "1", "A": "b=c"}),
        ("docker run --env K6_VUS --rm -e", {"K6_VUS": "$K6_VUS"}),
        ("docker run --entrypoint k6 --env-file x", {}),
        ("env K6_NO_THRESHOLDS=true", {"K6_NO_THRESHOLDS": "true"}),
        ("sudo -u load K6_VUS=", {"K6_VUS": ""}),
    ],
)
def test_the_words_before_it_set_its_environment(before: str, variables: dict[str, str]) -> None:
    """As assignments, as options of a container, or handed on under their name alone."""
    assert K6Call(tuple(before.split()), ()).variables == variables


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"docker run --rm -i {IMAGE} run - <x.js", Answer.YES),
        (f"docker run --detach {IMAGE} run x.js", Answer.UNKNOWN),
        (f"docker run -itd {IMAGE} run x.js", Answer.UNKNOWN),
        ("sudo -d k6 run x.js", Answer.YES),
        ("k6 cloud --exit-on-running x.js", Answer.UNKNOWN),
        ("K6_EXIT_ON_RUNNING=true k6 cloud x.js", Answer.UNKNOWN),
        (f"docker run -e K6_EXIT_ON_RUNNING=1 {IMAGE} cloud x.js", Answer.UNKNOWN),
        (f"docker run -d {IMAGE} run x.js || true", Answer.NO),
    ],
)
def test_a_verdict_that_nobody_waits_for_settles_nothing(text: str, answer: Answer) -> None:
    """The container, or the cloud, goes on without the runner; a swallowed failure stays one."""
    (end,) = load_test_runner(parse_script(text)).failures
    assert end.answer is answer


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (f"docker run -i {IMAGE} run - <load/x.js", ["load/x.js"]),
        (f"docker run -v ./y.js:/s/x.js {IMAGE} run /s/x.js", ["/s/x.js"]),
        (f"cat x.js | docker run -i {IMAGE} run -", []),
        ("k6 run - >x.js", []),
    ],
)
def test_the_load_test_is_told_where_it_is_the_standard_input(text: str, script: list[str]) -> None:
    """By a redirection; what a pipe brings is not told."""
    assert [one.text for one in load_test_runner(parse_script(text)).scripts] == script


@pytest.mark.parametrize(
    ("text", "overrides", "undecided"),
    [
        (f"docker run -i -d -u 5 {IMAGE} run x.js", [], False),
        (f"docker run -e K6_VUS=1 {IMAGE} run x.js", ["K6_VUS=1"], False),
        ("env K6_NO_THRESHOLDS=true k6 run x.js", ["K6_NO_THRESHOLDS=true"], False),
        (f"docker run -e K6_VUS {IMAGE} run x.js", [], True),
        (f"docker run -e BASE_URL {IMAGE} run x.js", [], False),
        (f"docker run --env-file .env {IMAGE} run x.js", [], True),
    ],
)
def test_options_of_a_container_are_none_of_k6(
    text: str, overrides: list[str], *, undecided: bool
) -> None:
    """Its environment is k6's; what is handed on from outside may be anything."""
    runner = load_test_runner(parse_script(text))
    assert [one.text for one in runner.overrides] == overrides
    assert bool(runner.undecided) is undecided


def test_an_invocation_has_the_environment_of_its_container() -> None:
    """Filled in where the script says it, open where it does not."""
    text = (
        "USERS=7\n"
        f'docker run -e K6_VUS="$USERS" -e K6_DURATION {IMAGE} run --vus 3 x.js\n'
        f"docker run --env-file=.env {IMAGE} run x.js\n"
    )
    first, second = script_invocations(text, "run.sh")
    assert first.variables == {"K6_VUS": "7", "K6_DURATION": "$K6_DURATION"}
    assert (first.arguments, first.undecided) == (("--vus", "3", "x.js"), "")
    assert "--env-file" in second.undecided


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('"$K6" run x.js', "line 1: which program $K6 is cannot be told"),
        ('cmd=(k6 run x.js)\n"${cmd[@]}"', "line 2: which program ${cmd[@]} is cannot be told"),
        ("bash -c 'k6 run x.js'", "line 1: what bash runs is not read"),
        ("cd load\nmake loadtest", "line 2: what make runs is not read"),
        ("sudo ./load.sh", "line 1: what load.sh runs is not read"),
        ("k6 $VERB x.js", "line 1: how k6 runs k6 cannot be told"),
        ("nice 'k6 run x.js'", "line 1: how nice runs k6 cannot be told"),
        ("echo k6 run x.js", ""),
        ('command "$K6" run x.js', "line 1: which program $K6 is cannot be told"),
        ('command -v "$tool" || exit 1', ""),
        ("command -v k6 || exit 1\nk6 version\necho done", ""),
        ("make() { :; }\nmake", ""),
        ('k6 run x.js\n"$AFTERWARDS"', ""),
        ("date", ""),
    ],
)
def test_a_run_that_may_be_hidden_is_told_with_its_line(text: str, reason: str) -> None:
    """Where `k6 run` is seen nothing is hidden, and what only names k6 hides nothing."""
    assert hidden_invocation(text) == reason
    runner = load_test_runner(parse_script(text))
    assert [f"line {one.line}: {one.text}" for one in runner.undecided][:1] == [reason] * bool(
        reason
    )


WORDS = st.sampled_from(["k6", "run", "cloud", "-e", "--env", "A=b", "-c", "-d", "docker", "$x", "x.js"])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join))
def test_any_words_are_read(text: str) -> None:
    """A call has both its sides in the text, and hides nothing."""
    try:
        script = parse_script(text)
    except ShellError:
        return
    for command in script.commands:
        found = k6_call(command)
        if found is not None:
            assert len(found.before) + len(found.own) <= len(text.split()) - 2
            assert isinstance(found.variables, dict)
    assert all(one.line == 1 for one in hidden_calls(script))
