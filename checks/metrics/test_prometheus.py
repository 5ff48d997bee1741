"""Prometheus loads its rules and reaches an Alertmanager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import (
    alertmanager_wiring,
    compose_targets,
    configured_servers,
    monitoring_wiring,
    mounted_files,
)
from plimsoll.semantics.monitoring_stack import config_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from plimsoll.environment.model import Environment
    from plimsoll.environment.monitoring_inventory import PrometheusSubject
    from plimsoll.environment.monitoring_model import PrometheusServer
    from plimsoll.environment.repository_model import RepositoryFiles, Scrape
    from plimsoll.facts.container import Container
    from plimsoll.facts.loaded_rule import ConfigurationLoad, LoadedGroup, LoadedRule
    from plimsoll.findings import Expect, Observed, Origin
    from plimsoll.pytest_plugin.monitoring_view import MonitoringView
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("MET-05")
def test_prometheus_loads_its_rules_and_reaches_an_alertmanager(
    prometheus_server: PrometheusSubject,
    monitored: MonitoringView,
    expect: Expect,
    environment: Environment,
) -> None:
    """Follow the Prometheus service of the Compose file to its Alertmanager, and ask Prometheus.

    It must start with the options it is given, read this configuration, find every rule file where
    the configuration names it, and have a target that is an Alertmanager listening on that port, on
    a network that both are on, below the path and with the scheme that alerts are sent with. A
    target that is commented out connects nothing. The Alertmanager must start with its options too,
    and find its configuration, its templates and the files of its secrets mounted. A running
    Prometheus must have taken over the configuration that it was last told to load, have loaded
    every declared group of rules, have evaluated each rule lately and without an error, and send
    alerts to an Alertmanager, of those it was told of dropping none.
    """
    files = environment.repository
    if prometheus_server.config is not None and files is not None and files.scrape is not None:
        with monitored.apart():
            repository = monitored.repository()
            _judge_files(repository, prometheus_server.config, files, files.scrape, expect)
    running = prometheus_server.prometheus
    if running is None:
        return
    with monitored.apart():
        loaded = monitored.configuration()
        _judge_load(loaded, expect)
    with monitored.apart():
        _judge_groups(monitored.rule_groups(), running, expect)
    with monitored.apart():
        links = monitored.alertmanagers()
        what, expected = "active Alertmanager", "at least one"
        is_there = bool(links.value.active)
        expect.that(is_there, what, observed=None, expected=expected, at=links.origin)
        dropped = [(address, "") for address in links.value.dropped]
        expect.none(dropped, "dropped Alertmanager", expected="none", at=links.origin)


def _judge_files(
    repository: RepositoryView,
    config: str,
    declared: RepositoryFiles,
    scrape: Scrape,
    expect: Expect,
) -> None:
    prometheus = repository.document(config)
    compose = repository.document(scrape.compose)
    origin = repository.origin_of(config)
    server = monitoring_wiring.server_problems(compose)
    if not expect.no_problems(server, "Prometheus service", at=origin):
        return
    options = monitoring_wiring.option_problems(compose)
    expect.no_problems(options, "Prometheus options", at=origin)
    options = monitoring_wiring.option_problems(compose, "alertmanager")
    expect.no_problems(options, "Alertmanager options", at=origin)
    mounted = monitoring_wiring.config_problems(compose, prometheus)
    expect.no_problems(mounted, "Prometheus configuration", at=origin)
    rules = monitoring_wiring.rule_problems(compose, prometheus, repository.paths)
    if expect.no_problems(rules, "rule files", at=origin):
        loaded = monitoring_wiring.loaded_rule_files(compose, prometheus, repository.paths)
        for path in declared.rule_files or ():
            seen = "loaded" if path in loaded else "not loaded"
            expect.equal("loaded", seen, f"rule file {path}", at=origin)
    link = alertmanager_wiring.alertmanager_problems(compose, prometheus)
    sound = expect.no_problems(link, "Alertmanager", at=origin)
    managers = alertmanager_wiring.connected_alertmanagers(compose, prometheus)
    beside = compose_targets.services_of_image(compose, "alertmanager")
    for manager in {one.name: one for one in (*managers, *beside)}.values():
        _judge_alertmanager_files(manager, repository, expect, origin)
    doubts = alertmanager_wiring.alertmanager_doubts(compose, prometheus)
    if sound and doubts:
        raise NotObserved("; ".join(doubts), origin)
    if sound and not managers:
        reason = "its Alertmanagers are outside of the Compose file, or found at run time"
        raise NotObserved(reason, origin)


def _judge_alertmanager_files(
    manager: Container, repository: RepositoryView, expect: Expect, origin: Origin
) -> None:
    """State that an Alertmanager reads a configuration, its templates and its secrets."""
    path = config_file(manager)
    is_there = path is not None and repository.has(path)
    what, expected = f"configuration of {manager.name}", "a mount of one of the repository's files"
    expect.that(is_there, what, observed=path, expected=expected, at=origin.at(manager.where))
    if path is None or not is_there:
        return
    config, folder = repository.document(path), configured_servers.config_folder(manager)
    secrets = mounted_files.unseen_files(manager, config.part(), folder, repository.paths)
    expect.no_problems(secrets, f"files of {manager.name}", at=origin)
    templates = mounted_files.unseen_templates(manager, config, folder, repository.paths)
    expect.no_problems(templates, f"templates of {manager.name}", at=origin)


def _judge_load(loaded: Observed[ConfigurationLoad], expect: Expect) -> None:
    is_loaded = loaded.value.is_loaded
    if is_loaded is None:
        reason = "it does not say whether its configuration was loaded"
        raise NotObserved(reason, loaded.origin)
    expect.that(
        is_loaded,
        "last load of the configuration",
        observed="refused: it runs with an earlier one",
        expected="taken over",
        at=loaded.origin,
    )


def _judge_groups(
    found: Observed[tuple[LoadedGroup, ...]], running: PrometheusServer, expect: Expect
) -> None:
    origin = found.origin
    for name in running.rule_groups or ():
        is_loaded = any(one.name == name and one.rules for one in found.value)
        what, expected = f"rule group {name}", "loaded, with rules"
        expect.that(is_loaded, what, observed=None, expected=expected, at=origin)
    expect.that(
        any(one.rules for one in found.value),
        "loaded rules",
        observed=None,
        expected="at least one",
        at=origin,
    )
    offenders = list(_unsound(found.value, found.at, running.evaluated_within_seconds))
    expected = "evaluated lately, without an error"
    expect.none(offenders, "loaded rule", expected=expected, at=origin)
    unknown = [one.name for one in _rules(found.value) if _is_unknown(one)]
    if unknown:
        raise NotObserved(f"not known to have been evaluated: {', '.join(unknown)}", origin)


def _unsound(
    groups: tuple[LoadedGroup, ...], now: datetime, within_seconds: int
) -> Iterator[tuple[str, str]]:
    """Yield rules that fail, or were not evaluated for long: what is wrong, and where."""
    for group in groups:
        bound = max(within_seconds, 2 * (group.interval_seconds or 0))
        for rule in group.rules:
            if rule.health == "err":
                yield f"{rule.name}: {rule.last_error or 'fails'}", rule.where
            elif rule.evaluated_at and (now - rule.evaluated_at).total_seconds() > bound:
                yield f"{rule.name}: not evaluated for more than {bound:g} s", rule.where


def _rules(groups: tuple[LoadedGroup, ...]) -> Iterator[LoadedRule]:
    for group in groups:
        yield from group.rules


def _is_unknown(rule: LoadedRule) -> bool:
    is_told = rule.health == "ok" and rule.evaluated_at is not None
    return not is_told and rule.health != "err"
