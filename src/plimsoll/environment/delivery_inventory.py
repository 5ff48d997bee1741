"""What is declared of building, stopping, caching and sharing, as subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Subjects, Target, Undeclared, targets

if TYPE_CHECKING:
    from plimsoll.environment.delivery_model import (
        Build,
        CacheRule,
        DeployScript,
        MemoryLimit,
        Shutdown,
    )
    from plimsoll.environment.model import Environment


@dataclass(frozen=True, slots=True)
class BuildSubject:
    """How the system is built."""

    id: str
    build: Build


@dataclass(frozen=True, slots=True)
class ShutdownSubject:
    """How the application must end."""

    id: str
    shutdown: Shutdown


@dataclass(frozen=True, slots=True)
class DeployScriptSubject:
    """The script that deploys."""

    id: str
    script: DeployScript


@dataclass(frozen=True, slots=True)
class CachedTarget(Target):
    """An endpoint, and what is required of its `Cache-Control`."""

    rule: CacheRule | None = None


@dataclass(frozen=True, slots=True)
class MemoryTarget(Target):
    """An endpoint whose health document states how much memory is in use."""

    memory: MemoryLimit | None = None


def builds(environment: Environment) -> Subjects[BuildSubject]:
    """Return how the system is built, where that is declared."""
    if environment.build is None:
        return Undeclared("no build is declared")
    return (BuildSubject(environment.build.manifest, environment.build),)


def runtimes(environment: Environment) -> Subjects[BuildSubject]:
    """Return the build, where a least version of its runtime is declared."""
    if environment.build is None or environment.build.runtime_at_least is None:
        return Undeclared("no version of a runtime is declared")
    return builds(environment)


def shutdowns(environment: Environment) -> Subjects[ShutdownSubject]:
    """Return how the application must end, where that is declared."""
    if environment.shutdown is None:
        return Undeclared("no shutdown is declared")
    return (ShutdownSubject(environment.shutdown.source, environment.shutdown),)


def deploy_scripts(environment: Environment) -> Subjects[DeployScriptSubject]:
    """Return the script that deploys, where one is declared."""
    script = environment.deploy_script
    if script is None:
        return Undeclared("no script that deploys is declared")
    return (DeployScriptSubject(script.path, script),)


def cached_targets(environment: Environment, kind: str) -> Subjects[CachedTarget]:
    """Return the endpoints of a kind (`asset`, `page`) for whose responses a rule is declared."""
    caching = environment.caching
    rule = caching and {"asset": caching.asset, "page": caching.page}[kind]
    if not rule:
        return Undeclared(f"no caching is declared for endpoints of kind {kind}")
    found = targets(environment, [kind])
    if isinstance(found, Undeclared):
        return found
    return tuple(
        CachedTarget(one.id, one.kind, one.url, one.region, one.within_ms, one.p95_ms, rule)
        for one in found
    )


def shared_targets(environment: Environment) -> Subjects[Target]:
    """Return the endpoints for which it is declared which origins may read them."""
    cors = environment.cors
    if cors is None:
        return Undeclared("no CORS rules are declared")
    found = targets(environment)
    if isinstance(found, Undeclared):
        return found
    shared = tuple(one for one in found if one.id.rpartition("/")[2] in cors.endpoints)
    return shared or Undeclared("no endpoint has a name that the CORS rules name")


def memory_targets(environment: Environment) -> Subjects[MemoryTarget]:
    """Return the health endpoints that state memory, where a limit is declared."""
    limit = environment.memory
    if limit is None or limit.health_key is None:
        return Undeclared("no limit of reported memory is declared")
    found = targets(environment, ["health"])
    if isinstance(found, Undeclared):
        return found
    return tuple(
        MemoryTarget(one.id, one.kind, one.url, one.region, one.within_ms, one.p95_ms, limit)
        for one in found
    )
