"""Verdicts add up, and unknown is never green."""

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings import Severity, Verdict, roll_up

verdicts = st.lists(st.sampled_from(Verdict))


@given(verdicts)
def test_rolling_up_gives_one_of_the_verdicts_or_not_tested(several):
    """Whatever is added up is one of the parts; of nothing, nothing was tested."""
    assert roll_up(several) in ({*several} or {Verdict.NOT_TESTED})


@given(verdicts, st.sampled_from([Verdict.FAIL, Verdict.ERROR, Verdict.NOT_TESTED, Verdict.MANUAL]))
def test_a_bad_or_unknown_part_never_rolls_up_to_a_pass(several, bad):
    """One part that failed or is unknown keeps the whole from passing."""
    assert roll_up([*several, bad]) not in {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.WAIVED}


@given(verdicts)
def test_the_order_of_the_parts_does_not_matter(several):
    """Rolling up is a matter of which verdicts there are."""
    assert roll_up(several) == roll_up(reversed(several))


def test_the_order_of_roll_up_is_the_documented_one():
    """Fail > error > not tested > manual > waived > pass > not applicable."""
    order = ["fail", "error", "not_tested", "manual", "waived", "pass", "not_applicable"]
    assert [str(verdict) for verdict in Verdict] == order


def test_a_severity_reaches_thresholds_at_or_below_it():
    """Critical reaches every threshold, low only its own."""
    assert [Severity.CRITICAL.reaches(one) for one in Severity] == [True, True, True, True]
    assert [Severity.LOW.reaches(one) for one in Severity] == [False, False, False, True]
