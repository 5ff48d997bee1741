"""Prometheus scrapes every service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.monitoring_api.prometheus import targets_of
from plimsoll.semantics.scrape_coverage import discovering_jobs, scrape_attempts

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.monitoring_inventory import WatchedService
    from plimsoll.environment.monitoring_model import PrometheusServer
    from plimsoll.environment.repository_model import Scrape
    from plimsoll.facts.scrape_target import ScrapeTarget
    from plimsoll.findings import Expect, Origin
    from plimsoll.pytest_plugin.monitoring_view import MonitoringView
    from plimsoll.pytest_plugin.repository_view import RepositoryView

SCRAPED = ("up", "down")
"""What the health of a target is once it has been scraped."""


@pytest.mark.control("MET-04")
def test_prometheus_scrapes_the_service(
    scraped_service: WatchedService,
    monitored: MonitoringView,
    environment: Environment,
    expect: Expect,
) -> None:
    """Look in the Prometheus configuration, and ask Prometheus, for a target on the service.

    The target may be its exporter instead. In the configuration it must be a running service of the
    Compose file, on a network of Prometheus, asked at a port it listens on inside its container and
    at a path that serves metrics, and be software that answers HTTP. Relabeling must not drop it,
    the files that the job reads must be mounted, and no rule may be meant for series that
    relabeling of metrics never sees. Of several targets the soundest is judged. Where a running
    Prometheus is declared, it must have such a target, by its label service or job or by its
    instance, in every region where a label tells regions, and the last scrape of each must have
    been well. One that was not scraped yet is not known.
    """
    if scraped_service.scrape is not None:
        with monitored.apart():
            repository = monitored.repository()
            _judge_configured(repository, scraped_service, scraped_service.scrape, expect)
    if scraped_service.prometheus is not None:
        with monitored.apart():
            found = monitored.targets()
            names = scraped_service.id, scraped_service.exporter
            own = targets_of(found.value, *names)
            _judge_targets(own, scraped_service, expect, found.origin)
            _judge_regions(own, scraped_service.prometheus, environment, expect, found.origin)
            _require_scraped(own, found.origin)


def _judge_configured(
    repository: RepositoryView, service: WatchedService, scrape: Scrape, expect: Expect
) -> None:
    exporter = service.exporter
    prometheus = repository.document(scrape.config)
    compose = repository.document(scrape.compose)
    origin = repository.origin_of(scrape.config)
    attempts = scrape_attempts(compose, prometheus, service.id, exporter, repository.paths)
    if not attempts:
        found_at_run_time = discovering_jobs(prometheus)
        if found_at_run_time:
            jobs = ", ".join(found_at_run_time)
            raise NotObserved(f"the targets of {jobs} are discovered at run time", origin)
        expected = f"a target on {exporter or service.id}"
        expect.missing("scrape target", expected=expected, at=origin)
        return
    soundest = attempts[0]
    expect.no_problems(soundest.problems, f"scrape job {soundest.job}", at=origin)
    if not soundest.problems and soundest.doubts:
        raise NotObserved("; ".join(soundest.doubts), origin)


def _judge_targets(
    own: tuple[ScrapeTarget, ...], service: WatchedService, expect: Expect, at: Origin
) -> None:
    if not own:
        expected = f"a target on {service.exporter or service.id} that Prometheus scrapes"
        expect.missing("running target", expected=expected, at=at)
    for one in own:
        if one.health in SCRAPED:
            why = f"{one.health}: {one.last_error}" if one.last_error else one.health
            expect.that(
                one.health == "up",
                f"target {one.instance}",
                observed=why,
                expected="up",
                at=at.at(one.where),
            )


def _judge_regions(
    own: tuple[ScrapeTarget, ...],
    prometheus: PrometheusServer,
    environment: Environment,
    expect: Expect,
    at: Origin,
) -> None:
    label = prometheus.region_label
    if label is None or not own:
        return
    told = {one.labels.get(label) for one in own}
    for region in environment.regions or ():
        expect.that(
            region.id in told,
            f"running target in {region.id}",
            observed=None,
            expected=f'one with {label}="{region.id}"',
            at=at,
        )


def _require_scraped(own: tuple[ScrapeTarget, ...], at: Origin) -> None:
    waiting = sorted(one.instance for one in own if one.health not in SCRAPED)
    if waiting:
        raise NotObserved(f"not scraped yet: {', '.join(waiting)}", at)
