"""Why an expression answers nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.promql import EvaluationError, PromqlError
from plimsoll.semantics.promql.dialect import PROMETHEUS_2
from plimsoll.semantics.promql.evaluation import evaluate
from plimsoll.semantics.promql.explain import first_silent
from plimsoll.semantics.promql.series import Grid, Series
from plimsoll.semantics.promql.store import SeriesStore

TIMES = [60.0 * index for index in range(11)]
STORE = SeriesStore(
    [
        *(
            Series({"__name__": "errors", "i": str(i)}, TIMES, [float(i) * t for t in range(11)])
            for i in range(5)
        ),
        Series({"__name__": "up", "job": "api"}, TIMES, [1.0] * 11),
        Series({"__name__": "once"}, [600.0], [1.0]),
        Series({"__name__": "old"}, [0.0], [1.0]),
    ]
)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("up == 0", "up == 0: 1 == 0 is false"),
        ("0 == up", "0 == up: 0 == 1 is false"),
        ("up > scalar(up)", "up > scalar(up): 1 > 1 is false"),
        (
            "errors > 1e3",
            "errors > 1000: 0 > 1000 is false, 10 > 1000 is false, 20 > 1000 is false, and 2 more",
        ),
        ("sum(errors) < on () up", "sum(errors) < on () up: 100 < 1 is false"),
        ("-(sum(errors) > 1000)", "sum(errors) > 1000: 100 > 1000 is false"),
        ("errors * up", "errors * up: no series of one side has the labels of one on the other"),
        ("errors > up", "errors > up: no series of one side has the labels of one on the other"),
        (
            "errors and up",
            "errors and up: no series of one side has the labels of one on the other",
        ),
        (
            "rate(missing[5m]) > 0 or up == 2",
            "missing[5m]: no series is selected; and up == 2: 1 == 2 is false",
        ),
        ('up{job="web"} == 0', 'up{job="web"}: no series is selected'),
        ("sum by (job) (old) > 1", "old: its series have no sample at that time"),
        ("rate(once[5m]) > 0", "rate(once[5m]): fewer than two samples are in its range"),
        ("rate(old[5m])", "old[5m]: its series have no sample at that time"),
        ("absent(up)", "absent(up): what it asks for is there"),
        ("up unless up", "up unless up: every series of the left side is on the right side too"),
        ("old unless up", "old: its series have no sample at that time"),
        ("up and (old > 1)", "old: its series have no sample at that time"),
        ("max_over_time(old[1m:])", "old[1m]: it answered nothing in that time"),
        ("topk(0, up)", "topk(0, up): it answers nothing"),
        ("clamp(up, 2, 1)", "clamp(up, 2, 1): it answers nothing"),
        ("histogram_quantile(0.9, old)", "old: its series have no sample at that time"),
        ('label_replace(old, "a", "b", "c", "")', "old: its series have no sample at that time"),
        ('up{job="' + "x" * 300 + '"}', 'up{job="' + "x" * 192 + "…: no series is selected"),
    ],
)
def test_the_first_silent_part_is_told(expression: str, told: str) -> None:
    """Innermost and leftmost, with the values that were compared."""
    found = first_silent(expression, STORE, 600, PROMETHEUS_2)
    assert str(found) == told


def test_the_compared_values_are_kept() -> None:
    """For whoever shows them in another way."""
    found = first_silent("up == 0", STORE, 600, PROMETHEUS_2)
    assert found is not None
    (pair,) = found.compared
    assert (pair.left, pair.operator, pair.right) == (1.0, "==", 0.0)
    assert pair.labels == {"__name__": "up", "job": "api"}


@pytest.mark.parametrize("expression", ["up", "up == 1", "1", "absent(missing)", "up > bool 2"])
def test_what_answers_is_not_silent(expression: str) -> None:
    """Then there is nothing to explain."""
    assert first_silent(expression, STORE, 600, PROMETHEUS_2) is None


def test_what_cannot_be_answered_is_an_error() -> None:
    """Not a silence."""
    with pytest.raises(PromqlError):
        first_silent("info(up)", STORE, 600, PROMETHEUS_2)


PARTS = st.sampled_from(
    [
        "up",
        "old",
        "errors",
        "once",
        "missing",
        "up == 0",
        "rate(once[5m])",
        "absent(up)",
        "vector(1)",
    ]
)
EXPRESSIONS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.builds(
            "({0}) {1} ({2})".format,
            inner,
            st.sampled_from(["and", "or", "unless", "+", ">", "and on ()"]),
            inner,
        ),
        st.builds(
            "{0}({1})".format, st.sampled_from(["sum", "-", "abs", "absent", "count"]), inner
        ),
        st.builds("max_over_time(({0})[2m:1m])".format, inner),
    ),
    max_leaves=4,
)


@given(EXPRESSIONS)
@settings(max_examples=120, deadline=None)
def test_silence_and_answer_exclude_each_other(expression: str) -> None:
    """Whatever answers nothing has a part to blame, and nothing else has."""
    try:
        answered = bool(evaluate(expression, STORE, Grid(600, 60, 1), PROMETHEUS_2))
        found = first_silent(expression, STORE, 600, PROMETHEUS_2)
    except EvaluationError:
        return
    assert (found is None) == answered
    assert found is None or (found.text and found.reason)
