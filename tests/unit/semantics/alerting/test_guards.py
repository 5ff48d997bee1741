"""Side conditions of rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.alerting.guards import guards


@pytest.mark.parametrize(
    ("expression", "held"),
    [
        ("a > 1 and b == 0", {"a": 2.0, "b": 0.0}),
        ("rate(a[1m]) > 1 and b == 5", {"b": 5.0}),
        ("rate(a[1m]) > 1 unless b == 0", {"b": 1.0}),
        ("rate(a[1m]) > 1 unless b != 3", {"b": 3.0}),
        ("rate(a[1m]) > 1 and 2 >= max(b)", {"b": 0.0}),
        ("rate(a[1m]) > 1 and 2 < min_over_time(b[5m])", {"b": 3.0}),
        ("rate(a[1m]) > 1 and b > 1 and b < 1", {}),
        ("rate(a[1m]) > 1 and rate(b[1m]) > 1", {}),
        ("rate(a[1m]) > 1 and (b + 1) > 1", {}),
        ("rate(a[1m]) > 1 and b > c", {}),
        ("(rate(a[1m]) > 1 and b == 0) or (rate(c[1m]) > 1 and d <= -1)", {"b": 0.0, "d": -1.0}),
        ("rate(a[1m]) > 1 and b", {}),
        ("rate(a[1m]) > 1 and b + 1", {}),
        ("a > 1", {}),
        ("rate(", {}),
    ],
)
def test_a_side_condition_is_held_as_the_rule_wants_it(expression, held):
    """Only plain comparisons of a metric with a number, beside `and` and `unless`."""
    assert guards([expression]) == held


@given(st.floats(-1e6, 1e6), st.sampled_from(["==", "!=", ">", ">=", "<", "<="]), st.booleans())
def test_a_single_condition_can_always_be_met(bound, sign, holds):
    """For every bound there is a value on either side of it."""
    joined = "and" if holds else "unless"
    assert set(guards([f"rate(a[1m]) > 1 {joined} b {sign} {bound:.6f}"])) == {"b"}
