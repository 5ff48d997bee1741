"""The configuration of a rehearsal's Prometheus: who is scraped, and what is done with alerts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from plimsoll.semantics.rehearsal.time_scale import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plimsoll.facts.document import Document
    from plimsoll.semantics.rehearsal.targets import Target
    from plimsoll.semantics.rehearsal.time_scale import TimeScale

_TIMEOUT_SHARE = 0.8
"""Of the interval: a scrape that takes longer is given up."""


def server_config(
    targets: Iterable[Target],
    addresses: tuple[str, str],
    rule_files: Sequence[str],
    scale: TimeScale,
    own: Document | None = None,
) -> dict[str, Any]:
    """Return the configuration as plain data.

    One job for each job of the targets, each target with a path of its own at one exporter.
    `addresses` are those of the exporter and of the Alertmanager. Of the declared server's `own`
    configuration all that changes alerts on their way is kept: external labels and relabeling.
    """
    exporter, alertmanager = addresses
    jobs: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for target in targets:
        labels = {**target.labels, "__metrics_path__": target.path}
        jobs[target.job].append({"targets": [exporter], "labels": labels})
    shared: dict[str, Any] = {
        "scrape_interval": spelled(scale.interval_seconds),
        "scrape_timeout": spelled(scale.interval_seconds * _TIMEOUT_SHARE),
        "evaluation_interval": spelled(scale.interval_seconds),
    }
    alerting: dict[str, Any] = {"alertmanagers": _ways(alertmanager, own)}
    if own is not None and (external := own.part("global", "external_labels")).value:
        shared["external_labels"] = external.value
    if own is not None and (relabeling := own.part("alerting", "alert_relabel_configs")).value:
        alerting["alert_relabel_configs"] = relabeling.value
    return {
        "global": shared,
        "rule_files": list(rule_files),
        "alerting": alerting,
        "scrape_configs": [
            {"job_name": job, "honor_labels": True, "static_configs": configs}
            for job, configs in jobs.items()
        ],
    }


def _ways(alertmanager: str, own: Document | None) -> list[dict[str, Any]]:
    """Return how alerts are sent: once for each way of relabeling them that the entries have.

    Entries that relabel alike are one way. An alert arrives where any of them lets it pass.
    """
    entries = own.part("alerting", "alertmanagers") if own is not None else ()
    ways: list[dict[str, Any]] = []
    for relabeling in [entry["alert_relabel_configs"].value for entry in entries] or [None]:
        way: dict[str, Any] = {"static_configs": [{"targets": [alertmanager]}]}
        if relabeling:
            way["alert_relabel_configs"] = relabeling
        if way not in ways:
            ways.append(way)
    return ways
