"""Which panels of a dashboard show a signal, and why nobody can tell of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.dashboard_signals import REGION_LABELS, is_titled, may_tell
from plimsoll.semantics.dashboards.answers import Answer
from plimsoll.semantics.dashboards.sensitivity import answer
from plimsoll.semantics.dashboards.signals import FACTS, shows
from plimsoll.semantics.dashboards.targets import ASK_NOTHING
from plimsoll.semantics.dashboards.units import Misfit, misfit
from plimsoll.semantics.promql import PromqlError, selectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.dashboard import Dashboard, Panel, Query
    from plimsoll.semantics.dashboards.sensitivity import Surroundings
    from plimsoll.semantics.promql import Selector

MOST_QUERIES = 500
"""Queries of a dashboard that are tried; of more, nobody could tell."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A panel that shows a signal, and how its unit misrepresents it, if so."""

    panel: Panel
    query: Query
    misfit: Misfit | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """What a dashboard shows of a signal.

    Attributes:
        sights: where it is seen.
        unknown: why it might be shown where it cannot be told.
        candidates: what the queries answered that seem to be meant for it, those that are named
            after it first.

    """

    sights: tuple[Sight, ...] = ()
    unknown: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


def showing(
    dashboard: Dashboard, signal: str, surroundings: Surroundings, metric: str = ""
) -> Showing:
    """Return where a dashboard shows a signal.

    Args:
        dashboard: as read.
        signal: one of `SIGNALS`.
        surroundings: what is known beside it.
        metric: for the signal `business`, the metric that must be read.

    Raises:
        KeyError: the signal is not one of `SIGNALS`.

    """
    sights: list[Sight] = []
    unknown: list[str] = []
    meant: list[tuple[bool, str]] = []
    for panel, query in _queries(dashboard):
        found = answered(query, surroundings)
        shown = shows(found, signal, metric)
        name = f"{panel.title or 'untitled'}{f' {query.reference}' if query.reference else ''}"
        if shown and not query.doubt:
            unit = misfit(query.unit, found, signal, shown)
            sights.append(Sight(panel, query, unit))
        elif shown:
            unknown.append(f"{name}: {query.doubt}")
        elif found.unknown and _concerns(panel, query, found, signal, metric):
            unknown.append(f"{name}: {found.unknown}")
        elif _is_candidate(panel, query, found, signal):
            named = signal.rpartition("_")[2] in f"{panel.title} {query.legend}".lower()
            meant.append((not named, f"{name} {told(found)}"))
    candidates = dict.fromkeys(text for _, text in sorted(meant, key=lambda one: one[0]))
    return Showing(tuple(sights), (*unknown, *_elsewhere(dashboard)), tuple(candidates))


def wanted(signal: str, business: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return what a signal asks to be shown: what it is called, and the metric of the business.

    `business` is every declared metric; where none is declared, nothing could show it.
    """
    if signal != "business" or not business:
        return ((signal, ""),)
    return tuple((f"{signal}: {metric}", metric) for metric in business)


def answered(query: Query, surroundings: Surroundings) -> Answer:
    """Return what a query answers, its variables included."""
    strange = [name for name in query.unknown_variables if name.startswith("__")]
    if strange:
        return Answer(unknown=f"it uses {', '.join(strange)}, which is not known here")
    if query.unknown_variables:
        missing = ", ".join(f"${name}" for name in query.unknown_variables)
        return Answer(nothing=f"{missing} is defined nowhere")
    if query.literal_variables:
        several = ", ".join(f"${name}" for name in query.literal_variables)
        return Answer(nothing=f"{several} stands for several values, which = does not match")
    return answer(query.resolved, surroundings)


def told(found: Answer) -> str:
    """Return what a query answers to, for people."""
    if found.unknown:
        return f"cannot be told: {found.unknown}"
    if found.nothing:
        return f"shows nothing: {found.nothing}"
    facts = [
        fact for fact in found.moved if any(found.moves(labels, fact) for labels in found.healthy)
    ]
    return f"answers to {', '.join(facts)}" if facts else "answers to nothing of the system"


def _queries(dashboard: Dashboard) -> Iterator[tuple[Panel, Query]]:
    drawn = (panel for panel in dashboard.panels if panel.kind not in ASK_NOTHING)
    everything = ((panel, query) for panel in drawn for query in panel.queries)
    for _, pair in zip(range(MOST_QUERIES), everything, strict=False):
        yield pair


def _elsewhere(dashboard: Dashboard) -> Iterator[str]:
    """Yield why the dashboard may show more than its queries."""
    for panel in dashboard.panels:
        for reason in panel.unread:
            yield f"{panel.title or 'untitled'}: {reason}"
    asked = sum(len(panel.queries) for panel in dashboard.panels)
    if asked > MOST_QUERIES:
        yield f"of {asked} queries only {MOST_QUERIES} were tried"


def _concerns(panel: Panel, query: Query, found: Answer, signal: str, metric: str) -> bool:
    """Tell whether a query that cannot be told may be one of the signal."""
    if signal == "business":
        return metric in query.resolved
    if signal == "regional_comparison":
        return _tells_regions_apart(query)
    if not found.reads and not found.strange:
        return True
    if found.reads & FACTS[signal] or any(may_tell(name, signal) for name in found.strange):
        return True
    return _is_titled(panel, query, signal)


def _is_titled(panel: Panel, query: Query, signal: str) -> bool:
    return any(is_titled(text, signal) for text in (panel.title, query.legend, query.resolved))


def _tells_regions_apart(query: Query) -> bool:
    try:
        read = selectors(query.resolved)
    except PromqlError:
        return True
    return any(_keeps_apart(one, label) for one in read for label in REGION_LABELS)


def _keeps_apart(selector: Selector, label: str) -> bool:
    """Tell whether a label survives around a selector that does not fix it to one value."""
    fixed = any(m.label == label and m.operator == "=" and m.value for m in selector.matchers)
    return selector.keeps(label) and not fixed


def _is_candidate(panel: Panel, query: Query, found: Answer, signal: str) -> bool:
    if signal != "regional_comparison" and found.reads & FACTS[signal]:
        return True
    return _is_titled(panel, query, signal)
