"""The thresholds of expressions, with everything around them folded away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.promql import PromqlError
from plimsoll.semantics.promql.conditions import Condition, conditions


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("up == 0", Condition("up", "==", 0.0, "const")),
        ("0 == up", Condition("up", "==", 0.0, "const")),
        ("5 < x", Condition("x", ">", 5.0, "const")),
        ("100 - x * 100 > 80", Condition("x", "<", pytest.approx(0.2), "const", scale=100.0)),
        ("(1 - x) * 100 >= 80", Condition("x", "<=", pytest.approx(0.2), "const", scale=100.0)),
        ("(a / b) * 100 > 1", Condition("a / b", ">", 0.01, "const", scale=100.0)),
        ("x / 4 + 1 < 2", Condition("x", "<", 4.0, "const", scale=0.25)),
        ("-x - 1 > 3", Condition("x", "<", -4.0, "const")),
        ("x > 2 ^ 3 * (1 + 1)", Condition("x", ">", 16.0, "const")),
        ("x > scalar(vector(3))", Condition("x", ">", 3.0, "const")),
        ("x > -(3)", Condition("x", ">", -3.0, "const")),
        ("x * 0 > 3", Condition("x", ">", None, "const")),
        ("x / 0 > 3", Condition("x / 0", ">", 3.0, "const")),
        ("2 * x > 3", Condition("x", ">", 1.5, "const", scale=2.0)),
        ("3 / x > 3", Condition("3 / x", ">", 3.0, "const")),
        ("3 + x > 4", Condition("x", ">", 1.0, "const")),
        ("x % 2 > 1", Condition("x % 2", ">", 1.0, "const")),
        ("a < b * 0.5", Condition("a", "<", 0.5, "relative", other="b")),
        ("-a < b", Condition("a", ">", -1.0, "relative", other="b")),
        ("a + 1 < b", Condition("a", "<", None, "relative", other="b")),
        ("time() - a > 60", Condition("time() - a", ">", 60.0, "const")),
        ("absent((up{a='b'}))", Condition('up{a="b"}', "absent", None, "presence")),
        ("vector(1)", Condition("vector(1)", "", None, "presence")),
        ("max_over_time((x > 3)[5m:1m])", Condition("x", ">", 3.0, "const")),
    ],
)
def test_a_condition_is_read(expression: str, expected: Condition) -> None:
    """What is compared, how, and with what."""
    assert conditions(expression) == (expected,)


def test_every_condition_is_told_in_order() -> None:
    """Both sides of operators, and what is within an aggregation."""
    found = conditions("count(up == 0) > 2 and (a or b > 1) unless c > 3")
    assert [(c.core, c.operator, c.threshold, c.negated) for c in found] == [
        ("count(up == 0)", ">", 2.0, False),
        ("up", "==", 0.0, False),
        ("a", "", None, False),
        ("b", ">", 1.0, False),
        ("c", ">", 3.0, True),
    ]
    twice = conditions("a > 1 unless (b > 2 unless c > 3)")
    assert [condition.negated for condition in twice] == [False, True, False]
    assert [c.core for c in conditions("topk(3, a > 1)")] == ["a"]


def test_what_does_not_parse_is_refused() -> None:
    """As anywhere."""
    with pytest.raises(PromqlError):
        conditions("a >")


@given(
    st.floats(min_value=-1e6, max_value=1e6),
    st.sampled_from([0.01, 0.5, 3.0, 100.0, -2.0]),
    st.integers(min_value=-100, max_value=100),
    st.sampled_from([">", "<", ">=", "<="]),
)
def test_arithmetic_around_a_threshold_changes_nothing(
    threshold: float, factor: float, shift: int, operator: str
) -> None:
    """The same condition, written in another way."""
    turned = {">": "<", "<": ">", ">=": "<=", "<=": ">="}[operator] if factor < 0 else operator
    bound = threshold * factor + shift
    (found,) = conditions(f"x * {factor} + {shift} {turned} {bound!r}")
    assert (found.core, found.operator, found.scale) == ("x", operator, abs(factor))
    assert found.threshold == pytest.approx(threshold, rel=1e-6, abs=1e-6)
