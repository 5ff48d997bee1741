"""Which probes each fact fixture needs for a subject: the plan of what will be looked at.

The same functions plan the observation before the first test and find the observation again inside
it, so that a fact can never be read that was not planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.environment.automation_inventory import LoadTestSubject, RollbackSubject
from plimsoll.environment.inventory import DnsSubject, Target, WebHost
from plimsoll.environment.repository_inventory import FileSubject
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.handshake import TlsProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.facts.tool_output import ToolProbe

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.model import Environment
    from plimsoll.facts.probe import Probe

SAMPLE_SIZE = 20
"""Enough for a 95th percentile to be the second slowest answer, few enough to be no load."""

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


def plain_get(environment: Environment, subject: object) -> HttpProbe:
    """Return a GET of the host without TLS."""
    return HttpProbe(_host(subject).plain_url)


def unknown_path_get(environment: Environment, subject: object) -> HttpProbe:
    """Return a GET of a page that nobody has."""
    return HttpProbe(_sibling(subject, UNKNOWN_PATH))


def malformed_get(environment: Environment, subject: object) -> HttpProbe:
    """Return a GET with a malformed path."""
    return HttpProbe(_sibling(subject, MALFORMED_PATH))


def handshake(environment: Environment, subject: object) -> TlsProbe:
    """Return a TLS handshake with the subject's host."""
    host = _host(subject)
    return TlsProbe(host.host, host.port)


def dns(environment: Environment, subject: object) -> DnsProbe:
    """Return the question for the subject's DNS record."""
    if not isinstance(subject, DnsSubject):
        message = f"not a DNS record: {subject!r}"
        raise TypeError(message)
    return DnsProbe(subject.record.name, subject.record.type)


def repository(environment: Environment, subject: object) -> RepositoryProbe:
    """Return everything the environment declares to be read from the repository."""
    return RepositoryProbe(declared_paths(environment))


def shellcheck(environment: Environment, subject: object) -> ToolProbe:
    """Return the static analysis of the subject's script."""
    return ToolProbe("shellcheck", _script(subject).id)


def k6_options(environment: Environment, subject: object) -> ToolProbe:
    """Return the evaluation of the load test's options with the declared settings."""
    if not isinstance(subject, LoadTestSubject):
        message = f"not a load test: {subject!r}"
        raise TypeError(message)
    settings = tuple(sorted(subject.load_test.settings.items()))
    return ToolProbe("k6-options", subject.id, settings)


def k6_version(environment: Environment, subject: object) -> ToolProbe:
    """Return the question for the version of k6."""
    return ToolProbe("k6-version")


PROBES: dict[str, tuple[Callable[[Environment, object], Probe], ...]] = {
    "exchange": (get,),
    "authorized_exchange": (authorized_get,),
    "sample": (sample,),
    "burst": (burst,),
    "plain_sighting": (plain_get,),
    "unknown_path_exchange": (unknown_path_get,),
    "malformed_exchange": (malformed_get,),
    "handshake": (handshake,),
    "dns_answers": (dns,),
    "repository": (repository,),
    "autoscalers": (repository,),
    "shellcheck": (repository, shellcheck),
    "k6_options": (repository, k6_options),
    "k6_version": (k6_version,),
}
"""Fact fixture → the probes it needs."""


def declared_paths(environment: Environment) -> tuple[str, ...]:
    """Return every path and pattern that the `repository` section names, sorted."""
    declared = environment.repository
    if declared is None:
        return ()
    found = {required.path for required in declared.files or ()}
    found.update(declared.executables or (), declared.rule_files or ())
    found.update(declared.images or (), declared.documents or ())
    found.update(compose.path for compose in declared.compose or ())
    found.update(source.path for source in declared.health_sources or ())
    if declared.secrets:
        found.update(required.path for required in declared.secrets.files)
    if declared.scrape:
        found.update((declared.scrape.config, declared.scrape.compose))
    if declared.dashboards:
        found.update(declared.dashboards.paths)
        found.update(f"**/{folder}/**/*.y*ml" for folder in GRAFANA_FOLDERS)
        found.update([declared.dashboards.compose] if declared.dashboards.compose else [])
    if declared.rollback:
        found.add(declared.rollback.script)
    if declared.load_test:
        found.update((declared.load_test.script, declared.load_test.runner))
    singles = (declared.app_spec, declared.hpa, declared.scaling_monitor)
    found.update(path for path in singles if path)
    return tuple(sorted(found))


def _target(subject: object) -> Target | WebHost:
    if not isinstance(subject, Target | WebHost):
        message = f"not an endpoint: {subject!r}"
        raise TypeError(message)
    return subject


def _host(subject: object) -> WebHost:
    if not isinstance(subject, WebHost):
        message = f"not a host: {subject!r}"
        raise TypeError(message)
    return subject


def _script(subject: object) -> FileSubject | RollbackSubject | LoadTestSubject:
    if not isinstance(subject, FileSubject | RollbackSubject | LoadTestSubject):
        message = f"not a script: {subject!r}"
        raise TypeError(message)
    return subject


def _sibling(subject: object, path: str) -> str:
    host = _host(subject)
    port = "" if host.port == 443 else f":{host.port}"
    return f"https://{host.host}{port}{path}"
