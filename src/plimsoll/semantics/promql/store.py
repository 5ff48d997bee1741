"""The series that expressions are evaluated over, found by metric name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import NAME
from plimsoll.semantics.promql.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plimsoll.semantics.promql.dialect import Dialect
    from plimsoll.semantics.promql.selection import Matcher
    from plimsoll.semantics.promql.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """One series, prepared for reading.

    Attributes:
        labels: with `__name__`.
        times: of all samples, in milliseconds, ascending.
        values: of all samples, None for a staleness marker.
        number_times: of the samples that are numbers.
        numbers: the samples that are numbers.
        falls: for each of the numbers, by how much the counter fell in all until then.
        written_late: whether a reader sees only what was there before the moment it reads at, as
            the rule that records the series runs later.
        recorded: whether a rule records it, so that nothing is known of the future.

    """

    labels: Mapping[str, str]
    times: Sequence[int]
    values: Sequence[float | None]
    number_times: Sequence[int]
    numbers: Sequence[float]
    falls: Sequence[float]
    written_late: bool = False
    recorded: bool = False

    @classmethod
    def at(
        cls, labels: Mapping[str, str], times: Sequence[int], values: Sequence[float | None]
    ) -> Stored:
        """Prepare a series of samples at these milliseconds."""
        present = [value for value in values if value is not None]
        number_times = times
        if len(present) != len(values):
            pairs = zip(times, values, strict=True)
            number_times = [time for time, value in pairs if value is not None]
        return cls(labels, times, values, number_times, present, falls(present))

    def labeled(self, labels: Mapping[str, str]) -> Stored:
        """Return the same samples under other labels."""
        return Stored(labels, self.times, self.values, self.number_times, self.numbers, self.falls)


def falls(numbers: Sequence[float]) -> list[float]:
    """Return for each value of a counter what all resets until then took away."""
    total = 0.0
    found = []
    previous = float("-inf")
    for number in numbers:
        if number < previous:
            total += previous
        found.append(total)
        previous = number
    return found


def _prepared(series: Iterable[Series]) -> Iterator[Stored]:
    """Yield each series prepared for reading.

    Many share their times, and the very same samples: what is worked out of these is worked out
    once, and shared.
    """
    clocks: dict[int, list[int]] = {}
    known: dict[tuple[int, int], Stored] = {}
    held = tuple(series)  # an identity is one only as long as what has it is held
    for one in held:
        labels = {label: value for label, value in one.labels.items() if value}
        key = id(one.times), id(one.values)
        if key not in known:
            times = clocks.get(id(one.times))
            if times is None:
                times = clocks[id(one.times)] = [round(time * 1000) for time in one.times]
            known[key] = Stored.at(labels, times, one.values)
        yield known[key].labeled(labels)


class SeriesStore:
    """Series, found by their metric's name; it never changes."""

    def __init__(self, series: Iterable[Series] = (), stored: Iterable[Stored] = ()) -> None:
        by_name: dict[str, list[Stored]] = {}
        for one in (*_prepared(series), *stored):
            by_name.setdefault(one.labels.get(NAME, ""), []).append(one)
        self._layers: tuple[Mapping[str, list[Stored]], ...] = (by_name,)

    def extended(self, stored: Iterable[Stored]) -> SeriesStore:
        """Return a store that has these series as well."""
        other = SeriesStore(stored=stored)
        other._layers = (*self._layers, *other._layers)
        return other

    def named(self, metric: str) -> Iterator[Stored]:
        """Yield the series of a metric."""
        for layer in self._layers:
            yield from layer.get(metric, ())

    def select(
        self, metric: str | None, matchers: Sequence[Matcher], dialect: Dialect
    ) -> Iterator[Stored]:
        """Yield the series that a selector reads.

        Raises:
            UnsupportedError: a pattern cannot be evaluated.

        """
        every = (name for layer in self._layers for name in layer)
        for name in (metric,) if metric is not None else dict.fromkeys(every):
            for stored in self.named(name):
                if all(accepts(matcher, stored.labels, dialect) for matcher in matchers):
                    yield stored


def accepts(matcher: Matcher, labels: Mapping[str, str], dialect: Dialect) -> bool:
    """Tell whether series with these labels may be read.

    Raises:
        UnsupportedError: a pattern cannot be evaluated.

    """
    value = labels.get(matcher.label, "")
    if matcher.operator in ("=", "!="):
        return (value == matcher.value) is (matcher.operator == "=")
    found = matches(matcher.value, value, dot_matches_newline=dialect.dot_matches_newline)
    return found is (matcher.operator == "=~")
