"""What is declared of a DigitalOcean account, as subjects, each with what is required of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from plimsoll.environment.inventory import Subjects, Undeclared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from plimsoll.environment.cloud_model import (
        Account,
        App,
        AppDomain,
        Cdn,
        Database,
        DropletPool,
        LoadBalancer,
        Machines,
        Policy,
        Steering,
        Uptime,
    )
    from plimsoll.environment.model import Component, Environment, Instances

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class AppSubject:
    """An App Platform app."""

    id: str
    app: App


@dataclass(frozen=True, slots=True)
class DomainSubject:
    """A domain of an app."""

    id: str
    app: App
    domain: AppDomain


@dataclass(frozen=True, slots=True)
class AppComponentSubject:
    """A component in one app, and how many instances it may and must have there."""

    id: str
    component: Component
    limits: Instances
    app: App


@dataclass(frozen=True, slots=True)
class PoolComponentSubject:
    """A component in a droplet pool, and how many machines it may and must have there."""

    id: str
    component: Component
    limits: Instances
    pool: DropletPool


@dataclass(frozen=True, slots=True)
class DatabaseSubject:
    """A managed database cluster."""

    id: str
    database: Database


@dataclass(frozen=True, slots=True)
class LoadBalancerSubject:
    """A regional load balancer."""

    id: str
    load_balancer: LoadBalancer


@dataclass(frozen=True, slots=True)
class PolicySubject:
    """An alert policy; `scope` is `droplet` or `database`."""

    id: str
    scope: str
    policy: Policy
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UptimeSubject:
    """An uptime check."""

    id: str
    uptime: Uptime


@dataclass(frozen=True, slots=True)
class SteeringSubject:
    """The global load balancer."""

    id: str
    steering: Steering


@dataclass(frozen=True, slots=True)
class CdnSubject:
    """A CDN endpoint."""

    id: str
    cdn: Cdn


@dataclass(frozen=True, slots=True)
class MachinesSubject:
    """The droplets of the system, as one."""

    id: str
    machines: Machines


def apps(
    environment: Environment,
    wanted: Callable[[App, Account], bool] = lambda _app, _account: True,
    what: str = "App Platform app",
) -> Subjects[AppSubject]:
    """Return the declared apps of which something is required."""
    account = environment.digitalocean
    declared = account.apps if account and account.apps else ()
    return _listed(
        (AppSubject(app.name, app) for app in declared if account and wanted(app, account)), what
    )


def domains(environment: Environment) -> Subjects[DomainSubject]:
    """Return every declared domain of every app."""
    account = environment.digitalocean
    return _listed(
        (
            DomainSubject(domain.name, app, domain)
            for app in (account.apps or () if account else ())
            for domain in app.domains or ()
        ),
        "domain of an app",
    )


def app_components(environment: Environment) -> Subjects[AppComponentSubject]:
    """Return every scaled component in each app that runs it."""
    scaling, account = environment.scaling, environment.digitalocean
    return _listed(
        (
            AppComponentSubject(f"{app.name}/{part.name}", part, scaling.instances, app)
            for part in (scaling.components if scaling else ())
            for app in (account.apps or () if account and part.app else ())
            if scaling
        ),
        "scaled component of an app",
    )


def pool_components(environment: Environment) -> Subjects[PoolComponentSubject]:
    """Return every scaled component that runs in a droplet pool."""
    scaling, account = environment.scaling, environment.digitalocean
    return _listed(
        (
            PoolComponentSubject(f"{pool.name}/{part.name}", part, scaling.instances, pool)
            for part in (scaling.components if scaling else ())
            for pool in (account.pools or () if account else ())
            if scaling and pool.name == part.pool
        ),
        "scaled component in a droplet pool",
    )


def databases(
    environment: Environment,
    wanted: Callable[[Database, Account], bool] = lambda _database, _account: True,
    what: str = "managed database",
) -> Subjects[DatabaseSubject]:
    """Return the declared databases of which something is required."""
    account = environment.digitalocean
    declared = account.databases if account and account.databases else ()
    return _listed(
        (DatabaseSubject(one.name, one) for one in declared if account and wanted(one, account)),
        what,
    )


def load_balancers(
    environment: Environment,
    wanted: Callable[[LoadBalancer], bool] = lambda _balancer: True,
    what: str = "load balancer",
) -> Subjects[LoadBalancerSubject]:
    """Return the declared regional load balancers of which something is required."""
    account = environment.digitalocean
    declared = account.load_balancers if account and account.load_balancers else ()
    return _listed((LoadBalancerSubject(one.name, one) for one in declared if wanted(one)), what)


def alert_policies(environment: Environment, scope: str) -> Subjects[PolicySubject]:
    """Return the alert policies of a scope: `droplet` or `database`."""
    account = environment.digitalocean
    declared = account.alert_policies if account else None
    scopes = {"droplet": declared.droplet, "database": declared.database} if declared else {}
    return _listed(
        (
            PolicySubject(f"{scope}-{policy.metric}", scope, policy, declared.channels)
            for policy in scopes.get(scope, ())
            if declared
        ),
        f"alert policy on a {scope}",
    )


def uptime_checks(environment: Environment, *, measured: bool = False) -> Subjects[UptimeSubject]:
    """Return the uptime checks; only where an availability is declared if it is to be measured."""
    account = environment.digitalocean
    declared = account.uptime if account and account.uptime else ()
    if measured and (account is None or account.availability_percent is None):
        return Undeclared("no availability is declared")
    return _listed((UptimeSubject(f"uptime-{one.name}", one) for one in declared), "uptime check")


def steering(environment: Environment) -> Subjects[SteeringSubject]:
    """Return the global load balancer, where one is declared."""
    account = environment.digitalocean
    declared = account.steering if account else None
    return _listed(
        [SteeringSubject(declared.load_balancer, declared)] if declared else [],
        "steering of traffic between regions",
    )


def cdn_endpoints(environment: Environment) -> Subjects[CdnSubject]:
    """Return the declared CDN endpoints."""
    account = environment.digitalocean
    declared = account.cdn if account and account.cdn else ()
    return _listed((CdnSubject(one.origin, one) for one in declared), "CDN endpoint")


def machines(environment: Environment) -> Subjects[MachinesSubject]:
    """Return the droplets of the system as one subject, where they are declared."""
    account = environment.digitalocean
    declared = account.machines if account else None
    return _listed([MachinesSubject(declared.tag, declared)] if declared else [], "machines")


def private_machines(environment: Environment) -> Subjects[MachinesSubject]:
    """Return the droplets where they must be in a private network."""
    found = machines(environment)
    if isinstance(found, Undeclared) or not found[0].machines.private_network:
        return Undeclared("no private network is declared")
    return found


def shielded_machines(environment: Environment) -> Subjects[MachinesSubject]:
    """Return the droplets where protection from floods is declared."""
    account = environment.digitalocean
    if account is None or account.protection is None or not account.protection.ddos:
        return Undeclared("no protection from floods is declared")
    return machines(environment)


def advised_domains(environment: Environment) -> Subjects[DomainSubject]:
    """Return the domains that stand below no other one, where advice on them is asked for."""
    if not environment.dns_advice:
        return Undeclared("no advice on domains is asked for")
    found = domains(environment)
    if isinstance(found, Undeclared):
        return found
    return tuple(one for one in found if not any(is_below(one, other) for other in found))


def is_below(one: DomainSubject, other: DomainSubject) -> bool:
    """Say whether a domain stands below another one."""
    return one.domain.name.endswith(f".{other.domain.name}")


def _listed(found: Iterable[S], what: str) -> tuple[S, ...] | Undeclared:
    listed = tuple(found)
    return listed or Undeclared(f"no {what} is declared")
