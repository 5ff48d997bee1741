"""What selectors read at every moment: the latest sample, or the samples of a range.

Windows only move forward with the moments, so each sample is passed once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import Column, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plimsoll.semantics.promql.store import Stored

LOOKBACK = 300_000
"""How old the latest sample may be, in milliseconds (Prometheus' `--query.lookback-delta`)."""


Bounds = list[tuple[int, int]]
"""For each range, the index of the first sample within it, and of the first behind it."""


def latest(
    stored: Stored, moments: Sequence[int], *, left_open: bool, late: int = 0
) -> list[int | None]:
    """Return for each moment the index of the sample that an instant selector reads.

    `late` is by how many milliseconds a sample must be older than the moment to be seen.
    """
    times, values = stored.times, stored.values
    count, at = len(times), bisect_right(times, moments[0] - late) if moments else 0
    oldest = LOOKBACK - (1 if left_open else 0)
    found: list[int | None] = []
    for moment in moments:
        last = moment - late
        while at < count and times[at] <= last:
            at += 1
        index = at - 1
        seen = index >= 0 and times[index] >= moment - oldest and values[index] is not None
        found.append(index if seen else None)
    return found


def instant(stored: Stored, indices: Sequence[int | None]) -> Column:
    """Return the values of the samples that `latest` found."""
    values = stored.values
    return Column(stored.labels, [None if index is None else values[index] for index in indices])


def sample_times(stored: Stored, indices: Sequence[int | None]) -> Column:
    """Return when, in seconds, the samples were taken that `latest` found."""
    times = stored.times
    read = [None if index is None else times[index] / 1000 for index in indices]
    return Column(stored.labels, read)


def window(stored: Stored, bounds: Bounds) -> Window:
    """Return the samples of a series in the ranges with these bounds."""
    return Window(stored.labels, stored.number_times, stored.numbers, bounds, stored.falls)


def ranged(
    times: Sequence[int],
    starts: Sequence[int],
    ends: Sequence[int],
    *,
    left_open: bool,
    late: int = 0,
) -> Bounds:
    """Return the bounds of each range; `late` as for `latest`."""
    early = 1 if left_open else 0
    count = len(times)
    first = behind = bisect_left(times, starts[0] + early) if starts else 0
    bounds = []
    for start, end in zip(starts, ends, strict=True):
        least, most = start + early, end - late
        while first < count and times[first] < least:
            first += 1
        while behind < count and times[behind] <= most:
            behind += 1
        bounds.append((first, max(first, behind)))
    return bounds
