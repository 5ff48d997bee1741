"""Whom an alert reaches: from its labels, through routes and receivers, to channels and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.alertmanager.channels import Channel, channels_of
from plimsoll.semantics.alertmanager.labels import LabelSet, Unknown
from plimsoll.semantics.alertmanager.routing import RoutedTo, cases_of
from plimsoll.semantics.alertmanager.timing import Times, first_told_seconds, intervals, told_times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.environment import alerting_model
    from plimsoll.facts.document import Document
    from plimsoll.semantics.alertmanager.matchers import Syntax
    from plimsoll.semantics.alertmanager.raised_alerts import RaisedAlert


@dataclass(frozen=True, slots=True)
class Reach:
    """A channel that an alert reaches, by which route, and when that speaks."""

    channel: Channel
    routed: RoutedTo
    times: Times


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways that alerts of a shape may go: for these labels, to all of this."""

    labels: LabelSet
    reached: tuple[Reach, ...]
    where: str


def sent_alerts(
    route: alerting_model.Route, alerts: Iterable[RaisedAlert]
) -> tuple[tuple[str, LabelSet], ...]:
    """Return name and labels of what is sent for a declared route.

    That is every alert of its severity, in each of its shapes, or one with the declared labels. A
    severity that a template fills in may be any.
    """
    if route.severity is None:
        return ((route.name, LabelSet(dict(route.labels))),)
    return tuple(
        (alert.rule.name, shape.having("severity", route.severity))
        for alert in alerts
        if "severity" in alert.rule.labels
        for shape in alert.shapes
        if shape.of("severity") in (route.severity, Unknown.ANY)
    )


def ways(document: Document, shape: LabelSet, syntax: Syntax) -> tuple[Way, ...]:
    """Return every way that an alert of a shape may go.

    Raises:
        RoutingError: it cannot be told.

    """
    return tuple(
        Way(
            case.labels,
            tuple(
                Reach(channel, one, told_times(document, one))
                for one in case.routed
                for channel in channels_of(document, one.receiver)
            ),
            case.routed[0].where,
        )
        for case in cases_of(document, shape, syntax)
    )


def gaps(
    name: str, found: Iterable[Way], route: alerting_model.Route
) -> Iterator[tuple[str, Problem]]:
    """Yield each declared channel that an alert does not reach, or not at all times, or too late.

    Each comes with what it is about, such as `HighCpuUsage → slack #alerts`, and is told once,
    for the first of the ways that alerts may go. One that hangs on a variable is not among them.
    """
    told = _told_gaps(name, found, route)
    yield from ((what, problem) for what, problem, is_certain in told if is_certain)


def uncertain_gaps(
    name: str, found: Iterable[Way], route: alerting_model.Route
) -> Iterator[tuple[str, Problem]]:
    """Yield each declared channel that an alert may not reach, as a variable may have it."""
    told = _told_gaps(name, found, route)
    yield from ((what, problem) for what, problem, is_certain in told if not is_certain)


def _told_gaps(
    name: str, found: Iterable[Way], route: alerting_model.Route
) -> Iterator[tuple[str, Problem, bool]]:
    """Yield each gap, and whether it is there whatever the variables of Prometheus hold.

    A variable holds one value, so of the ways that hang on it alerts go some and not others.
    """
    listed = tuple(found)
    for declared in route.channels:
        told = [(way, _gap(way, declared, route.within_seconds)) for way in listed]
        missing = [(way, problem) for way, problem in told if problem is not None]
        certain = [problem for way, problem in missing if not way.labels.hangs_on_variables]
        is_certain = bool(certain) or len(missing) == len(listed)
        for problem in (certain or [problem for _, problem in missing])[:1]:
            yield f"{name} → {declared.listed_as}", problem, is_certain


def _gap(way: Way, declared: alerting_model.Channel, within_seconds: int | None) -> Problem | None:
    leading = [one for one in way.reached if one.channel.leads_to(declared.kind, declared.to)]
    if not leading:
        return Problem(way.where, f"reaches {_reached(way)}{_condition(way)}", declared.listed_as)
    always = [one for one in leading if one.times is Times.ALWAYS]
    if not always:
        one = leading[0]
        when = "never" if one.times is Times.NEVER else "sometimes"
        what = f"told {when} ({intervals(one.routed)}){_condition(way)}"
        return Problem(one.routed.where, what, "told at any time")
    first = min(always, key=lambda one: first_told_seconds(one.routed))
    seconds = first_told_seconds(first.routed)
    if within_seconds is None or seconds <= within_seconds:
        return None
    what = f"told after {seconds:g} s of gathering{_condition(way)}"
    return Problem(first.routed.where, what, f"told within {within_seconds} s")


def _reached(way: Way) -> str:
    spelled = dict.fromkeys(one.channel.spelled for one in way.reached)
    return ", ".join(spelled) or "nobody"


def _condition(way: Way) -> str:
    assumed = way.labels.spelled_assumptions()
    return f" where {', '.join(assumed)}" if assumed else ""
