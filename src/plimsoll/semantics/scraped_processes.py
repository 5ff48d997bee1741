"""Scrapes of one address, sorted by the process that answered, and what rose between them.

Which process that was is told by `process_start_time_seconds` and by the labels that all samples of
a scrape share. What only rises, rises within one process: the counts of another, or of the same one
restarted, are other counts (prometheus.io/docs/concepts/metric_types).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from plimsoll.semantics.exposition import buckets, series_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from plimsoll.facts.exposition import Family, Sample

    Scrape = tuple[Family, ...]
    Counts = Callable[[Sample], bool]
    Labels = frozenset[tuple[str, str]]
    Series = Mapping[tuple[str, Labels], float]

_STARTED = "process_start_time_seconds"
_INSTANCES = frozenset(
    ("instance", "instance_id", "service_instance_id", "pod", "pod_name", "hostname", "replica")
)
_RISING = {"histogram": ("_bucket", "_count"), "summary": ("_count",)}
"""The parts that only rise; a sum also falls, where something negative is measured."""


@dataclass(frozen=True, slots=True)
class Process:
    """The scrapes that one process answered, in order: before the traffic, and after it."""

    before: tuple[Scrape, ...]
    after: tuple[Scrape, ...]

    def steps(self) -> Iterator[tuple[Series, Series]]:
        """Yield the series that only rise, of every two scrapes that follow each other."""
        yield from pairwise(rising_series(scrape) for scrape in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Processes:
    """The processes that answered on both sides of the traffic.

    `names` are those of all that answered at all. `are_known` tells that each says which it is,
    `is_one` that a single one answered everything.
    """

    compared: tuple[Process, ...]
    names: tuple[str, ...]
    are_known: bool
    is_one: bool

    @property
    def exported(self) -> Scrape:
        """Every family after the traffic, of every process."""
        return tuple(family for process in self.compared for family in process.after[-1])

    @property
    def later_scrapes(self) -> int:
        """How many scrapes were served between the two that are compared."""
        return sum(len(process.after) for process in self.compared)

    @property
    def quiet_scrapes(self) -> int:
        """How many scrapes were served while nothing else was sent."""
        return sum(len(process.before) - 1 for process in self.compared)

    def rise(self, family: str, counts: Counts) -> float:
        """Return by how much the chosen samples of a family rose with the traffic."""
        return sum(_rise(one.before[-1], one.after[-1], family, counts) for one in self.compared)

    def quiet_rise(self, family: str, counts: Counts) -> float:
        """Return by how much they rose while nothing but scrapes was sent."""
        return sum(_rise(one.before[0], one.before[-1], family, counts) for one in self.compared)


def sort_scrapes(before: Sequence[Scrape], after: Sequence[Scrape]) -> Processes:
    """Sort scrapes, each side in order, by the process that answered.

    Scrapes that do not tell are taken for those of one process as long as nothing in them falls.
    """
    sides: dict[Labels, tuple[list[Scrape], list[Scrape]]] = {}
    for side, scrapes in enumerate((before, after)):
        for scrape in scrapes:
            sides.setdefault(_identity(scrape), ([], []))[side].append(scrape)
    compared = tuple(Process(tuple(a), tuple(b)) for a, b in sides.values() if a and b)
    are_known = all(map(_is_known, sides))
    fallen = any(fallen_series(*step) for process in compared for step in process.steps())
    is_one = len(sides) == len(compared) == 1 and (are_known or not fallen)
    return Processes(compared, tuple(sorted(map(_named, sides))), are_known, is_one)


def _identity(scrape: Scrape) -> Labels:
    samples = [sample for family in scrape for sample in family.samples]
    shared = set(samples[0].labels.items()) if samples else set()
    for sample in samples:
        shared &= sample.labels.items()
    started = {(_STARTED, f"{sample.value!r}") for sample in samples if sample.name == _STARTED}
    return frozenset(shared | started)


def _is_known(identity: Labels) -> bool:
    return any(name == _STARTED or name in _INSTANCES for name, _ in identity)


def _named(identity: Labels) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(identity)) or "unnamed"


def is_rising(family: Family, sample: Sample) -> bool:
    """Tell whether a sample of this family never falls while its process runs."""
    if family.kind == "counter":
        return sample.name != f"{family.name}_created"
    return sample.name in [f"{family.name}{suffix}" for suffix in _RISING.get(family.kind, ())]


def rising_series(scrape: Scrape) -> Series:
    """Return every series that only rises, by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in scrape
        for sample in family.samples
        if is_rising(family, sample)
    }


def fallen_series(then: Series, now: Series) -> tuple[str, ...]:
    """Return what stands lower than in an earlier scrape, and by how much."""
    return tuple(
        f"{_shown(*key)} fell from {value:g} to {now[key]:g}"
        for key, value in then.items()
        if key in now and now[key] < value
    )


def lost_series(then: Series, now: Series) -> tuple[str, ...]:
    """Return what an earlier scrape had and a later one has not."""
    return tuple(f"{_shown(*key)} is gone" for key in then if key not in now)


def contradictions(process: Process) -> tuple[str, ...]:
    """Return the histograms whose parts disagree on what the traffic added.

    A larger bucket gains at least as much as a smaller one, and +Inf as much as `_count`.
    """
    early, late = process.before[-1], process.after[-1]
    odd = []
    for family in (family for family in late if family.kind == "histogram"):
        past = next((f for f in early if (f.name, f.kind) == (family.name, "histogram")), None)
        for labels, gains in _gains(past, family).items():
            counted = _rise(early, late, family.name, _count_of(family, labels))
            if any(high < low for low, high in pairwise(gains)):
                odd.append(f"{_shown(family.name, labels)}: a larger bucket gained less")
            elif gains and gains[-1] != counted:
                why = f"+Inf gained {gains[-1]:g}, _count {counted:g}"
                odd.append(f"{_shown(family.name, labels)}: {why}")
    return tuple(odd)


def _gains(past: Family | None, family: Family) -> dict[Labels, list[float]]:
    """Return by how much each bucket of each series rose, the smallest first."""
    was = {} if past is None else buckets(past)
    then = {labels: dict(pairs) for labels, pairs in was.items()}
    return {
        labels: [value - then.get(labels, {}).get(bound, 0.0) for bound, value in pairs]
        for labels, pairs in buckets(family).items()
    }


def _count_of(family: Family, labels: Labels) -> Counts:
    return lambda sample: sample.name == f"{family.name}_count" and series_of(sample) == labels


def _rise(early: Scrape, late: Scrape, family: str, counts: Counts) -> float:
    """Return the rise of a sum; a series that was not there yet began at zero."""
    return _sum(late, family, counts) - _sum(early, family, counts)


def _sum(scrape: Scrape, name: str, counts: Counts) -> float:
    return sum(s.value for f in scrape if f.name == name for s in f.samples if counts(s))


def _shown(name: str, labels: Labels) -> str:
    return f"{name}{{{', '.join(f'{k}={v}' for k, v in sorted(labels))}}}" if labels else name
