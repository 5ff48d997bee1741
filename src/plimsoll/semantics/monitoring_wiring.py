"""Judge whether Prometheus, its rules, its targets and Alertmanager are wired together in Compose.

Configured is not connected: every problem here lets both files be valid and nothing be monitored.
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from plimsoll.facts.document import Document, Problem
from plimsoll.semantics.alertmanager_wiring import alertmanager_problems
from plimsoll.semantics.compose import repository_path
from plimsoll.semantics.compose_targets import (
    image_problems,
    is_own,
    running_services,
    services_of_image,
    target_problems,
)
from plimsoll.semantics.configured_servers import (
    config_folder,
    config_inside,
    reading_servers,
    shown_config,
)
from plimsoll.semantics.prometheus_config import path_fault, rule_files, scrape_jobs
from plimsoll.semantics.prometheus_options import PROGRAMS, unknown_options

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.scrape import ScrapeJob


def wiring(
    compose: Document, prometheus: Document, files: Collection[str] | None = None
) -> tuple[Problem, ...]:
    """Return what keeps the parts from reaching each other.

    ``files`` are the repository's paths; where they are given, every rule file must be among them.
    A host with a dot in its name is taken to be outside of Compose and is not judged.
    """
    found = server_problems(compose)
    if found:
        return found
    running = running_services(compose)
    servers = reading_servers(compose, prometheus)
    for job in scrape_jobs(prometheus):
        found += tuple(_job_problems(job, running, servers))
    return (
        *config_problems(compose, prometheus),
        *rule_problems(compose, prometheus, files),
        *option_problems(compose),
        *alertmanager_problems(compose, prometheus),
        *found,
    )


def server_problems(compose: Document) -> tuple[Problem, ...]:
    """Return that no service runs Prometheus, where that is so."""
    if services_of_image(compose, "prometheus"):
        return ()
    what = "no service runs Prometheus"
    return (compose.part("services").problem(what, "a service of the image prom/prometheus"),)


def config_problems(compose: Document, prometheus: Document) -> tuple[Problem, ...]:
    """Return where a Prometheus service does not read this configuration."""
    servers = services_of_image(compose, "prometheus")
    return tuple(problem for server in servers for problem in _config_problems(server, prometheus))


def rule_problems(
    compose: Document, prometheus: Document, files: Collection[str] | None = None
) -> tuple[Problem, ...]:
    """Return the rule files that a Prometheus service does not find where it is told to read."""
    servers = services_of_image(compose, "prometheus")
    found = [problem for one in servers for problem in _rule_problems(one, prometheus, files)]
    return tuple(dict.fromkeys(found))


def loaded_rule_files(
    compose: Document, prometheus: Document, files: Collection[str]
) -> frozenset[str]:
    """Return which of the repository's files some Prometheus service loads as rules."""
    shown = {
        _rule_path(server, rules.pattern)
        for server in services_of_image(compose, "prometheus")
        for rules in rule_files(prometheus)
    }
    return frozenset(file for file in files if any(path and fnmatch(file, path) for path in shown))


def option_problems(compose: Document, *names: str) -> tuple[Problem, ...]:
    """Return the options for which a service does not start, of the programs with these images.

    Prometheus and Alertmanager are known; without a name, Prometheus is meant.
    """
    return tuple(
        problem
        for name in names or ("prometheus",)
        for server in services_of_image(compose, name)
        for problem in unknown_options(compose, server, PROGRAMS[name])
    )


def jobs_covering(jobs: Collection[ScrapeJob], service: str) -> tuple[ScrapeJob, ...]:
    """Return the jobs with metrics of a service, which is a target's host or its label ``service``.

    A job that asks a health page covers nothing, and neither does one without targets.
    """
    return tuple(
        job
        for job in jobs
        if path_fault(job.path) is None
        and any(service in (target.host, target.labels.get("service")) for target in job.targets)
    )


def _config_problems(server: Container, prometheus: Document) -> Iterator[Problem]:
    path = shown_config(server)
    if path != posixpath.normpath(prometheus.path):
        seen = f"shows {path}" if path else "is not mounted from the repository"
        what = f"{config_inside(server)} of {server.name} {seen}"
        yield Problem(server.where, what, prometheus.path)


def _rule_problems(
    server: Container, prometheus: Document, files: Collection[str] | None
) -> Iterator[Problem]:
    patterns = rule_files(prometheus)
    if not patterns:
        yield prometheus.part("rule_files").problem("no rule files are loaded", "a rule file")
    for rules in patterns:
        path = _rule_path(server, rules.pattern)
        if path is None:
            what = f"{rules.pattern} is not mounted into {server.name}"
            yield Problem(rules.where, what, "a mount of the rule file")
        elif files is not None and not any(fnmatch(file, path) for file in files):
            yield Problem(rules.where, f"{rules.pattern} shows {path}, which is absent", "the file")


def _rule_path(server: Container, pattern: str) -> str | None:
    return repository_path(server, posixpath.join(config_folder(server), pattern))


def _job_problems(
    job: ScrapeJob, running: tuple[Container, ...], servers: tuple[Container, ...]
) -> Iterator[Problem]:
    if not job.targets and not job.discoveries:
        yield Problem(job.where, f"job {job.name} has no targets", "a target")
    if fault := path_fault(job.path):
        yield Problem(job.path_where, f"job {job.name}: {fault}", "a path that serves metrics")
    for target in job.targets:
        pool = servers if is_own(target.host) else running
        yield from target_problems(target, pool, is_own=pool is not running, asking=servers)
        yield from image_problems(target, running)
