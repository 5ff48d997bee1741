"""Alert policies, uptime checks, their alerts, and what they measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.alert_policy import AlertPolicy, Destinations
from plimsoll.facts.uptime import RegionalState, UptimeAlert, UptimeCheck
from plimsoll.semantics.digitalocean.answer import (
    UntoldError,
    items,
    number,
    quantity,
    text,
    texts,
)

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part

_WHOLE = 100


def policies(answer: Document) -> tuple[AlertPolicy, ...]:
    """Return every alert policy. Raises UntoldError where one lacks what must be there."""
    return tuple(_policy(part) for part in items(answer, "policies"))


def uptime_checks(answer: Document) -> tuple[UptimeCheck, ...]:
    """Return every uptime check. Raises UntoldError where one has no id, name or target."""
    return tuple(
        UptimeCheck(
            id=text(part["id"]),
            name=text(part["name"]),
            type=part["type"].text,
            target=text(part["target"]),
            regions=texts(part["regions"]),
            enabled=part["enabled"].boolean,
            where=part.where,
        )
        for part in items(answer, "checks")
    )


def uptime_alerts(answer: Document) -> tuple[UptimeAlert, ...]:
    """Return the alerts of a check. Raises UntoldError where it is not told whom they tell."""
    return tuple(
        UptimeAlert(
            name=part["name"].text,
            type=text(part["type"]),
            comparison=part["comparison"].text,
            threshold=number(part["threshold"]),
            destinations=_told(part["notifications"]),
            where=part.where,
        )
        for part in items(answer, "alerts")
    )


def uptime_state(answer: Document) -> tuple[RegionalState, ...]:
    """Return what each region measured, whatever the regions are called. Raises UntoldError."""
    regions = answer.part("state", "regions")
    if not isinstance(regions.value, dict):
        message = "the answer tells of no region"
        raise UntoldError(message)
    return tuple(
        RegionalState(
            region=str(part.key),
            status=part["status"].text,
            percent=_percent(part["thirty_day_uptime_percentage"]),
            where=part.where,
        )
        for part in regions
    )


def destinations(emails: Part, hooks: Part, where: str) -> Destinations:
    """Return whom a notification tells; an address that is no text counts as an empty one."""
    return Destinations(
        emails=tuple(part.text or "" for part in emails),
        hooks=tuple(part["url"].text or "" for part in hooks),
        where=where,
    )


def _policy(part: Part) -> AlertPolicy:
    enabled = part["enabled"].boolean
    if enabled is None:
        message = f"{part.where} does not tell whether it is enabled"
        raise UntoldError(message)
    return AlertPolicy(
        id=text(part["uuid"]),
        name=text(part["description"]),
        type=text(part["type"]),
        compare=text(part["compare"]),
        threshold=quantity(part["value"]),
        enabled=enabled,
        entities=texts(part["entities"]),
        tags=texts(part["tags"]),
        destinations=_told(part["alerts"]),
        where=part.where,
    )


def _percent(part: Part) -> float | None:
    found = number(part)
    return found if found is not None and 0 <= found <= _WHOLE else None


def _told(part: Part) -> Destinations:
    """Read what the platform always tells, both channels, an empty one as a list or null."""
    for channel in (part["email"], part["slack"]):
        if channel.value is not None and not isinstance(channel.value, list):
            message = f"{channel.where} is not told"
            raise UntoldError(message)
    return destinations(part["email"], part["slack"], part.where)
