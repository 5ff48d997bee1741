"""Whether Prometheus scrapes a service of a Compose file: every attempt, and what is wrong with it.

A repository shows where Prometheus asks and whether anything listens there. That an answer comes,
only a running Prometheus knows (its series `up`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.document import Document, Problem
from plimsoll.semantics.monitoring_wiring import (
    container_ports,
    image_problems,
    running_services,
    service_at,
    target_problems,
)
from plimsoll.semantics.prometheus_config import path_fault, scrape_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container
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


def scrape_attempts(
    compose: Document, prometheus: Document, service: str, exporter: str | None = None
) -> tuple[Attempt, ...]:
    """Return every target that names a service, the soundest first.

    Where an exporter is declared, it is what has to be scraped; asking the service itself is an
    attempt with a problem. A host with a dot in its name is outside of the Compose file and none.
    """
    running = running_services(compose)
    attempts = [
        _attempt(job, target, running, service, exporter)
        for job in scrape_jobs(prometheus)
        for target in job.targets
        if _called(target, running) in {service, exporter}
    ]
    return tuple(sorted(attempts, key=lambda one: (len(one.problems), len(one.doubts))))


def discovering_jobs(prometheus: Document) -> tuple[str, ...]:
    """Return the jobs that find their targets at run time: no file shows what they scrape."""
    return tuple(job.name for job in scrape_jobs(prometheus) if job.discoveries)


def _called(target: Target, running: tuple[Container, ...]) -> str:
    found = service_at(target.host, running)
    return found.name if found else target.host


def _attempt(
    job: ScrapeJob,
    target: Target,
    running: tuple[Container, ...],
    service: str,
    exporter: str | None,
) -> Attempt:
    problems = [*target_problems(target, running)]
    if exporter and _called(target, running) == service != exporter:
        what = f"{target.address} is {service} itself, not its exporter"
        problems.append(Problem(target.where, what, f"a target on {exporter}"))
    else:
        problems += image_problems(target, running)
    if fault := path_fault(job.path):
        problems.append(Problem(job.path_where, fault, "a path that serves metrics"))
    doubts = tuple(_doubts(job, target, running))
    return Attempt(job.name, target, tuple(problems), doubts)


def _doubts(job: ScrapeJob, target: Target, running: tuple[Container, ...]) -> Iterator[str]:
    if not _METRICS_PATH.fullmatch(job.path):
        yield f"no file tells whether {job.path} of {target.address} serves metrics"
    found = service_at(target.host, running)
    if found and not container_ports(found):
        yield f"{found.name} states no port, so no file tells what listens at {target.address}"
