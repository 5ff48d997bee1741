"""What is asked from outside whether a system is there, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from plimsoll.facts.alert_policy import Destinations  # noqa: TC001 (a field's type)


@dataclass(frozen=True, slots=True)
class UptimeCheck:
    """A check: the URL it asks, how (`type` is ping, http or https), from which regions.

    None where the answer does not tell.
    """

    id: str
    name: str
    type: str | None
    target: str
    regions: tuple[str, ...] | None
    enabled: bool | None
    where: str


@dataclass(frozen=True, slots=True)
class UptimeAlert:
    """An alert of a check: down, down_global, latency or ssl_expiry, and whom it tells.

    `comparison` is greater_than or less_than: it speaks where that holds for the threshold.
    """

    name: str | None
    type: str
    comparison: str | None
    threshold: float | None
    destinations: Destinations
    where: str


@dataclass(frozen=True, slots=True)
class RegionalState:
    """What one region has measured: UP, DOWN or CHECKING, and the last thirty days in percent."""

    region: str
    status: str | None
    percent: float | None
    where: str
