"""What PromQL expressions read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.promql import Matcher, PromqlError, selectors


def test_a_selector_is_told_with_its_context() -> None:
    """Functions, groupings, range, offset and quantile stand around it."""
    (found,) = selectors(
        'histogram_quantile(0.95, sum by (le, region) (rate(d_bucket{code!~"5.."}[5m] offset 1h)))'
    )
    assert found.metric == "d_bucket"
    assert found.matchers == (Matcher("code", "!~", "5.."),)
    assert (found.range_seconds, found.offset_seconds, found.quantile) == (300.0, 3600.0, 0.95)
    assert found.functions == ("histogram_quantile", "sum", "rate")
    assert [found.keeps(label) for label in ("le", "region", "code")] == [True, True, False]


def test_every_operand_is_read_in_order() -> None:
    """Binary operators, subqueries and parameters hide nothing."""
    found = selectors(
        "a / on (x) group_left b > max_over_time((c - d)[1h:1m]) or topk(scalar(n), e)"
    )
    assert [selector.metric for selector in found] == ["a", "b", "c", "d", "e", "n"]
    assert found[2].range_seconds == 3600.0


def test_the_name_may_be_a_matcher() -> None:
    """A plain name is the metric; a pattern leaves it open."""
    named, open_ = selectors('{__name__="a", b="c"} + {__name__=~"a.*"}')
    assert (named.metric, named.matchers) == ("a", (Matcher("b", "=", "c"),))
    assert (open_.metric, open_.matchers) == (None, (Matcher("__name__", "=~", "a.*"),))


def test_aggregations_drop_labels_as_prometheus_does() -> None:
    """Without a grouping nothing is kept; `without` names what goes; topk keeps everything."""
    kept = [
        selectors(text)[0].keeps("region")
        for text in ("sum(a)", "sum without (region) (a)", "sum without (x) (a)", "topk(3, a)", "a")
    ]
    assert kept == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("operator", "value", "accepted"),
    [
        ("=", "5..", False),
        ("!=", "5..", True),
        ("=~", "5..", True),
        ("!~", "5..", False),
        ("=~", "5", False),
    ],
)
def test_patterns_are_anchored(operator: str, value: str, accepted: bool) -> None:
    """A pattern must match the whole value."""
    assert Matcher("code", operator, value).accepts("503") is accepted


@pytest.mark.parametrize(
    ("quantile", "value"),
    [
        ("0.95", 0.95),
        ("(95 / 100)", 0.95),
        ("1 - 0.05", 0.95),
        ("-0.5 * -1 + 0.45", 0.95),
        ("scalar(q)", None),
        ("1 / 0", None),
    ],
)
def test_a_quantile_may_be_computed(quantile: str, value: float | None) -> None:
    """Constants are folded; what depends on series is not known."""
    found = [s for s in selectors(f"histogram_quantile({quantile}, b)") if s.metric == "b"]
    assert found[0].quantile == (None if value is None else pytest.approx(value))


def test_a_pattern_of_another_dialect_is_an_error() -> None:
    """A pattern that cannot be evaluated here is not taken to match, nor not to."""
    with pytest.raises(PromqlError, match="cannot evaluate"):
        Matcher("code", "=~", r"\pL+").accepts("a")


@pytest.mark.parametrize(
    "text",
    ["", "rate(a)", "sum(", "a{b=}", "$metric", 'a{b="1" or c="2"}', "(" * 500 + "a" + ")" * 500],
)
def test_what_prometheus_refuses_is_an_error(text: str) -> None:
    """Syntax, types and size are checked before anything is said."""
    with pytest.raises(PromqlError):
        selectors(text)


@given(st.text() | st.text(alphabet='abc{}[]()=~!"5m,. sumbyrateoffset+-*/'))
def test_any_text_has_selectors_or_the_declared_error(text: str) -> None:
    """A range or an offset is a number of seconds whenever there is one."""
    try:
        found = selectors(text)
    except PromqlError:
        return
    assert all(isinstance(selector.offset_seconds, float) for selector in found)


def test_the_old_name_of_smoothing_is_read() -> None:
    """Prometheus 2 called it holt_winters; in a text it is only text."""
    (found,) = selectors('holt_winters(a{b="holt_winters("}[5m], 0.5, 0.5)')
    assert found.functions == ("double_exponential_smoothing",)
    assert found.matchers == (Matcher("b", "=", "holt_winters("),)
