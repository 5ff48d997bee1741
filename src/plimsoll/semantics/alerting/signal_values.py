"""The samples of one series while a scenario lasts: a level before, one during, and one after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, isfinite

Samples = tuple[tuple[float, ...], tuple[float | None, ...]]
"""Times, ascending, and as many values; None is a staleness marker."""

_GRAIN = 2.0**24
MOST_SAMPLES = 200_000
_RUNNING_SECONDS = 90 * 86400.0
_ONCE = 123_457.0
"""Of what hardly ever happens: more than anybody compares such a counter with, and still little
beside a quarter's requests."""
_MOST_COUNTED = 2.0**28
"""With what is counted in the trials it stays below 2²⁹, up to where multiples of the grain are
exact."""


@dataclass(frozen=True, slots=True)
class Span:
    """The moments that are sampled: `start`, `start + step`, … up to `end`, in seconds.

    Second 0 is when the scenario's fault begins; `epoch` is what a clock shows then.
    """

    start: float
    end: float
    step: float
    epoch: float = 0.0

    @property
    def count(self) -> int:
        """How many moments there are.

        Raises:
            ValueError: the span is endless, has no step, or more than `MOST_SAMPLES` moments.

        """
        if not (isfinite(self.start) and isfinite(self.end) and self.step > 0):
            raise ValueError("a span needs a start, an end and a step above 0")
        count = int((self.end - self.start) / self.step + 1e-9) + 1 if self.end >= self.start else 0
        if count > MOST_SAMPLES:
            raise ValueError(f"{count} samples are more than {MOST_SAMPLES}")
        return count

    def first_at(self, moment: float) -> int:
        """Return the index of the first sample not before a moment; `count` where there is none."""
        if moment == inf:
            return self.count
        if moment <= self.start:
            return 0
        return min(self.count, ceil((moment - self.start) / self.step - 1e-9))


@dataclass(frozen=True, slots=True)
class Course:
    """How one series fares.

    Attributes:
        before: its level while all is well: its value, or what a counter gains per second.
        during: its level from `begins` until `ends`.
        begins: in seconds, as the span counts them.
        ends: likewise.
        counts: whether it is a counter.
        counted: what a counter had counted before the first sample.
        follows_clock: whether the clock is added to the level.
        vanishes: whether it is gone from `begins` until `ends`.
        restarts: whether a counter begins at nought again at second 0.
        gap_seconds: for how long from second 0 there is no sample.

    """

    before: float
    during: float
    begins: float = 0.0
    ends: float = inf
    counts: bool = False
    counted: float = 0.0
    follows_clock: bool = False
    vanishes: bool = False
    restarts: bool = False
    gap_seconds: float = 0.0


def counted_before(rate: float) -> float:
    """Return what a counter holds that has gained so much a second for a quarter.

    Whatever is counted has happened some time before: even one that gains nothing is not nought,
    so that a rule which compares counters as they stand is seen to fire while all is well.
    """
    return min(round(max(0.0, rate) * _RUNNING_SECONDS) + _ONCE, _MOST_COUNTED)


@lru_cache(maxsize=1024)
def moments(span: Span) -> tuple[float, ...]:
    """Return the times of all samples, as the clock shows them."""
    first = span.epoch + span.start
    return tuple(first + span.step * index for index in range(span.count))


@lru_cache(maxsize=1024)
def samples(course: Course, span: Span) -> Samples:
    """Return the samples of a series.

    Levels of counters are rounded to 2⁻²⁴, so that sums of them are exact and a run of equal steps
    stays one.

    Raises:
        ValueError: the span is not one (see `Span.count`).

    """
    first, last = span.first_at(course.begins), span.first_at(course.ends)
    last = max(first, last)
    values = _counted(course, span) if course.counts else _levels(course, span, first, last)
    times = moments(span)
    dropped: set[int] = set()
    if course.gap_seconds > 0:
        dropped.update(range(span.first_at(0.0), span.first_at(course.gap_seconds)))
    if course.vanishes and last > first:
        values[first:last] = [None] * (last - first)
        dropped.update(range(first + (first > 0), last))
    if not dropped:
        return times, tuple(values)
    kept = [index for index in range(span.count) if index not in dropped]
    return tuple(times[index] for index in kept), tuple(values[index] for index in kept)


def _levels(course: Course, span: Span, first: int, last: int) -> list[float | None]:
    levels = [course.before] * first + [course.during] * (last - first)
    levels += [course.before] * (span.count - last)
    if course.follows_clock:
        return [level + at for level, at in zip(levels, moments(span), strict=True)]
    return list(levels)


def _counted(course: Course, span: Span) -> list[float | None]:
    before = round(max(0.0, course.before) * _GRAIN) / _GRAIN
    during = round(max(0.0, course.during) * _GRAIN) / _GRAIN
    begins = max(course.begins, span.start)
    ends = max(course.ends, begins)

    def total(at: float) -> float:
        well = min(at, begins) - span.start + max(0.0, at - ends)
        return course.counted + before * well + during * max(0.0, min(at, ends) - begins)

    counted = [total(span.start + span.step * index) for index in range(span.count)]
    if course.restarts:
        first, lost = span.first_at(0.0), total(0.0)
        counted[first:] = [value - lost for value in counted[first:]]
    return list(counted)
