"""Lay out the mocked monitoring systems of a fixture folder, in the form their APIs send it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from plimsoll.environment.loader import parse, read
from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.worlds.monitoring import Door, Measurement, MonitoringWorld
from plimsoll.worlds.monitoring_plan import (
    FOLDER,
    AlertmanagerPlan,
    GrafanaPlan,
    PrometheusPlan,
    SilencePlan,
    load_plan,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from plimsoll.environment.monitoring_model import Monitoring
    from plimsoll.worlds.monitoring import Record

SCRAPED_SECONDS_AGO = 4
EVALUATED_SECONDS_AGO = 7


def load_monitoring(
    folder: Path,
    declared: Monitoring,
    credentials: Mapping[str, str],
    now: datetime | None = None,
) -> MonitoringWorld | None:
    """Return the systems of a fixture folder as they are `now`; None where it has none.

    They let in whoever presents the value of the declared credential. Raises ConfigurationError
    naming file, line and key of what is wrong.
    """
    if not (folder / FOLDER).is_dir():
        return None
    doors = [
        Door(system, server.url, credentials.get(server.credential or "", ""), server.user or "")
        for system, server in declared.servers
    ]
    world = MonitoringWorld(doors)
    moment = now or datetime.now(UTC)
    prometheus = load_plan(folder, "prometheus", PrometheusPlan)
    if prometheus is not None:
        _lay_out_prometheus(world, prometheus, folder / "repository", moment)
    alertmanager = load_plan(folder, "alertmanager", AlertmanagerPlan)
    silences = alertmanager.silences if alertmanager else ()
    world.silences = [_silence(one, number, moment) for number, one in enumerate(silences)]
    grafana = load_plan(folder, "grafana", GrafanaPlan)
    if grafana is not None:
        _lay_out_grafana(world, grafana)
    return world


def go_time(moment: datetime) -> str:
    """Return a time as Go writes it in JSON, to the nanosecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "717Z"


def _lay_out_prometheus(
    world: MonitoringWorld, plan: PrometheusPlan, repository: Path, now: datetime
) -> None:
    world.targets = list(_targets(_content(repository / plan.config), now))
    for path in plan.rules:
        name = f"{plan.rules_folder}/{path.rpartition('/')[2]}"
        groups = _content(repository / path)["groups"]
        world.groups += [_group(one, name, plan.interval_seconds, now) for one in groups]
    world.alertmanagers = list(plan.alertmanagers)
    world.runtime = {
        "startTime": go_time(now - timedelta(days=19)),
        "CWD": "/prometheus",
        "reloadConfigSuccess": True,
        "lastConfigTime": go_time(now - timedelta(days=2)),
        "corruptionCount": 0,
        "goroutineCount": 71,
        "GOMAXPROCS": 2,
        "GOGC": "75",
        "GODEBUG": "",
        "storageRetention": plan.retention,
    }
    world.measured = {one.expression: Measurement(one.share, one.minutes) for one in plan.measured}


def _content(path: Path) -> Any:  # noqa: ANN401 (any YAML)
    return parse(read(path), path).data


def _targets(config: Record, now: datetime) -> Iterator[Record]:
    for job in config["scrape_configs"]:
        for listed in job["static_configs"]:
            for address in listed["targets"]:
                labels = {"instance": address, "job": job["job_name"], **listed.get("labels", {})}
                yield _target(address, job, labels, now)


def _target(address: str, job: Record, labels: dict[str, str], now: datetime) -> Record:
    path = job.get("metrics_path", "/metrics")
    url = f"http://{address}{path}"
    discovered = {"__address__": address, "__metrics_path__": path, "__scheme__": "http"}
    return {
        "discoveredLabels": discovered | {"job": labels["job"]},
        "labels": labels,
        "scrapePool": labels["job"],
        "scrapeUrl": url,
        "globalUrl": url,
        "lastError": "",
        "lastScrape": go_time(now - timedelta(seconds=SCRAPED_SECONDS_AGO)),
        "lastScrapeDuration": 0.004,
        "health": "up",
        "scrapeInterval": "15s",
        "scrapeTimeout": "10s",
    }


def _group(group: Record, file: str, interval_seconds: int, now: datetime) -> Record:
    evaluated = go_time(now - timedelta(seconds=EVALUATED_SECONDS_AGO))
    return {
        "name": group["name"],
        "file": file,
        "rules": [_rule(one, evaluated) for one in group["rules"]],
        "interval": interval_seconds,
        "limit": 0,
        "evaluationTime": 0.003,
        "lastEvaluation": evaluated,
    }


def _rule(rule: Record, evaluated: str) -> Record:
    told = {
        "query": rule["expr"].strip(),
        "health": "ok",
        "evaluationTime": 0.0005,
        "lastEvaluation": evaluated,
    }
    if "record" in rule:
        named = {"name": rule["record"], "labels": dict(rule.get("labels", {}))}
        return {**named, **told, "type": "recording"}
    return {
        "state": "inactive",
        "name": rule["alert"],
        "duration": prometheus_seconds(rule.get("for", "0s")),
        "keepFiringFor": prometheus_seconds(rule.get("keep_firing_for", "0s")),
        "labels": dict(rule.get("labels", {})),
        "annotations": dict(rule.get("annotations", {})),
        "alerts": [],
        **told,
        "type": "alerting",
    }


def _silence(plan: SilencePlan, number: int, now: datetime) -> Record:
    begins = now - timedelta(hours=plan.began_hours_ago)
    ends = begins + timedelta(hours=plan.lasts_hours)
    return {
        "id": f"5b3c0c1e-7d52-4a9e-9a54-{number:012d}",
        "status": {"state": "active" if ends > now else "expired"},
        "updatedAt": go_time(begins),
        "comment": plan.comment,
        "createdBy": "oncall",
        "startsAt": go_time(begins),
        "endsAt": go_time(ends),
        "matchers": [
            {"name": one.name, "value": one.value, "isRegex": one.is_regex, "isEqual": one.is_equal}
            for one in plan.matchers
        ],
    }


def _lay_out_grafana(world: MonitoringWorld, plan: GrafanaPlan) -> None:
    world.datasources = [
        {
            "id": number,
            "uid": one.uid,
            "orgId": 1,
            "name": one.name,
            "type": one.type,
            "access": "proxy",
            "url": one.url,
            "user": "",
            "database": "",
            "basicAuth": False,
            "isDefault": number == 1,
            "jsonData": {},
            "readOnly": True,
        }
        for number, one in enumerate(plan.datasources, start=1)
    ]
    world.dashboards = [
        {
            "id": number,
            "uid": one.uid,
            "title": one.title,
            "uri": f"db/{one.uid}",
            "url": f"/d/{one.uid}/{one.uid}",
            "type": "dash-db",
            "tags": [],
            "isStarred": False,
            "folderTitle": one.folder,
        }
        for number, one in enumerate(plan.dashboards, start=1)
    ]
