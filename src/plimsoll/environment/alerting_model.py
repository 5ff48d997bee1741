"""The `alerts` section of an environment file: which alerts there must be, and whom they reach."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from plimsoll.environment.value import File, Positive, Section, Slug, Text

Condition = Literal[
    "error-ratio",
    "unavailable-ratio",
    "latency-p95",
    "latency-p99",
    "traffic-drop",
    "cpu",
    "memory",
    "disk",
    "health",
    "down",
    "region-down",
    "database-down",
    "database-errors",
    "database-latency",
    "backup-age",
    "login-failures",
]
"""What an alert must tell. Ratios, cpu, memory and disk are shares from 0 to 1, latencies and ages
seconds, login failures a rate per second, a traffic drop the share that is lost."""

UNBOUNDED = frozenset({"health", "down", "region-down", "database-down", "database-errors"})
"""Conditions that hold or do not: they have no threshold."""

Level = Literal["logic", "deployed", "delivered"]
"""How far it must be proven: given the metrics it reads; given what is really exposed and attached;
through routing, inhibition and receivers."""

Role = Literal[
    "requests",
    "errors",
    "unavailable",
    "refused",
    "unauthorized",
    "p50",
    "p95",
    "p99",
    "latency",
    "cpu",
    "memory",
    "disk",
    "up",
    "probe",
    "health",
    "database_up",
    "database_errors",
    "database_connections",
    "database_p95",
    "cache_up",
    "cache_memory",
    "backup_age",
    "login_failures",
    "active_users",
    "attempts",
    "success",
    "constant",
]
"""What a metric tells of the system."""

Unit = Literal["share", "percent", "seconds", "milliseconds", "bytes", "count", "timestamp"]


class MetricRole(Section):
    """What a metric tells, where its name does not."""

    role: Role
    kind: Literal["counter", "gauge", "histogram", "summary"] = "gauge"
    unit: Unit | None = None
    value: float | None = None
    """For the role `constant`: what it always is."""


class RequiredAlert(Section):
    """An alert that there must be: it fires when its condition holds, and only then."""

    name: Slug
    condition: Condition
    above: Annotated[float, Field(gt=0)] | None = None
    """The bound beyond which the condition holds."""
    quiet_below: Annotated[float, Field(gt=0)] | None = None
    """Up to where it must stay silent; just below the bound where nothing else is said."""
    holds_seconds: Annotated[int, Field(ge=0)] = 0
    """How long the condition must hold before it may fire: a shorter spike is silent."""
    within_seconds: Positive
    """How long after the condition began to hold it must have fired at the latest."""
    severity: Slug
    levels: Annotated[tuple[Level, ...], Field(min_length=1)] = ("logic", "deployed", "delivered")

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if (self.above is None) != (self.condition in UNBOUNDED):
            needs = "has no bound" if self.condition in UNBOUNDED else "needs a bound: above"
            message = f"{self.name}: the condition {self.condition} {needs}"
            raise ValueError(message)
        if self.quiet_below is not None and self.quiet_below > (self.above or 0):
            message = f"{self.name}: quiet_below lies beyond above"
            raise ValueError(message)
        if self.within_seconds <= self.holds_seconds:
            message = f"{self.name}: within_seconds must be longer than holds_seconds"
            raise ValueError(message)
        return self


ChannelKind = Literal[
    "slack",
    "email",
    "pagerduty",
    "webhook",
    "opsgenie",
    "victorops",
    "pushover",
    "sns",
    "telegram",
    "discord",
    "msteams",
    "webex",
    "wechat",
]


class Channel(Section):
    """A way to reach people; `to` is where on it (a Slack channel, an e-mail address)."""

    kind: ChannelKind
    to: Text | None = None

    @property
    def listed_as(self) -> str:
        """Its kind, and where on it."""
        return f"{self.kind} {self.to}" if self.to else self.kind


class Route(Section):
    """Whom alerts must reach: those of a severity, or those with these labels."""

    name: Slug
    severity: Slug | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    """For what no rule raises: the labels that it is sent with."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    within_seconds: Positive | None = None
    """How long Alertmanager may gather alerts before it tells anybody."""

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name

    @model_validator(mode="after")
    def _one_selection(self) -> Self:
        if (self.severity is None) != bool(self.labels):
            message = f"{self.name}: a route is that of a severity, or of labels"
            raise ValueError(message)
        return self


class Alerts(Section):
    """The alerts that a Prometheus raises and an Alertmanager delivers."""

    config: File | None = None
    """The configuration of Alertmanager."""
    required: Annotated[tuple[RequiredAlert, ...], Field(min_length=1)]
    routes: Annotated[tuple[Route, ...], Field(min_length=1)] | None = None
    signals: dict[str, MetricRole] = Field(default_factory=dict)
    """What metrics tell whose names do not."""
    always_firing: tuple[Text, ...] = ()
    """Alerts that fire on purpose as long as all is well (a dead man's switch)."""
    may_be_muted_by: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    """Alert → the alerts of another cause that may mute it, where that is meant."""
