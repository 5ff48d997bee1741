"""A droplet autoscale pool as the platform holds it, and the machines in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DropletPool:
    """One pool. A dynamic one has a range and targets, a static one a number of machines.

    Utilization is a share, from 0 to 1. `running` is how many machines the platform counts in it;
    what it does not state is None.
    """

    id: str
    name: str
    region: str | None
    status: str | None
    minimum: int | None
    maximum: int | None
    fixed: int | None
    cpu_utilization: float | None
    memory_utilization: float | None
    cooldown_minutes: float | None
    running: int | None
    has_agent: bool
    """Whether its machines have the agent without which memory cannot be measured."""
    where: str


@dataclass(frozen=True, slots=True)
class PoolMember:
    """One machine of a pool. `status` is `active` once it runs; `health` as the platform says."""

    id: str
    status: str | None
    health: str | None
    where: str
