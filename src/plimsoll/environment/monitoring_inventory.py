"""What is declared of running monitoring systems, as subjects.

A subject that its files tell about as well is one subject: it carries what is declared of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from plimsoll.environment import cloud_inventory, repository_inventory
from plimsoll.environment.inventory import Subjects, Undeclared, WebHost
from plimsoll.environment.monitoring_model import TELLING

if TYPE_CHECKING:
    from plimsoll.environment.cloud_model import Uptime
    from plimsoll.environment.model import Environment
    from plimsoll.environment.monitoring_model import (
        AlertmanagerServer,
        Availability,
        GrafanaServer,
        PrometheusServer,
        ServedDashboard,
    )
    from plimsoll.environment.repository_model import Scrape

CRITICAL: Final = "critical"
"""The severity of alerts that must reach somebody, whether or not one is declared."""


@dataclass(frozen=True, slots=True)
class WatchedService:
    """A service that is scraped: by the files of `scrape`, by a running Prometheus, or both."""

    id: str
    scrape: Scrape | None
    prometheus: PrometheusServer | None

    @property
    def exporter(self) -> str | None:
        """The service that exports its metrics; None where it does so itself."""
        return self.scrape.exporters.get(self.id) if self.scrape else None


@dataclass(frozen=True, slots=True)
class PrometheusSubject:
    """A Prometheus: its configuration in the repository, the running one, or both."""

    id: str
    config: str | None
    prometheus: PrometheusServer | None


@dataclass(frozen=True, slots=True)
class WatchedDashboard:
    """A dashboard: the file with its Compose file, the one a running Grafana holds, or both."""

    id: str
    file: str | None = None
    compose: str | None = None
    served: ServedDashboard | None = None


@dataclass(frozen=True, slots=True)
class AvailabilitySubject:
    """An availability: measured from outside by an uptime check, by Prometheus, or by both."""

    id: str
    uptime: Uptime | None
    measured: Availability | None


@dataclass(frozen=True, slots=True)
class SilencingSubject:
    """A running Alertmanager, and how long its silences of alerts that are needed may last."""

    id: str
    alertmanager: AlertmanagerServer
    hours: int
    severities: tuple[str, ...] = (CRITICAL,)


def scraped_services(environment: Environment) -> Subjects[WatchedService]:
    """Return the services that Prometheus must scrape."""
    prometheus = running_prometheus(environment)
    named = repository_inventory.scraped_services(environment)
    in_files = () if isinstance(named, Undeclared) else named
    found = [WatchedService(one.id, one.scrape, prometheus) for one in in_files]
    known = {one.id for one in found}
    further = prometheus.services if prometheus else ()
    found += [WatchedService(one, None, prometheus) for one in further if one not in known]
    return tuple(found) or Undeclared("no service that is scraped is declared")


def prometheus_servers(environment: Environment) -> Subjects[PrometheusSubject]:
    """Return the Prometheus, as its configuration, as it runs, or both."""
    prometheus = running_prometheus(environment)
    declared = repository_inventory.prometheus_config(environment)
    if not isinstance(declared, Undeclared):
        return tuple(PrometheusSubject(one.id, one.id, prometheus) for one in declared)
    if prometheus is None:
        return Undeclared("no Prometheus is declared, neither its files nor a running one")
    return (PrometheusSubject("prometheus", None, prometheus),)


def dashboards(environment: Environment) -> Subjects[WatchedDashboard]:
    """Return the dashboards that Grafana must load from files, hold, or both."""
    grafana = running_grafana(environment)
    served = (grafana.dashboards if grafana else None) or ()
    by_file = {one.file: one for one in served if one.file}
    named = repository_inventory.provisioned_dashboards(environment)
    in_files = () if isinstance(named, Undeclared) else named
    found = [WatchedDashboard(one.id, one.id, one.compose, by_file.get(one.id)) for one in in_files]
    paths = {one.id for one in in_files}
    found += [WatchedDashboard(one.uid, served=one) for one in served if one.file not in paths]
    return tuple(found) or Undeclared("no dashboard that Grafana must load is declared")


def availabilities(environment: Environment) -> Subjects[AvailabilitySubject]:
    """Return the availabilities that are measured, each with whatever measures it."""
    declared = environment.monitoring.availability if environment.monitoring else None
    by_check = {one.uptime: one for one in declared or () if one.uptime}
    checked = cloud_inventory.uptime_checks(environment, measured=True)
    outside = () if isinstance(checked, Undeclared) else checked
    found = [
        AvailabilitySubject(one.id, one.uptime, by_check.get(one.uptime.name)) for one in outside
    ]
    names = {one.uptime.name for one in outside}
    found += [
        AvailabilitySubject(f"availability-{one.name}", None, one)
        for one in declared or ()
        if one.uptime not in names
    ]
    return tuple(found) or Undeclared("no availability is declared")


def monitoring_hosts(environment: Environment) -> Subjects[WebHost]:
    """Return where each monitoring system tells about the system, where they must be protected."""
    declared = environment.monitoring
    if declared is None or not declared.protected:
        return Undeclared("no protected monitoring system is declared")
    found = []
    for name, server in declared.servers:
        parts = urlsplit(server.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        url = server.url.rstrip("/") + TELLING[name]
        found.append(WebHost(name, parts.hostname or "", port, url))
    return tuple(found)


def silencing(environment: Environment) -> Subjects[SilencingSubject]:
    """Return the Alertmanager, where it is declared how long a silence may last."""
    declared = environment.monitoring.alertmanager if environment.monitoring else None
    if declared is None or declared.silence_hours_at_most is None:
        return Undeclared("no limit of silences is declared")
    required = environment.alerts.required or () if environment.alerts else ()
    severities = tuple(dict.fromkeys((CRITICAL, *(one.severity for one in required))))
    return (SilencingSubject("alertmanager", declared, declared.silence_hours_at_most, severities),)


def running_prometheus(environment: Environment) -> PrometheusServer | None:
    """Return the running Prometheus, where one is declared."""
    return environment.monitoring.prometheus if environment.monitoring else None


def running_grafana(environment: Environment) -> GrafanaServer | None:
    """Return the running Grafana, where one is declared."""
    return environment.monitoring.grafana if environment.monitoring else None
