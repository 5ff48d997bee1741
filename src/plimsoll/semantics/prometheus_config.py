"""Read and validate Prometheus configurations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.document import MISSING, Document, Part, Problem
from plimsoll.facts.scrape import RuleFilePattern, ScrapeJob, Target
from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.exposure.targets import DEFAULT_PATH, discoveries, job_targets
from plimsoll.semantics.schema import bundled, schema_problems, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACEHOLDER = re.compile(r"\$\{[A-Za-z_][^}]*\}?")
_EXPANDED = frozenset({"external_labels", "relabel_configs", "metric_relabel_configs"})
_ADDRESS = re.compile(r"(\[[^\]]+\]|[^:/\s]+)(?::(\d{1,5}))?")
_HEALTH_PATH = re.compile(
    r"/(?:health\w*|live(?:ness|z)?|ready|readyz|readiness|ping|status|up)(?:\.\w+)?/?|.*\.(?:html?|json)",
    re.IGNORECASE,
)
_INTERVALS = ("scrape_interval", "scrape_timeout", "evaluation_interval")


def scrape_jobs(document: Document) -> tuple[ScrapeJob, ...]:
    """Return the scrape jobs; targets commented out or null are no targets."""
    default = document.part("global", "scrape_interval")
    return tuple(
        _job(part, default) for part in document.part("scrape_configs") if part["job_name"].text
    )


def rule_files(document: Document) -> tuple[RuleFilePattern, ...]:
    """Return the paths and globs of rule files that are loaded."""
    return tuple(
        RuleFilePattern(part.text, part.where) for part in document.part("rule_files") if part.text
    )


def alertmanager_targets(document: Document) -> tuple[Target, ...]:
    """Return the Alertmanagers that alerts are sent to by static configuration."""
    return tuple(target for _, targets in alertmanager_entries(document) for target in targets)


def alertmanager_entries(document: Document) -> tuple[tuple[Part, tuple[Target, ...]], ...]:
    """Return each entry of `alertmanagers`, which says how alerts are sent, with its targets."""
    return tuple((part, _targets(part)) for part in document.part("alerting", "alertmanagers"))


def alertmanager_discoveries(document: Document) -> tuple[str, ...]:
    """Return the service discoveries that Alertmanagers are found by, which no file shows."""
    managers = document.part("alerting", "alertmanagers")
    return tuple(name for part in managers for name in discoveries(part))


def path_fault(path: str) -> str | None:
    """Tell why a path cannot serve metrics; None where nothing speaks against it."""
    name = "/" + path.partition("?")[0].rstrip("/").rpartition("/")[2]
    if _HEALTH_PATH.fullmatch(name):
        return f"{path} is a health page, not metrics"
    return None


def problems(document: Document) -> tuple[Problem, ...]:
    """Return everything for which Prometheus refuses the file, and what it would take literally."""
    root = document.part()
    found = list(schema_problems(root, bundled("prometheus_schema.json")))
    found += _duration_problems(root["global"])
    names: set[str] = set()
    for job in root["scrape_configs"]:
        found += _duration_problems(job)
        name = job["job_name"].text
        if name in names:
            found.append(job["job_name"].problem(f"job {name} is given twice", "each job once"))
        names.add(name or "")
        found += _timeout_problems(job, root["global"])
    for part in _static_targets(root):
        if part.text is not None and not _ADDRESS.fullmatch(part.text):
            found.append(part.problem(f"target {shown(part.text)} is no address", "host:port"))
    found += _placeholder_problems(root)
    return tuple(dict.fromkeys(found))


def _job(part: Part, default_interval: Part) -> ScrapeJob:
    interval = part["scrape_interval"].text or default_interval.text
    path = _relabeled(part).get("__metrics_path__", part["metrics_path"])
    asked = next((target.path for target in job_targets(part)), path.text or DEFAULT_PATH)
    return ScrapeJob(
        name=part["job_name"].text or "",
        where=part.where,
        targets=_targets(part),
        path=asked,
        scheme=part["scheme"].text or "http",
        path_where=path.where,
        discoveries=discoveries(part),
        interval_seconds=prometheus_seconds(interval) if interval else None,
    )


def _targets(part: Part) -> tuple[Target, ...]:
    fixed = _relabeled(part).get("__address__")
    found = {}
    for target in job_targets(part):
        if match := _ADDRESS.fullmatch(target.address):
            port = int(match[2]) if match[2] else None
            where = fixed.where if fixed else target.where
            found[match.group()] = Target(
                match.group(), match[1], port, where, target.labels, target.doubt
            )
    return tuple(found.values())


def _relabeled(part: Part) -> dict[str, Part]:
    """Return where relabeling gives every target a fixed text for a label."""
    return {
        str(rule["target_label"].value): rule["replacement"]
        for rule in part["relabel_configs"]
        if "$" not in (rule["replacement"].text or "$")
        if not rule["regex"].exists
        if rule["action"].value in ("replace", MISSING)
    }


def _static_targets(root: Part) -> Iterator[Part]:
    for owner in (*root["scrape_configs"], *root["alerting"]["alertmanagers"]):
        for static in owner["static_configs"]:
            yield from static["targets"]


def _duration_problems(part: Part) -> Iterator[Problem]:
    for field in _INTERVALS:
        text = part[field].text
        if text is not None and not prometheus_seconds(text):
            yield part[field].problem(f"{field} is {shown(text)}", "a duration such as 15s")


def _timeout_problems(job: Part, shared: Part) -> Iterator[Problem]:
    interval = job["scrape_interval"].text or shared["scrape_interval"].text or "1m"
    timeout = job["scrape_timeout"]
    limit, asked = prometheus_seconds(interval), prometheus_seconds(timeout.text or "")
    if limit and asked and asked > limit:
        yield timeout.problem(
            f"scrape_timeout {timeout.text} exceeds the interval {interval}", f"at most {interval}"
        )


def _placeholder_problems(part: Part) -> Iterator[Problem]:
    if part.key in _EXPANDED:
        return
    for name in _PLACEHOLDER.findall(part.text or ""):
        what = f"{part.key} holds the placeholder {shown(name)}, which Prometheus never expands"
        yield part.problem(what, "the value itself")
    for inner in part:
        yield from _placeholder_problems(inner)
