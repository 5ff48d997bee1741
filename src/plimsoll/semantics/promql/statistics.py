"""Numbers made of several numbers, as Prometheus makes them; none takes an empty list.

Source: promql/functions.go and promql/engine.go (aggregations) of Prometheus.
"""

from __future__ import annotations

from math import floor, fsum, inf, isfinite, isinf, isnan, sqrt
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import NAN

if TYPE_CHECKING:
    from collections.abc import Sequence


def total(values: Sequence[float]) -> float:
    """Return the sum."""
    return float(sum(values))


def mean(values: Sequence[float]) -> float:
    """Return the mean; it is finite where the values are, even if their sum is not."""
    count = len(values)
    found = sum(values) / count
    if isinf(found) and all(map(isfinite, values)):
        return fsum(value / count for value in values)
    return found


def least(values: Sequence[float]) -> float:
    """Return the least value; NaN only where nothing else is there."""
    numbers = [value for value in values if not isnan(value)]
    return min(numbers) if numbers else NAN


def greatest(values: Sequence[float]) -> float:
    """Return the greatest value; NaN only where nothing else is there."""
    numbers = [value for value in values if not isnan(value)]
    return max(numbers) if numbers else NAN


def variance(values: Sequence[float]) -> float:
    """Return the population's variance, summed as Welford does, as Prometheus."""
    middle = squares = 0.0
    for count, value in enumerate(values, 1):
        delta = value - middle
        middle += delta / count
        squares += delta * (value - middle)
    return squares / len(values)


def deviation(values: Sequence[float]) -> float:
    """Return the population's standard deviation."""
    return sqrt(variance(values))


def variance_of_more(values: Sequence[float]) -> float:
    """Return the variance as Prometheus 2 aggregates it: a single value has none, even infinity."""
    return variance(values) if len(values) > 1 else 0.0


def deviation_of_more(values: Sequence[float]) -> float:
    """Return the standard deviation as Prometheus 2 aggregates it."""
    return sqrt(variance_of_more(values))


def quantile(share: float, values: Sequence[float]) -> float:
    """Return the quantile, interpolated between neighbors; NaN counts as the least value."""
    if isnan(share):
        return NAN
    if not 0 <= share <= 1:
        return -inf if share < 0 else inf
    ordered = sorted(values, key=ordering)
    rank = share * (len(ordered) - 1)
    lower = floor(rank)
    upper = min(lower + 1, len(ordered) - 1)
    weight = rank - lower
    return ordered[lower] * (1 - weight) + ordered[upper] * weight


def ordering(value: float) -> tuple[bool, float]:
    """Return a key that sorts numbers, NaN first."""
    return (False, 0.0) if isnan(value) else (True, value)


def median_absolute_deviation(values: Sequence[float]) -> float:
    """Return the median of the distances from the median."""
    middle = quantile(0.5, values)
    return quantile(0.5, [abs(value - middle) for value in values])
