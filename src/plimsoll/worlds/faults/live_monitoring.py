"""Faults in the monitoring that runs, whatever its files say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault
from plimsoll.worlds.monitoring_files import go_time

if TYPE_CHECKING:
    from plimsoll.worlds.monitoring import Record
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_REFUSED = "dial tcp 10.20.0.7:5001: connect: connection refused"
_DASHBOARD = "app-oint-overview"


@fault("MET-04", "running-target-down", vantage="prom", environments=APP_OINT)
def running_target_down(world: World) -> None:
    """Prometheus cannot reach the functions in New York."""
    target = world.monitoring.target("functions", region="nyc1")
    target |= {"health": "down", "lastError": _REFUSED}


@fault("MET-04", "running-exporter-refuses", vantage="prom", environments=APP_OINT)
def running_exporter_refuses(world: World) -> None:
    """The exporter of PostgreSQL answers with an error instead of metrics."""
    told = "server returned HTTP status 500 Internal Server Error"
    target = world.monitoring.target("postgres-exporter", region="fra1")
    target |= {"health": "down", "lastError": told}


@fault("MET-04", "running-job-missing", vantage="prom", environments=APP_OINT)
def running_job_missing(world: World) -> None:
    """The Prometheus that runs was deployed before the dashboard had a scrape job."""
    monitoring = world.monitoring
    kept = [one for one in monitoring.targets if one["labels"]["job"] != "dashboard"]
    _require_change(len(kept), len(monitoring.targets))
    monitoring.targets = kept


@fault("MET-04", "running-region-missing", vantage="prom", environments=APP_OINT)
def running_region_missing(world: World) -> None:
    """The admin service is scraped in Frankfurt, and not in New York."""
    world.monitoring.targets.remove(world.monitoring.target("admin", region="nyc1"))


@fault("MET-05", "running-configuration-refused", vantage="prom", environments=APP_OINT)
def running_configuration_refused(world: World) -> None:
    """Prometheus refused the configuration it was last told to load, and runs with an older one."""
    world.monitoring.runtime["reloadConfigSuccess"] = False


@fault("MET-05", "running-group-missing", vantage="prom", environments=APP_OINT)
def running_group_missing(world: World) -> None:
    """The rules that watch the databases were never loaded."""
    world.monitoring.groups.remove(world.monitoring.group("data"))


@fault("MET-05", "running-group-empty", vantage="prom", environments=APP_OINT)
def running_group_empty(world: World) -> None:
    """The group of the business has lost its rules."""
    world.monitoring.group("business")["rules"] = []


@fault("MET-05", "running-rule-fails", vantage="prom", environments=APP_OINT)
def running_rule_fails(world: World) -> None:
    """A rule fails at every evaluation, so that it can never fire."""
    told = "found duplicate series for the match group on the right hand-side of the operation"
    rule = world.monitoring.group("service-level")["rules"][0]
    rule |= {"health": "err", "lastError": told}


@fault("MET-05", "running-rules-stuck", vantage="prom", environments=APP_OINT)
def running_rules_stuck(world: World) -> None:
    """A group takes longer than its interval and was last evaluated an hour ago."""
    for rule in world.monitoring.group("resources")["rules"]:
        rule["lastEvaluation"] = go_time(datetime.now(UTC) - timedelta(hours=1))


@fault("MET-05", "running-without-alertmanager", vantage="prom", environments=APP_OINT)
def running_without_alertmanager(world: World) -> None:
    """Prometheus knows no Alertmanager: alerts fire, and nobody is told."""
    _require_change(0, len(world.monitoring.alertmanagers))
    world.monitoring.alertmanagers.clear()


@fault("MET-05", "running-alertmanager-dropped", vantage="prom", environments=APP_OINT)
def running_alertmanager_dropped(world: World) -> None:
    """A second Alertmanager was found, and dropped by relabeling."""
    world.monitoring.dropped_alertmanagers.append("http://alertmanager-2:9093/api/v2/alerts")


@fault("MET-06", "running-dashboard-missing", vantage="prom", environments=APP_OINT)
def running_dashboard_missing(world: World) -> None:
    """The Grafana that runs does not hold the dashboard."""
    dashboards = world.monitoring.dashboards
    kept = [one for one in dashboards if one["uid"] != _DASHBOARD]
    _require_change(len(kept), len(dashboards))
    world.monitoring.dashboards = kept


@fault("MET-06", "running-dashboard-replaced", vantage="prom", environments=APP_OINT)
def running_dashboard_replaced(world: World) -> None:
    """Another dashboard was saved under the uid of the declared one."""
    for one in world.monitoring.dashboards:
        one["title"] = "Copy of an example" if one["uid"] == _DASHBOARD else one["title"]


@fault("MET-06", "running-datasource-missing", vantage="prom", environments=APP_OINT)
def running_datasource_missing(world: World) -> None:
    """Grafana has no Prometheus to ask: every panel is empty."""
    datasources = world.monitoring.datasources
    kept = [one for one in datasources if one["type"] != "prometheus"]
    _require_change(len(kept), len(datasources))
    world.monitoring.datasources = kept


@fault("MET-08", "prometheus-saw-it-away", vantage="prom", environments=APP_OINT)
def prometheus_saw_it_away(world: World) -> None:
    """By Prometheus' own measure, Frankfurt was away for an hour and a quarter of thirty days."""
    world.monitoring.measurement("fra1").share = 0.99826


@fault("MET-10", "prometheus-asks-nobody", vantage="http", environments=APP_OINT)
def prometheus_asks_nobody(world: World) -> None:
    """Prometheus answers everybody: its own web interface asks for no password by default."""
    world.monitoring.door("prometheus").is_open = True


@fault("MET-10", "grafana-anonymous", vantage="http", environments=APP_OINT)
def grafana_anonymous(world: World) -> None:
    """Anonymous access was switched on in Grafana, for a screen on the wall."""
    world.monitoring.door("grafana").is_open = True


@fault("MET-10", "alertmanager-in-clear", vantage="http", environments=APP_OINT)
def alertmanager_in_clear(world: World) -> None:
    """Alertmanager asks for its password without TLS as well, so that it travels in clear."""
    world.monitoring.door("alertmanager").redirects = False


@fault("MET-11", "endless-silence", vantage="prom", environments=APP_OINT)
def endless_silence(world: World) -> None:
    """The silence of one night's maintenance was set to end in ten years."""
    _silence(world, "RegionDown")["endsAt"] = go_time(datetime.now(UTC) + timedelta(days=3650))


@fault("MET-11", "silenced-severity", vantage="prom", environments=APP_OINT)
def silenced_severity(world: World) -> None:
    """The silence that was meant for what is good to know takes in critical alerts."""
    _silence(world, "info|none")["matchers"][0]["value"] = "info|none|critical"


@fault("MET-11", "silenced-warnings", vantage="prom", environments=APP_OINT)
def silenced_warnings(world: World) -> None:
    """The same silence takes in warnings, among them that of a missing backup."""
    _silence(world, "info|none")["matchers"][0]["value"] = "info|warning"


def _silence(world: World, value: str) -> Record:
    for one in world.monitoring.silences:
        if any(matcher["value"] == value for matcher in one["matchers"]):
            return one
    message = f"no silence of {value}"
    raise LookupError(message)


def _require_change(left: int, before: int) -> None:
    """Raise LookupError where nothing was taken away: a change of nothing would go unnoticed."""
    if left == before:
        message = "there is nothing of this to take away"
        raise LookupError(message)
