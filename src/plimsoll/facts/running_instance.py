"""What runs of an App Platform app at this moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunningInstance:
    """One running instance of a component."""

    id: str
    component: str
    where: str


@dataclass(frozen=True, slots=True)
class ComponentHealth:
    """A component's health as the platform sees it; what it does not tell is None.

    `state` is `HEALTHY`, `UNHEALTHY` or `UNKNOWN`.
    """

    component: str
    state: str | None
    desired: int | None
    ready: int | None
    memory_percent: float | None
    where: str
