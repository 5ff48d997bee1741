"""The scaling of a droplet pool, told as any other autoscaler is.

A pool has a range and two targets, and waits `cooldown_minutes` between one change and the next.
Its memory is measured by an agent on the machines: without the agent a target has no effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.autoscaler import Autoscaler

if TYPE_CHECKING:
    from plimsoll.facts.droplet_pool import DropletPool

KIND = "droplet-pool"
SETTABLE = frozenset(
    {"minimum", "maximum", "cpu_percent", "memory_percent", "scale_in_window_seconds"}
)
_ROUNDED = 6


def pool_autoscaler(pool: DropletPool) -> Autoscaler:
    """Return how a pool scales; a fixed number of machines is a range of that number."""
    cooldown = pool.cooldown_minutes
    return Autoscaler(
        component=pool.name,
        kind=KIND,
        minimum=pool.minimum if pool.fixed is None else pool.fixed,
        maximum=pool.maximum if pool.fixed is None else pool.fixed,
        cpu_percent=_percent(pool.cpu_utilization),
        memory_percent=_percent(pool.memory_utilization) if pool.has_agent else None,
        scale_in_window_seconds=None if cooldown is None else round(cooldown * 60),
        settable=SETTABLE,
        where={"component": pool.where},
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, _ROUNDED)
