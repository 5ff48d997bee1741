"""The monitoring services of a Compose file are declared and wired to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import grafana_provisioning as provisioning
from plimsoll.semantics.alertmanager_wiring import alertmanager_doubts, alertmanager_problems
from plimsoll.semantics.compose import services
from plimsoll.semantics.compose_targets import running_services, services_of_image
from plimsoll.semantics.monitoring_stack import config_file, config_problems

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import ComposeSubject
    from plimsoll.facts.document import Document
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("CFG-02")
def test_monitoring_services_are_wired_to_each_other(
    monitoring_stack: ComposeSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Look in the Compose file for each monitoring service, and follow its wires.

    Each must run without a profile. Prometheus and Alertmanager must read a configuration that is
    mounted from the repository; Prometheus must send its alerts to that Alertmanager; Grafana must
    be provisioned with a datasource that leads to Prometheus.
    """
    compose = repository.document(monitoring_stack.id)
    origin = repository.origin_of(monitoring_stack.id)
    running = {service.name for service in running_services(compose)}
    for name in monitoring_stack.compose.monitoring or ():
        seen = _unready(compose, name)
        if name in running:
            seen = "running"
        place = origin.at(compose.where("services", name))
        expect.equal("running", seen, f"service {name}", at=place)
    mounted = config_problems(compose, repository.paths)
    expect.no_problems(mounted, "mounted configuration", at=origin)
    doubts: list[str] = []
    for server in services_of_image(compose, "prometheus"):
        path = config_file(server)
        if path and repository.has(path):
            found = alertmanager_problems(compose, repository.document(path))
            expect.no_problems(found, f"Alertmanager of {server.name}", at=origin)
            if not found:
                doubts += alertmanager_doubts(compose, repository.document(path))
    _judge_datasources(compose, repository, expect)
    if doubts:
        raise NotObserved("; ".join(doubts), origin)


def _unready(compose: Document, name: str) -> str | None:
    """Tell how a service that is not running is declared; None where it is not declared."""
    declared = [service for service in services(compose) if service.name == name]
    if declared and declared[0].is_long_running:
        return "without a replica"
    return "only with a profile" if compose.part("services", name).exists else None


def _judge_datasources(compose: Document, repository: RepositoryView, expect: Expect) -> None:
    origin = repository.origin_of(compose.path)
    for grafana in provisioning.grafana_services(compose):
        files = provisioning.provisioning_files(grafana, "datasources", repository.paths)
        declared = provisioning.datasources(repository.document(file) for file in files)
        if provisioning.are_outside(declared):
            reason = "no file tells what answers at the addresses of Grafana's datasources"
            raise NotObserved(reason, origin)
        found = provisioning.datasource_problems(compose, grafana, declared)
        expect.no_problems(found, f"datasource of {grafana.name}", at=origin)
        doubts = provisioning.datasource_doubts(compose, grafana, declared)
        if doubts and not found:
            raise NotObserved("; ".join(doubts), origin)
