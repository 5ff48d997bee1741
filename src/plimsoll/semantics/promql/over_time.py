"""Functions of the samples of a range: `…_over_time`, `changes` and `resets`.

Source of the rules: promql/functions.go of Prometheus.
"""

from __future__ import annotations

from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING

from plimsoll.semantics.promql import statistics
from plimsoll.semantics.promql.columns import Column, Windows, without_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _last(values: Sequence[float]) -> float:
    return values[-1]


def _first(values: Sequence[float]) -> float:
    return values[0]


def _count(values: Sequence[float]) -> float:
    return float(len(values))


def _present(_: Sequence[float]) -> float:
    return 1.0


def _changes(values: Sequence[float]) -> float:
    pairs = pairwise(values)
    return float(sum(one != two and not (isnan(one) and isnan(two)) for one, two in pairs))


def _resets(values: Sequence[float]) -> float:
    return float(sum(two < one for one, two in pairwise(values)))


OVER_TIME: Mapping[str, Callable[[Sequence[float]], float]] = {
    "avg_over_time": statistics.mean,
    "changes": _changes,
    "count_over_time": _count,
    "last_over_time": _last,
    "max_over_time": statistics.greatest,
    "min_over_time": statistics.least,
    "present_over_time": _present,
    "resets": _resets,
    "stddev_over_time": statistics.deviation,
    "stdvar_over_time": statistics.variance,
    "sum_over_time": statistics.total,
}
"""What every version of Prometheus knows."""

EXPERIMENTAL_OVER_TIME: Mapping[str, Callable[[Sequence[float]], float]] = {
    "first_over_time": _first,
    "mad_over_time": statistics.median_absolute_deviation,
}
"""What only Prometheus 3 knows."""

_KEEP_NAME = ("last_over_time", "first_over_time")


def over_time(windows: Windows, name: str) -> list[Column]:
    """Answer a function of `OVER_TIME` or `EXPERIMENTAL_OVER_TIME`."""
    function = OVER_TIME.get(name) or EXPERIMENTAL_OVER_TIME[name]
    return [
        Column(
            window.labels if name in _KEEP_NAME else without_name(window.labels),
            [
                function(window.values[first:behind]) if behind > first else None
                for first, behind in window.bounds
            ],
        )
        for window in windows.windows
    ]


def quantile_over_time(shares: Sequence[float], windows: Windows) -> list[Column]:
    """Answer `quantile_over_time`."""
    return [
        Column(
            without_name(window.labels),
            [
                statistics.quantile(share, window.values[first:behind]) if behind > first else None
                for share, (first, behind) in zip(shares, window.bounds, strict=True)
            ],
        )
        for window in windows.windows
    ]
