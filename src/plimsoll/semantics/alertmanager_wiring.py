"""Whether the alerts of a Prometheus reach an Alertmanager of the same Compose file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.compose_networks import HOST
from plimsoll.semantics.compose_targets import (
    image_name,
    is_own,
    running_services,
    service_at,
    target_doubts,
    target_problems,
)
from plimsoll.semantics.configured_servers import reading_servers
from plimsoll.semantics.prometheus_config import (
    alertmanager_discoveries,
    alertmanager_entries,
    alertmanager_targets,
)
from plimsoll.semantics.web_options import dropping_doubts, sending_doubts, sending_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document, Part
    from plimsoll.facts.scrape import Target


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
    if is_own(target.host):
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
    if is_own(target.host) and _is_on_host(asking):
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
