"""Which probes each fact fixture needs for a subject: the plan of what will be looked at.

The same functions plan the observation before the first test and find the observation again inside
it, so that a fact can never be read that was not planned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from plimsoll.environment.automation_inventory import LoadTestSubject, RollbackSubject
from plimsoll.environment.contract_inventory import CountedMetrics
from plimsoll.environment.delivery_inventory import DeployScriptSubject, ShutdownSubject
from plimsoll.environment.inventory import Target, WebHost
from plimsoll.environment.region_inventory import RegionSubject
from plimsoll.environment.repository_inventory import FileSubject
from plimsoll.environment.scaling_inventory import (
    ComponentSubject,
    ScalingInSubject,
    ScalingOutSubject,
)
from plimsoll.facts.counted_traffic import ContractProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.facts.shutdown import ShutdownProbe
from plimsoll.facts.tool_output import ToolProbe
from plimsoll.pytest_plugin import (
    account,
    alerting,
    domains,
    edges,
    exposure,
    monitoring,
    region_plan,
    rehearsal,
    store,
)
from plimsoll.pytest_plugin.narrowing import narrowed
from plimsoll.semantics import cross_origin

if TYPE_CHECKING:
    from plimsoll.environment.model import Component, Environment
    from plimsoll.facts.cloud_reading import DigitalOceanProbe
    from plimsoll.facts.probe import Probe

SAMPLE_SIZE = 20
"""Enough for a 95th percentile to be the second slowest answer, few enough to be no load."""

WORKFLOWS = ".github/workflows/*.y*ml"
"""Where the jobs stand that may call the load test."""

GRAFANA_FOLDERS = ("grafana", "provisioning", "datasources", "dashboards")
"""Where the files that provision a Grafana stand; one elsewhere is said not to have been read."""

UNKNOWN_PATH = "/plimsoll-asks-for-a-page-that-does-not-exist"
MALFORMED_PATH = "/%E0%A4%A"
"""A percent escape cut short: well-formed enough to be sent, malformed enough to be refused."""


def get(environment: Environment, subject: object) -> HttpProbe:
    """Return a plain GET of the subject's URL."""
    return HttpProbe(_target(subject).url)


def authorized_get(environment: Environment, subject: object) -> HttpProbe:
    """Return a GET that carries the credential declared for metrics, if there is one."""
    credential = environment.metrics.credential if environment.metrics else None
    return HttpProbe(_target(subject).url, credential=credential or "")


def sample(environment: Environment, subject: object) -> HttpProbe:
    """Return a small sample of GETs, one after the other."""
    return HttpProbe(_target(subject).url, count=SAMPLE_SIZE)


def burst(environment: Environment, subject: object) -> HttpProbe:
    """Return one GET more than the declared rate limit allows."""
    limit = environment.health.rate_limit if environment.health else None
    if limit is None:
        message = "a burst needs a declared rate limit"
        raise ValueError(message)
    return HttpProbe(_target(subject).url, count=limit.requests + 1, exercise="burst")


def counted_traffic(environment: Environment, subject: object) -> ContractProbe:
    """Return the declared traffic, between scrapes of the subject's metrics."""
    counted = narrowed(subject, "counted metrics", CountedMetrics)
    credential = environment.metrics.credential if environment.metrics else None
    return ContractProbe(
        metrics_url=counted.metrics_url,
        traffic_url=counted.traffic_url,
        failing_url=counted.failing_url,
        requests=counted.contract.requests,
        failures=counted.contract.failures,
        credential=credential or "",
        settle_seconds=counted.contract.settle_seconds,
    )


def plain_get(environment: Environment, subject: object) -> HttpProbe:
    """Return a GET of the host without TLS."""
    return HttpProbe(_host(subject).plain_url)


def unknown_path_get(environment: Environment, subject: object) -> HttpProbe:
    """Return a GET of a page that nobody has."""
    return HttpProbe(_sibling(subject, UNKNOWN_PATH))


def malformed_get(environment: Environment, subject: object) -> HttpProbe:
    """Return a GET with a malformed path."""
    return HttpProbe(_sibling(subject, MALFORMED_PATH))


def by_origin(environment: Environment, subject: object) -> tuple[HttpProbe, ...]:
    """Return a GET in the name of every declared origin and of strangers, and their preflights."""
    url = _target(subject).url
    declared = environment.cors.origins if environment.cors else ()
    foreign = cross_origin.strangers(declared)
    asked = ("access-control-request-method", "POST")
    return (
        *(HttpProbe(url, headers=(("origin", origin),)) for origin in (*declared, *foreign)),
        *(
            HttpProbe(url, method="OPTIONS", headers=(("origin", origin), asked))
            for origin in foreign
        ),
    )


def repository(environment: Environment, subject: object) -> RepositoryProbe:
    """Return everything the environment declares to be read from the repository."""
    return RepositoryProbe(declared_paths(environment))


def monitored_files(environment: Environment, subject: object) -> RepositoryProbe | None:
    """Return the repository, where its files tell about a subject of monitoring."""
    return repository(environment, subject) if monitoring.reads_files(subject) else None


def autoscaler_files(environment: Environment, subject: object) -> RepositoryProbe | None:
    """Return the repository, where an autoscaler of the component is declared to be in it."""
    declared, component = environment.repository, _component(subject)
    if declared is None:
        return None
    in_spec, in_hpa = declared.app_spec and component.app_spec, declared.hpa and component.hpa
    return repository(environment, subject) if in_spec or in_hpa else None


def autoscaler_apps(environment: Environment, subject: object) -> DigitalOceanProbe | None:
    """Return the list of apps, where the component is declared to run in them."""
    told = environment.digitalocean
    if told is None or told.apps is None or not _component(subject).app:
        return None
    return account.probe(environment, account.SOURCES["apps"], subject)


def autoscaler_pools(environment: Environment, subject: object) -> DigitalOceanProbe | None:
    """Return the list of droplet pools, where the component is declared to run in one."""
    if not _component(subject).pool:
        return None
    return account.probe(environment, account.SOURCES["pools"], subject)


def shellcheck(environment: Environment, subject: object) -> ToolProbe:
    """Return the static analysis of the subject's script."""
    return ToolProbe("shellcheck", _script(subject).id)


def k6_options(environment: Environment, subject: object) -> ToolProbe:
    """Return the evaluation of the load test's options with the declared settings."""
    script = narrowed(subject, "a load test", LoadTestSubject)
    settings = tuple(sorted(script.load_test.settings.items()))
    return ToolProbe("k6-options", script.id, settings)


def k6_version(environment: Environment, subject: object) -> ToolProbe:
    """Return the question for the version of k6."""
    return ToolProbe("k6-version")


def listed_apps(environment: Environment, subject: object) -> DigitalOceanProbe | None:
    """Return the list of the account's apps, where any app is declared."""
    declared = environment.digitalocean
    if declared is None or not declared.apps:
        return None
    return account.probe(environment, account.SOURCES["apps"], subject)


def shutdown(environment: Environment, subject: object) -> ShutdownProbe | None:
    """Return the rehearsal of a shutdown, where it is declared how to start the application."""
    if not isinstance(subject, ShutdownSubject) or subject.shutdown.start is None:
        return None
    start = subject.shutdown.start
    return ShutdownProbe(
        command=start.command,
        port_variable=start.port_variable,
        ready_path=start.ready_path,
        path=start.slow_path,
        timeout_seconds=subject.shutdown.timeout_seconds,
    )


Plan = Callable[["Environment", object], "Probe | tuple[Probe, ...] | None"]

PROBES: dict[str, tuple[Plan, ...]] = {
    "exchange": (get,),
    "authorized_exchange": (authorized_get,),
    "sample": (sample,),
    "burst": (burst,),
    "counted_traffic": (counted_traffic,),
    "plain_sighting": (plain_get,),
    "unknown_path_exchange": (unknown_path_get,),
    "malformed_exchange": (malformed_get,),
    "exchanges_by_origin": (by_origin,),
    "repository": (repository,),
    "delivery": (repository,),
    "autoscalers": (autoscaler_files, autoscaler_apps, autoscaler_pools),
    "regional": (region_plan.region_answer, region_plan.region_apps, region_plan.region_health),
    "rules": (repository, alerting.certificate_plan),
    "acceptance": (repository, alerting.acceptance_plan),
    "shellcheck": (repository, shellcheck),
    "k6_options": (repository, k6_options),
    "k6_version": (k6_version,),
    "rehearsal": (rehearsal.rehearsal_plan,),
    "vantages": (repository, listed_apps, shutdown),
    **account.plans(),
    **store.PLANS,
    **domains.PLANS,
    **edges.PLANS,
    "scraped_world": (repository, exposure.exposition_plan),
    "exposure": (repository, exposure.exposition_plan),
    "monitored": (monitored_files, monitoring.reads_plan, monitoring.uptime_plan),
}
"""Fact fixture → the probes it needs; a plan may need none, or several, for a subject."""


def declared_paths(environment: Environment) -> tuple[str, ...]:
    """Return every path and pattern that the `repository` section names, sorted."""
    found = _paths_of_delivery(environment)
    declared = environment.repository
    if declared is None:
        return tuple(sorted(found))
    found.update(required.path for required in declared.files or ())
    found.update(declared.executables or (), declared.rule_files or ())
    found.update(declared.images or (), declared.documents or ())
    found.update(compose.path for compose in declared.compose or ())
    found.update(source.path for source in declared.health_sources or ())
    if declared.secrets:
        found.update(required.path for required in declared.secrets.files)
    if declared.scrape:
        found.update((declared.scrape.config, declared.scrape.compose))
        found.update(path for paths in declared.scrape.textfiles.values() for path in paths)
    if declared.dashboards:
        found.update(declared.dashboards.paths)
        found.update(f"**/{folder}/**/*.y*ml" for folder in GRAFANA_FOLDERS)
        found.update([declared.dashboards.compose] if declared.dashboards.compose else [])
    if declared.rollback:
        found.add(declared.rollback.script)
    if declared.load_test:
        found.update((declared.load_test.script, declared.load_test.runner, WORKFLOWS))
        found.update([declared.load_test.config] if declared.load_test.config else [])
    shipper = environment.logs.shipper if environment.logs else None
    singles = (declared.app_spec, declared.hpa, declared.scaling_monitor, shipper)
    found.update(path for path in singles if path)
    return tuple(sorted(found))


def _component(subject: object) -> Component:
    if not isinstance(subject, ComponentSubject | ScalingOutSubject | ScalingInSubject):
        message = f"not a scaled component: {subject!r}"
        raise TypeError(message)
    return subject.component


def _paths_of_delivery(environment: Environment) -> set[str]:
    """Return the paths that other sections name: how it is built, stopped and deployed."""
    build, ending, script = environment.build, environment.shutdown, environment.deploy_script
    found = [ending.source if ending else None, script.path if script else None]
    found += [environment.alerts.config if environment.alerts else None]
    if build:
        found += [build.manifest, build.lock_file, build.astro_config, build.app_spec]
    apps = (environment.digitalocean.apps if environment.digitalocean else None) or ()
    found += [app.reviewed_spec for app in apps]
    return {path for path in found if path}


def _target(subject: object) -> Target | WebHost:
    """Return what is asked over HTTP: an endpoint, a host, or where a region tells its health."""
    if isinstance(subject, RegionSubject) and subject.endpoint:
        return subject.endpoint
    if not isinstance(subject, Target | WebHost):
        message = f"not an endpoint: {subject!r}"
        raise TypeError(message)
    return subject


def _host(subject: object) -> WebHost:
    return narrowed(subject, "a host", WebHost)


def _script(
    subject: object,
) -> FileSubject | RollbackSubject | LoadTestSubject | DeployScriptSubject:
    scripts = FileSubject | RollbackSubject | LoadTestSubject | DeployScriptSubject
    if not isinstance(subject, scripts):
        message = f"not a script: {subject!r}"
        raise TypeError(message)
    return subject


def _sibling(subject: object, path: str) -> str:
    host = _host(subject)
    port = "" if host.port == 443 else f":{host.port}"
    return f"https://{host.host}{port}{path}"
