"""Grafana loads the dashboards, with their datasource, and they show every required signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import file_kinds
from plimsoll.semantics import grafana_provisioning as provisioning
from plimsoll.semantics.dashboard_signals import panels_showing
from plimsoll.semantics.grafana import DashboardError, parse_dashboard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_inventory import DashboardSubject, NamedSubject
    from plimsoll.facts.container import Container
    from plimsoll.facts.dashboard import Dashboard, Panel
    from plimsoll.facts.document import Document, Problem
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("MET-06")
def test_grafana_loads_the_dashboard(
    provisioned_dashboard: DashboardSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Follow the Grafana service of the Compose file to the dashboard file and to Prometheus.

    The file must be a dashboard as file provisioning takes it, a mounted provider must look where
    it is mounted, and every datasource it names must be provisioned and lead to Prometheus.
    """
    path = provisioned_dashboard.id
    for what, problems in _loading(repository, path, provisioned_dashboard.compose):
        expect.no_problems(problems, what, at=repository.origin_of(path))


@pytest.mark.control("MET-06")
def test_dashboards_show_the_signal(
    dashboard_signal: NamedSubject,
    repository: RepositoryView,
    expect: Expect,
    environment: Environment,
) -> None:
    """Look for a panel that asks for the signal, in a dashboard that Grafana loads.

    A panel is judged by what it queries, never by its title; one that nobody can see shows nothing.
    That data arrives is not judged here.
    """
    declared = environment.repository.dashboards if environment.repository else None
    if declared is None:
        return
    seen: list[Panel] = []
    unseen: list[Panel] = []
    for path in declared.paths:
        dashboard = _dashboard(repository, path)
        panels = panels_showing(dashboard, dashboard_signal.id, declared.business_metrics)
        (seen if _is_loaded(repository, path, declared.compose) else unseen).extend(panels)
    hidden = f"{unseen[0].title}, in a dashboard that Grafana does not load" if unseen else None
    expect.that(
        bool(seen),
        f"panel of {dashboard_signal.id}",
        observed=hidden,
        expected="a panel that queries it",
        at=repository.origin_of(", ".join(declared.paths)),
    )


def _is_loaded(repository: RepositoryView, path: str, compose_path: str | None) -> bool:
    if compose_path is None:
        return True
    return not any(problems for _, problems in _loading(repository, path, compose_path))


def _loading(
    repository: RepositoryView, path: str, compose_path: str
) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    """Yield what Grafana needs to load a dashboard, and what is wrong with it."""
    text = repository.text(path)
    yield "dashboard file", file_kinds.problems("grafana-dashboard", text, path)
    compose, dashboard = repository.document(compose_path), repository.document(path)
    yield "Grafana service", provisioning.server_problems(compose)
    for grafana in provisioning.grafana_services(compose):
        providers = _documents(repository, grafana, "dashboards")
        yield "dashboard provider", provisioning.provider_problems(grafana, providers, path)
        datasources = provisioning.datasources(_documents(repository, grafana, "datasources"))
        if provisioning.are_outside(datasources):
            reason = "no file tells what answers at the addresses of Grafana's datasources"
            raise NotObserved(reason, repository.origin_of(compose_path))
        problems = provisioning.datasource_problems(compose, grafana, datasources)
        yield "datasource", problems or provisioning.reference_problems(dashboard, datasources)


def _documents(repository: RepositoryView, grafana: Container, kind: str) -> tuple[Document, ...]:
    files = provisioning.provisioning_files(grafana, kind, repository.paths)
    return tuple(repository.document(file) for file in files)


def _dashboard(repository: RepositoryView, path: str) -> Dashboard:
    try:
        return parse_dashboard(repository.text(path))
    except DashboardError as error:
        raise NotObserved(str(error), repository.origin_of(path)) from None
