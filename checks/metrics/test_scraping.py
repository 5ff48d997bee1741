"""Prometheus scrapes every service, loads its rules, and reaches an Alertmanager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import monitoring_wiring
from plimsoll.semantics.scrape_coverage import discovering_jobs, scrape_attempts

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_inventory import FileSubject, ScrapedService
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("MET-04")
def test_prometheus_scrapes_the_service(
    scraped_service: ScrapedService, repository: RepositoryView, expect: Expect
) -> None:
    """Look in the Prometheus configuration for a target on the service, or on its exporter.

    The target must be a running service of the Compose file, asked at a port it listens on inside
    its container and at a path that serves metrics, and be software that answers HTTP. Of several
    targets the soundest is judged. That answers come, only `up` of a running Prometheus tells.
    """
    scrape, exporter = scraped_service.scrape, scraped_service.exporter
    prometheus = repository.document(scrape.config)
    compose = repository.document(scrape.compose)
    origin = repository.origin_of(scrape.config)
    attempts = scrape_attempts(compose, prometheus, scraped_service.id, exporter)
    if not attempts:
        found_at_run_time = discovering_jobs(prometheus)
        if found_at_run_time:
            jobs = ", ".join(found_at_run_time)
            raise NotObserved(f"the targets of {jobs} are discovered at run time", origin)
        expected = f"a target on {exporter or scraped_service.id}"
        expect.missing("scrape target", expected=expected, at=origin)
        return
    soundest = attempts[0]
    expect.no_problems(soundest.problems, f"scrape job {soundest.job}", at=origin)
    if not soundest.problems and soundest.doubts:
        raise NotObserved("; ".join(soundest.doubts), origin)


@pytest.mark.control("MET-05")
def test_prometheus_loads_its_rules_and_reaches_an_alertmanager(
    prometheus_config: FileSubject,
    repository: RepositoryView,
    expect: Expect,
    environment: Environment,
) -> None:
    """Follow the Prometheus service of the Compose file from its options to its Alertmanager.

    It must start with the options it is given, read this configuration, find every rule file where
    the configuration names it, and have a target that is an Alertmanager listening on that port. A
    target that is commented out connects nothing.
    """
    declared = environment.repository
    if declared is None or declared.scrape is None:
        return
    prometheus = repository.document(prometheus_config.id)
    compose = repository.document(declared.scrape.compose)
    origin = repository.origin_of(prometheus_config.id)
    server = monitoring_wiring.server_problems(compose)
    if not expect.no_problems(server, "Prometheus service", at=origin):
        return
    options = monitoring_wiring.option_problems(compose)
    expect.no_problems(options, "Prometheus options", at=origin)
    mounted = monitoring_wiring.config_problems(compose, prometheus)
    expect.no_problems(mounted, "Prometheus configuration", at=origin)
    rules = monitoring_wiring.rule_problems(compose, prometheus, repository.paths)
    if expect.no_problems(rules, "rule files", at=origin):
        loaded = monitoring_wiring.loaded_rule_files(compose, prometheus, repository.paths)
        for path in declared.rule_files or ():
            seen = "loaded" if path in loaded else "not loaded"
            expect.equal("loaded", seen, f"rule file {path}", at=origin)
    link = monitoring_wiring.alertmanager_problems(compose, prometheus)
    sound = expect.no_problems(link, "Alertmanager", at=origin)
    if sound and not monitoring_wiring.connected_alertmanagers(compose, prometheus):
        reason = "its Alertmanagers are outside of the Compose file, or found at run time"
        raise NotObserved(reason, origin)
