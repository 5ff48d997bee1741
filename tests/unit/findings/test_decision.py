"""The gate opens only for what is known to be good."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings import Control, Result, Severity, Verdict
from plimsoll.findings.decision import Circumstances, Status, decide

CONTROLS = {
    str(severity): Control(str(severity), "area", "t", severity, "r", "w", "m")
    for severity in Severity
}


def result(control, verdict, *, required=True):
    return Result(control, "s", verdict, verdict, "", required=required)


def around(results, **changes):
    return replace(Circumstances(len(results), len(results)), **changes)


results = st.lists(
    st.builds(result, st.sampled_from(list(CONTROLS)), st.sampled_from(Verdict)), max_size=6
)


@given(results)
def test_ready_means_something_passed_and_nothing_required_is_unknown(several):
    """No code path opens the gate for what is not known."""
    decision = decide(several, CONTROLS, around(several))
    if decision.status is Status.READY:
        assert any(one.verdict is Verdict.PASS for one in several)
        assert not any(one.verdict.is_unknown for one in several)
        assert not any(
            one.verdict is Verdict.FAIL and CONTROLS[one.control].severity.reaches(Severity.HIGH)
            for one in several
        )


@given(results, st.sampled_from(Severity))
def test_a_failure_at_or_above_the_threshold_blocks(several, threshold):
    """A blocking failure is said before anything unknown."""
    failing = [*several, result(str(threshold), Verdict.FAIL)]
    decision = decide(failing, CONTROLS, around(failing, fail_on=threshold))
    assert decision.status is Status.BLOCKED


def test_a_lesser_failure_does_not_block_and_is_counted():
    """It is shown in the sentence."""
    several = [result("high", Verdict.PASS), result("low", Verdict.FAIL)]
    decision = decide(several, CONTROLS, around(several))
    assert (decision.status, "1 failed below" in decision.reason) == (Status.READY, True)


def test_nothing_at_all_is_undecidable():
    """An empty run proves nothing."""
    assert decide([], CONTROLS, Circumstances(0, 0)).status is Status.UNDECIDABLE


def test_only_inapplicable_results_are_undecidable():
    """Nothing was shown to be compliant."""
    several = [result("high", Verdict.NOT_APPLICABLE)]
    assert decide(several, CONTROLS, around(several)).status is Status.UNDECIDABLE


def test_a_lost_check_is_undecidable():
    """Planned and recorded must agree."""
    several = [result("high", Verdict.PASS)]
    decision = decide(several, CONTROLS, Circumstances(2, 1))
    assert (decision.status, decision.reason) == (
        Status.UNDECIDABLE,
        "2 checks were planned and 1 recorded",
    )


def test_an_interrupted_run_is_undecidable():
    """However good it looked."""
    several = [result("high", Verdict.PASS)]
    decision = decide(several, CONTROLS, around(several, interrupted=True))
    assert decision.status is Status.UNDECIDABLE


def test_an_optional_check_that_was_not_made_closes_nothing():
    """Only what is required must be known."""
    several = [result("high", Verdict.PASS), result("low", Verdict.NOT_TESTED, required=False)]
    assert decide(several, CONTROLS, around(several)).status is Status.READY


def test_simulated_evidence_opens_no_gate_that_asks_for_live():
    """A rehearsal is not the performance."""
    several = [result("high", Verdict.PASS)]
    asked = around(several, simulated=True, require_live=True)
    assert decide(several, CONTROLS, asked).status is Status.UNDECIDABLE
    assert decide(several, CONTROLS, around(several, simulated=True)).status is Status.READY
