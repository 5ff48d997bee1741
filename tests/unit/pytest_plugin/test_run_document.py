"""The one record of a run: every number in it is derived from its results."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plimsoll.facts.repository import RepositoryProbe
from plimsoll.findings import Deviation, Result, VantageVerdict, Verdict, Waiver, roll_up
from plimsoll.pytest_plugin.assessment import PlannedCheck
from plimsoll.pytest_plugin.recording import lost
from plimsoll.pytest_plugin.run_document import Ending, build


def result(control, subject, verdict, **more):
    """A result with one vantage point."""
    seen = VantageVerdict("http", verdict, simulated=more.pop("simulated", False))
    return Result(control, subject, verdict, verdict, "told", vantage=(seen,),
                  node=f"{control}::{subject}", **more)  # fmt: skip


def planned(*results):
    """The plan of which these are the results."""
    return [PlannedCheck(one.control, one.subject, one.node, "") for one in results]


@pytest.fixture
def record(assess, noon):
    """Build the document of a run with these results."""

    def made(results, assessment=None, *, interrupted=False, evidence=None):
        assessment = assessment or assess()
        assessment.planned = assessment.planned or planned(*results)
        ending = Ending(noon + timedelta(seconds=2), interrupted, evidence or {})
        return build(assessment, results, ending)

    return made


OUTCOMES = st.lists(
    st.tuples(st.sampled_from(["ABC-01", "ABC-02"]), st.sampled_from(Verdict), st.booleans()),
    max_size=8,
)


@given(OUTCOMES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_and_verdicts_are_derived(record, outcomes):
    """Each count is the number of results with that verdict; a control's is their roll-up."""
    results = [
        result(control, f"s{number}", verdict, lost=lost)
        for number, (control, verdict, lost) in enumerate(outcomes)
    ]
    document = record(results)
    counted = Counter(str(one.verdict) for one in results)
    assert {str(v): document["counts"][str(v)] for v in Verdict} == {
        str(v): counted[str(v)] for v in Verdict
    }
    assert document["counts"]["planned"] == len(results)
    assert document["counts"]["recorded"] == sum(not one.lost for one in results)
    assert {one["id"]: one["verdict"] for one in document["controls"]} == {
        control: str(roll_up(one.verdict for one in results if one.control == control))
        for control in {one.control for one in results}
    }


@given(OUTCOMES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ready_means_that_something_passed_and_nothing_required_is_unknown(record, outcomes):
    """The decision of the document, whatever the results."""
    results = [
        result(control, f"s{number}", verdict)
        for number, (control, verdict, _) in enumerate(outcomes)
    ]
    verdicts = {one.verdict for one in results}
    ready = record(results)["decision"]["status"] == "ready"
    unknown = verdicts & {Verdict.ERROR, Verdict.NOT_TESTED, Verdict.MANUAL, Verdict.FAIL}
    assert ready == (Verdict.PASS in verdicts and not unknown)


def test_a_check_that_left_no_result_makes_the_run_undecidable(record):
    """Planned and recorded differ, and the lost one is counted as an error."""
    passed = result("ABC-01", "north", Verdict.PASS)
    gone = lost(PlannedCheck("ABC-02", "north", "ABC-02::north", ""))
    document = record([passed, gone])
    assert (document["counts"]["planned"], document["counts"]["recorded"]) == (2, 1)
    assert document["counts"]["error"] == 1
    assert document["decision"]["status"] == "undecidable"


def test_an_interrupted_run_is_undecidable_however_green(record):
    """What was not reached is not known."""
    document = record([result("ABC-01", "north", Verdict.PASS)], interrupted=True)
    assert document["decision"]["status"] == "undecidable"
    assert document["run"]["interrupted"] is True


@pytest.mark.parametrize(("mock", "seen", "simulated"), [(1, 0, True), (0, 1, True), (0, 0, False)])
def test_one_simulated_vantage_point_makes_the_decision_simulated(
    record, assess, mock, seen, simulated
):
    """So does a mocked run, whatever its results say; a live one without is not."""
    one = result("ABC-01", "north", Verdict.PASS, simulated=bool(seen))
    document = record([one], assess(mock=bool(mock)))
    assert document["decision"]["simulated"] is simulated
    assert document["run"]["mode"] == ("mock" if mock else "live")


NAMED = """\
named_requirements:
  - {name: The ferry floats, control: ABC-01}
  - {name: The north ferry floats, control: ABC-01, subjects: [north]}
  - {name: The ferry flies, control: ABC-02, subjects: [nowhere]}
"""


def test_a_named_requirement_is_decided_by_its_control_and_subjects(record, assess):
    """A row that nothing decides was not tested: it is never green by being empty."""
    results = [
        result("ABC-01", "north", Verdict.PASS),
        result("ABC-01", "south", Verdict.FAIL),
        result("ABC-02", "south", Verdict.PASS),
    ]
    document = record(results, assess(NAMED))
    rows = {
        row["name"]: (row["subjects"], row["verdict"]) for row in document["named_requirements"]
    }
    assert rows == {
        "The ferry floats": (["north", "south"], "fail"),
        "The north ferry floats": (["north"], "pass"),
        "The ferry flies": ([], "not_tested"),
    }
    names = {(one["control"], one["subject"]): one["names"] for one in document["results"]}
    assert names["ABC-01", "north"] == ["The ferry floats", "The north ferry floats"]
    assert names["ABC-02", "south"] == []


def waiver(identity, expires_at):
    """A waiver of ABC-01 at north."""
    return Waiver(identity, "ABC-01", "north", ("hull",), "R", "A", "B", "https://t/1", expires_at)


def test_a_waiver_is_in_force_unused_or_expired(record, assess, noon):
    """As of the start of the run, and as of what it covered."""
    later, earlier = noon + timedelta(days=1), noon - timedelta(days=1)
    waivers = [waiver("W-1", later), waiver("W-2", later), waiver("W-3", earlier)]
    assessment = assess(waivers=waivers)
    failed = result(
        "ABC-01", "north", Verdict.FAIL, deviations=(Deviation("hull", "leaks", "tight", "bow"),)
    )
    document = record([assessment.with_waivers(failed)], assessment)
    assert [(one["id"], one["status"]) for one in document["waivers"]] == [
        ("W-1", "in force"),
        ("W-2", "unused"),
        ("W-3", "expired"),
    ]
    (told,) = document["results"]
    assert (told["verdict"], told["raw_verdict"], told["waiver"]) == ("waived", "fail", "W-1")
    assert told["deviations"] == [
        {"what": "hull", "observed": "leaks", "expected": "tight", "where": "bow"}
    ]


VALUES = """\
tls: {minimum_version: "1.2", days_to_expiry: 21}
endpoints:
  - {name: home, kind: page, url: "https://ferry.example/", p95_ms: 800}
  - {name: cart, kind: page, url: "https://ferry.example/cart", p95_ms: 900}
https_only: true
sources:
  tls.days_to_expiry: "001 §TLS"
  tls: "derived: common practice"
  endpoints.cart.p95_ms: "000 §Objectives"
  endpoints.p95_ms: "000 §Objectives"
  https_only: "000 §Objectives"
"""


def test_each_value_stands_with_its_source(record, assess):
    """By its place in the file, of one entry of a list or of all; derived ones are marked."""
    document = record([], assess(VALUES))
    values = {one["name"]: (one["value"], one["derived"]) for one in document["run"]["values"]}
    assert values == {
        "tls.days_to_expiry": ("21", False),
        "tls": ("minimum_version: 1.2, days_to_expiry: 21", True),
        "endpoints.cart.p95_ms": ("900", False),
        "endpoints.p95_ms": ("800, 900", False),
        "https_only": ("true", False),
    }


def test_the_repository_that_was_read_is_named(record, assess, read):
    """Its commit, and whether anything in it was not committed; unknown where it was not read."""
    assessment = assess()
    assert record([], assessment)["run"]["repository"] == {"commit": None, "dirty": None}
    assessment.sightings = {RepositoryProbe(()): read({})}
    assert record([], assessment)["run"]["repository"] == {"commit": "c0ffee", "dirty": False}


def test_evidence_is_listed_by_what_the_result_relied_on(record):
    """Each piece with its digest, and nothing else's."""
    pieces = {"GET x": [{"path": "evidence/x.json"}], "GET y": [{"path": "evidence/y.json"}]}
    one = result("ABC-01", "north", Verdict.PASS, evidence=("GET x",))
    document = record([one], evidence=pieces)
    assert document["results"][0]["evidence"] == [{"path": "evidence/x.json"}]


def test_a_conflict_stands_with_its_control(record, assess):
    """What was asked and what can be is shown beside the verdict."""
    text = "conflicts: {ABC-01: {asked: to fly, reality: it floats}}\n"
    document = record([result("ABC-01", "north", Verdict.PASS)], assess(text))
    assert document["controls"][0]["conflict"] == {"asked": "to fly", "reality": "it floats"}
