"""The functions of PromQL: each takes what its arguments answer and answers for every moment.

Source of the rules: promql/functions.go of Prometheus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.arithmetic import MATH, clamped, greater, lesser, rounded
from plimsoll.semantics.promql.buckets import histogram_quantiles
from plimsoll.semantics.promql.columns import (
    NAME,
    NAN,
    Column,
    Scalar,
    Vector,
    Windows,
    merged,
    without_name,
)
from plimsoll.semantics.promql.dates import DATES, date_part
from plimsoll.semantics.promql.errors import UnsupportedError
from plimsoll.semantics.promql.label_functions import label_joined, label_replaced
from plimsoll.semantics.promql.over_time import (
    EXPERIMENTAL_OVER_TIME,
    OVER_TIME,
    over_time,
    quantile_over_time,
)
from plimsoll.semantics.promql.rates import (
    Extrapolation,
    instantaneous,
    predictions,
    slopes,
    smoothed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plimsoll.semantics.promql.call import Call


BY_BOUNDS = frozenset(
    ("absent_over_time", "delta", "idelta", "increase", "irate", "last_over_time", "rate")
)
"""Functions of a range that need no look at every sample in it."""


def answered(made: Call) -> Vector | Scalar:
    """Answer a call.

    Raises:
        UnsupportedError: the function is not known here, or not in this version.
        EvaluationError: Prometheus has no answer for these arguments.

    """
    function = _FUNCTIONS.get(made.name)
    if made.name in EXPERIMENTAL_OVER_TIME and made.dialect.major < 3:
        function = None
    if function is None:
        raise UnsupportedError(f"the function {made.name} is not known here")
    answer = function(made)
    return answer if isinstance(answer, Scalar) else merged(answer, made.name)


def _mapped(columns: Sequence[Column], function: Callable[[float], float]) -> list[Column]:
    return [
        Column(
            without_name(column.labels),
            [None if value is None else function(value) for value in column.values],
        )
        for column in columns
    ]


def _with_scalars(
    columns: Sequence[Column],
    function: Callable[..., float | None],
    *numbers: Sequence[float],
) -> list[Column]:
    """Apply a function of a value and one number from each of the scalars."""
    return [
        Column(
            without_name(column.labels),
            [
                None if value is None else function(value, *others)
                for value, *others in zip(column.values, *numbers, strict=True)
            ],
        )
        for column in columns
    ]


def _math(made: Call) -> list[Column]:
    return _mapped(made.vector(0), MATH[made.name])


def _round(made: Call) -> list[Column]:
    nearest = made.scalar(1) if len(made.arguments) > 1 else [1.0] * len(made.moments)
    return _with_scalars(made.vector(0), rounded, nearest)


def _clamp(made: Call) -> list[Column]:
    if made.name == "clamp_min":
        return _with_scalars(made.vector(0), greater, made.scalar(1))
    if made.name == "clamp_max":
        return _with_scalars(made.vector(0), lesser, made.scalar(1))

    def clamp(value: float, least: float, most: float) -> float | None:
        return None if most < least else clamped(value, least, most)

    return _with_scalars(made.vector(0), clamp, made.scalar(1), made.scalar(2))


def _date(made: Call) -> list[Column]:
    name = made.name
    if not made.arguments:
        return [Column({}, [date_part(name, moment / 1000) for moment in made.moments])]
    return _mapped(made.vector(0), lambda seconds: date_part(name, seconds))


def _absent(made: Call) -> list[Column]:
    argument = made.arguments[0]
    if isinstance(argument, Windows):
        there = [
            any(behind > first for first, behind in row)
            for row in zip(*(window.bounds for window in argument.windows), strict=True)
        ]
    else:
        there = [
            any(value is not None for value in row)
            for row in zip(*(column.values for column in made.vector(0)), strict=True)
        ]
    found = there or [False] * len(made.moments)
    return [Column(absent_labels(made.nodes[0]), [None if seen else 1.0 for seen in found])]


def absent_labels(node: parser.Expr) -> Mapping[str, str]:
    """Return the labels of what is absent: those that the selector fixes with `=`, each once."""
    selector = node.vector_selector if isinstance(node, parser.MatrixSelector) else node
    if not isinstance(selector, parser.VectorSelector):
        return {}
    labels: dict[str, str] = {}
    seen: set[str] = set()
    for matcher in selector.matchers.matchers:
        if matcher.name == NAME:
            continue
        if str(matcher.op) == "MatchOp.Equal" and matcher.name not in seen:
            labels[matcher.name] = matcher.value
            seen.add(matcher.name)
        else:
            labels.pop(matcher.name, None)
    return {label: value for label, value in labels.items() if value}


def _scalar(made: Call) -> Scalar:
    columns = made.vector(0)
    if not columns:
        return Scalar([NAN] * len(made.moments))
    rows = zip(*(column.values for column in columns), strict=True)
    present = ([value for value in row if value is not None] for row in rows)
    return Scalar([row[0] if len(row) == 1 else NAN for row in present])


def _vector(made: Call) -> list[Column]:
    return [Column({}, made.scalar(0))]


def _time(made: Call) -> Scalar:
    return Scalar([moment / 1000 for moment in made.moments])


def _timestamp(made: Call) -> list[Column]:
    """Answer the moment of evaluation; the samples' own times are told where they are selected."""
    return [
        Column(
            without_name(column.labels),
            [
                None if value is None else moment / 1000
                for value, moment in zip(column.values, made.moments, strict=True)
            ],
        )
        for column in made.vector(0)
    ]


def _pi(made: Call) -> Scalar:
    return Scalar([3.141592653589793] * len(made.moments))


def _extrapolated(made: Call) -> list[Column]:
    counter, per_second = made.name != "delta", made.name == "rate"
    reach = Extrapolation(counter, per_second, made.dialect.zero_limit_first)
    return reach.columns(made.windows(0))


def _instantaneous(made: Call) -> list[Column]:
    return instantaneous(made.windows(0), per_second=made.name == "irate")


_FUNCTIONS: Mapping[str, Callable[[Call], Scalar | Sequence[Column]]] = {
    **dict.fromkeys(MATH, _math),
    **dict.fromkeys(DATES, _date),
    **dict.fromkeys(("clamp", "clamp_min", "clamp_max"), _clamp),
    **dict.fromkeys(("rate", "increase", "delta"), _extrapolated),
    **dict.fromkeys(("irate", "idelta"), _instantaneous),
    **dict.fromkeys(("absent", "absent_over_time"), _absent),
    **dict.fromkeys(("sort", "sort_desc"), lambda made: made.vector(0)),
    **dict.fromkeys(
        (*OVER_TIME, *EXPERIMENTAL_OVER_TIME), lambda made: over_time(made.windows(0), made.name)
    ),
    "double_exponential_smoothing": lambda made: smoothed(
        made.windows(0), made.scalar(1), made.scalar(2)
    ),
    "deriv": lambda made: slopes(made.windows(0)),
    "histogram_quantile": lambda made: histogram_quantiles(made.scalar(0), made.vector(1)),
    "label_join": lambda made: label_joined(made.vector(0), made.texts()),
    "label_replace": lambda made: label_replaced(made.vector(0), made.texts(), made.dialect),
    "pi": _pi,
    "predict_linear": lambda made: predictions(made.windows(0), made.moments, made.scalar(1)),
    "quantile_over_time": lambda made: quantile_over_time(made.scalar(0), made.windows(1)),
    "round": _round,
    "scalar": _scalar,
    "time": _time,
    "timestamp": _timestamp,
    "vector": _vector,
}
"""The functions by name; what is not here is refused by name."""
