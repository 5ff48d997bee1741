"""Real systems answer late, half, or not at all: only what is concerned suffers, and says so."""

import re

import pytest

from plimsoll.collectors.context import Limits
from plimsoll.worlds.site import Manner

IMPATIENT = Limits(connect_seconds=1.5, read_seconds=1.5, retries=1, overall_seconds=60)
LATER_THAN_THAT_MS = 6_000
CLASS_NAME = re.compile(
    r"\b[A-Z]\w*(?:Error|Exception|Timeout)\b|<\w+ object|\bNone\b|errno", re.IGNORECASE
)


def degrade_answers(world):
    """Each of several endpoints answers badly in its own way."""
    world.endpoint("fra1/liveness").delay_ms = LATER_THAN_THAT_MS
    world.endpoint("fra1/readiness").manner = Manner.TRUNCATED
    world.endpoint("nyc1/liveness").manner = Manner.RESET
    world.endpoint("nyc1/readiness").drip_ms = 500
    world.endpoint("fra1/api").status = 500
    world.endpoint("nyc1/metrics").body = "}{ this is no exposition"


ANSWERS = {
    "fra1/liveness": ({"error"}, "no complete answer within 1.5 s"),
    "fra1/readiness": ({"error"}, "broke off"),
    "nyc1/liveness": ({"error"}, "broke|reset|ended"),
    "nyc1/readiness": ({"error"}, "no complete answer within 1.5 s"),
    "fra1/api": ({"fail"}, "500"),
    "nyc1/metrics": ({"fail", "error"}, "."),
}


def degrade_hosts(world):
    """One host's certificate has expired, another shows that of somebody else, a third is gone."""
    world.certificates["app-oint.com"].days_to_expiry = -1
    world.certificates["nyc1.api.app-oint.com"].names = ("another.example",)


def results_of(run, *, good):
    """The required results of a run that passed, or those that did not."""
    applying = [one for one in run.document["results"] if one["verdict"] != "not_applicable"]
    required = [one for one in applying if one["required"]]
    return [one for one in required if (one["verdict"] == "pass") is good]


def assert_told_to_people(run):
    """Every reason is a short sentence; no traceback and no name of a class is shown."""
    for one in results_of(run, good=False):
        assert 5 < len(one["summary"]) < 400, one
        assert not CLASS_NAME.search(one["summary"]), one["summary"]
        for seen in one["vantage"]:
            assert seen["reason"] is None or not CLASS_NAME.search(seen["reason"]), seen
    assert "Traceback" not in run.out + run.err
    assert "Traceback" not in (run.folder / "report.md").read_text()


@pytest.fixture(scope="module")
def answers(rehearse):
    """One run in a world of bad answers."""
    return rehearse(degrade_answers, "--no-engineer-log", limits=IMPATIENT)


@pytest.mark.parametrize("subject", ANSWERS)
def test_a_bad_answer_is_never_green_and_says_what_happened(answers, subject):
    """Late, cut short, reset, dripping: unknown. Wrong: a failure. Neither is a pass."""
    verdicts, reason = ANSWERS[subject]
    bad = [one for one in results_of(answers, good=False) if one["subject"] == subject]
    assert bad
    assert {one["verdict"] for one in bad} <= verdicts
    assert any(re.search(reason, one["summary"]) for one in bad), [one["summary"] for one in bad]


@pytest.mark.parametrize("subject", ["fra1/liveness", "fra1/readiness", "nyc1/liveness"])
def test_of_what_did_not_answer_nothing_passes(answers, subject):
    """No check of an endpoint that was not seen is green."""
    assert [one for one in results_of(answers, good=True) if one["subject"] == subject] == []


def test_bad_answers_cost_their_own_subjects_only(answers):
    """Everything else is judged as if nothing had happened, but what is seen through them."""
    seen_through_them = {
        place for at in ("fra1", "nyc1") for place in (at, f"{at}.api.app-oint.com")
    }
    seen_through_them |= {f"{at}.api.app-oint.com/plain" for at in ("fra1", "nyc1")}
    seen_through_them.add("fra1/metrics")  # whose counters are proven by what `fra1/api` answers
    concerned = {*ANSWERS} | seen_through_them
    assert {one["subject"] for one in bad_and_not_on_exposures(answers)} <= concerned
    assert answers.status == 1
    assert_told_to_people(answers)


def bad_and_not_on_exposures(rehearsed):
    """What is not good, but for rules tried on metrics of which a region's share was not seen.

    Those are not known, and say of which metric.
    """
    bad = results_of(rehearsed, good=False)
    tried = [one for one in bad if one["control"] in {"ALR-01b", "ALR-02c"}]
    assert {one["verdict"] for one in tried} == {"not_tested"}
    assert all("that may expose it, too, was not observed" in one["summary"] for one in tried)
    return [one for one in bad if one not in tried]


@pytest.fixture(scope="module")
def hosts(rehearse):
    """One run in a world of certificates that prove nothing."""
    return rehearse(degrade_hosts, "--no-engineer-log", limits=IMPATIENT)


@pytest.mark.parametrize(
    ("host", "endpoints"),
    [
        ("app-oint.com", {"home"}),
        (
            "nyc1.api.app-oint.com",
            {f"nyc1/{name}" for name in ("liveness", "readiness", "health", "metrics", "api")},
        ),
    ],
)
def test_behind_a_bad_certificate_nothing_is_green(hosts, host, endpoints):
    """The certificate fails; what would be served behind it was not observed."""
    results = hosts.document["results"]
    (certificate,) = [
        one for one in results if (one["control"], one["subject"]) == ("SEC-03", host)
    ]
    assert certificate["verdict"] == "fail"
    behind = [one for one in results if one["subject"] in endpoints]
    assert {one["subject"] for one in behind} == endpoints
    assert {one["verdict"] for one in behind} == {"error"}
    assert all("certificate" in one["summary"] for one in behind)


def test_a_bad_certificate_costs_its_own_host_only(hosts):
    """The other region and every file are judged as ever."""
    concerned = re.compile(r"home|nyc1.*|app-oint\.com(/unknown-path|/plain)?")
    suffering = {one["subject"] for one in bad_and_not_on_exposures(hosts)}
    assert [one for one in suffering if not concerned.fullmatch(one)] == []
    assert hosts.status == 1
    assert_told_to_people(hosts)


def silence_names(world):
    """The name servers hear every question and answer none."""
    world.names.alive = False


def break_names(world):
    """The name servers answer every question with SERVFAIL."""
    world.names.failing = True


def slow_names(world):
    """The name servers answer later than anybody waits."""
    world.names.delay_ms = LATER_THAN_THAT_MS


@pytest.mark.parametrize("change", [silence_names, break_names, slow_names])
def test_name_servers_that_do_not_answer_cost_the_names_only(rehearse, change):
    """Records are unknown, and everything that was reached is judged."""
    impatient = Limits(connect_seconds=0.3, read_seconds=10, retries=0)
    run = rehearse(
        change, "--no-engineer-log", "--area", "dns", "--area", "scaling", limits=impatient
    )
    assert set(run.verdicts("DNS-01")) == {"error"}
    assert run.controls_with("error", "fail", "not_tested") == {"DNS-01"}
    assert run.status == 2
    assert_told_to_people(run)


def test_a_world_that_never_answers_ends_with_the_run_s_own_limit(rehearse):
    """However long every server waits, the run comes to its end, undecided."""

    def never(world):
        for route in world.site.responses():
            route.delay_ms = 3_600_000

    endless = Limits(connect_seconds=1, read_seconds=3_600, retries=0, overall_seconds=2)
    run = rehearse(never, "--no-engineer-log", "--area", "health", limits=endless)
    assert run.status == 2
    seen_over_http = [
        one
        for one in run.document["results"]
        if any(seen["source"] == "http" for seen in one["vantage"])
    ]
    assert {one["verdict"] for one in seen_over_http} == {"error"}
    assert any("no answer within the run's 2 s" in one["summary"] for one in seen_over_http)
    assert_told_to_people(run)
