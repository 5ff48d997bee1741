"""Whom an alert reaches: from its labels, through routes and receivers, to channels and times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.alertmanager.channels import Channel, channels_of
from plimsoll.semantics.alertmanager.joining import joins
from plimsoll.semantics.alertmanager.labels import LabelSet, Unknown
from plimsoll.semantics.alertmanager.routing import RoutedTo, cases_of
from plimsoll.semantics.alertmanager.timing import (
    Times,
    first_told_seconds,
    intervals,
    is_always_told,
    latest_told_seconds,
    told_times,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from plimsoll.environment import alerting_model
    from plimsoll.facts.document import Document
    from plimsoll.semantics.alertmanager.matchers import Syntax
    from plimsoll.semantics.alertmanager.message_templates import DefinedTemplates
    from plimsoll.semantics.alertmanager.raised_alerts import RaisedAlert


@dataclass(frozen=True, slots=True)
class Reach:
    """A channel that an alert reaches, by which route, and when that speaks."""

    channel: Channel
    routed: RoutedTo
    times: Times
    is_supplemented: bool = False
    """Whether others of the same channel speak whenever this one does not."""


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
            _supplemented(
                document,
                [
                    Reach(channel, one, told_times(document, one))
                    for one in case.routed
                    for channel in channels_of(document, one.receiver)
                ],
            ),
            case.routed[0].where,
        )
        for case in cases_of(document, shape, syntax)
    )


@dataclass(frozen=True, slots=True)
class _Gap:
    """What keeps an alert from a channel, and whether it surely does on that way."""

    problem: Problem
    is_sure: bool = True


def _supplemented(document: Document, reached: list[Reach]) -> tuple[Reach, ...]:
    """Return the same, with what is told at all times by several routes between them marked."""
    silent = [one for one in reached if one.times is Times.SOMETIMES]
    together = {
        (one.channel.kind, one.channel.to): [
            other.routed
            for other in silent
            if (other.channel.kind, other.channel.to) == (one.channel.kind, one.channel.to)
        ]
        for one in silent
    }
    always = {
        place
        for place, routes in together.items()
        if len(routes) > 1 and is_always_told(document, routes)
    }
    return tuple(
        replace(one, is_supplemented=(one.channel.kind, one.channel.to) in always)
        if one in silent
        else one
        for one in reached
    )


def gaps(
    name: str,
    found: Iterable[Way],
    route: alerting_model.Route,
    others: Collection[LabelSet] = (),
) -> Iterator[tuple[str, Problem]]:
    """Yield each declared channel that an alert does not reach, or not at all times, or too late.

    Each comes with what it is about, such as `HighCpuUsage → slack #alerts`, and is told once,
    for the first of the ways that alerts may go. One that hangs on a variable is not among them.
    `others` are alerts besides which this one may be gathered.
    """
    told = _told_gaps(name, found, route, others)
    yield from ((what, problem) for what, problem, is_certain in told if is_certain)


def uncertain_gaps(
    name: str,
    found: Iterable[Way],
    route: alerting_model.Route,
    others: Collection[LabelSet] = (),
) -> Iterator[tuple[str, Problem]]:
    """Yield each declared channel that an alert may not reach, or not in time.

    A variable may have it so, or a label that is not known.
    """
    told = _told_gaps(name, found, route, others)
    yield from ((what, problem) for what, problem, is_certain in told if not is_certain)


def undefined_templates(
    found: Iterable[Way], route: alerting_model.Route, defined: DefinedTemplates
) -> tuple[Problem, ...]:
    """Return the templates that declared channels name, and that no file is seen to define."""
    reached = (one.channel for way in found for one in way.reached)
    leading = (
        channel
        for channel in reached
        if any(channel.leads_to(declared.kind, declared.to) for declared in route.channels)
    )
    return tuple(
        dict.fromkeys(
            Problem(
                named.where,
                f"{channel.kind}: no file defines the template {named.name}",
                "a template of a file under templates",
            )
            for channel in leading
            for named in channel.templates
            if named.name not in defined.names
        )
    )


def _told_gaps(
    name: str, found: Iterable[Way], route: alerting_model.Route, others: Collection[LabelSet]
) -> Iterator[tuple[str, Problem, bool]]:
    """Yield each gap, and whether it is there whatever the variables of Prometheus hold.

    A variable holds one value, so of the ways that hang on it alerts go some and not others.
    """
    listed = tuple(found)
    for declared in route.channels:
        told = [(way, _gap(way, declared, route.within_seconds, others)) for way in listed]
        missing = [(way, gap) for way, gap in told if gap is not None]
        sure = [(way, gap) for way, gap in missing if gap.is_sure]
        certain = [gap for way, gap in sure if not way.labels.hangs_on_variables]
        is_certain = bool(certain) or len(sure) == len(listed)
        for gap in (certain or [gap for _, gap in missing])[:1]:
            yield f"{name} → {declared.listed_as}", gap.problem, is_certain


def _gap(
    way: Way,
    declared: alerting_model.Channel,
    within_seconds: int | None,
    others: Collection[LabelSet],
) -> _Gap | None:
    leading = [one for one in way.reached if one.channel.leads_to(declared.kind, declared.to)]
    if not leading:
        what = f"reaches {_reached(way)}{_condition(way)}"
        return _Gap(Problem(way.where, what, declared.listed_as))
    always = [one for one in leading if one.times is Times.ALWAYS]
    between = [one.routed for one in leading if one.is_supplemented]
    if not always and between:
        found = (_delay(way, [one], within_seconds, others) for one in between)
        return next((gap for gap in found if gap is not None), None)
    if not always:
        one = leading[0]
        when = "never" if one.times is Times.NEVER else "sometimes"
        what = f"told {when} ({intervals(one.routed)}){_condition(way)}"
        return _Gap(Problem(one.routed.where, what, "told at any time"))
    return _delay(way, [one.routed for one in always], within_seconds, others)


def _delay(
    way: Way, routes: Iterable[RoutedTo], within_seconds: int | None, others: Collection[LabelSet]
) -> _Gap | None:
    """Return why an alert is told too late by every one of these routes; the least late is told."""
    if within_seconds is None:
        return None
    late: list[tuple[float, _Gap]] = []
    for routed in routes:
        expected = f"told within {within_seconds} s"
        seconds, latest = first_told_seconds(routed), latest_told_seconds(routed)
        joining = joins(way.labels, routed.group_by, others) if latest > within_seconds else False
        if seconds > within_seconds:
            what = f"told after {seconds:g} s of gathering{_condition(way)}"
        elif joining is not False:
            seconds = latest
            what = f"told after {seconds:g} s in a group of which others were told before"
            what += _condition(way)
        else:
            return None
        is_sure = first_told_seconds(routed) > within_seconds or joining is True
        late.append((seconds, _Gap(Problem(routed.where, what, expected), is_sure)))
    return min(late, key=lambda one: (one[1].is_sure, one[0]))[1]


def _reached(way: Way) -> str:
    spelled = dict.fromkeys(one.channel.spelled for one in way.reached)
    return ", ".join(spelled) or "nobody"


def _condition(way: Way) -> str:
    assumed = way.labels.spelled_assumptions()
    return f" where {', '.join(assumed)}" if assumed else ""
