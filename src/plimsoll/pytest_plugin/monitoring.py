"""What checks see of running monitoring systems, beside the files that configure them.

One fixture, `monitored`, gives every place that its subject can be looked at from. Each is looked
at when it is asked for; what the API would not tell is not observed.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.environment.monitoring_inventory import (
    AvailabilitySubject,
    PrometheusSubject,
    SilencingSubject,
    WatchedDashboard,
    WatchedService,
    running_grafana,
    running_prometheus,
)
from plimsoll.facts.monitoring_reading import MonitoringProbe
from plimsoll.findings import NotObserved, Observed, Origin
from plimsoll.pytest_plugin import account

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.monitoring_model import Availability, MonitoringServer
    from plimsoll.facts.cloud_reading import DigitalOceanProbe
    from plimsoll.facts.monitoring_reading import MonitoringReading
    from plimsoll.pytest_plugin.examination import Examination
    from plimsoll.pytest_plugin.monitoring_view import MonitoringView

FACTS: dict[tuple[str, str], str] = {
    ("prometheus", "targets"): "prometheus:targets",
    ("prometheus", "rules"): "prometheus:groups",
    ("prometheus", "alertmanagers"): "prometheus:alertmanagers",
    ("prometheus", "runtime"): "prometheus:runtime",
    ("prometheus", "query"): "prometheus:values",
    ("alertmanager", "silences"): "alertmanager:silences",
    ("grafana", "dashboards"): "grafana:dashboards",
    ("grafana", "datasources"): "grafana:datasources",
}
"""Read of a system → `module:function` below `plimsoll.semantics.monitoring_api` for its facts."""

SERVERS = {
    "prometheus": running_prometheus,
    "alertmanager": lambda one: one.monitoring.alertmanager if one.monitoring else None,
    "grafana": running_grafana,
}


def probe(environment: Environment, system: str, read: str, of: str = "") -> MonitoringProbe | None:
    """Return a read of a system; None where that system is not declared."""
    server: MonitoringServer | None = SERVERS[system](environment)
    if server is None:
        return None
    return MonitoringProbe(system, read, server.url, of, server.credential or "", server.user or "")


def seen(
    examination: Examination, system: str, read: str, of: str = ""
) -> Observed[tuple[Any, ...]]:
    """Return the facts of a read. Raises NotObserved where the API did not tell."""
    planned = probe(examination.environment, system, read, of)
    if planned is None:
        raise NotObserved(f"no {system} is declared", Origin("prom", f"{system} {read}"))
    reading: Observed[MonitoringReading] = examination.observed(planned)
    from plimsoll.semantics.monitoring_api.answer import UntoldError  # noqa: PLC0415 (lazy)

    try:
        made = _made(reading.value, FACTS[system, read])
    except UntoldError as untold:
        raise NotObserved(str(untold), reading.origin) from None
    return Observed(made, reading.origin, reading.at)


def reads_plan(environment: Environment, subject: object) -> tuple[MonitoringProbe, ...]:
    """Return the reads of the running systems that a subject is told by."""
    planned = (probe(environment, *one) for one in _reads(subject))
    return tuple(one for one in planned if one is not None)


def uptime_plan(environment: Environment, subject: object) -> tuple[DigitalOceanProbe, ...]:
    """Return the reads of the uptime check that measures the subject from outside, if one does."""
    if not isinstance(subject, AvailabilitySubject) or subject.uptime is None:
        return ()
    names = ("uptime_checks", "uptime_state")
    planned = (account.probe(environment, account.SOURCES[name], subject) for name in names)
    return tuple(one for one in planned if one is not None)


def reads_files(subject: object) -> bool:
    """Say whether files of the repository tell about a subject."""
    match subject:
        case WatchedService():
            return subject.scrape is not None
        case PrometheusSubject():
            return subject.config is not None
        case WatchedDashboard():
            return subject.compose is not None
    return False


def availability_queries(availability: Availability) -> tuple[str, str]:
    """Return the questions for the share of time, and for the minutes it was told in."""
    from plimsoll.semantics.monitoring_api import availability as window  # noqa: PLC0415 (lazy)

    expression, days = availability.expression, availability.days
    return window.share_query(expression, days), window.minutes_query(expression, days)


@pytest.fixture
def monitored(examination: Examination) -> MonitoringView:
    """Return what the subject can be looked at from, each place apart from the others."""
    from plimsoll.pytest_plugin.monitoring_view import MonitoringView  # noqa: PLC0415 (lazy)

    return MonitoringView(examination)


def _reads(subject: object) -> tuple[tuple[str, ...], ...]:
    match subject:
        case WatchedService(prometheus=running) if running is not None:
            return (("prometheus", "targets"),)
        case PrometheusSubject(prometheus=running) if running is not None:
            return tuple(("prometheus", read) for read in ("runtime", "rules", "alertmanagers"))
        case WatchedDashboard(served=served) if served is not None:
            return (("grafana", "dashboards"), ("grafana", "datasources"))
        case AvailabilitySubject(measured=measured) if measured is not None:
            queries = availability_queries(measured)
            return tuple(("prometheus", "query", one) for one in queries)
        case SilencingSubject():
            return (("alertmanager", "silences"),)
    return ()


@lru_cache(maxsize=128)
def _made(reading: MonitoringReading, facts: str) -> tuple[Any, ...]:
    """Return the facts of an answer, worked out once however many checks read them."""
    from plimsoll.semantics.monitoring_api.answer import read_answer  # noqa: PLC0415 (lazy)

    module, _, function = facts.partition(":")
    make = getattr(import_module(f"plimsoll.semantics.monitoring_api.{module}"), function)
    return tuple(make(read_answer(reading)))
