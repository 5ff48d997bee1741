"""Put together what every target of a Prometheus exposes, from all that was seen of it.

Where nobody saw what a target exposes, that is said with the reason: what is missing there may be
exposed all the same. One service's exposition is no evidence for another, unless the environment
declares that they share their instruments.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from plimsoll.facts.exposure import ScrapedTarget
from plimsoll.semantics.compose_targets import prefix_of
from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.exposure.samples import (
    exposed_metrics,
    sample_count,
    sample_names,
    scraped_metrics,
)
from plimsoll.semantics.exposure.stack import Stack, exporter_of
from plimsoll.semantics.exposure.supply import Reach, Shown, Supply, Unseen
from plimsoll.semantics.exposure.switches import TEXTFILE, switches, withheld
from plimsoll.semantics.exposure.targets import StaticTarget, discoveries, job_targets
from plimsoll.semantics.relabeling import RelabelError, relabel_rules
from plimsoll.semantics.web_options import path_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document, Part
    from plimsoll.facts.exposition import Exposition
    from plimsoll.facts.exposure import ExposedMetric
    from plimsoll.semantics.exposure.exporters import Exporter

_FEDERATION = "/federate"
_RUNTIME = "go_"
"""What every program in Go exposes of its runtime, which differs from one release to the next."""

_RECEIVING = ("--web.enable-remote-write-receiver", "--web.enable-otlp-receiver")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A service that has instruments of another: which one, and which of its families."""

    service: str
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of services beside the two files.

    Attributes:
        shown: service → what it exposes, as it was seen at an endpoint.
        alike: service → whose instruments it has.
        textfiles: node-exporter → the metrics that scripts leave for it, or why they are not known.

    """

    shown: Mapping[str, Shown] = field(default_factory=dict)
    alike: Mapping[str, Likeness] = field(default_factory=dict)
    textfiles: Mapping[str, tuple[ExposedMetric, ...] | Unseen] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a target exposes before the server attaches or drops anything."""

    metrics: tuple[ExposedMetric, ...] = ()
    reach: Reach = Reach.NOTHING
    reason: str = ""
    untested: bool = False
    exporter: Exporter | None = None
    withheld: Mapping[str, str] = field(default_factory=dict)


def supplies(prometheus: Document, stack: Stack, evidence: Evidence) -> tuple[Supply, ...]:
    """Return what every target of every scrape job gives, those that discover targets included."""
    found: list[Supply] = []
    for job in prometheus.part("scrape_configs"):
        if job["job_name"].text:
            found += (_supply(job, target, stack, evidence) for target in job_targets(job))
            found += _discovered(job)
    found += (_unknown(*source) for source in _elsewhere(prometheus, stack))
    return tuple(found)


def _discovered(job: Part) -> Iterator[Supply]:
    named = discoveries(job)
    if named:
        reason = f"the targets of job {job['job_name'].text} are found at run time"
        yield _unknown(job["job_name"].text or "", job.where, reason)


def _elsewhere(prometheus: Document, stack: Stack) -> Iterator[tuple[str, str, str]]:
    """Yield what else brings metrics to the server that the two files do not show."""
    for section, reason in (
        ("scrape_config_files", "further scrape jobs stand in files of their own"),
        ("remote_read", "series are read from another server"),
    ):
        part = prometheus.part(section)
        if list(part):
            yield section, part.where, reason
    for server in stack.servers:
        for option in _RECEIVING:
            if option in server.flags():
                yield server.name, server.command_where, f"{option} lets others send metrics"


def _unknown(job: str, where: str, reason: str) -> Supply:
    target = ScrapedTarget(job, {}, (), where, complete=False)
    return Supply(target, Reach.ANYTHING, reason=reason, has_known_labels=False)


def _supply(job: Part, target: StaticTarget, stack: Stack, evidence: Evidence) -> Supply:
    found = _finding(target, stack, evidence)
    try:
        kept = scraped_metrics(
            found.metrics,
            target.labels,
            relabel_rules(job["metric_relabel_configs"]),
            honor_labels=job["honor_labels"].boolean is True,
        )
    except RelabelError as error:
        reason = f"what becomes of its metrics cannot be told: {error}"
        found, kept = _Finding((), Reach.ANYTHING, reason), ()
    exporter = found.exporter
    held = {**found.withheld, **_over_limit(job, kept, exporter)}
    kept = tuple(one for one in kept if not held.keys() & set(sample_names(one)))
    is_complete = found.reach is Reach.NOTHING and not held
    return Supply(
        ScrapedTarget(
            target.job,
            target.labels,
            kept,
            target.where,
            is_complete,
            prometheus_seconds(job["scrape_interval"].text or ""),
        ),
        found.reach,
        (*exporter.prefixes, _RUNTIME) if exporter else (),
        found.reason or target.doubt,
        found.untested,
        exporter.flexible if exporter else frozenset(),
        has_known_labels=not target.doubt,
        withheld=held,
    )


def _over_limit(
    job: Part, kept: tuple[ExposedMetric, ...], exporter: Exporter | None
) -> dict[str, str]:
    """Return why nothing is kept of a scrape that has more samples than its job takes.

    The labels that the table of an exporter gives are examples: each of its names counts once.
    """
    names = [name for metric in kept for name in sample_names(metric)]
    shared = job.document.part("global", "sample_limit").integer
    limit, count = job["sample_limit"].integer or shared, sample_count(kept)
    least = len(names) if exporter else count
    if not limit or least <= limit:
        return {}
    reason = f"job {job['job_name'].text} gives up above {limit} samples, and there are {least}"
    return dict.fromkeys(names, reason)


def _finding(target: StaticTarget, stack: Stack, evidence: Evidence) -> _Finding:
    service = stack.service(target)
    if service is None and stack.is_outside(target):
        return _Finding((), Reach.ANYTHING, f"no file tells what answers at {target.address}")
    for fault in stack.faults(target):
        return _Finding(reason=fault)
    if service is None:
        return _Finding(reason=f"{target.address} is no running service")
    if doubt := stack.doubt(target):
        return _Finding((), Reach.ANYTHING, doubt)
    return _of_service(service, target, evidence)


def _of_service(service: Container, target: StaticTarget, evidence: Evidence) -> _Finding:
    if service.name in evidence.shown or service.name in evidence.alike:
        return _seen(service.name, target, evidence)
    exporter = exporter_of(service)
    if exporter is not None:
        return _exported(exporter, service, target, evidence)
    what = f"what {service.name} exposes was not seen: the environment declares no exposition of it"
    return _Finding((), Reach.APPLICATION if service.build_context else Reach.ANYTHING, what)


def _seen(service: str, target: StaticTarget, evidence: Evidence) -> _Finding:
    likeness = evidence.alike.get(service)
    source = likeness.service if likeness else service
    shown = evidence.shown.get(source)
    if shown is None:
        return _Finding((), Reach.APPLICATION, f"what {source} exposes was not seen")
    if shown.path != target.path:
        reason = f"what {source} exposes was seen at {shown.path}, not at {target.path}"
        return _Finding((), Reach.APPLICATION, reason)
    seen = _of_region(shown, target)
    if isinstance(seen, Unseen):
        return _Finding((), Reach.APPLICATION, seen.reason, seen.untested)
    where = f"the exposition of {source}"
    if likeness is None:
        return _Finding(exposed_metrics(seen, where))
    declared = f"{where}, whose instruments {service} is declared to have"
    return _Finding(
        tuple(
            metric
            for metric in exposed_metrics(seen, declared)
            if any(fnmatchcase(metric.name, family) for family in likeness.families)
        )
    )


def _of_region(shown: Shown, target: StaticTarget) -> Exposition | Unseen:
    """Return the exposition of the region that a label of the target names, or else of the first.

    The same build runs in every region; where nothing names one, any of them shows what it exposes.
    """
    named = [shown.regions[value] for value in target.labels.values() if value in shown.regions]
    return (named or list(shown.regions.values()))[0]


def _exported(
    exporter: Exporter, service: Container, target: StaticTarget, evidence: Evidence
) -> _Finding:
    prefix = prefix_of(service)
    if prefix is None:
        reason = f"no file tells below which path {service.name} answers"
        return _Finding((), Reach.ANYTHING, reason, exporter=exporter)
    path = path_below(prefix, target.path)
    if path == _FEDERATION:
        reason = f"{service.name} passes on what it has from others"
        return _Finding((), Reach.ANYTHING, reason, exporter=exporter)
    if not exporter.serves(path):
        where = " and ".join(exporter.paths) + ("" if prefix == "/" else f" below {prefix}")
        return _Finding(reason=f"{exporter.name} serves metrics at {where}, not at {target.path}")
    reason = f"the table of {exporter.name} ({exporter.source}) is not complete"
    held = withheld(exporter, service, target)
    certain = tuple(one for one in exporter.at(path) if one.name not in held)
    found = _Finding(certain, Reach.OWN, reason, exporter=exporter, withheld=held)
    if exporter.forwards:
        reason = f"{service.name} passes on what applications send to it"
        return replace(found, reach=Reach.APPLICATION, reason=reason)
    if exporter.textfile_option and exporter.textfile_option in service.flags():
        against = switches(exporter, service, target).against(TEXTFILE)
        return _with_textfiles(found, service, evidence, against)
    return found


def _with_textfiles(
    found: _Finding, service: Container, evidence: Evidence, against: str
) -> _Finding:
    written = evidence.textfiles.get(service.name)
    if against:
        written = Unseen(f"{service.name} {against}, so files may not be exposed")
    elif written is None:
        reason = f"{service.name} exposes what files hold, and no script is declared to write them"
        written = Unseen(reason)
    if isinstance(written, Unseen):
        return replace(
            found, reach=Reach.APPLICATION, reason=written.reason, untested=written.untested
        )
    return replace(found, metrics=(*found.metrics, *written))
