"""A mocked environment: laid out compliant, then broken by faults, before it is started."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from plimsoll.environment.inventory import Undeclared, credentials, targets, web_hosts
from plimsoll.environment.problem import ConfigurationError
from plimsoll.worlds.blueprint import load_blueprint
from plimsoll.worlds.cloud_files import load_cloud
from plimsoll.worlds.dns_zone import NameService, lay_out_zones
from plimsoll.worlds.monitoring_files import load_monitoring
from plimsoll.worlds.object_store import load_store
from plimsoll.worlds.repository_copy import RepositoryCopy
from plimsoll.worlds.running import RunningWorld, start
from plimsoll.worlds.site import HostTls, Route, Site, VirtualHost
from plimsoll.worlds.site_plan import lay_out_site, public_hosts

if TYPE_CHECKING:
    from pathlib import Path

    from plimsoll.environment.cloud_model import Account
    from plimsoll.environment.inventory import Target
    from plimsoll.environment.model import Environment
    from plimsoll.worlds.cloud import Cloud
    from plimsoll.worlds.monitoring import MonitoringWorld
    from plimsoll.worlds.object_store import ObjectStore

__all__ = ["SOURCES", "RunningWorld", "World", "build", "start"]

SOURCES: Final = frozenset(
    {"http", "tls", "dns", "repository", "tools", "do", "spaces", "prom", "process", "rehearsal"}
)
"""The vantage points that can be withheld."""


@dataclass(slots=True)
class World:
    """Everything a mocked environment is made of, open to change until it is started.

    `certificates` holds each public host; `credentials` the random value of each environment
    variable that the environment file names; `programs` the scripts that stand in for programs of
    the machine.
    """

    environment: Environment
    site: Site
    certificates: dict[str, HostTls]
    names: NameService
    repository: RepositoryCopy | None
    credentials: dict[str, str] = field(repr=False)
    withheld: set[str] = field(default_factory=set)
    programs: dict[str, str] = field(default_factory=dict)
    account: Cloud | None = None
    object_store: ObjectStore | None = None
    watchers: MonitoringWorld | None = None

    @property
    def cloud(self) -> Cloud:
        """Return the mocked DigitalOcean account. Raises LookupError where the system has none."""
        if self.account is None:
            message = f"{self.environment.system} has no DigitalOcean account among its fixtures"
            raise LookupError(message)
        return self.account

    @property
    def declared_account(self) -> Account:
        """Return what is declared of the account. Raises LookupError where nothing is."""
        if self.environment.digitalocean is None:
            message = f"{self.environment.system} declares no account"
            raise LookupError(message)
        return self.environment.digitalocean

    @property
    def store(self) -> ObjectStore:
        """Return the mocked object store. Raises LookupError where the system has none."""
        if self.object_store is None:
            message = f"{self.environment.system} has no object store among its fixtures"
            raise LookupError(message)
        return self.object_store

    @property
    def monitoring(self) -> MonitoringWorld:
        """Return the mocked monitoring systems. Raises LookupError where the system has none."""
        if self.watchers is None:
            message = f"{self.environment.system} has no monitoring systems among its fixtures"
            raise LookupError(message)
        return self.watchers

    @property
    def files(self) -> RepositoryCopy:
        """Return the repository's copy. Raises LookupError where the system has none."""
        if self.repository is None:
            message = f"{self.environment.system} has no repository among its fixtures"
            raise LookupError(message)
        return self.repository

    def endpoint(self, identity: str) -> Route:
        """Return what answers at a declared target such as `fra1/health`.

        Raises LookupError where no such target is declared.
        """
        known = {one.id: one.url for one in self._targets()}
        if identity not in known:
            message = f"no target {identity}; there are {', '.join(known)}"
            raise LookupError(message)
        return self.site.route(known[identity])

    def endpoints(self, *kinds: str) -> tuple[Route, ...]:
        """Return what answers at every declared target of these kinds, or of all kinds.

        Raises LookupError where there is none: a change of nothing would go unnoticed.
        """
        found = [one.url for one in self._targets() if not kinds or one.kind in kinds]
        if not found:
            message = f"no endpoint of kind {' or '.join(kinds)} is declared"
            raise LookupError(message)
        return tuple(self.site.route(url) for url in found)

    def last_host(self, scheme: str) -> VirtualHost:
        """Return what the last public host answers with this scheme.

        Raises LookupError where no endpoint is served over HTTPS.
        """
        hosts = web_hosts(self.environment)
        if isinstance(hosts, Undeclared):
            raise LookupError(hosts.reason)  # noqa: TRY004 (nothing to break is declared)
        return self.site[f"{scheme}://{hosts[-1].host}"]

    def withhold(self, *sources: str) -> None:
        """Take vantage points away, every one where none is named: nothing is observed there.

        Raises ValueError for a source that does not exist.
        """
        unknown = sorted(set(sources) - SOURCES)
        if unknown:
            known = ", ".join(sorted(SOURCES))
            message = f"no source {', '.join(unknown)}; there are {known}"
            raise ValueError(message)
        self.withheld |= set(sources) or SOURCES

    def _targets(self) -> tuple[Target, ...]:
        found = targets(self.environment)
        return () if isinstance(found, Undeclared) else found


def build(environment: Environment, fixtures: Path) -> World:
    """Return the compliant world of an environment, made of `<fixtures>/<its fixtures folder>`.

    Raises ConfigurationError where the folder is not there or does not fit the environment.
    """
    folder = _folder(environment, fixtures)
    blueprint = load_blueprint(folder, environment)
    hosts = public_hosts(environment)
    days = blueprint.certificate.days_to_expiry
    least = environment.tls.minimum_version if environment.tls else "1.2"
    canaries = _canaries(environment)
    declared, watched = environment.digitalocean, environment.monitoring
    return World(
        environment=environment,
        site=lay_out_site(environment, blueprint),
        certificates={host: HostTls(hosts, days, minimum_version=least) for host in hosts},
        names=lay_out_zones(environment, blueprint.dns, hosts),
        repository=RepositoryCopy.of(folder),
        credentials=canaries,
        account=load_cloud(folder, canaries[declared.token]) if declared else None,
        object_store=load_store(folder),
        watchers=load_monitoring(folder, watched, canaries) if watched else None,
    )


def _folder(environment: Environment, fixtures: Path) -> Path:
    name = environment.fixtures
    if name is None:
        message = f"{environment.system}: fixtures: is missing; a mocked world is made of a folder"
        raise ConfigurationError((message,))
    there = sorted(path.name for path in fixtures.glob("*") if path.is_dir())
    if name not in there:
        known = ", ".join(there) or "none"
        message = f"fixtures: no folder {name} under {fixtures}; there are: {known}"
        raise ConfigurationError((message,))
    return fixtures / name


def _canaries(environment: Environment) -> dict[str, str]:
    """Return values that no masking recognizes, so that one that leaks is found where it went."""
    return {name: f"canary-{secrets.token_hex(20)}" for name in credentials(environment)}
