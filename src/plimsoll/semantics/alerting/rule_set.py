"""The rules of whole files, and the rhythm in which a configured server evaluates them."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.reaction import Deployment, Setting
from plimsoll.semantics.alerting.watches import Watch, watches
from plimsoll.semantics.compose_targets import services_of_image
from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.image_reference import parse_reference
from plimsoll.semantics.prometheus_config import scrape_jobs
from plimsoll.semantics.promql.dialect import Dialect
from plimsoll.semantics.rule_file import alert_rules, recording_rules

if TYPE_CHECKING:
    from plimsoll.environment.alerting_model import Alerts
    from plimsoll.facts.document import Document
    from plimsoll.facts.exposure import Exposure, ScrapedTarget

DEFAULT_INTERVAL_SECONDS = 60.0
"""Prometheus' own default for scraping and for evaluating."""
LATEST_MAJOR = 3


@lru_cache(maxsize=32)
def watches_of(documents: tuple[Document, ...]) -> tuple[Watch, ...]:
    """Return every alerting rule of the files; a recording rule serves alerts of every file."""
    recordings = [rule for document in documents for rule in recording_rules(document)]
    alerts = [rule for document in documents for rule in alert_rules(document)]
    return watches(alerts, recordings)


def setting_of(
    alerts: Alerts,
    config: Document | None,
    compose: Document | None,
    exposure: Exposure | None = None,
) -> Setting:
    """Return how the declared server tries its rules; without a configuration, as by default."""
    return Setting(
        scrape_seconds=_scrape_seconds(config),
        evaluation_seconds=_interval(config, "evaluation_interval"),
        dialect=Dialect.of_major(_major(compose)),
        signals=tuple(sorted(alerts.signals.items())),
        bounds=_bounds(alerts),
        deployment=None if exposure is None else Deployment(_key(exposure), exposure),
        offset_seconds=_default_offset(config),
    )


def _scrape_seconds(config: Document | None) -> float:
    """Return how often targets are scraped: as their jobs say where all say the same."""
    jobs = {job.interval_seconds for job in scrape_jobs(config)} if config else set()
    alone = jobs.pop() if len(jobs) == 1 else None
    return alone or _interval(config, "scrape_interval")


def _interval(config: Document | None, field: str) -> float:
    text = config.part("global", field).text if config else None
    return (prometheus_seconds(text) if text else None) or DEFAULT_INTERVAL_SECONDS


def _default_offset(config: Document | None) -> float:
    text = config.part("global", "rule_query_offset").text if config else None
    return (prometheus_seconds(text) if text else None) or 0.0


def _major(compose: Document | None) -> int:
    """Return the major version of Prometheus that the Compose file names; else the latest."""
    servers = services_of_image(compose, "prometheus") if compose else ()
    for server in servers:
        reference = parse_reference(server.image.reference) if server.image else None
        found = re.match(r"v?(\d{1,4})(?:\.|$)", (reference.tag if reference else None) or "")
        if found:
            return int(found[1])
    return LATEST_MAJOR


def _bounds(alerts: Alerts) -> tuple[float, ...]:
    latencies = [one for one in alerts.required if "latency" in one.condition]
    return tuple(sorted({one.above for one in latencies if one.above}))


def _key(exposure: Exposure) -> str:
    """Return a text that two exposures share only if they show the same."""
    return json.dumps(
        [sorted(exposure.absent), sorted(exposure.partial), *map(_shown, exposure.targets)]
    )


def _shown(target: ScrapedTarget) -> list[object]:
    return [
        target.job,
        sorted(target.labels.items()),
        target.complete,
        target.scrape_seconds,
        [
            [one.name, one.kind, [sorted(labels.items()) for labels in one.label_sets]]
            for one in target.metrics
        ],
    ]
