"""The targets that a scrape job ends up with, relabeling evaluated.

Source: `scrape/target.go` of Prometheus 3 (`PopulateLabels`, `PopulateDiscoveredLabels`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plimsoll.semantics.relabeling import RelabelError, relabel_rules, relabeled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.facts.document import Document, Part

DEFAULT_PATH = "/metrics"
_ADDRESS, _PATH, _SCHEME = "__address__", "__metrics_path__", "__scheme__"


@dataclass(frozen=True, slots=True)
class StaticTarget:
    """A target of a job as it is scraped.

    Attributes:
        job: the job's name as configured.
        address: where it is asked, after relabeling: host, or host and port.
        path: at which path.
        labels: what the server attaches to every sample; job and instance are among them.
        where: where the target is written.
        doubt: why its labels cannot be told; they are then those before relabeling.
        parameters: what it is asked with, by the names of the job's parameters.

    """

    job: str
    address: str
    path: str
    labels: Mapping[str, str]
    where: str
    doubt: str = ""
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def static_targets(document: Document) -> tuple[StaticTarget, ...]:
    """Return the targets of every scrape job, in the order of the file; dropped ones left out."""
    return tuple(
        target
        for job in document.part("scrape_configs")
        if job["job_name"].text
        for target in job_targets(job)
    )


def job_targets(job: Part) -> Iterator[StaticTarget]:
    """Yield the targets of one job (or of one Alertmanager configuration) that are not dropped."""
    for static in job["static_configs"]:
        for item in static["targets"]:
            if item.text:
                target = _target(job, static["labels"], item)
                if target is not None:
                    yield target


def discoveries(job: Part) -> tuple[str, ...]:
    """Return the service discoveries of a job, whose targets no file shows."""
    return tuple(str(item.key) for item in job if str(item.key).endswith("_sd_configs"))


def external_labels(document: Document) -> Mapping[str, str]:
    """Return the labels that alerts get when they leave this server."""
    return _texts(document.part("global", "external_labels"))


def _target(job: Part, fixed: Part, item: Part) -> StaticTarget | None:
    initial = _initial(job, fixed, item.text or "")
    doubt, labels = "", initial
    try:
        found = relabeled(initial, relabel_rules(job["relabel_configs"]))
        if found is None:
            return None
        labels = found
    except RelabelError as error:
        doubt = f"its relabeling cannot be told: {error}"
    address = labels.get(_ADDRESS)
    if not address:
        return None
    kept = {name: value for name, value in labels.items() if not name.startswith("__")}
    return StaticTarget(
        job=job["job_name"].text or "",
        address=address,
        path=labels.get(_PATH, DEFAULT_PATH),
        labels={**kept, "instance": kept.get("instance") or address},
        where=item.where,
        doubt=doubt,
        parameters={
            str(values.key): tuple(one.text for one in values if one.text)
            for values in job["params"]
        },
    )


def _initial(job: Part, fixed: Part, address: str) -> dict[str, str]:
    """Return the labels before relabeling; those of the file take precedence."""
    parameters = {f"__param_{values.key}": values[0].text or "" for values in job["params"]}
    shared = job.document.part("global")
    interval = job["scrape_interval"].text or shared["scrape_interval"].text or "1m"
    timeout = job["scrape_timeout"].text or shared["scrape_timeout"].text or "10s"
    given = {
        "job": job["job_name"].text or "",
        "__scrape_interval__": interval,
        "__scrape_timeout__": timeout,
        _PATH: job["metrics_path"].text or DEFAULT_PATH,
        _SCHEME: job["scheme"].text or "http",
        **parameters,
        **_texts(fixed),
        _ADDRESS: address,
    }
    return {name: value for name, value in given.items() if value}


def _texts(part: Part) -> dict[str, str]:
    return {str(item.key): item.text for item in part if item.text}
