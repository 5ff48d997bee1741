"""Whether Prometheus scrapes a service of a Compose file: every attempt, and what is wrong with it.

A repository shows where Prometheus asks and whether anything listens there. That an answer comes,
only a running Prometheus knows (its series `up`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.document import Document, Problem
from plimsoll.semantics.compose_targets import (
    container_ports,
    image_name,
    image_problems,
    prefix_of,
    running_services,
    service_at,
    target_doubts,
    target_problems,
)
from plimsoll.semantics.configured_servers import config_folder, reading_servers
from plimsoll.semantics.exposure.deployment import OF_EVERY_TARGET
from plimsoll.semantics.exposure.exporters import exporter_of_image
from plimsoll.semantics.mounted_files import unseen_files
from plimsoll.semantics.prometheus_config import path_fault, scrape_jobs
from plimsoll.semantics.relabeling import relabel_rules
from plimsoll.semantics.web_options import path_below

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Part
    from plimsoll.facts.scrape import ScrapeJob, Target

_METRICS_PATH = re.compile(
    r"/(?:[^?]*/)?[^/?]*(?:metrics|prometheus|federate|probe)[^/?]*/?(?:\?.*)?"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A target of a scrape job that is meant for a service.

    `problems` keep it from being scraped; `doubts` are what the files do not tell.
    """

    job: str
    target: Target
    problems: tuple[Problem, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Around:
    """The services that run, and those of them that scrape."""

    running: tuple[Container, ...]
    servers: tuple[Container, ...]

    def service(self, target: Target) -> Container | None:
        return service_at(target.host, self.running, self.servers)

    def called(self, target: Target) -> str:
        found = self.service(target)
        return found.name if found else target.host


def scrape_attempts(
    compose: Document,
    prometheus: Document,
    service: str,
    exporter: str | None = None,
    files: Collection[str] | None = None,
) -> tuple[Attempt, ...]:
    """Return every target that names a service, the soundest first.

    Where an exporter is declared, it is what has to be scraped; asking the service itself is an
    attempt with a problem. A host with a dot in its name is outside of the Compose file and none.
    ``files`` are the repository's paths; where they are given, what the job reads of files must be
    mounted into Prometheus.
    """
    around = _Around(running_services(compose), reading_servers(compose, prometheus))
    attempts = []
    for job in scrape_jobs(prometheus):
        named = [target for target in job.targets if around.called(target) in {service, exporter}]
        part = _part(prometheus, job.name)
        shared = (*_unseen_credentials(around.servers, part, files), *useless_relabeling(part))
        attempts += [_attempt(job, target, around, (service, exporter), shared) for target in named]
    return tuple(sorted(attempts, key=lambda one: (len(one.problems), len(one.doubts))))


def discovering_jobs(prometheus: Document) -> tuple[str, ...]:
    """Return the jobs that find their targets at run time: no file shows what they scrape."""
    return tuple(job.name for job in scrape_jobs(prometheus) if job.discoveries)


def useless_relabeling(job: Part) -> tuple[Problem, ...]:
    """Return the rules of a job that are meant for series which relabeling of metrics never sees.

    Prometheus writes `up` and its like after the scrape, with the labels of the target alone.
    """
    found = []
    for part, rule in zip(_rules(job), relabel_rules(job["metric_relabel_configs"]), strict=True):
        named = set(rule.regex.strip("^$()").split("|"))
        if rule.source_labels == ("__name__",) and named <= OF_EVERY_TARGET:
            what = f"metric_relabel_configs never sees {rule.regex}: this rule changes nothing"
            found.append(part.problem(what, "relabel_configs, which give labels to the target"))
    return tuple(found)


def _rules(job: Part) -> list[Part]:
    return [part for part in job["metric_relabel_configs"] if isinstance(part.value, dict)]


def _part(prometheus: Document, name: str) -> Part:
    jobs = prometheus.part("scrape_configs")
    return next((part for part in jobs if part["job_name"].text == name), jobs)


def _unseen_credentials(
    servers: tuple[Container, ...], job: Part, files: Collection[str] | None
) -> Iterator[Problem]:
    for server in servers if files is not None else ():
        yield from unseen_files(server, job, config_folder(server), files or ())


def _attempt(
    job: ScrapeJob,
    target: Target,
    around: _Around,
    asked: tuple[str, str | None],
    shared: tuple[Problem, ...],
) -> Attempt:
    service, exporter = asked
    problems = [*target_problems(target, around.running, asking=around.servers), *shared]
    if exporter and around.called(target) == service != exporter:
        what = f"{target.address} is {service} itself, not its exporter"
        problems.append(Problem(target.where, what, f"a target on {exporter}"))
    else:
        problems += image_problems(target, around.running)
    if fault := path_fault(job.path) or _exporter_fault(job, target, around):
        problems.append(Problem(job.path_where, fault, "a path that serves metrics"))
    doubts = tuple(_doubts(job, target, around))
    return Attempt(job.name, target, tuple(problems), doubts)


def _exporter_fault(job: ScrapeJob, target: Target, around: _Around) -> str | None:
    """Tell that a well-known exporter serves its metrics elsewhere; None where it does not."""
    found = around.service(target)
    exporter = exporter_of_image(image_name(found)) if found else None
    prefix = prefix_of(found) if found else None
    if exporter is None or prefix is None or exporter.serves(path_below(prefix, job.path)):
        return None
    paths = " and ".join(exporter.paths) + ("" if prefix == "/" else f" below {prefix}")
    return f"{exporter.name} serves metrics at {paths}, not at {job.path}"


def _doubts(job: ScrapeJob, target: Target, around: _Around) -> Iterator[str]:
    if target.doubt:
        yield target.doubt
    yield from target_doubts(target, around.running, around.servers)
    if not _METRICS_PATH.fullmatch(job.path):
        yield f"no file tells whether {job.path} of {target.address} serves metrics"
    found = around.service(target)
    if found and prefix_of(found) is None:
        yield f"no file tells below which path {found.name} answers"
    if found and not container_ports(found):
        yield f"{found.name} states no port, so no file tells what listens at {target.address}"
