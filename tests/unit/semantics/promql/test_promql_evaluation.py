"""What expressions answer."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.promql import (
    EvaluationError,
    PromqlError,
    UnsupportedError,
    selectors,
)
from plimsoll.semantics.promql.conditions import conditions
from plimsoll.semantics.promql.dialect import PROMETHEUS_2, PROMETHEUS_3, Dialect
from plimsoll.semantics.promql.evaluation import evaluate
from plimsoll.semantics.promql.explain import first_silent
from plimsoll.semantics.promql.series import Grid, Series
from plimsoll.semantics.promql.store import SeriesStore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAN = math.nan
Answer = dict[frozenset[tuple[str, str]], tuple[float | None, ...]]


def series(name: str, values: Sequence[float | None], **labels: str) -> Series:
    """A series with a sample a minute from second 0 on."""
    times = [60.0 * index for index in range(len(values))]
    return Series({"__name__": name, **labels}, times, values)


STORE = SeriesStore(
    [
        series("a", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], job="x", instance="1"),
        series("a", [10.0, 20.0, 30.0, 40.0, 50.0, 60.0], job="x", instance="2"),
        series("a", [7.0, 7.0, 7.0, 7.0, 7.0, 7.0], job="y", instance="3"),
        series("limit", [2.5] * 6, instance="1", zone="north"),
        series("gone", [1.0, 1.0, None], job="x"),
        series("odd", [NAN, math.inf, -math.inf, 0.0, -4.0, 2.0]),
        series("h_bucket", [10.0] * 6, le="0.1"),
        series("h_bucket", [30.0] * 6, le="0.5"),
        series("h_bucket", [40.0] * 6, le="+Inf"),
    ]
)


NOW = Grid(300, 60, 1)


def asked(
    expression: str,
    grid: Grid = NOW,
    dialect: Dialect = PROMETHEUS_2,
    store: SeriesStore = STORE,
) -> Answer:
    """What is answered, by labels."""
    columns = evaluate(expression, store, grid, dialect)
    answer = {frozenset(column.labels.items()): tuple(column.values) for column in columns}
    assert len(answer) == len(columns), "labels are told once"
    return answer


def only(expression: str, dialect: Dialect = PROMETHEUS_2) -> float | None:
    """The one value that an expression answers at second 300."""
    ((value,),) = asked(expression, dialect=dialect).values()
    return value


def labeled(**labels: str) -> frozenset[tuple[str, str]]:
    """Labels, as answers are looked up."""
    return frozenset(labels.items())


def test_a_selector_answers_for_every_moment() -> None:
    """The latest sample of at most five minutes, and None where there is none."""
    answer = asked('a{instance="1"}', Grid(-60, 330, 4))
    assert list(answer.values()) == [(None, 5.0, 6.0, None)]


def test_a_staleness_marker_ends_a_series() -> None:
    """What is gone is absent at once; other series fade after five minutes."""
    assert list(asked("gone", Grid(60, 60, 3)).values()) == [(1.0, None, None)]


def test_a_number_is_one_column_without_labels() -> None:
    """So a rule may be a number."""
    assert asked("1 + 2 * time()", Grid(60, 60, 2)) == {frozenset(): (121.0, 241.0)}


def test_names_are_kept_and_dropped() -> None:
    """A comparison filters a metric, anything computed is another one."""
    assert labeled(__name__="a", job="y", instance="3") in asked("a > 6.5")
    assert labeled(job="y", instance="3") in asked("a + 1")
    assert labeled(job="y", instance="3") in asked("a > bool 6.5")
    assert labeled(__name__="a", job="y", instance="3") in asked("last_over_time(a[5m])")
    assert labeled(job="y", instance="3") in asked("max_over_time(a[5m])")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sum(a)", 73.0),
        ("avg(a)", 73 / 3),
        ("min(a)", 6.0),
        ("max(a)", 60.0),
        ("count(a)", 3.0),
        ("group(a)", 1.0),
        ("stdvar(limit)", 0.0),
        ("quantile(0.5, a)", 7.0),
        ("topk(1, a)", 60.0),
        ("bottomk(1, a)", 6.0),
        ('count_values("v", limit)', 1.0),
        ('rate(a{instance="1"}[4m])', 4 / 240),
        ('increase(a{instance="2"}[4m])', 40.0),
        ('irate(a{instance="2"}[4m])', 10 / 60),
        ('delta(a{instance="1"}[4m])', 4.0),
        ('idelta(a{instance="2"}[4m])', 10.0),
        ('deriv(a{instance="2"}[4m])', 10 / 60),
        ('predict_linear(a{instance="2"}[4m], 60)', 70.0),
        ('holt_winters(a{instance="2"}[4m], 0.5, 0.5)', 60.0),
        ('sum_over_time(a{instance="1"}[2m])', 15.0),
        ('quantile_over_time(0.5, a{instance="1"}[2m])', 5.0),
        ("changes(odd[5m])", 5.0),
        ("resets(odd[5m])", 2.0),
        ("min_over_time(odd[5m])", -math.inf),
        ("max_over_time(odd[5m] offset 5m)", NAN),
        ("histogram_quantile(0.5, h_bucket)", 0.3),
        ("histogram_quantile(0.9, h_bucket)", 0.5),
        ("histogram_quantile(2, h_bucket)", math.inf),
        ('histogram_quantile(0.5, h_bucket{le!="+Inf"})', NAN),
        ("absent(nothing)", 1.0),
        ("absent_over_time(nothing[5m])", 1.0),
        ("scalar(limit)", 2.5),
        ("scalar(a)", NAN),
        ("vector(4)", 4.0),
        ("timestamp(limit)", 300.0),
        ("timestamp(limit + 0)", 300.0),
        ("pi()", math.pi),
        ("avg_over_time(timestamp(limit)[2m:1m])", 240.0),
        ("quantile(-1, a)", -math.inf),
        ("quantile(0/0, a)", NAN),
        ("scalar(nothing)", NAN),
        ("clamp_min(limit, 3)", 3.0),
        ("clamp_max(limit, 1)", 1.0),
        ("present_over_time(limit[5m])", 1.0),
        ("-(-3)", 3.0),
        ("limit % 2", 0.5),
        ("(limit / 0) % 2", NAN),
        ("0 / limit", 0.0),
        ("increase(odd[5m])", NAN),
        ("deriv(limit[5m])", 0.0),
        ("acos(limit)", NAN),
        ("minute(vector(1e9))", 46.0),
        ("day_of_week(vector(1e9))", 0.0),
        ("days_in_month(vector(1709200000))", 29.0),
        ("hour()", 0.0),
        ("limit / 0", math.inf),
        ("limit % 0", NAN),
        ("limit * 0 / 0", NAN),
        ("(0 - limit) ^ 0.5", NAN),
        ("0 ^ (0 - limit)", math.inf),
        ("1e300 ^ limit", math.inf),
        ("(0 - 1e300) ^ 3", -math.inf),
        ("ln(limit * 0)", -math.inf),
        ("sqrt(-limit)", NAN),
        ("exp(limit * 1000)", math.inf),
        ("atanh(limit / 2.5)", math.inf),
        ("sinh(-limit * 1000)", -math.inf),
        ("sgn(-limit)", -1.0),
        ("round(limit)", 3.0),
        ("round(limit, 0)", NAN),
        ("ceil(limit / 0)", math.inf),
        ("clamp(limit, 3, 4)", 3.0),
        ("clamp_max(odd * 0 / 0, 3)", NAN),
        ("avg(odd offset 4m)", math.inf),
        ("sum_over_time(vector(1)[5m:1m])", 6.0),
        ("max_over_time(limit[5m:1m] offset 1m)", 2.5),
        ("1 > bool 2", 0.0),
        ("3 - limit", 0.5),
        ("-limit", -2.5),
        ("limit @ 60", 2.5),
    ],
)
def test_values_are_those_of_prometheus(expression: str, value: float) -> None:
    """The documentation's formulas, edge cases included."""
    assert only(expression) == pytest.approx(value, nan_ok=True)


def test_a_mean_is_finite_where_its_values_are() -> None:
    """Even where their sum is not."""
    store = SeriesStore([series("huge", [1.5e308, 1.5e308])])
    answer = asked("avg_over_time(huge[1m])", Grid(60, 60, 1), store=store)
    assert list(answer.values()) == [(pytest.approx(1.5e308),)]


@pytest.mark.parametrize("expression", ["clamp(limit, 4, 3)", "nothing", "topk(0, a)", "a > 1e9"])
def test_nothing_is_answered_by_no_column(expression: str) -> None:
    """Absence is not a value."""
    assert asked(expression) == {}


def test_labels_are_changed_by_functions() -> None:
    """Captures, unknown groups and empty values as in Go."""
    replaced = 'label_replace(limit, "{}", "{}", "zone", "(no)(?P<rest>.*)")'
    name, rest = {"__name__": "limit", "instance": "1"}, {"zone": "north"}
    for target, template, labels in (
        ("area", "$rest-${1}$$$9", {**rest, "area": "rth-no$"}),
        ("zone", "$unknown", {}),
        ("zone", "same", {"zone": "same"}),
    ):
        found = asked(replaced.format(target, template))
        assert list(found) == [labeled(**name, **labels)]
    joined = 'label_join(limit, "both", "-", "zone", "missing", "instance")'
    assert list(asked(joined)) == [labeled(**name, **rest, both="north--1")]


def test_the_labels_of_what_is_absent_are_those_asked_for() -> None:
    """Each that is fixed once; from anything but a selector nothing is known."""
    assert list(asked('absent(n{job="x", i=~"a"})')) == [labeled(job="x")]
    assert list(asked('absent_over_time(n{job="x", job="y"}[5m])')) == [labeled()]
    assert list(asked('absent(sum(n{job="x"}))')) == [labeled()]


def test_series_meet_by_their_labels() -> None:
    """One to one, many to one, and labels taken over."""
    joined = asked("a * on (instance) group_left (zone) limit")
    assert joined == {labeled(job="x", instance="1", zone="north"): (15.0,)}
    turned = asked("limit - on (instance) group_right () a")
    assert turned == {labeled(job="x", instance="1"): (-3.5,)}
    assert asked("a > on (instance) limit") == {labeled(instance="1"): (6.0,)}
    assert asked("limit > ignoring (job, zone) a") == {}
    assert asked("a / ignoring (job) a") == {
        labeled(instance=one): (1.0,) for one in ("1", "2", "3")
    }
    assert asked("a or on (instance) limit").keys() == asked("a").keys()
    assert len(asked("a unless on (instance) limit")) == 2
    assert len(asked("a and on (instance) limit")) == 1
    assert len(asked("nothing or a")) == 3


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("limit * on () a", "many-to-many"),
        ("a * on () limit", "many-to-one"),
        ("a * on (job) a", "many-to-many"),
        ('sum without (job) ({__name__=~"a|limit"}) or rate({__name__=~"a|odd"}[5m])', ""),
        ('label_replace(a, "instance", "same", "job", ".*")', "the same labels twice"),
        ('label_replace(a, "not-a-label", "x", "job", ".*")', "not a label name"),
        ('label_join(a, "x", "-", "not-a-label")', "not a label name"),
        ("topk(0/0, a)", "not a number of series"),
        ("holt_winters(a[5m], 0, 0.5)", "smoothing factor"),
        ("holt_winters(a[5m], 0.5, 1)", "trend factor"),
    ],
)
def test_what_prometheus_fails_to_answer_fails(expression: str, reason: str) -> None:
    """With the reason, and never with a part of the answer."""
    if not reason:
        assert asked(expression)
        return
    with pytest.raises(EvaluationError, match=reason):
        asked(expression)


def test_series_may_take_turns() -> None:
    """What is never there twice at once is no ambiguity."""
    store = SeriesStore(
        [
            series("turn", [1.0, None], kind="old"),
            Series({"__name__": "turn", "kind": "new"}, [120.0], [2.0]),
            series("one", [1.0] * 3),
        ]
    )
    grid = Grid(0, 120, 2)
    assert list(asked("one + on () turn", grid, store=store).values()) == [(2.0, 3.0)]
    summed = asked('label_replace(turn, "kind", "", "kind", ".*")', grid, store=store)
    assert list(summed.values()) == [(1.0, 2.0)]


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("info(a)", "info"),
        ("histogram_count(a)", "histogram_count"),
        ("limitk(1, a)", "limitk"),
        ("a @ start()", "start"),
        ("mad_over_time(a[5m])", "mad_over_time"),
        ("a[5m]", "series or a number"),
        ('"text"', "series or a number"),
        ("a + on (job) fill (0) limit", "fill"),
        ("year(vector(1e18))", "calendar"),
        ("year(vector(0/0))", "calendar"),
        ("max_over_time(a[10y:1s])", "unreasonably many steps"),
    ],
)
def test_what_is_not_known_is_named(expression: str, named: str) -> None:
    """Unsupported is said, with what it is; nothing is guessed."""
    with pytest.raises(UnsupportedError, match=named):
        asked(expression, Grid(0, 60, 300))


@pytest.mark.parametrize(
    "expression",
    ["sum(", "a + * b", "(" * 300, "*".join("a" * 9_000), "a" * 30_000, "rate(a)", "foo(a)"],
)
def test_what_prometheus_refuses_is_refused(expression: str) -> None:
    """As an error in the expression, however large or deep it is."""
    with pytest.raises(PromqlError):
        asked(expression)


def test_a_grid_may_be_empty_and_not_endless() -> None:
    """No moment, no answer; a million moments are too many."""
    empty = Grid(0, 60, 0)
    for text in ("a", "sum(a)", "max_over_time(a[5m:1m])", "absent(a)", "a / a", "rate(a[5m])"):
        assert asked(text, empty) == {}
    with pytest.raises(UnsupportedError, match="unreasonably many"):
        asked("a", Grid(0, 60, 1_000_000))


def test_computing_is_capped() -> None:
    """A file cannot ask for hours of work."""
    with pytest.raises(UnsupportedError, match="unreasonable number"):
        asked("stddev_over_time(vector(1)[4d:1m])", Grid(0, 60, 1_000))
    many = SeriesStore([series("m", [float(i)] * 2, i=str(i)) for i in range(20)])
    with pytest.raises(UnsupportedError, match="unreasonable number"):
        asked('count_values("v", m * time())', Grid(0, 0.001, 20_000), store=many)


@pytest.mark.parametrize(
    "deep",
    [
        "abs(" * 190 + "a" + ")" * 190,
        "(" * 190 + "a" + ")" * 190,
        "-" * 190 + "a",
        "a" + " + a" * 190,
        "a" + " unless nothing" * 90,
        "a" + " ^ a" * 60,
        "max_over_time(" * 60 + "a" + "[1m:1m])" * 60,
    ],
)
def test_deep_expressions_are_walked(deep: str) -> None:
    """As deep as is read at all."""
    assert conditions(deep)
    assert selectors(deep)
    for store in (STORE, SeriesStore()):
        answer = asked(deep, store=store)
        assert (first_silent(deep, store, 300, PROMETHEUS_2) is None) is bool(answer)


def test_labels_and_strings_are_no_depth() -> None:
    """Only operators and brackets count."""
    for quote in "\"'`":
        assert asked(f"a{{{','.join(['job!=' + quote + '-+*/(((' + quote] * 300)}}}")
    assert asked("a # " + "(" * 500)


def test_a_grid_costs_less_than_its_moments() -> None:
    """Walking the tree once is what columns are for."""
    values = [float(index % 50) for index in range(400)]
    store = SeriesStore(series("c", values, i=str(i), job="x") for i in range(5))
    expression = "sum by (job) (rate(c[5m])) / sum by (job) (avg_over_time(c[5m])) * 100 > 1"

    def seconds(grids: list[Grid]) -> float:
        begun = time.process_time()
        for grid in grids:
            asked(expression, grid, store=store)
        return time.process_time() - begun

    whole = min(seconds([Grid(6_000, 60, 200)]) for _ in range(3))
    singles = seconds([Grid(6_000 + 60 * i, 60, 1) for i in range(200)])
    assert whole < singles / 2


def test_counted_values_are_written_as_by_go() -> None:
    """As labels, without exponents."""
    numbers = [NAN, math.inf, -math.inf, 1e21, 0.1, -2.0, 1e-7]
    store = SeriesStore([series("n", [value], i=str(value)) for value in numbers])
    found = asked('count_values without (i) ("v", n)', Grid(0, 60, 1), store=store)
    assert {value for labels in found for _, value in labels} == {
        *("NaN", "+Inf", "-Inf", "1" + "0" * 21, "0.1", "-2", "0.0000001")
    }


@pytest.mark.parametrize(
    ("buckets", "share", "value"),
    [
        ({"1": 5.0, "+Inf": 10.0}, NAN, NAN),
        ({"1": 5.0, "+Inf": 10.0}, -1, -math.inf),
        ({"+Inf": 10.0}, 0.5, NAN),
        ({"1": 0.0, "+Inf": 0.0}, 0.5, NAN),
        ({"0": 6.0, "1": 8.0, "+Inf": 10.0}, 0.5, 0.0),
        ({"1": 6.0, "2": 4.0, "+Inf": 10.0}, 0.6, 1.0),
        ({"1": 2.0, "1.0": 3.0, "2": 10.0, "+Inf": 10.0}, 0.25, 0.5),
        ({"1": 0.0, "2": 4.0, "Inf": 4.0}, 0.0, NAN),
        ({"-2": 5.0, "no": 7.0, "1e0": 10.0, "+Inf": 10.0}, 0.75, -0.5),
    ],
)
def test_quantiles_of_odd_buckets(buckets: dict[str, float], share: float, value: float) -> None:
    """Counts that fall, bounds given twice, bounds that are none."""
    store = SeriesStore([series("h", [count], le=le) for le, count in buckets.items()])
    text = "0/0" if math.isnan(share) else str(share)
    ((found,),) = asked(f"histogram_quantile({text}, h)", Grid(0, 60, 1), store=store).values()
    assert found == pytest.approx(value, nan_ok=True)


NAMES = st.sampled_from(["a", 'a{job="x"}', "limit", "gone", "odd", "h_bucket", "nothing"])
SPANS = st.sampled_from(["[1m]", "[2m]", "[90s]", "[5m] offset 1m"])
OPERATORS = st.sampled_from(
    [
        "+",
        "-",
        "/",
        "%",
        "^",
        ">",
        "<= bool",
        "==",
        "and",
        "or",
        "unless",
        "* on (instance)",
        "> on (instance) group_left (zone)",
        "- ignoring (job)",
        "and on ()",
    ]
)
WRAPPED = st.sampled_from(
    [
        "sum by (job) ({})",
        "avg without (instance) ({})",
        "count({})",
        "topk(1, {})",
        "quantile(0.3, {})",
        "-({})",
        "abs({})",
        "2 ^ ({})",
        "({}) > 3",
        "clamp({}, 0, 5)",
        "absent({})",
        "scalar({}) + vector(1)",
        "max_over_time(({})[3m:1m])",
        "histogram_quantile(0.5, {})",
        'label_replace({}, "job", "$1", "instance", "(.*)")',
    ]
)
RANGED = st.sampled_from(
    [
        "rate",
        "irate",
        "increase",
        "delta",
        "deriv",
        "changes",
        "avg_over_time",
        "min_over_time",
        "absent_over_time",
        "last_over_time",
        "stddev_over_time",
        "count_over_time",
    ]
)
EXPRESSIONS = st.recursive(
    NAMES | st.builds("{0}({1}{2})".format, RANGED, NAMES, SPANS),
    lambda inner: st.one_of(
        st.builds(lambda wrap, one: wrap.format(one), WRAPPED, inner),
        st.builds("({0}) {1} ({2})".format, inner, OPERATORS, inner),
    ),
    max_leaves=5,
)
DIALECTS = st.sampled_from([PROMETHEUS_2, PROMETHEUS_3])


def answered(expression: str, grid: Grid, dialect: Dialect, store: SeriesStore) -> Answer | None:
    """What is answered; None where Prometheus fails to answer."""
    try:
        return asked(expression, grid, dialect, store)
    except EvaluationError:
        return None


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers are equal, NaN included."""
    return repr(sorted((sorted(k), v) for k, v in one.items())) == repr(
        sorted((sorted(k), v) for k, v in other.items())
    )


@given(EXPRESSIONS, DIALECTS)
@settings(max_examples=100, deadline=None)
def test_a_grid_is_answered_as_its_moments(expression: str, dialect: Dialect) -> None:
    """All moments at once give what each gives alone, errors included."""
    grid = Grid(-30, 90, 9)
    singles = [answered(expression, Grid(grid.at(i), 1, 1), dialect, STORE) for i in range(9)]
    whole = answered(expression, grid, dialect, STORE)
    if None in singles:
        assert whole is None
        return
    expected: dict[frozenset[tuple[str, str]], list[float | None]] = {}
    for index, single in enumerate(singles):
        for labels, (value,) in (single or {}).items():
            expected.setdefault(labels, [None] * 9)[index] = value
    assert whole is not None
    assert same(whole, {labels: tuple(values) for labels, values in expected.items()})


@given(EXPRESSIONS, DIALECTS, st.integers(min_value=-50, max_value=5_000))
@settings(max_examples=80, deadline=None)
def test_time_is_relative(expression: str, dialect: Dialect, minutes: int) -> None:
    """Everything later by the same time gives the same answer later."""
    moved = SeriesStore(
        Series(stored.labels, [t / 1000 + minutes * 60 for t in stored.times], stored.values)
        for name in ("a", "limit", "gone", "odd", "h_bucket")
        for stored in STORE.named(name)
    )
    now = answered(expression, Grid(30, 60, 6), dialect, STORE)
    later = answered(expression, Grid(30 + minutes * 60, 60, 6), dialect, moved)
    assert (now is None) == (later is None)
    if now is not None and later is not None:
        assert now.keys() == later.keys()
        for labels, values in now.items():
            assert [v is None for v in values] == [v is None for v in later[labels]]
            one, other = ([v for v in row if v is not None] for row in (values, later[labels]))
            assert one == pytest.approx(other, nan_ok=True)


@given(st.text(alphabet="ab(){}[]\"'=~!<>+-*/^%,: 0159smunratedby_@", max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered_or_refused(text: str) -> None:
    """Nothing but a documented error is ever raised."""
    try:
        columns = evaluate(text, STORE, Grid(0, 60, 3), PROMETHEUS_3)
    except PromqlError:
        return
    assert all(len(column.values) == 3 for column in columns)


def test_answers_keep_no_hold_of_the_labels_given() -> None:
    """The labels of a series stay as they were."""
    labels: Mapping[str, str] = {"__name__": "b", "empty": "", "job": "x"}
    store = SeriesStore([Series(labels, [0.0], [1.0])])
    found = asked('label_replace(b{empty=""}, "job", "y", "", "")', Grid(0, 1, 1), store=store)
    assert list(found) == [labeled(__name__="b", job="y")]
    assert labels == {"__name__": "b", "empty": "", "job": "x"}
