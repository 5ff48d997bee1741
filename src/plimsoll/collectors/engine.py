"""Observe everything that is asked for: once, concurrently, within one deadline.

Every probe gets a sighting. Whatever did not answer, was withheld, or crashed is not observed, and
says why. The collectors, and the libraries they need, are imported only where they are asked.
"""

from __future__ import annotations

import gc
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from plimsoll.collectors.failure import crash
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.snapshot import Snapshot
from plimsoll.facts.bucket import BucketProbe
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.facts.counted_traffic import ContractProbe
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.handshake import TlsProbe
from plimsoll.facts.monitoring_reading import MonitoringProbe
from plimsoll.facts.probe import SOURCES
from plimsoll.facts.rehearsal import RehearsalProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.facts.shutdown import ShutdownProbe
from plimsoll.facts.tool_output import ToolProbe
from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from plimsoll.collectors.context import Context
    from plimsoll.facts.probe import Probe
    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Sighting

_COLLECTORS: dict[type[Probe], str] = {
    RepositoryProbe: "repository",
    DnsProbe: "dns",
    TlsProbe: "tls",
    HttpProbe: "http",
    ToolProbe: "tools",
    DigitalOceanProbe: "digitalocean",
    BucketProbe: "spaces",
    MonitoringProbe: "monitoring",
    ShutdownProbe: "processes",
    RehearsalProbe: "rehearsal",
    ContractProbe: "contract",
}

_AFTER: dict[type[Probe], tuple[type[Probe], ...]] = {
    ContractProbe: (HttpProbe,),
    ToolProbe: (HttpProbe, TlsProbe, ContractProbe),
}
"""What compares counters before and after its own requests waits for those of others to end; so do
programs that are put to work on this machine, lest they slow down answers that are timed."""

_IMPORTED_ALONE: dict[type[Probe], str] = {DigitalOceanProbe: "requests"}
"""What changes the process's warning filters while it is imported; another thread that restores
them meanwhile would undo that, and turn a silenced warning into an exception."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many probes of a source (`http`, `tls`, `dns`, `do`, …) are done."""

    source: str
    done: int
    total: int


class _Seen(NamedTuple):
    probe: Probe
    sighting: Sighting[Any]


class _Ended(NamedTuple):
    kind: type[Probe]
    silence: str
    """Why the collector said nothing about the probes it said nothing about."""


def observe(
    probes: Iterable[Probe],
    context: Context,
    progress: Callable[[Progress], None] | None = None,
) -> Snapshot:
    """Return a sighting for every distinct probe, within `limits.overall_seconds`.

    `progress` is called in this thread, once for each probe that is done. An interruption stops
    the collectors from beginning anything new, and is passed on at once.
    """
    started_at = datetime.now(UTC)
    asked = tuple(dict.fromkeys(probes))
    sightings = {probe: context.recalled[probe] for probe in asked if probe in context.recalled}
    run = _Run(tuple(probe for probe in asked if probe not in sightings), context)
    done: Counter[str] = Counter()
    with _undisturbed():
        try:
            for probe, seen in run.sightings():
                sightings[probe] = seen
                source = SOURCES[type(probe)]
                done[source] += 1
                if progress:
                    progress(Progress(source, done[source], run.totals[source]))
        finally:
            run.stop()
    ordered = {probe: sightings[probe] for probe in asked}
    return Snapshot(ordered, started_at, datetime.now(UTC))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector away: it stops every thread, and answers that wait are timed.

    A full collection of what a run has loaded takes half a second, as long as a slow answer.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _Run:
    """One run's collectors, each in a thread of its own, and what they may ask of each other."""

    def __init__(self, asked: tuple[Probe, ...], context: Context) -> None:
        self.asked = asked
        self.totals = Counter(SOURCES[type(probe)] for probe in asked)
        self._context = context
        self._deadline = time.monotonic() + context.limits.overall_seconds
        self._stopped = Event()
        self._told: SimpleQueue[_Seen | _Ended] = SimpleQueue()
        self._for_tools = _needed_by_tools(asked)
        self._repository: Sighting[Repository] | None = None
        self._repository_done = Event()
        self._ended = {type(probe): Event() for probe in (self._for_tools, *asked)}

    def sightings(self) -> Iterator[tuple[Probe, Sighting[Any]]]:
        """Yield each probe that was asked exactly once, as its sighting comes."""
        groups = self._grouped()
        waiting = set(self.asked)
        running = set()
        for library in (_IMPORTED_ALONE[kind] for kind in groups if kind in _IMPORTED_ALONE):
            import_module(library)
        for kind, group in groups.items():
            if {_COLLECTORS[kind], SOURCES[kind]} & self._context.withheld:
                self._ended[kind].set()  # nobody waits for what is not begun
            else:
                running.add(kind)
                name = f"plimsoll-{_COLLECTORS[kind]}"
                Thread(target=self._work, args=(kind, group), name=name, daemon=True).start()
        silence = dict.fromkeys(groups.keys() - running, "withheld")
        while running:
            told = self._next()
            if told is None:
                break
            if isinstance(told, _Ended):
                running.discard(told.kind)
                silence[told.kind] = told.silence
            elif told.probe in waiting:
                waiting.remove(told.probe)
                yield told.probe, told.sighting
        late = f"no answer within the run's {self._context.limits.overall_seconds:g} s"
        for probe in waiting:
            reason = silence.get(type(probe), late)
            yield probe, NotObserved(reason, origin_of(probe, self._context))

    def stop(self) -> None:
        """Let no collector begin anything new."""
        self._stopped.set()
        self._repository_done.set()
        for ended in self._ended.values():
            ended.set()

    def awaited(self) -> bool:
        """Whether anyone still waits for sightings."""
        return not self._stopped.is_set() and time.monotonic() < self._deadline

    def repository(self) -> Sighting[Repository]:
        """Wait for the repository to be read, and return what was seen of it."""
        self._repository_done.wait(max(0.0, self._deadline - time.monotonic()))
        if self._repository is not None:
            return self._repository
        return NotObserved("it was not read", origin_of(self._for_tools, self._context))

    def _grouped(self) -> dict[type[Probe], tuple[Probe, ...]]:
        groups: defaultdict[type[Probe], list[Probe]] = defaultdict(list)
        if any(isinstance(probe, ToolProbe | RehearsalProbe) for probe in self.asked):
            groups[RepositoryProbe].append(self._for_tools)
        for probe in self.asked:
            groups[type(probe)].append(probe)
        return {kind: tuple(dict.fromkeys(group)) for kind, group in groups.items()}

    def _work(self, kind: type[Probe], group: Sequence[Probe]) -> None:
        silence = "the collector said nothing about it"
        try:
            self._wait_for(_AFTER.get(kind, ()))
            collector = import_module(f"plimsoll.collectors.{_COLLECTORS[kind]}")
            for probe, seen in collector.collect(group, self._context, self):
                if probe == self._for_tools:
                    self._repository = seen
                    self._repository_done.set()
                self._told.put(_Seen(probe, seen))
        except Exception as error:  # noqa: BLE001 (a crash costs its own probes, not the run)
            silence = crash(error)
        finally:
            if kind is RepositoryProbe:
                self._repository_done.set()
            self._ended[kind].set()
            self._told.put(_Ended(kind, silence))

    def _wait_for(self, earlier: Iterable[type[Probe]]) -> None:
        """Let what would disturb others, or be disturbed by them, begin when they have ended."""
        for kind in earlier:
            if kind in self._ended:
                self._ended[kind].wait(max(0.0, self._deadline - time.monotonic()))

    def _next(self) -> _Seen | _Ended | None:
        try:
            return self._told.get(timeout=max(0.0, self._deadline - time.monotonic()))
        except Empty:
            return None


def _needed_by_tools(asked: Iterable[Probe]) -> RepositoryProbe:
    needed: set[str] = set()
    tools = []
    for probe in asked:
        if isinstance(probe, RehearsalProbe):
            needed.update(probe.paths)
        elif isinstance(probe, ToolProbe):
            tools.append(probe)
    if tools:
        from plimsoll.collectors.tools import patterns  # noqa: PLC0415 (where there are tools only)

        needed.update(patterns(tools))
    return RepositoryProbe(tuple(sorted(needed)))
