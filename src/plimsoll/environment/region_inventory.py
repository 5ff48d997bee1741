"""The declared regions, as subjects: where each is asked, and the apps that serve it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Subjects, Target, Undeclared, regional_targets

if TYPE_CHECKING:
    from plimsoll.environment.cloud_model import App
    from plimsoll.environment.model import Environment


@dataclass(frozen=True, slots=True)
class RegionSubject:
    """A region; `endpoint` is None where it has none of its own that tells its health."""

    id: str
    endpoint: Target | None
    apps: tuple[App, ...]


def regions(environment: Environment) -> Subjects[RegionSubject]:
    """Return every region that an endpoint or an app is declared for."""
    endpoints = {one.region: one for one in regional_targets(environment)}
    declared = environment.digitalocean
    apps = declared.apps if declared and declared.apps else ()
    names = dict.fromkeys([*endpoints, *(app.region for app in apps)])
    found = tuple(
        RegionSubject(name, endpoints.get(name), tuple(one for one in apps if one.region == name))
        for name in names
    )
    return found or Undeclared("no region with an endpoint that tells its health is declared")
