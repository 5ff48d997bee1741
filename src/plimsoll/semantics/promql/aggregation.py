"""Aggregations: one column of many, group by group.

Source of the rules: promql/engine.go of Prometheus (`aggregation`).
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite, isnan
from typing import TYPE_CHECKING, cast

from plimsoll.semantics.promql import statistics
from plimsoll.semantics.promql.columns import NAME, Column
from plimsoll.semantics.promql.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from plimsoll.semantics.promql.columns import Budget
    from plimsoll.semantics.promql.dialect import Dialect


def _one(_: Sequence[float]) -> float:
    return 1.0


def _count(values: Sequence[float]) -> float:
    return float(len(values))


AGGREGATIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "avg": statistics.mean,
    "count": _count,
    "group": _one,
    "max": statistics.greatest,
    "min": statistics.least,
    "stddev": statistics.deviation,
    "stdvar": statistics.variance,
    "sum": statistics.total,
}
"""The aggregations that need no parameter."""

_OF_MAJOR_2: Mapping[str, Callable[[Sequence[float]], float]] = {
    "stddev": statistics.deviation_of_more,
    "stdvar": statistics.variance_of_more,
}

_OF_ONE = frozenset({"sum", "avg", "min", "max"})

Groups = list[tuple["Mapping[str, str]", "list[Column]"]]


def grouped(columns: Iterable[Column], labels: Sequence[str], *, without: bool) -> Groups:
    """Return the columns by the labels that they are grouped by (or by all but these)."""
    found: dict[frozenset[tuple[str, str]], tuple[Mapping[str, str], list[Column]]] = {}
    for column in columns:
        told = kept(column.labels, labels, without=without)
        found.setdefault(frozenset(told.items()), (told, []))[1].append(column)
    return list(found.values())


def kept(labels: Mapping[str, str], listed: Sequence[str], *, without: bool) -> Mapping[str, str]:
    """Return the labels that are listed, or all but these and the name."""
    names = {*listed, NAME} if without else set(listed)
    return {label: value for label, value in labels.items() if (label in names) is not without}


def aggregated(groups: Groups, name: str, dialect: Dialect) -> list[Column]:
    """Answer an aggregation of `AGGREGATIONS`."""
    older = _OF_MAJOR_2.get(name) if dialect.major < 3 else None
    function = older or AGGREGATIONS[name]
    return [Column(labels, _values(name, function, members)) for labels, members in groups]


def _values(
    name: str, function: Callable[[Sequence[float]], float], members: Sequence[Column]
) -> Sequence[float | None]:
    """Return the answer for one group; of a single column most answers are the column itself."""
    if len(members) == 1 and name in _OF_ONE:
        return members[0].values
    if any(None in member.values for member in members):
        return [_applied(function, row) for row in _rows(members)]
    return [function(row) for row in zip(*(_numbers(one) for one in members), strict=True)]


def _numbers(column: Column) -> Sequence[float]:
    """Return the values of a column that has one for every moment."""
    return cast("Sequence[float]", column.values)


def quantiles(groups: Groups, shares: Sequence[float]) -> list[Column]:
    """Answer `quantile`."""
    return [
        Column(
            labels,
            [
                statistics.quantile(share, values) if (values := _present(row)) else None
                for share, row in zip(shares, _rows(members), strict=True)
            ],
        )
        for labels, members in groups
    ]


def ranked(groups: Groups, limits: Sequence[float], *, top: bool) -> list[Column]:
    """Answer `topk` or `bottomk`: the columns themselves, where they are among the first.

    Of equal values Prometheus keeps whichever it meets first; here it is the first in order.

    Raises:
        EvaluationError: a limit is not a number of series.

    """
    for limit in limits:
        if isnan(limit) or abs(limit) >= 2**63:
            raise EvaluationError(f"a limit of {limit} series is not a number of series")
    found = []
    for _, members in groups:
        kept = [
            _first_places(row, int(limit), top=top)
            for limit, row in zip(limits, _rows(members), strict=True)
        ]
        for place, member in enumerate(members):
            values = [
                value if place in places else None
                for value, places in zip(member.values, kept, strict=True)
            ]
            found.append(Column(member.labels, values))
    return found


def _first_places(row: Sequence[float | None], limit: int, *, top: bool) -> frozenset[int]:
    """Return which of a row are among the first; NaN comes last either way."""
    sign = -1.0 if top else 1.0
    order = sorted(
        (isnan(value), 0.0 if isnan(value) else sign * value, place)
        for place, value in enumerate(row)
        if value is not None
    )
    return frozenset(place for _, _, place in order[: max(0, limit)])


def value_counts(
    columns: Iterable[Column],
    label: str,
    labels: Sequence[str],
    budget: Budget,
    *,
    without: bool,
) -> list[Column]:
    """Answer `count_values`: how many series have each value, which becomes a label.

    Raises:
        UnsupportedError: there are unreasonably many values.

    """
    counts: dict[frozenset[tuple[str, str]], tuple[Mapping[str, str], list[float | None]]] = {}
    listed = labels if without else (*labels, label)
    for column in columns:
        for index, value in enumerate(column.values):
            if value is None:
                continue
            told = kept({**column.labels, label: written(value)}, listed, without=without)
            key = frozenset(told.items())
            if key not in counts:
                budget.spend(len(column.values))
                counts[key] = told, [None] * len(column.values)
            row = counts[key][1]
            row[index] = (row[index] or 0.0) + 1.0
    return [Column(told, row) for told, row in counts.values()]


def written(value: float) -> str:
    """Write a number as Go does without an exponent."""
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return "+Inf" if value > 0 else "-Inf"
    if value == int(value):
        return ("-" if str(value).startswith("-") else "") + str(abs(int(Decimal(repr(value)))))
    return format(Decimal(repr(value)), "f")


def _rows(members: Sequence[Column]) -> Iterable[tuple[float | None, ...]]:
    return zip(*(member.values for member in members), strict=True)


def _applied(
    function: Callable[[Sequence[float]], float], row: Sequence[float | None]
) -> float | None:
    values = _present(row)
    return function(values) if values else None


def _present(row: Iterable[float | None]) -> list[float]:
    return [value for value in row if value is not None]
