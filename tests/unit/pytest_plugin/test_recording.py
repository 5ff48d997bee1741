"""Every planned check is accounted for, and a result survives its way between processes."""

import json
from dataclasses import asdict
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings import Deviation, Result, VantageVerdict, Verdict
from plimsoll.pytest_plugin.assessment import PlannedCheck
from plimsoll.pytest_plugin.distribution import carried
from plimsoll.pytest_plugin.recording import Recorder, decode, lost

TEXT = st.text(max_size=20)
RESULTS = st.builds(
    Result,
    control=st.sampled_from(["ABC-01", "ABC-02"]),
    subject=TEXT,
    verdict=st.sampled_from(Verdict),
    raw_verdict=st.sampled_from(Verdict),
    summary=TEXT,
    deviations=st.lists(st.builds(Deviation, TEXT, TEXT, TEXT, TEXT, TEXT), max_size=3).map(tuple),
    vantage=st.lists(
        st.builds(VantageVerdict, TEXT, st.sampled_from(Verdict), st.booleans(), st.none() | TEXT),
        max_size=3,
    ).map(tuple),
    evidence=st.lists(TEXT, max_size=3).map(tuple),
    waiver=st.none() | TEXT,
    procedure=TEXT,
    node=TEXT,
    duration_ms=st.floats(0, 1e9),
    required=st.booleans(),
    lost=st.booleans(),
)
CATALOGUE = {"ABC-02": None, "ABC-01": None}


def report(result, *, worker=True):
    """The last report of a check, as the recorder gets it."""
    config = SimpleNamespace(workerinput={}) if worker else SimpleNamespace()
    return SimpleNamespace(plimsoll=carried(result, config))


@given(RESULTS)
def test_a_result_is_the_same_after_its_way_through_json(result):
    """Nothing is lost or changed between a worker and the controller."""
    assert decode(json.loads(json.dumps(asdict(result)))) == result


@given(RESULTS)
def test_a_result_is_kept_the_same_from_a_worker_and_from_this_process(result):
    """Distributed or not, the record is one."""
    recorders = Recorder(), Recorder()
    for recorder, worker in zip(recorders, (True, False), strict=True):
        recorder.take(report(result, worker=worker))
    assert recorders[0].results == recorders[1].results == {result.node: result}


def test_other_reports_carry_nothing():
    """Setup reports, and reports of tests that are no checks, are left alone."""
    recorder = Recorder()
    recorder.take(SimpleNamespace())
    recorder.take(SimpleNamespace(plimsoll=None))
    assert recorder.results == {}


@given(st.lists(RESULTS, unique_by=lambda one: one.node, max_size=6), st.data())
def test_every_planned_check_has_exactly_one_result(results, data):
    """Those that reported keep theirs; every other is a lost error."""
    planned = [PlannedCheck(one.control, one.subject, one.node, one.procedure) for one in results]
    reported = [one for one in results if data.draw(st.booleans())]
    recorder = Recorder()
    for one in reported:
        recorder.take(report(one))
    complete = recorder.complete(planned, CATALOGUE)
    assert sorted(one.node for one in complete) == sorted(one.node for one in planned)
    missing = [one for one in complete if one not in reported]
    assert all(one.lost and one.verdict is Verdict.ERROR and one.required for one in missing)


@given(st.lists(RESULTS, unique_by=lambda one: one.node, max_size=6))
def test_results_come_in_the_order_of_the_catalogue_however_they_came_in(results):
    """Control, subject, node: never the order in which workers happened to finish."""
    forwards, backwards = Recorder(), Recorder()
    for one in results:
        forwards.take(report(one))
    for one in reversed(results):
        backwards.take(report(one))
    ordered = forwards.complete([], CATALOGUE)
    assert ordered == backwards.complete([], CATALOGUE)
    controls = [one.control for one in ordered]
    assert controls == sorted(controls, reverse=True)


def test_a_lost_check_says_what_may_have_happened():
    """In words, with its procedure still there for the auditor."""
    result = lost(PlannedCheck("ABC-01", "north", "a::b", "how"))
    assert (result.verdict, result.procedure) == (Verdict.ERROR, "how")
    assert "left no result" in result.summary
