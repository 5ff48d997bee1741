"""How fast series change: rate, increase, delta, and what is fitted to their samples.

Source of the rules: promql/functions.go of Prometheus 2.42 and 3.x (`extrapolatedRate`,
`instantValue`, `linearRegression`, `funcHoltWinters`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite, isinf
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import NAN, Column, Window, Windows, without_name
from plimsoll.semantics.promql.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """How `rate`, `increase` and `delta` reach from the samples to the ends of the range.

    Attributes:
        counter: whether a fall is a new beginning, and values below zero are impossible.
        per_second: whether the answer is divided by the length of the range.
        zero_limit_first: as for a `Dialect`.

    """

    counter: bool
    per_second: bool
    zero_limit_first: bool

    def columns(self, windows: Windows) -> list[Column]:
        """Answer for every series; those that share their samples share the answer."""
        known: dict[tuple[int, int], list[float | None]] = {}
        for window in windows.windows:
            key = id(window.values), id(window.bounds)
            if key not in known:
                known[key] = self._values(window, windows)
        return [
            Column(without_name(window.labels), known[id(window.values), id(window.bounds)])
            for window in windows.windows
        ]

    def _values(self, window: Window, windows: Windows) -> list[float | None]:
        spans = zip(windows.starts, windows.ends, strict=True)
        return [
            self._value(window, first, behind - 1, span) if behind - first > 1 else None
            for (first, behind), span in zip(window.bounds, spans, strict=True)
        ]

    def _value(self, window: Window, first: int, last: int, span: tuple[int, int]) -> float:
        times = window.times
        rise = _rise(window, first, last, counter=self.counter)
        sampled = (times[last] - times[first]) / 1000
        average = sampled / (last - first)
        threshold = average * 1.1
        before, after = (times[first] - span[0]) / 1000, (span[1] - times[last]) / 1000
        zero = inf
        if self.counter and rise > 0 and window.values[first] >= 0:
            zero = sampled * (window.values[first] / rise)
        if self.zero_limit_first:
            before = min(before, zero)
        if before >= threshold:
            before = average / 2
        if after >= threshold:
            after = average / 2
        factor = (sampled + min(before, zero) + after) / sampled
        if self.per_second:
            factor /= (span[1] - span[0]) / 1000
        return rise * factor


def _rise(window: Window, first: int, last: int, *, counter: bool) -> float:
    """Return by how much the values rose; a counter that fell began at nought again."""
    rise = window.values[last] - window.values[first]
    if not counter:
        return rise
    fell = window.falls[last] - window.falls[first]
    if isfinite(fell):
        return rise + fell
    values = window.values[first : last + 1]
    for one, following in pairwise(values):
        if following < one:
            rise += one
    return rise


def instantaneous(windows: Windows, *, per_second: bool) -> list[Column]:
    """Answer `irate` (a counter, per second) or `idelta`: what the last two samples tell."""
    return [
        Column(
            without_name(window.labels),
            [_instantaneous(window, *bounds, per_second=per_second) for bounds in window.bounds],
        )
        for window in windows.windows
    ]


def _instantaneous(window: Window, first: int, behind: int, *, per_second: bool) -> float | None:
    if behind - first < 2:
        return None
    one, two = window.values[behind - 2], window.values[behind - 1]
    if not per_second:
        return two - one
    rise = two if two < one else two - one
    return rise / ((window.times[behind - 1] - window.times[behind - 2]) / 1000)


def slopes(windows: Windows) -> list[Column]:
    """Answer `deriv`: the slope of the line through the samples, per second."""

    def slope(window: Window, first: int, behind: int, _: int) -> float:
        return _line(window, first, behind, window.times[first])[0]

    return _fitted(windows, (0,) * len(windows.ends), slope)


def predictions(
    windows: Windows, moments: Sequence[int], seconds_ahead: Sequence[float]
) -> list[Column]:
    """Answer `predict_linear`: where the line through the samples will be."""

    def ahead(window: Window, first: int, behind: int, index: int) -> float:
        slope, intercept = _line(window, first, behind, moments[index])
        return slope * seconds_ahead[index] + intercept

    return _fitted(windows, moments, ahead)


def smoothed(windows: Windows, factors: Sequence[float], trends: Sequence[float]) -> list[Column]:
    """Answer `holt_winters`, which Prometheus 3 calls `double_exponential_smoothing`.

    Raises:
        EvaluationError: a factor is not between 0 and 1.

    """
    for name, given in (("smoothing", factors), ("trend", trends)):
        if not all(0 < factor < 1 for factor in given):
            raise EvaluationError(f"the {name} factor is not between 0 and 1")

    def level(window: Window, first: int, behind: int, index: int) -> float:
        return _level(window.values[first:behind], factors[index], trends[index])

    return _fitted(windows, (0,) * len(windows.ends), level)


def _fitted(
    windows: Windows,
    moments: Sequence[int],
    fit: Callable[[Window, int, int, int], float],
) -> list[Column]:
    return [
        Column(
            without_name(window.labels),
            [
                fit(window, first, behind, index) if behind - first >= 2 else None
                for index, (first, behind) in enumerate(window.bounds)
            ],
        )
        for window in windows.windows
        if moments
    ]


def _line(window: Window, first: int, behind: int, origin: int) -> tuple[float, float]:
    """Return slope and intercept at the origin (in milliseconds) by least squares."""
    values = window.values[first:behind]
    if all(value == values[0] for value in values):
        return (NAN, NAN) if isinf(values[0]) else (0.0, values[0])
    seconds = [(time - origin) / 1000 for time in window.times[first:behind]]
    count = len(values)
    sum_x, sum_y = sum(seconds), sum(values)
    covariance = sum(x * y for x, y in zip(seconds, values, strict=True)) - sum_x * sum_y / count
    variance = sum(x * x for x in seconds) - sum_x * sum_x / count
    slope = covariance / variance
    return slope, sum_y / count - slope * sum_x / count


def _level(values: Sequence[float], factor: float, trend_factor: float) -> float:
    previous, level, trend = 0.0, values[0], values[1] - values[0]
    for index, value in enumerate(values[1:]):
        if index:
            trend = trend_factor * (level - previous) + (1 - trend_factor) * trend
        previous, level = level, factor * value + (1 - factor) * (level + trend)
    return level
