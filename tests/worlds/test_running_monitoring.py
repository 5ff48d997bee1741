"""Running monitoring, end to end: what it does not tell is unknown, and its secrets stay with it."""

import pytest

from plimsoll.worlds.cloud import Misbehavior, Trouble

LIVE = ("MET-04", "MET-05", "MET-06", "MET-08", "MET-11")
CHOSEN = [option for control in LIVE for option in ("--control", control)]
TROUBLES = (
    Misbehavior.SILENT,
    Misbehavior.TRUNCATED,
    Misbehavior.NOT_JSON,
    Misbehavior.NOT_AN_OBJECT,
    Misbehavior.SERVER_ERROR,
    Misbehavior.UNAVAILABLE,
)
READS = {
    "/api/v1/targets": "MET-04",
    "/api/v1/rules": "MET-05",
    "/api/v1/alertmanagers": "MET-05",
    "/api/v1/status/runtimeinfo": "MET-05",
    "/api/v1/query": "MET-08",
    "/api/v2/silences": "MET-11",
    "/api/search": "MET-06",
    "/api/datasources": "MET-06",
}
LISTS = {"/api/v2/silences", "/api/search", "/api/datasources"}
"""Reads whose answer is a list, which may be empty."""


def prom_verdicts(run, control):
    """What the vantage point of monitoring said of each subject of a control that it can see."""
    return [
        seen["verdict"]
        for one in run.document["results"]
        if one["control"] == control
        for seen in one["vantage"]
        if seen["source"] == "prom"
    ]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_api_that_misbehaves_leaves_unknown_what_it_would_tell(rehearse, trouble):
    """Nothing that it would have told passes, and nothing fails for it."""

    def change(world):
        paths = READS.keys() - (LISTS if trouble is Misbehavior.NOT_AN_OBJECT else set())
        world.monitoring.trouble = [Trouble(trouble, path) for path in paths]

    run = rehearse(change, *CHOSEN, "--no-engineer-log")
    assert run.status == 2, run.out + run.err
    assert run.controls_with("fail") == set()
    told = {"MET-06", "MET-11"} if trouble is Misbehavior.NOT_AN_OBJECT else set()
    for control in sorted({*READS.values()} - told):
        assert set(prom_verdicts(run, control)) == {"error"}


def unscraped(world):
    """A target that has never been scraped."""
    world.monitoring.target("functions", region="nyc1")["health"] = "unknown"


def unevaluated(world):
    """A rule that has never been evaluated."""
    world.monitoring.group("data")["rules"][0] |= {
        "health": "unknown",
        "lastEvaluation": "0001-01-01T00:00:00Z",
    }


def unsaid(world):
    """A Prometheus that does not say whether it loaded its configuration."""
    del world.monitoring.runtime["reloadConfigSuccess"]


def unmeasured(world):
    """Two hours of thirty days without data, in all the others of which the system was there."""
    measured = world.monitoring.measurement("nyc1")
    measured.share, measured.minutes = 1.0, 43200 - 120


def never_measured(world):
    """An expression that Prometheus has no data for."""
    world.monitoring.measurement("nyc1").minutes = 0


def beyond_words(world):
    """A long silence of whatever severity a pattern matches."""
    matcher = world.monitoring.silences[1]["matchers"][0]
    matcher["value"] = "(warn|info).*"


def a_page_for_strangers(world):
    """A door that answers strangers with a server error."""
    world.monitoring.trouble = [Trouble(Misbehavior.NOT_JSON, "/api/search")]


@pytest.mark.parametrize(
    ("change", "control"),
    [
        (unscraped, "MET-04"),
        (unevaluated, "MET-05"),
        (unsaid, "MET-05"),
        (unmeasured, "MET-08"),
        (never_measured, "MET-08"),
        (beyond_words, "MET-11"),
        (a_page_for_strangers, "MET-10"),
    ],
)
def test_what_is_not_known_is_neither_green_nor_red(rehearse, change, control):
    """The one subject that it is about is undecided, with the reason."""
    run = rehearse(change, "--control", control, "--no-engineer-log")
    assert run.status == 2, run.out + run.err
    undecided = [one for one in run.document["results"] if one["verdict"] != "pass"]
    assert [one["verdict"] for one in undecided] == ["error"]
    assert undecided[0]["summary"]


def test_a_silence_of_another_severity_may_last(rehearse):
    """That of what no required alert is, as long as a year."""

    def change(world):
        world.monitoring.silences[1]["endsAt"] = "2999-01-01T00:00:00Z"

    assert rehearse(change, "--control", "MET-11", "--no-engineer-log").status == 0


def test_what_monitoring_gives_away_goes_no_further(rehearse):
    """Failures quote errors and addresses; the secrets in them stand in no file and no output."""

    def change(world):
        monitoring = world.monitoring
        target = monitoring.target("functions", region="nyc1")
        target |= {"health": "down", "lastError": "connection refused"}
        rule = monitoring.group("data")["rules"][0]
        rule |= {"health": "err", "lastError": "the database refused the connection"}
        monitoring.dropped_alertmanagers.append(monitoring.alertmanagers[0])
        monitoring.silences[0]["endsAt"] = "2999-01-01T00:00:00Z"

    run = rehearse(change, *CHOSEN)
    assert run.controls_with("fail") == {"MET-04", "MET-05", "MET-11"}
    secrets = run.world.monitoring.canaries | dict(run.world.credentials)
    assert len(secrets) > 50
    heard = [
        (name, place)
        for name, text in run.written.items()
        for place, secret in secrets.items()
        if secret in text
    ]
    assert heard == []
    assert any("connection refused" in text for text in run.written.values())
