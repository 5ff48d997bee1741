"""What checks see of a DigitalOcean account: one fixture for each kind of thing in it.

A fixture named here gives `Observed[tuple[…]]`: everything of its kind that the account holds. One
of `NAMED` gives the single thing that the subject declares; that it is not there is a deviation,
for the list it was looked for in has been seen. What the API would not tell is not observed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.findings import NonCompliant, NotObserved, Observed, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.model import Environment
    from plimsoll.facts.cloud_reading import Reading
    from plimsoll.pytest_plugin.examination import Examination


@dataclass(frozen=True, slots=True)
class Source:
    """A read of the API, the function that makes facts of it, and whose details they are.

    `facts` is `module:function` below `plimsoll.semantics.digitalocean`; `of` the attribute of the
    subject that names what the details belong to, empty for what the account as a whole holds.
    """

    read: str
    facts: str
    of: str = ""


SOURCES: dict[str, Source] = {
    "apps": Source("apps", "apps:apps"),
    "app_deployments": Source("app-deployments", "deployments:deployments", "app"),
    "app_events": Source("app-events", "deployments:events", "app"),
    "app_instances": Source("app-instances", "instances:instances", "app"),
    "app_health": Source("app-health", "instances:component_health", "app"),
    "app_alerts": Source("app-alerts", "app_alerts:app_alerts", "app"),
    "instance_sizes": Source("app-sizes", "sizes:sizes"),
    "alert_policies": Source("alert-policies", "monitoring:policies"),
    "uptime_checks": Source("uptime-checks", "monitoring:uptime_checks"),
    "uptime_alerts": Source("uptime-alerts", "monitoring:uptime_alerts", "uptime"),
    "uptime_state": Source("uptime-state", "monitoring:uptime_state", "uptime"),
    "databases": Source("databases", "databases:databases"),
    "database_backups": Source("database-backups", "databases:backups", "database"),
    "database_firewall": Source("database-firewall", "databases:firewall", "database"),
    "database_replicas": Source("database-replicas", "databases:replicas", "database"),
    "database_pools": Source("database-pools", "databases:pools", "database"),
    "load_balancers": Source("load-balancers", "load_balancers:load_balancers"),
    "certificates": Source("certificates", "certificates:certificates"),
    "cdn_endpoints": Source("cdn-endpoints", "cdn:cdn_endpoints"),
    "firewalls": Source("firewalls", "firewalls:firewalls"),
    "droplets": Source("droplets", "droplets:droplets"),
    "pools": Source("droplet-pools", "droplets:pools"),
    "pool_members": Source("pool-members", "droplets:members", "pool"),
    "domain_records": Source("domain-records", "domains:records", "zone"),
}

NAMED: dict[str, tuple[str, str]] = {
    "app": ("apps", "app"),
    "uptime_check": ("uptime_checks", "uptime"),
    "database": ("databases", "database"),
    "load_balancer": ("load_balancers", "load_balancer"),
    "global_load_balancer": ("load_balancers", "steering"),
    "cdn_endpoint": ("cdn_endpoints", "cdn"),
    "pool": ("pools", "pool"),
}
"""Fixture → where it is looked for, and the attribute of the subject that names it."""


def key(declared: object) -> str:
    """Return what a declared thing is found by: its id where it has one, else its name."""
    if isinstance(declared, str):
        return declared
    for attribute in ("id", "name", "load_balancer", "origin"):
        value = getattr(declared, attribute, None)
        if value:
            return str(value)
    message = f"nothing to find it by: {declared!r}"
    raise TypeError(message)


def probe(environment: Environment, source: Source, subject: object) -> DigitalOceanProbe | None:
    """Return the read for a subject; None where the subject has nothing of that kind."""
    if environment.digitalocean is None:
        return None
    token = environment.digitalocean.token
    if not source.of:
        return DigitalOceanProbe(source.read, credential=token)
    declared = getattr(subject, source.of, None)
    return declared and DigitalOceanProbe(source.read, key(declared), token)


def seen(examination: Examination, name: str) -> Observed[tuple[Any, ...]]:
    """Return everything of a kind. Raises NotObserved where the API did not tell."""
    source = SOURCES[name]
    planned = probe(examination.environment, source, examination.subject)
    if planned is None:
        raise NotObserved("no account is declared", Origin("do", source.read))
    reading: Observed[Reading] = examination.observed(planned)
    return facts(reading, source)


def facts(reading: Observed[Reading], source: Source) -> Observed[tuple[Any, ...]]:
    """Return the facts of a reading. Raises NotObserved where it does not hold what it must."""
    from plimsoll.semantics.digitalocean.answer import UntoldError  # noqa: PLC0415 (lazy)

    try:
        made = _made(reading.value, source)
    except UntoldError as untold:
        raise NotObserved(str(untold), reading.origin) from None
    return Observed(made, reading.origin, reading.at)


@lru_cache(maxsize=512)
def _made(reading: Reading, source: Source) -> tuple[Any, ...]:
    """Return the facts of an answer, worked out once however many checks read them."""
    from plimsoll.semantics.digitalocean.answer import read_answer  # noqa: PLC0415 (lazy)

    module, _, function = source.facts.partition(":")
    make = getattr(import_module(f"plimsoll.semantics.digitalocean.{module}"), function)
    return tuple(make(read_answer(reading)))


def named(examination: Examination, name: str) -> Observed[Any]:
    """Return the one thing that the subject declares; that it is absent is a deviation."""
    listing, attribute = NAMED[name]
    declared = getattr(examination.subject, attribute)
    return single(examination, seen(examination, listing), name, declared)


def single(
    examination: Examination, found: Observed[tuple[Any, ...]], name: str, declared: object
) -> Observed[Any]:
    """Return the one thing among those found that is declared; `name` says what it is.

    Raises NonCompliant, with a deviation, where it is absent, NotObserved where there are several.
    """
    wanted = key(declared)
    matching = [one for one in found.value if wanted in {one.id, one.name}]
    if len(matching) > 1:
        raise NotObserved(f"the account holds {len(matching)} called {wanted}", found.origin)
    if not matching:
        what = f"{name.replace('_', ' ')} {wanted}"
        examination.expect.missing(what, expected="it in the account", at=found.origin)
        raise NonCompliant(tuple(examination.expect.deviations))
    return Observed(matching[0], found.origin.at(matching[0].where), found.at)


def plans() -> dict[str, tuple[Callable[[Environment, object], DigitalOceanProbe | None], ...]]:
    """Return the probes that each of these fixtures needs, as the plan of observations has it."""

    def plan(name: str) -> Callable[[Environment, object], DigitalOceanProbe | None]:
        return lambda environment, subject: probe(environment, SOURCES[name], subject)

    listings = {name: name for name in SOURCES} | {name: one for name, (one, _) in NAMED.items()}
    return {name: (plan(listing),) for name, listing in listings.items()}


class AccountFixtures:
    """The fixtures of this module, as pytest collects them."""


def _fixture(name: str, look: Callable[[Examination, str], object]) -> object:
    @pytest.fixture(name=name)
    def fixture(_self: object, examination: Examination) -> object:
        return look(examination, name)

    return fixture


for _name in SOURCES:
    setattr(AccountFixtures, _name, _fixture(_name, seen))
for _name in NAMED:
    setattr(AccountFixtures, _name, _fixture(_name, named))
