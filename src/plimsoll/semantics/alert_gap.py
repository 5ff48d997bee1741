"""What keeps alerts of apps and of uptime checks from telling anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.facts.document import Problem
from plimsoll.semantics.destination import email_flaw, hook_flaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plimsoll.facts.alert_policy import AppAlert, Destinations
    from plimsoll.facts.uptime import UptimeAlert

_UTILIZATIONS = frozenset({"CPU_UTILIZATION", "MEM_UTILIZATION"})
"""Rules of apps on a percentage of what there is, which never exceeds the whole."""
_COMPARISONS = {"latency": "greater_than", "ssl_expiry": "less_than"}
"""How an alert of an uptime check must compare: milliseconds upwards, days left downwards."""
_WHOLE = 100
_SPEAKING = "an alert that would speak, to a destination"
_PORTS = {"http": 80, "https": 443}


def app_gap(
    alerts: Sequence[AppAlert], rule: str, component: str | None, where: str
) -> Problem | None:
    """Return what keeps a rule of an app, or of a component, from telling anybody."""
    found = [
        (one.where, _silence(one))
        for one in alerts
        if one.rule == rule and one.component == component
    ]
    return _gap(found, where)


def uptime_gap(alerts: Iterable[UptimeAlert], kind: str, where: str) -> Problem | None:
    """Return what keeps an alert of an uptime check from telling anybody."""
    found = [(one.where, _muteness(one)) for one in alerts if one.type == kind]
    return _gap(found, where)


def is_same_address(one: str, other: str) -> bool:
    """Say whether two URLs ask the same: host in any case, the port and path that none stands for.

    An address that cannot be read is no other's.
    """
    read = (_address(one), _address(other))
    return read[0] is not None and read[0] == read[1]


def flaws(told: Destinations, channels: Iterable[str]) -> tuple[Problem, ...]:
    """Return a problem for each destination of these channels that nobody can be reached at."""
    judges = {"email": ("e-mail address", email_flaw), "slack": ("Slack webhook", hook_flaw)}
    return tuple(
        Problem(told.where, f"{kind}: {flaw}", "one that reaches somebody")
        for kind, judge, shown in (
            (*judges[channel], shown) for channel in channels for shown in told.of(channel)
        )
        if (flaw := judge(shown)) is not None
    )


def _gap(found: Sequence[tuple[str, str | None]], where: str) -> Problem | None:
    """Return the first reason for silence; None where one of those found is not silent."""
    if any(why is None for _, why in found):
        return None
    return next(
        (Problem(at, why, _SPEAKING) for at, why in found if why is not None),
        Problem(where, "absent", _SPEAKING),
    )


def _silence(alert: AppAlert) -> str | None:
    if alert.disabled:
        return "disabled"
    if alert.phase != "ACTIVE":
        return f"phase {alert.phase or 'absent'}"
    if alert.rule in _UTILIZATIONS:
        if alert.operator != "GREATER_THAN":
            return f"compares {alert.operator or 'nothing'}"
        if alert.value is None or not 0 < alert.value < _WHOLE:
            return f"speaks at {'no' if alert.value is None else f'{alert.value:g}'} %"
    return None if alert.destinations else "no destination"


def _muteness(alert: UptimeAlert) -> str | None:
    sound = _COMPARISONS.get(alert.type)
    if sound is not None and alert.comparison != sound:
        return f"compares {alert.comparison or 'nothing'}"
    if sound is not None and (alert.threshold is None or alert.threshold <= 0):
        return f"speaks at {'nothing' if alert.threshold is None else f'{alert.threshold:g}'}"
    return None if alert.destinations else "no destination"


def _address(url: str) -> tuple[object, ...] | None:
    try:
        parts = urlsplit(url.strip())
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return (parts.scheme, parts.hostname, port, parts.path or "/", parts.query)
