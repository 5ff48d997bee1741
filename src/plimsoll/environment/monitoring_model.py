"""The `monitoring` section of an environment file: the running Prometheus and its companions."""

from __future__ import annotations

from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from plimsoll.environment.value import (
    File,
    Name,
    Percent,
    Positive,
    Section,
    Slug,
    Text,
    Url,
    Variable,
)

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

TELLING: Final = {
    "prometheus": "/api/v1/targets",
    "alertmanager": "/api/v2/status",
    "grafana": "/api/search",
}
"""System → a path that tells strangers much of what it watches, where they are let in."""


class MonitoringServer(Section):
    """Where an API answers, and what lets in whoever may read it."""

    url: Url
    """Its address without the path of any read; a prefix it is served under belongs to it."""
    credential: Variable | None = None
    """The environment variable that holds a bearer token, or the password of `user`."""
    user: Text | None = None
    """Who the password belongs to; with a name the credential is sent as basic authentication."""

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        parts = urlsplit(self.url)
        message = ""
        if parts.query:
            message = f"{self.url}: an address without a query is needed"
        elif self.user is not None and self.credential is None:
            message = f"{self.url}: a user needs a credential: the variable with the password"
        elif self.user is not None and ":" in self.user:
            message = f"{self.url}: a user's name holds no colon"
        elif self.credential and parts.scheme != "https" and parts.hostname not in LOOPBACK:
            message = f"{self.url}: a credential is sent over https only"
        if message:
            raise ValueError(message)
        return self


class PrometheusServer(MonitoringServer):
    """A running Prometheus, and what it must have loaded."""

    services: tuple[Slug, ...] = ()
    """Services it must scrape that `repository.scrape` does not name."""
    region_label: Slug | None = None
    """The label that tells a target's region: each service then has a target in every region."""
    rule_groups: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The groups of rules that must be loaded."""
    evaluated_within_seconds: Positive = 300
    """How long ago a rule may have been evaluated."""


class AlertmanagerServer(MonitoringServer):
    """A running Alertmanager."""

    silence_hours_at_most: Positive | None = None
    """How long a silence may last that keeps alerts from everybody: critical ones, and those of the
    severities that required alerts have."""


class ServedDashboard(Section):
    """A dashboard that Grafana must hold; `file` is the one of the repository it comes from."""

    uid: Name
    title: Text | None = None
    file: File | None = None

    @property
    def listed_as(self) -> str:
        """Its uid."""
        return self.uid


class GrafanaServer(MonitoringServer):
    """A running Grafana."""

    dashboards: Annotated[tuple[ServedDashboard, ...], Field(min_length=1)] | None = None


class Availability(Section):
    """An availability that Prometheus measured.

    `expression` tells, at any moment, the share of the system that is there, from 0 to 1, as one
    series. `uptime` names the uptime check that measures the same from outside.
    """

    name: Slug
    expression: Text
    objective_percent: Percent
    days: Annotated[int, Field(gt=0, le=366, strict=True)] = 30
    uptime: Text | None = None

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name


class Monitoring(Section):
    """The running monitoring systems."""

    prometheus: PrometheusServer | None = None
    alertmanager: AlertmanagerServer | None = None
    grafana: GrafanaServer | None = None
    availability: Annotated[tuple[Availability, ...], Field(min_length=1)] | None = None
    protected: bool = False
    """Whether each of them must answer over HTTPS only, and only to those who log in."""

    @property
    def servers(self) -> tuple[tuple[str, MonitoringServer], ...]:
        """Every system that is declared, by its name."""
        named = (
            ("prometheus", self.prometheus),
            ("alertmanager", self.alertmanager),
            ("grafana", self.grafana),
        )
        return tuple((name, server) for name, server in named if server is not None)

    @property
    def credentials(self) -> frozenset[str]:
        """The variables that let a run in."""
        return frozenset(server.credential for _, server in self.servers if server.credential)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.servers:
            message = "nothing is declared: prometheus, alertmanager or grafana"
            raise ValueError(message)
        if self.availability and self.prometheus is None:
            message = "availability is measured by prometheus, which is not declared"
            raise ValueError(message)
        checks = [one.uptime for one in self.availability or () if one.uptime]
        twice = sorted({one for one in checks if checks.count(one) > 1})
        if twice:
            message = f"availability: the uptime check {', '.join(twice)} is named twice"
            raise ValueError(message)
        return self
