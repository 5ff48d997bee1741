"""Grafana loads the dashboards, with their datasource, and they show every required signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import file_kinds
from plimsoll.semantics import grafana_provisioning as provisioning
from plimsoll.semantics.dashboards.nesting import place_keys
from plimsoll.semantics.dashboards.reading import DashboardError, parse_dashboard
from plimsoll.semantics.dashboards.showing import showing, wanted
from plimsoll.semantics.dashboards.surroundings import surroundings_of
from plimsoll.semantics.dashboards.variables import GRAFANA_INTERVAL_SECONDS
from plimsoll.semantics.grafana_references import reference_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.environment.model import Environment
    from plimsoll.environment.monitoring_inventory import WatchedDashboard
    from plimsoll.environment.monitoring_model import ServedDashboard
    from plimsoll.environment.repository_inventory import NamedSubject
    from plimsoll.environment.repository_model import Dashboards
    from plimsoll.facts.container import Container
    from plimsoll.facts.dashboard import Dashboard
    from plimsoll.facts.document import Document, Problem
    from plimsoll.facts.grafana_content import HeldDashboard
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.monitoring_view import MonitoringView
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.semantics.dashboards.sensitivity import Surroundings
    from plimsoll.semantics.dashboards.showing import Showing

_MOST_NAMED = 4
"""Panels and reasons that one sentence names."""


@pytest.mark.control("MET-06")
def test_grafana_loads_the_dashboard(
    watched_dashboard: WatchedDashboard, monitored: MonitoringView, expect: Expect
) -> None:
    """Follow the Grafana service of the Compose file to the dashboard file, and ask Grafana.

    The file must be a dashboard as file provisioning takes it, a mounted provider must look where
    it is mounted, and every datasource it names must be provisioned and lead to Prometheus. What a
    query of PromQL is asked of must be a Prometheus, as Grafana finds it: by the uid and not by the
    type beside it, a variable by what it offers, and without a datasource the default one. Where a
    running Grafana is declared to hold it, that must list it by its uid, with the declared title,
    and have a datasource that is a Prometheus.
    """
    path, compose = watched_dashboard.file, watched_dashboard.compose
    if path is not None and compose is not None:
        with monitored.apart():
            repository = monitored.repository()
            for what, problems in _loading(repository, path, compose):
                expect.no_problems(problems, what, at=repository.origin_of(path))
    if watched_dashboard.served is not None:
        with monitored.apart():
            _judge_served(monitored.dashboards(), watched_dashboard.served, expect)
        with monitored.apart():
            held = monitored.datasources()
            is_there = any(one.kind == "prometheus" for one in held.value)
            what, expected = "datasource of Grafana", "one that is a Prometheus"
            expect.that(is_there, what, observed=None, expected=expected, at=held.origin)


def _judge_served(
    held: Observed[tuple[HeldDashboard, ...]], served: ServedDashboard, expect: Expect
) -> None:
    titles = [one.title for one in held.value if one.uid == served.uid]
    what = f"dashboard {served.uid} of Grafana"
    if not titles:
        expect.missing(what, expected="listed", at=held.origin)
    elif served.title is not None:
        expect.equal(served.title, titles[0], f"title of the {what}", at=held.origin)
    else:
        expect.none([], what, expected="listed", at=held.origin)


@pytest.mark.control("MET-06")
def test_dashboards_show_the_signal(
    dashboard_signal: NamedSubject,
    repository: RepositoryView,
    expect: Expect,
    environment: Environment,
) -> None:
    """Try each query of the dashboards on a healthy system, and where a single fact is different.

    A panel of a dashboard that Grafana loads shows the signal when its answer moves with the
    signal's own fact, and not merely with another: a p95 moves when p95 alone does, a comparison of
    regions in the one region that is struck. Titles, hidden queries and answers that are empty in
    health show nothing. Its unit must be that of the answer. Where no panel shows the signal and
    one could not be tried, hides series or reads a metric of which nobody knows what it tells, it
    is not decided. That data arrives is not judged here.
    """
    declared = environment.repository.dashboards if environment.repository else None
    if declared is None:
        return
    view = _Dashboards(repository, declared, _surroundings(repository, environment))
    doubts: list[str] = []
    for what, metric in wanted(dashboard_signal.id, declared.business_metrics):
        doubts += view.judge(expect, dashboard_signal.id, what, metric)
    if doubts and not expect.deviations:
        raise NotObserved("; ".join(doubts[:_MOST_NAMED]), view.origin)


class _Dashboards:
    """The declared dashboards, and which of them Grafana loads."""

    def __init__(
        self, repository: RepositoryView, declared: Dashboards, around: Surroundings
    ) -> None:
        self._repository = repository
        self._around = around
        interval = _interval(repository, declared.compose)
        self._read = {path: _dashboard(repository, path, interval) for path in declared.paths}
        self._loaded = [p for p in declared.paths if _is_loaded(repository, p, declared.compose)]
        self.origin = repository.origin_of(", ".join(declared.paths))

    def judge(self, expect: Expect, signal: str, what: str, metric: str) -> tuple[str, ...]:
        """State what is shown of a signal; return why that cannot be told, where it cannot."""
        found = {
            path: showing(dashboard, signal, self._around, metric)
            for path, dashboard in self._read.items()
        }
        seen = [(path, sight) for path in self._loaded for sight in found[path].sights]
        doubts = tuple(doubt for path in self._loaded for doubt in found[path].unknown)
        if doubts and not seen:
            return doubts
        expected = "a panel whose answer moves with it"
        observed = self._told(found)
        expect.that(
            bool(seen), f"panel of {what}", observed=observed, expected=expected, at=self.origin
        )
        units = {(path, one.panel.path, one.panel.title, one.misfit): None for path, one in seen}
        for path, place, title, wrong in units:
            where = self._repository.document(path).where(*place_keys(place))
            expect.that(
                wrong is None,
                f"unit of {title}",
                observed=wrong and wrong.observed,
                expected=wrong and wrong.expected,
                at=self.origin.at(where),
            )
        return ()

    def _told(self, found: Mapping[str, Showing]) -> str | None:
        """Return what is seen instead: panels that nobody sees, and what others answer to."""
        for path, one in found.items():
            if path not in self._loaded and one.sights:
                return f"{one.sights[0].panel.title}, in a dashboard that Grafana does not load"
        meant = [candidate for path in self._loaded for candidate in found[path].candidates]
        named = meant[:_MOST_NAMED]
        more = [f"{len(meant) - len(named)} more"] if len(meant) > len(named) else []
        return "; ".join((*named, *more)) or None


def _surroundings(repository: RepositoryView, environment: Environment) -> Surroundings:
    """Return what decides, beside the dashboards, what their queries answer.

    A rule file that cannot be read is judged elsewhere; here it only leaves in doubt what it might
    record.
    """
    declared = environment.repository
    paths = (declared.rule_files if declared else None) or ()
    rules = [_readable(repository, path) for path in paths if repository.has(path)]
    scrape = declared.scrape if declared else None
    dashboards = declared.dashboards if declared else None
    return surroundings_of(
        alerts=environment.alerts,
        config=_readable(repository, scrape.config) if scrape else None,
        compose=_readable(repository, scrape.compose) if scrape else None,
        rules=tuple(one for one in rules if one is not None),
        rules_known=bool(paths) and None not in rules,
        business=dashboards.business_metrics if dashboards else (),
    )


def _readable(repository: RepositoryView, path: str) -> Document | None:
    try:
        return repository.document(path) if repository.has(path) else None
    except NotObserved:
        return None


def _is_loaded(repository: RepositoryView, path: str, compose_path: str | None) -> bool:
    if _dashboard(repository, path).refusals:
        return False
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
        yield "datasource", problems or reference_problems(dashboard, datasources)
        doubts = provisioning.datasource_doubts(compose, grafana, datasources)
        if doubts and not problems:
            raise NotObserved("; ".join(doubts), repository.origin_of(compose_path))


def _documents(repository: RepositoryView, grafana: Container, kind: str) -> tuple[Document, ...]:
    files = provisioning.provisioning_files(grafana, kind, repository.paths)
    return tuple(repository.document(file) for file in files)


def _interval(repository: RepositoryView, compose_path: str | None) -> float:
    """Return how often Grafana believes that is scraped; some of its variables depend on it."""
    compose = _readable(repository, compose_path) if compose_path else None
    for grafana in provisioning.grafana_services(compose) if compose else ():
        files = provisioning.provisioning_files(grafana, "datasources", repository.paths)
        read = [document for file in files if (document := _readable(repository, file))]
        told = provisioning.scrape_interval_seconds(read)
        if told:
            return told
    return GRAFANA_INTERVAL_SECONDS


def _dashboard(
    repository: RepositoryView, path: str, interval_seconds: float = GRAFANA_INTERVAL_SECONDS
) -> Dashboard:
    try:
        return parse_dashboard(repository.text(path), interval_seconds)
    except DashboardError as error:
        raise NotObserved(str(error), repository.origin_of(path)) from None
