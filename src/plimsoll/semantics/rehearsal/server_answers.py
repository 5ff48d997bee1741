"""What the servers of a rehearsal answer about alerts: those raised, and those held or sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that fires in Prometheus; `key` is the same for the same labels."""

    key: str
    name: str
    severity: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An alert as Alertmanager holds it; `held_by` says what mutes it, and is empty if nothing."""

    name: str
    severity: str
    started: float
    held_by: str


def raised(answer: object) -> tuple[Raised, ...]:
    """Return what fires, from Prometheus' answer to `/api/v1/alerts`."""
    return tuple(
        Raised(json.dumps(labels, sort_keys=True), labels["alertname"], labels.get("severity", ""))
        for alert in _objects(_at(answer, "data", "alerts"))
        if alert.get("state") == "firing" and "alertname" in (labels := _labels(alert))
    )


def sent(answer: object) -> tuple[Sent, ...]:
    """Return what is sent or held, from Alertmanager's answer to `/api/v2/alerts`."""
    alerts = list(_objects(answer))
    names = {str(one.get("fingerprint")): _labels(one).get("alertname", "?") for one in alerts}
    return tuple(
        Sent(
            labels.get("alertname", ""),
            labels.get("severity", ""),
            unix_time(alert.get("startsAt")),
            _muted_by(_at(alert, "status"), names),
        )
        for alert in alerts
        for labels in (_labels(alert),)
    )


def group_names(answer: object) -> tuple[str, ...]:
    """Return the groups of rules, from Prometheus' answer to `/api/v1/rules`."""
    groups = _objects(_at(answer, "data", "groups"))
    return tuple(str(group.get("name", "")) for group in groups)


def alertmanager_count(answer: object) -> int:
    """Return to how many it sends, from Prometheus' answer to `/api/v1/alertmanagers`."""
    return len(list(_objects(_at(answer, "data", "activeAlertmanagers"))))


def scraped_count(answer: object) -> int:
    """Return how many targets have been scraped, from Prometheus' answer to a query of `up`."""
    return len(list(_objects(_at(answer, "data", "result"))))


def version_of(answer: object) -> str:
    """Return the version from Prometheus' buildinfo or Alertmanager's status."""
    told = _at(answer, "data", "version") or _at(answer, "versionInfo", "version")
    return told if isinstance(told, str) else "unknown"


def unix_time(text: object) -> float:
    """Return a moment that an answer names, as a unix time; 0 where it names none."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _muted_by(status: object, names: Mapping[str, str]) -> str:
    inhibiting = [names.get(str(one), str(one)) for one in _listed(_at(status, "inhibitedBy"))]
    silences = [str(one) for one in _listed(_at(status, "silencedBy"))]
    muted = [str(one) for one in _listed(_at(status, "mutedBy"))]
    parts = [
        f"{verb} {', '.join(sorted(set(by)))}"
        for verb, by in (
            ("inhibited by", inhibiting),
            ("silenced by", silences),
            ("muted by the time interval", muted),
        )
        if by
    ]
    if not parts and _at(status, "state") == "suppressed":
        return "suppressed"
    return "; ".join(parts)


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> Iterator[dict[str, object]]:
    yield from (one for one in _listed(value) if isinstance(one, dict))


def _labels(alert: Mapping[str, object]) -> dict[str, str]:
    labels = alert.get("labels")
    return {str(k): str(v) for k, v in labels.items()} if isinstance(labels, dict) else {}
