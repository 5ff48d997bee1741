"""What Prometheus 2 and Prometheus 3 answer differently.

The expectations for 3 are those of its migration guide and of promql/functions.go.
"""

from __future__ import annotations

import pytest

from plimsoll.semantics.promql import PromqlError, UnsupportedError
from plimsoll.semantics.promql.columns import Column
from plimsoll.semantics.promql.dialect import PROMETHEUS_2, PROMETHEUS_3, Dialect
from plimsoll.semantics.promql.evaluation import evaluate
from plimsoll.semantics.promql.reading import tree_of
from plimsoll.semantics.promql.series import Grid, Series
from plimsoll.semantics.promql.store import SeriesStore

TIMES = [60.0 * index for index in range(11)]
STORE = SeriesStore(
    [
        Series({"__name__": "c"}, TIMES, [10.0 * index for index in range(11)]),
        Series({"__name__": "late"}, TIMES[4:], [1.0 + 10 * index for index in range(7)]),
        Series({"__name__": "text", "line": "a\nb"}, TIMES, [1.0] * 11),
        Series({"__name__": "endless"}, TIMES, [float("inf")] * 11),
    ]
)


def at(second: float, expression: str, dialect: Dialect) -> list[float | None]:
    """The values at one moment."""
    found: tuple[Column, ...] = evaluate(expression, STORE, Grid(second, 1, 1), dialect)
    return [column.values[0] for column in found]


def test_a_version_has_its_dialect() -> None:
    """What comes after 3 is taken for 3, what comes before 2 for 2."""
    assert [Dialect.of_major(major).major for major in (1, 2, 3, 4)] == [2, 2, 3, 3]


@pytest.mark.parametrize(
    ("expression", "two", "three"),
    [
        ("count_over_time(c[5m])", [6.0], [5.0]),
        ("count_over_time(c[1m])", [2.0], [1.0]),
        ("rate(c[1m])", [pytest.approx(1 / 6)], []),
        ("count_over_time(c[5m:1m])", [6.0], [5.0]),
        ("count_over_time(c[299s:59s])", [5.0], [5.0]),
    ],
)
def test_ranges_are_left_open_since_3(
    expression: str, two: list[float], three: list[float]
) -> None:
    """The sample exactly at the beginning of a range drops out."""
    assert at(300, expression, PROMETHEUS_2) == two
    assert at(300, expression, PROMETHEUS_3) == three


def test_the_lookback_is_left_open_since_3() -> None:
    """A sample of exactly five minutes is too old."""
    assert at(900, "c", PROMETHEUS_2) == [100.0]
    assert at(900, "c", PROMETHEUS_3) == []
    assert at(899.999, "c", PROMETHEUS_3) == [100.0]


def test_the_dot_matches_the_end_of_a_line_since_3() -> None:
    """In matchers and in label_replace."""
    for expression in ('text{line=~"a.b"}', 'label_replace(text, "x", "y", "line", "a.b") == 1'):
        labels = [
            evaluate(expression, STORE, Grid(0, 1, 1), dialect)
            for dialect in (PROMETHEUS_2, PROMETHEUS_3)
        ]
        told = [bool(found and len(found[0].labels) > 1) for found in labels]
        assert told[1]
    assert at(0, 'text{line=~"a.b"}', PROMETHEUS_2) == []


def test_smoothing_has_two_names() -> None:
    """Each version knows its own; in a string it is only text."""
    old, new = "holt_winters(c[5m], 0.5, 0.5)", "double_exponential_smoothing(c[5m], 0.5, 0.5)"
    assert at(600, old, PROMETHEUS_2) == at(600, new, PROMETHEUS_3) == [100.0]
    for expression, dialect in ((old, PROMETHEUS_3), (new, PROMETHEUS_2)):
        with pytest.raises(PromqlError, match="does not know"):
            at(600, expression, dialect)
    assert str(tree_of('{a="holt_winters("}', PROMETHEUS_3)) == '{a="holt_winters("}'


@pytest.mark.parametrize(
    ("expression", "value"), [("mad_over_time(c[5m])", 10.0), ("first_over_time(c[5m])", 60.0)]
)
def test_new_functions_are_those_of_3(expression: str, value: float) -> None:
    """The second version would refuse the rule."""
    assert at(600, expression, PROMETHEUS_3) == [value]
    with pytest.raises(UnsupportedError, match="is not known"):
        at(600, expression, PROMETHEUS_2)


def test_extrapolation_is_limited_differently() -> None:
    """A young counter: 2 takes its zero point first (prometheus#13725), 3 the guess first."""
    two, three = (
        at(360, "increase(late[5m])", dialect)[0] for dialect in (PROMETHEUS_2, PROMETHEUS_3)
    )
    zero = 120 * 1 / 20
    assert two == pytest.approx(20 * (120 + zero) / 120)
    assert three == two
    slow = [20.0 + index for index in range(7)]
    store = SeriesStore([Series({"__name__": "slow"}, TIMES[4:], slow)])
    grid = Grid(360, 1, 1)
    for dialect in (PROMETHEUS_2, PROMETHEUS_3):
        (column,) = evaluate("increase(slow[5m])", store, grid, dialect)
        assert column.values[0] == pytest.approx(2 * (120 + 30) / 120)
    near = SeriesStore([Series({"__name__": "near"}, TIMES[3:7], [1.0, 2.0, 3.0, 4.0])])
    values = [
        evaluate("increase(near[5m])", near, Grid(300, 1, 1), dialect)[0].values[0]
        for dialect in (PROMETHEUS_2, PROMETHEUS_3)
    ]
    assert values == [pytest.approx(2 * 180 / 120), pytest.approx(2 * 150 / 120)]


def test_names_and_lone_values() -> None:
    """Prometheus 2 keeps the name of atan2, and finds no deviation in a single infinity."""
    named = [
        "__name__" in evaluate("c atan2 1", STORE, Grid(0, 1, 1), dialect)[0].labels
        for dialect in (PROMETHEUS_2, PROMETHEUS_3)
    ]
    assert named == [True, False]
    assert at(0, "stddev(endless)", PROMETHEUS_2) == at(0, "stdvar(endless)", PROMETHEUS_2) == [0.0]
    assert str(at(0, "stddev(endless)", PROMETHEUS_3)) == "[nan]"
