"""Quantiles of classic histograms.

Source of the rules: promql/quantile.go of Prometheus (`bucketQuantile`, `coalesceBuckets`,
`ensureMonotonic`).
"""

from __future__ import annotations

import re
from math import inf, isinf, isnan
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import NAME, NAN, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BOUND = re.compile(
    r"[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|[iI]nf(inity)?)", re.ASCII
)
_LABEL = "le"


def histogram_quantiles(shares: Sequence[float], columns: Iterable[Column]) -> list[Column]:
    """Answer `histogram_quantile` for series with a bucket's upper bound in the label `le`.

    Series without a number in `le` are passed over.
    """
    groups: dict[frozenset[tuple[str, str]], list[tuple[float, Column]]] = {}
    for column in columns:
        bound = column.labels.get(_LABEL, "")
        if _BOUND.fullmatch(bound):
            key = frozenset(i for i in column.labels.items() if i[0] not in (_LABEL, NAME))
            groups.setdefault(key, []).append((float(bound), column))
    return [_quantiles(dict(key), shares, members) for key, members in groups.items()]


def _quantiles(
    labels: dict[str, str], shares: Sequence[float], members: list[tuple[float, Column]]
) -> Column:
    members.sort(key=lambda member: member[0])
    bounds = [bound for bound, _ in members]
    values: list[float | None] = []
    for share, row in zip(shares, zip(*(c.values for _, c in members), strict=True), strict=True):
        present = [
            (bound, count) for bound, count in zip(bounds, row, strict=True) if count is not None
        ]
        values.append(bucket_quantile(share, present) if present else None)
    return Column(labels, values)


def bucket_quantile(share: float, buckets: Sequence[tuple[float, float]]) -> float:
    """Return a quantile from cumulative buckets (upper bound, count), in ascending order.

    Within the bucket that holds it, observations are taken to be spread evenly. NaN where there is
    no bucket without a bound, no other bucket, or no observation.
    """
    if isnan(share):
        return NAN
    if not 0 <= share <= 1:
        return -inf if share < 0 else inf
    if not buckets or buckets[-1][0] != inf:
        return NAN
    bounds, counts = _monotonic(buckets)
    if len(bounds) < 2 or counts[-1] == 0 or isnan(counts[-1]):
        return NAN
    rank = share * counts[-1]
    index = next((i for i, count in enumerate(counts[:-1]) if count >= rank), len(counts) - 1)
    return _within(rank, index, bounds, counts)


def _within(rank: float, index: int, bounds: Sequence[float], counts: Sequence[float]) -> float:
    """Return where in its bucket an observation is; the last bucket has no end to go by."""
    if index == len(counts) - 1:
        return bounds[-2]
    if index == 0 and bounds[0] <= 0:
        return bounds[0]
    start = below = 0.0
    if index:
        start, below = bounds[index - 1], counts[index - 1]
    within = counts[index] - below
    if within == 0 or isinf(within):
        return NAN
    return start + (bounds[index] - start) * ((rank - below) / within)


def _monotonic(buckets: Iterable[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Join buckets with the same bound, and never let a count be less than the one before."""
    bounds: list[float] = []
    counts: list[float] = []
    for bound, count in buckets:
        if bounds and bounds[-1] == bound:
            counts[-1] += count
        else:
            bounds.append(bound)
            counts.append(count)
    highest = counts[0]
    for index, count in enumerate(counts):
        if count > highest:
            highest = count
        elif count < highest:
            counts[index] = highest
    return bounds, counts
