"""Whether counters counted what was served: scrapes compared across traffic of a known size.

A metric that rose by less than was sent to its process counts something else, or nothing. Where
several processes answered, or one was restarted, what was counted together is a least count: enough
proves the contract, less proves nothing. A rise by twice what was sent proves nothing either: the
requests of others alone could account for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.metric_signals import request_counters, request_timers, status_counters
from plimsoll.semantics.scraped_processes import (
    contradictions,
    fallen_series,
    lost_series,
    sort_scrapes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plimsoll.semantics.scraped_processes import Counts, Processes, Scrape

_SHOWN = 3
_FAILURES = {"4": "4xx answers", "5": "5xx answers"}


@dataclass(frozen=True, slots=True)
class Statement:
    """What the contract asks for, and what was seen; where it does not hold it is broken."""

    what: str
    holds: bool
    observed: str
    expected: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is certain of the counters, and why the rest of the contract cannot be told."""

    statements: tuple[Statement, ...]
    undecided: tuple[str, ...] = ()


def judge_contract(
    before: Sequence[Scrape], after: Sequence[Scrape], statuses: Sequence[int], *, timed: bool
) -> Outcome:
    """Compare the scrapes on both sides of some answers; what was not compared is undecided.

    Args:
        before: the scrapes before the traffic, in order.
        after: the scrapes after it, in order.
        statuses: the status of every answer in between, of which some are 4xx or 5xx.
        timed: whether the times of requests must have been measured as well.

    """
    processes = sort_scrapes(before, after)
    if not processes.compared:
        who = "; ".join(processes.names) or "none"
        return Outcome((), (f"no process answered on both sides of the traffic: {who}",))
    if not any(str(status)[:1] in _FAILURES for status in statuses):
        return Outcome((), ("no request failed, so none can have been counted as failed",))
    counted = tuple(_counted(processes, statuses, timed=timed))
    steady = tuple(_steady(processes))
    doubtful = [] if processes.is_one else [one for one in counted if not one.holds]
    if not (processes.is_one or processes.are_known):
        doubtful += [one for one in steady if not one.holds]
    reasons = [_unproven(processes, one) for one in doubtful]
    if all(one.holds for one in counted):
        reasons += _noise(processes)
        reasons += _surplus(processes, statuses, timed=timed)
    certain = tuple(one for one in (*counted, *steady) if one not in doubtful)
    return Outcome(certain, tuple(reasons))


def _counted(processes: Processes, statuses: Sequence[int], *, timed: bool) -> Iterator[Statement]:
    for what, metrics, sent in _asked(processes, statuses, timed=timed):
        yield _rose(processes, metrics, what, sent)


def _asked(
    processes: Processes, statuses: Sequence[int], *, timed: bool
) -> Iterator[tuple[str, Mapping[str, Counts], int]]:
    """Yield what must have been counted, the metrics that can have done so, and how often."""
    exported, sent = processes.exported, len(statuses)
    yield "requests", request_counters(exported), sent
    if timed:
        yield "durations of requests", request_timers(exported), sent
    for digit, what in _FAILURES.items():
        failed = sum(str(status).startswith(digit) for status in statuses)
        if failed:
            yield what, status_counters(exported, digit), failed


def _rose(processes: Processes, metrics: Mapping[str, Counts], what: str, sent: int) -> Statement:
    """State that one of these metrics rose with the traffic, and by how much each of them did."""
    rises, holds = [], False
    for name, counts in metrics.items():
        rise, scrapes = processes.rise(name, counts), _own_scrapes(processes, name, counts)
        holds = holds or rise >= sent + scrapes
        rises.append(f"{name} rose by {rise:g}" + (f", {scrapes} scrapes in it" if scrapes else ""))
    observed = "; ".join(rises) or "no metric counts them"
    return Statement(f"count of {what}", holds, observed, f"≥ {sent}, the answers that were given")


def _surplus(processes: Processes, statuses: Sequence[int], *, timed: bool) -> Iterator[str]:
    """Yield what rose by so much more than was sent that none of it need be what was sent."""
    for what, metrics, sent in _asked(processes, statuses, timed=timed):
        enough = []
        for name, counts in metrics.items():
            rise, scrapes = processes.rise(name, counts), _own_scrapes(processes, name, counts)
            if rise >= sent + scrapes:
                enough.append((rise - scrapes, name))
        least, name = min(enough, default=(0, ""))
        if least - sent >= sent:
            yield (
                f"count of {what}: {name} rose by {least:g} with {sent} of them: the requests of "
                "others alone could account for that; ask when it is quiet"
            )


def _own_scrapes(processes: Processes, family: str, counts: Counts) -> int:
    """Return how many scrapes a metric counted with the traffic: none, or every one of them."""
    counts_scrapes = 0 < processes.quiet_scrapes <= processes.quiet_rise(family, counts)
    return processes.later_scrapes if counts_scrapes else 0


def _noise(processes: Processes) -> Iterator[str]:
    """Yield what was counted while nothing was sent: it can stand in for what was not counted."""
    for name, counts in request_counters(processes.exported).items():
        quiet = processes.quiet_rise(name, counts)
        if quiet > processes.quiet_scrapes:
            yield (
                f"{name} rose by {quiet:g} during {processes.quiet_scrapes} scrapes alone: the "
                "requests of others hide what is not counted; ask when it is quiet"
            )


def _steady(processes: Processes) -> Iterator[Statement]:
    steps = [step for process in processes.compared for step in process.steps()]
    fallen = (one for step in steps for one in fallen_series(*step))
    lost = (one for step in steps for one in lost_series(*step))
    odd = (one for process in processes.compared for one in contradictions(process))
    yield _none_of(fallen, "counters", "none that falls while its process runs")
    yield _none_of(lost, "series", "every one kept, with its labels")
    yield _none_of(odd, "histograms", "parts that agree on what the traffic added")


def _none_of(problems: Iterable[str], what: str, expected: str) -> Statement:
    listed = list(problems)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return Statement(what, not listed, "; ".join(listed[:_SHOWN]) + more or expected, expected)


def _unproven(processes: Processes, statement: Statement) -> str:
    who = "counters fell, and the scrapes do not tell whether another process answered"
    if len(processes.names) > 1:
        who = f"{len(processes.names)} processes answered the scrapes"
        who += f" ({'; '.join(processes.names[:_SHOWN])}): a restart, or instances of one address"
    return f"{statement.what}: {statement.observed}, but {who}"
