"""Judge whether Prometheus, its rules, its targets and Alertmanager are wired together in Compose.

Configured is not connected: every problem here lets both files be valid and nothing be monitored.
"""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from plimsoll.facts.document import Document, Problem
from plimsoll.semantics.compose import repository_path, services
from plimsoll.semantics.compose_networks import HOST, passage
from plimsoll.semantics.image_reference import parse_reference
from plimsoll.semantics.prometheus_config import (
    alertmanager_discoveries,
    alertmanager_entries,
    alertmanager_targets,
    path_fault,
    rule_files,
    scrape_jobs,
)
from plimsoll.semantics.prometheus_options import PROGRAMS, unknown_options
from plimsoll.semantics.web_options import (
    dropping_doubts,
    sending_doubts,
    sending_problems,
    web_prefix,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Part
    from plimsoll.facts.scrape import ScrapeJob, Target

_CONFIG = "/etc/prometheus/prometheus.yml"
_SILENT = re.compile(
    r"postgres(?:ql)?|postgis|mysql|mariadb|mongo(?:db)?|redis|valkey|memcached|kafka"
)
_IPV6 = re.compile(r"\[[0-9A-Fa-f:]+\]")
_DEFAULT_PORTS = {"prometheus": "9090", "alertmanager": "9093", "grafana": "3000"}
_LISTENING = "--web.listen-address"
_PORT = re.compile(r":(\d{1,5})$")
_OWN = re.compile(r"localhost|127(?:\.\d+){3}|\[::1\]")


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


def alertmanager_problems(compose: Document, prometheus: Document) -> tuple[Problem, ...]:
    """Return what keeps alerts from reaching an Alertmanager of the same Compose file."""
    running = running_services(compose)
    found = [
        problem
        for asking in _each(reading_servers(compose, prometheus))
        for problem in _alertmanager_problems(running, prometheus, asking)
    ]
    return tuple(dict.fromkeys(found))


def alertmanager_doubts(compose: Document, prometheus: Document) -> tuple[str, ...]:
    """Return why no file tells whether alerts reach an Alertmanager of the same Compose file."""
    running = running_services(compose)
    found = [
        doubt
        for asking in _each(reading_servers(compose, prometheus))
        for entry, targets in alertmanager_entries(prometheus)
        for target in targets
        for doubt in _alertmanager_doubts(entry, target, running, asking)
    ]
    return tuple(dict.fromkeys((*found, *dropping_doubts(prometheus.part("alerting")))))


def connected_alertmanagers(compose: Document, prometheus: Document) -> tuple[Container, ...]:
    """Return the Alertmanagers of the Compose file that the configuration names as targets."""
    running = running_services(compose)
    named = [service_at(target.host, running) for target in alertmanager_targets(prometheus)]
    return tuple(service for service in named if service and _is_alertmanager(service))


def config_folder(server: Container) -> str:
    """Return where in its container the configuration of a Prometheus or Alertmanager stands."""
    default = f"/etc/{image_name(server)}/{image_name(server)}.yml"
    return posixpath.dirname(server.flags().get("--config.file") or default)


def running_services(compose: Document) -> tuple[Container, ...]:
    """Return the services that run in production, of which at least one container is started."""
    return tuple(
        service
        for service in services(compose)
        if service.is_long_running and service.replicas != 0
    )


def reading_servers(compose: Document, prometheus: Document) -> tuple[Container, ...]:
    """Return the Prometheus services that read this configuration; all where none is seen to."""
    servers = services_of_image(compose, "prometheus")
    path = posixpath.normpath(prometheus.path)
    return tuple(one for one in servers if _shown_config(one) == path) or servers


def services_of_image(compose: Document, name: str) -> tuple[Container, ...]:
    """Return the running services whose image has this name, whatever its registry."""
    return tuple(one for one in running_services(compose) if image_name(one) == name)


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
    path = _shown_config(server)
    if path != posixpath.normpath(prometheus.path):
        seen = f"shows {path}" if path else "is not mounted from the repository"
        what = f"{_config_inside(server)} of {server.name} {seen}"
        yield Problem(server.where, what, prometheus.path)


def _shown_config(server: Container) -> str | None:
    return repository_path(server, _config_inside(server))


def _config_inside(server: Container) -> str:
    return server.flags().get("--config.file") or _CONFIG


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


def _alertmanager_problems(
    running: tuple[Container, ...], prometheus: Document, asking: tuple[Container, ...]
) -> Iterator[Problem]:
    entries = alertmanager_entries(prometheus)
    if not any(targets for _, targets in entries) and not alertmanager_discoveries(prometheus):
        managers = prometheus.part("alerting", "alertmanagers", 0, "static_configs", 0, "targets")
        yield managers.problem("Prometheus is connected to no Alertmanager", "a target")
    for entry, targets in entries:
        for target in targets:
            yield from _link_problems(entry, target, running, asking)


def _link_problems(
    entry: Part, target: Target, running: tuple[Container, ...], asking: tuple[Container, ...]
) -> Iterator[Problem]:
    if _OWN.fullmatch(target.host):
        if not _is_on_host(asking):
            what = f"{target.address} is the Prometheus container itself, not an Alertmanager"
            yield Problem(target.where, what, "the Alertmanager's service name")
        return
    service = service_at(target.host, running, asking)
    if service and not _is_alertmanager(service):
        what = f"{target.address} is the service {service.name}, which is no Alertmanager"
        yield Problem(target.where, what, "the Alertmanager's service name")
        return
    yield from target_problems(target, running, asking=asking)
    if service:
        yield from sending_problems(entry, service, target.where)


def _alertmanager_doubts(
    entry: Part, target: Target, running: tuple[Container, ...], asking: tuple[Container, ...]
) -> Iterator[str]:
    if _OWN.fullmatch(target.host) and _is_on_host(asking):
        yield f"{target.address} is the host of Prometheus: no file tells what listens there"
    yield from target_doubts(target, running, asking)
    if service := service_at(target.host, running, asking):
        yield from sending_doubts(entry, service)


def _is_on_host(asking: tuple[Container, ...]) -> bool:
    return any(one.network_mode == HOST for one in asking)


def _each(servers: tuple[Container, ...]) -> tuple[tuple[Container, ...], ...]:
    """Return every server apart, for each sends its own alerts; nobody where there is none."""
    return tuple((one,) for one in servers) or ((),)


def _is_alertmanager(service: Container) -> bool:
    return "alertmanager" in (image_name(service) or service.name)


def _job_problems(
    job: ScrapeJob, running: tuple[Container, ...], servers: tuple[Container, ...]
) -> Iterator[Problem]:
    if not job.targets and not job.discoveries:
        yield Problem(job.where, f"job {job.name} has no targets", "a target")
    if fault := path_fault(job.path):
        yield Problem(job.path_where, f"job {job.name}: {fault}", "a path that serves metrics")
    for target in job.targets:
        pool = servers if _OWN.fullmatch(target.host) else running
        yield from target_problems(target, pool, is_own=pool is not running, asking=servers)
        yield from image_problems(target, running)


def image_problems(target: Target, running: tuple[Container, ...]) -> Iterator[Problem]:
    """Yield that a target is the kind of software that answers no HTTP request."""
    service = service_at(target.host, running)
    if service and _SILENT.fullmatch(image_name(service)):
        what = f"{target.address} is {image_name(service)}, which does not speak HTTP"
        yield Problem(target.where, what, "an exporter for it")


def target_problems(
    target: Target,
    running: tuple[Container, ...],
    *,
    is_own: bool = False,
    asking: tuple[Container, ...] = (),
) -> Iterator[Problem]:
    """Yield why nothing that is reached listens at a target.

    ``is_own`` where it is the first service itself; ``asking`` are the services of which one has to
    reach it, where they are known.
    """
    service = running[0] if is_own else service_at(target.host, running, asking)
    if service is None:
        if "." not in target.host and not _IPV6.fullmatch(target.host):
            yield Problem(target.where, f"{target.host} is no running service", "a service name")
        return
    if not is_own and (gap := passage(asking, service, target.host).gap):
        yield Problem(target.where, gap, "a network that both are on")
    ports = container_ports(service)
    port = str(target.port) if target.port is not None else "80"
    if ports and port not in ports:
        published = any(port == published.host for published in service.ports)
        reason = "is published on the host only" if published else "is not listened on"
        what = f"port {port} of {target.address} {reason}"
        yield Problem(target.where, what, f"port {' or '.join(sorted(ports))} of the container")


def target_doubts(
    target: Target, running: tuple[Container, ...], asking: tuple[Container, ...]
) -> Iterator[str]:
    """Yield why no file tells whether a target runs and is reached by those asking."""
    service = service_at(target.host, running, asking)
    if service is None:
        return
    if service.replicas is None:
        yield f"no file tells how many containers of {service.name} are started"
    if doubt := passage(asking, service, target.host).doubt:
        yield doubt


def service_at(
    host: str, running: tuple[Container, ...], asking: tuple[Container, ...] = ()
) -> Container | None:
    """Return the service under this name, of several one that those asking reach."""
    named = [item for item in running if host in item.names]
    reached = (item for item in named if not passage(asking, item, host).gap)
    return next(reached, named[0] if named else None)


def container_ports(service: Container) -> set[str]:
    """Return the ports a service is known to listen on; none where nothing tells.

    Prometheus and Alertmanager listen on the port of their option, or else on their own, whatever
    is published of them.
    """
    name = image_name(service)
    default = _DEFAULT_PORTS.get(name)
    if name in PROGRAMS and default:
        told = _PORT.search(service.flags().get(_LISTENING, ""))
        return {told[1] if told else default}
    ports = {port.container for port in service.ports if port.protocol == "tcp"}
    ports |= {item.value for item in service.variables if item.name == "PORT" and item.value}
    return ports | ({default} if default else set())


def prefix_of(service: Container) -> str | None:
    """Return the path below which a service answers, where it has options for it; None if unknown.

    Of any other program nothing is known but its paths.
    """
    return web_prefix(service) if image_name(service) in PROGRAMS else "/"


def image_name(service: Container) -> str:
    """Return the last part of a service's image name; empty where it has none that is readable."""
    reference = parse_reference(service.image.reference) if service.image else None
    return reference.name.rpartition("/")[2] if reference else ""
