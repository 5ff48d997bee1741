"""How long requests take: from three quantiles to any other, to a mean, and to buckets.

Between the quantiles latencies are spread evenly, from 0 to the median and beyond p99 up to
`LONGEST` times p99. But nine of ten requests take no longer than thrice the median: a slow tail
beside a fast median is one of few requests, of which a mean tells little.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plimsoll.semantics.alerting.system import System

LONGEST = 1.5
_USUAL = 3.0
_USUAL_SHARE = 0.9
Quantiles = tuple[float, float, float]
"""p50, p95 and p99, in seconds."""


def _knots(quantiles: Quantiles) -> tuple[tuple[float, float], ...]:
    """Return seconds and the share of requests that are no slower, both ascending."""
    median, p95 = quantiles[0], max(quantiles[:2])
    p99 = max(quantiles)
    evenly = median + (p95 - median) * (_USUAL_SHARE - 0.5) / (0.95 - 0.5)
    usual = (min(evenly, median * _USUAL), _USUAL_SHARE)
    return ((0.0, 0.0), (median, 0.5), usual, (p95, 0.95), (p99, 0.99), (p99 * LONGEST, 1.0))


def share_within(bound: str, units: float, quantiles: Quantiles) -> float:
    """Return the share of requests that take no longer than a bucket's bound.

    Args:
        bound: the label `le`, in units of which `units` make a second; one that is no number
            counts nothing.
        units: see there.
        quantiles: of the latencies, in seconds.

    """
    try:
        seconds = float(bound) / units
    except ValueError:
        return 0.0
    if math.isnan(seconds) or seconds < 0:
        return 0.0
    for (low, share), (high, more) in pairwise(_knots(quantiles)):
        if seconds < high:
            return share + (more - share) * (seconds - low) / (high - low)
    return 1.0


def quantile(asked: str, quantiles: Quantiles) -> float:
    """Return the latency in seconds that the asked share of requests does not exceed.

    A share that is no number from 0 to 1 is taken for 0.95.
    """
    try:
        wanted = float(asked)
    except ValueError:
        wanted = 0.95
    wanted = wanted if 0 <= wanted <= 1 else 0.95
    for (low, share), (high, more) in pairwise(_knots(quantiles)):
        if wanted <= more:
            return low + (high - low) * (wanted - share) / (more - share)
    return max(quantiles) * LONGEST


def mean(system: System) -> float:
    """Return the mean latency of requests, in seconds."""
    knots = _knots((system.p50, system.p95, system.p99))
    return sum((low + high) / 2 * (more - share) for (low, share), (high, more) in pairwise(knots))
