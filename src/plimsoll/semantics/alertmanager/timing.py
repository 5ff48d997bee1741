"""When a notification goes out: after how long, and at which times of the day at all.

Source: `timeinterval` and `notify` of Alertmanager: a route is silent during each of its mute
intervals, and outside of its active intervals where it has any.
"""

from __future__ import annotations

from enum import Enum
from itertools import product
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.week import WEEK, minutes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plimsoll.facts.document import Document, Part
    from plimsoll.semantics.alertmanager.routing import RoutedTo

_MOST_OPAQUE = 6
_LIMITS = ("times", "weekdays", "days_of_month", "months", "years")


class Times(Enum):
    """At which times something holds."""

    ALWAYS = "always"
    SOMETIMES = "only at certain times"
    NEVER = "never"


def interval_times(document: Document, name: str) -> Times:
    """Return when a named time interval holds; one without limits always does, an empty one never.

    A name that is not defined holds at times that are not known: sometimes.
    """
    sections = ("time_intervals", "mute_time_intervals")
    defined = [
        part for section in sections for part in document.part(section) if part["name"].text == name
    ]
    if not defined:
        return Times.SOMETIMES
    spans = [span for part in defined for span in part["time_intervals"]]
    if any(_is_unlimited(span) for span in spans):
        return Times.ALWAYS
    return Times.SOMETIMES if spans else Times.NEVER


def told_times(document: Document, routed: RoutedTo) -> Times:
    """Return when notifications of a route go out."""
    muted = [interval_times(document, name) for name in routed.mute_intervals]
    active = [interval_times(document, name) for name in routed.active_intervals]
    if Times.ALWAYS in muted or (active and set(active) == {Times.NEVER}):
        return Times.NEVER
    if Times.SOMETIMES in muted or (active and Times.ALWAYS not in active):
        return Times.SOMETIMES
    return Times.ALWAYS


def is_always_told(document: Document, routes: Sequence[RoutedTo]) -> bool:
    """Tell whether at every moment one of several routes speaks, though each is silent at times.

    Intervals of weekdays and times of the day are compared minute by minute. Of others no more is
    taken for known than that each holds or does not, for every route alike.
    """
    names = {name for one in routes for name in (*one.mute_intervals, *one.active_intervals)}
    told = {name: minutes_of(document, name) for name in sorted(names)}
    known = {name: minutes for name, minutes in told.items() if minutes is not None}
    opaque = [name for name in told if name not in known]
    if len(opaque) > _MOST_OPAQUE:
        return False
    return all(
        frozenset().union(
            *(_speaks(one, known | dict(zip(opaque, held, strict=True))) for one in routes)
        )
        == WEEK
        for held in product((WEEK, frozenset[int]()), repeat=len(opaque))
    )


def _speaks(routed: RoutedTo, held: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """Return the minutes at which a route speaks."""
    active = [held[name] for name in routed.active_intervals]
    muted = [held[name] for name in routed.mute_intervals]
    speaking = frozenset().union(*active) if active else WEEK
    return speaking.difference(*muted)


def intervals(routed: RoutedTo) -> str:
    """Return the intervals of a route, for people."""
    spelled = [f"not during {name}" for name in routed.mute_intervals]
    if routed.active_intervals:
        spelled.append("only during " + " or ".join(routed.active_intervals))
    return ", ".join(spelled)


def first_told_seconds(routed: RoutedTo) -> float:
    """Return how long Alertmanager gathers alerts of a group before it tells anybody."""
    return routed.group_wait_seconds


def latest_told_seconds(routed: RoutedTo) -> float:
    """Return how long an alert may wait that joins a group which has been told of before."""
    return max(routed.group_wait_seconds, routed.group_interval_seconds)


def _is_unlimited(span: Part) -> bool:
    return isinstance(span.value, dict) and not any(
        span[limit].value is not None and span[limit].exists for limit in _LIMITS
    )
