"""Which receivers an alert reaches: the tree of routes, as Alertmanager walks it.

Source: `dispatch/route.go`. A route takes what it does not say from the one above it, except for
the time intervals: those are each route's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.labels import LabelSet, cases
from plimsoll.semantics.alertmanager.matchers import (
    Matcher,
    MatcherError,
    Syntax,
    UnclearMatcherError,
    matchers_of,
)
from plimsoll.semantics.duration import prometheus_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.document import Document, Part

_MOST_CASES = 512
ALL_LABELS = "..."


class RoutingError(ValueError):
    """It cannot be told where alerts go."""


@dataclass(frozen=True, slots=True)
class RoutedTo:
    """Where a notification goes: a receiver, by which route, and when.

    `path` is the position of the route, and of those above it, among their siblings; the intervals
    are the names of those during which it is muted, or outside of which it is not active.
    """

    receiver: str
    where: str
    path: tuple[int, ...] = ()
    group_by: tuple[str, ...] = ()
    group_wait_seconds: float = 30.0
    group_interval_seconds: float = 300.0
    repeat_interval_seconds: float = 14400.0
    mute_intervals: tuple[str, ...] = ()
    active_intervals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A node of the tree."""

    here: RoutedTo
    matchers: tuple[Matcher, ...] = ()
    continues: bool = False
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What happens to an alert with some labels: everything it is routed to, in order."""

    labels: LabelSet
    routed: tuple[RoutedTo, ...]


@lru_cache(maxsize=32)
def route_tree(document: Document, syntax: Syntax = Syntax.FALLBACK) -> Route:
    """Return the tree of routes of a configuration.

    Raises:
        RoutingError: it has none, or a part of it that decides about routing cannot be read.

    """
    root = document.part("route")
    if not isinstance(root.value, dict) or not root["receiver"].text:
        raise RoutingError(f"{root.where}: there is no root route with a receiver")
    try:
        return _route(root, RoutedTo("", root.where), syntax)
    except (MatcherError, UnclearMatcherError) as error:
        raise RoutingError(str(error)) from error


def routes_of(
    document: Document, labels: Mapping[str, str], syntax: Syntax = Syntax.FALLBACK
) -> tuple[RoutedTo, ...]:
    """Return everything that an alert with exactly these labels is routed to, in order.

    Raises:
        RoutingError: it cannot be told.

    """
    known = LabelSet({name: value for name, value in labels.items() if value})
    return cases_of(document, known, syntax)[0].routed


def cases_of(
    document: Document, labels: LabelSet, syntax: Syntax = Syntax.FALLBACK
) -> tuple[Case, ...]:
    """Return what may happen to an alert with these labels: one case for each way it may be routed.

    Raises:
        RoutingError: it cannot be told, or there are too many cases.

    """
    try:
        return tuple(_visited(route_tree(document, syntax), labels))
    except UnclearMatcherError as error:
        raise RoutingError(str(error)) from error


def _visited(route: Route, labels: LabelSet) -> list[Case]:
    found = []
    for case, is_matched in cases(labels, route.matchers):
        found += _inside(route, case) if is_matched else [Case(case, ())]
    return found


def _inside(route: Route, labels: LabelSet) -> list[Case]:
    """Walk the routes below one that matched: the first that takes the alert ends it."""
    walking = [Case(labels, ())]
    ended: list[Case] = []
    for inner in route.routes:
        following: list[Case] = []
        for case in walking:
            for taken in _visited(inner, case.labels):
                is_last = taken.routed and not inner.continues
                met = replace(taken, routed=case.routed + taken.routed)
                (ended if is_last else following).append(met)
        walking = following
        if len(walking) + len(ended) > _MOST_CASES:
            raise RoutingError(f"{route.here.where}: too much depends on labels that are not known")
    return ended + [replace(case, routed=case.routed or (route.here,)) for case in walking]


def _route(part: Part, above: RoutedTo, syntax: Syntax) -> Route:
    here = _settings(part, above)
    inner = [(at, one) for at, one in enumerate(part["routes"]) if isinstance(one.value, dict)]
    return Route(
        here,
        matchers_of(part, syntax=syntax),
        part["continue"].value is True,
        tuple(_route(one, replace(here, path=(*here.path, at)), syntax) for at, one in inner),
    )


def _settings(part: Part, above: RoutedTo) -> RoutedTo:
    listed = tuple(one.text or "" for one in part["group_by"])
    return RoutedTo(
        receiver=part["receiver"].text or above.receiver,
        where=part.where,
        path=above.path,
        group_by=listed or above.group_by,
        group_wait_seconds=_seconds(part["group_wait"], above.group_wait_seconds),
        group_interval_seconds=_seconds(part["group_interval"], above.group_interval_seconds),
        repeat_interval_seconds=_seconds(part["repeat_interval"], above.repeat_interval_seconds),
        mute_intervals=tuple(one.text or "" for one in part["mute_time_intervals"]),
        active_intervals=tuple(one.text or "" for one in part["active_time_intervals"]),
    )


def _seconds(part: Part, inherited: float) -> float:
    """Return a duration; the inherited one where none is stated.

    Raises:
        RoutingError: what is stated is no duration.

    """
    if part.value is None or not part.exists:
        return inherited
    seconds = prometheus_seconds(part.text if part.text is not None else str(part.value))
    if seconds is None:
        raise RoutingError(f"{part.where}: {part.key} is no duration")
    return seconds
