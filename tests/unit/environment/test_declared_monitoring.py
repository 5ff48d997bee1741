"""What an environment file declares of metrics, scraping and dashboards is what can be judged."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment
from plimsoll.environment.repository_inventory import provisioned_dashboards, scraped_services
from plimsoll.environment.repository_model import Scrape
from plimsoll.environment.value import DashboardSignal, MetricSignal
from plimsoll.semantics.dashboard_signals import SIGNALS
from plimsoll.semantics.metric_signals import signal_evidence

HEAD = {"schema": "plimsoll/environment/1", "system": "Shop"}
SCRAPE = {
    "config": "prometheus.yml",
    "compose": "compose.yml",
    "services": ["api", "db"],
    "exporters": {"db": "db-exporter"},
}
DASHBOARDS = {"paths": ["a.json", "b.json"], "signals": ["p95"], "compose": "compose.yml"}


def environment(**repository: object) -> Environment:
    """Build an environment with this repository section."""
    return Environment.model_validate(HEAD | {"repository": repository})


def test_a_service_knows_its_exporter_where_one_is_declared() -> None:
    """A service without one serves its metrics itself."""
    found = scraped_services(environment(scrape=SCRAPE))
    assert not isinstance(found, Undeclared)
    assert [(one.id, one.exporter) for one in found] == [("api", None), ("db", "db-exporter")]


def test_an_exporter_of_nothing_is_refused() -> None:
    """A name that is misspelled must not go unnoticed."""
    with pytest.raises(ValidationError, match="cache, which is not among the services"):
        Scrape.model_validate(SCRAPE | {"exporters": {"cache": "x"}})


def test_each_dashboard_is_a_subject_where_its_grafana_is_declared() -> None:
    """Without a Compose file there is nothing to follow, and that is said."""
    found = provisioned_dashboards(environment(dashboards=DASHBOARDS))
    assert not isinstance(found, Undeclared)
    assert [one.id for one in found] == ["a.json", "b.json"]
    del (less := dict(DASHBOARDS))["compose"]
    assert isinstance(provisioned_dashboards(environment(dashboards=less)), Undeclared)
    assert isinstance(provisioned_dashboards(environment()), Undeclared)


def test_every_signal_of_dashboards_that_can_be_declared_can_be_judged() -> None:
    """And the other way round."""
    assert set(get_args(DashboardSignal)) == set(SIGNALS)


@pytest.mark.parametrize(
    "signal",
    [
        "request_count",
        "duration_p50",
        "duration_p95",
        "duration_p99",
        "status_4xx",
        "status_5xx",
        "cpu",
        "memory",
        "io",
        "database_connections",
        "metric:app_active_users",
    ],
)
def test_every_signal_of_metrics_that_can_be_declared_can_be_judged(signal: str) -> None:
    """Judging it raises no KeyError."""
    assert TypeAdapter(MetricSignal).validate_python(signal) == signal
    assert signal_evidence((), signal).reason


@pytest.mark.parametrize("signal", ["", "latency", "metric:", "metric:a b", "duration_p90"])
def test_a_signal_that_cannot_be_judged_cannot_be_declared(signal: str) -> None:
    """A misspelled one is refused when the file is read, not skipped when it is judged."""
    with pytest.raises(ValidationError):
        TypeAdapter(MetricSignal).validate_python(signal)
