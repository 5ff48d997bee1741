"""Who is told when something is wrong, as the platform's own monitoring has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where notifications go: e-mail addresses and Slack webhooks, each perhaps masked."""

    emails: tuple[str, ...]
    hooks: tuple[str, ...]
    where: str

    def of(self, channel: str) -> tuple[str, ...]:
        """Return the addresses of a channel, ``email`` or ``slack``."""
        return {"email": self.emails, "slack": self.hooks}[channel]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.emails or self.hooks)


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """A policy on machines or databases; `compare` is GreaterThan or LessThan.

    `entities` are ids, `tags` names; None where the answer does not hold them.
    """

    id: str
    name: str
    type: str
    compare: str
    threshold: float
    enabled: bool
    entities: tuple[str, ...] | None
    tags: tuple[str, ...] | None
    destinations: Destinations
    where: str


@dataclass(frozen=True, slots=True)
class AppAlert:
    """A rule of an app, or of one of its components; `phase` is ACTIVE once it is in force.

    Of a rule on a quantity, `operator` is GREATER_THAN or LESS_THAN, and `value` its threshold.
    """

    rule: str
    component: str | None
    operator: str | None
    value: float | None
    disabled: bool
    phase: str | None
    destinations: Destinations
    where: str
