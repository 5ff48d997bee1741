"""Worlds that differ from the healthy one in a single fact, which lasts since ever.

Latencies move from bucket border to bucket border, so that interpolation lets none of them leak
into another.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.system import HEALTHY

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANGED: Mapping[str, float] = MappingProxyType(
    {
        "requests": 2 * HEALTHY.requests,
        "errors": 0.05,
        "refused": 0.08,
        "p50": 0.075,
        "p95": 0.2,
        "p99": 0.5,
        "cpu": 0.9,
        "memory": 0.9,
        "disk": 0.9,
        "up": 0.0,
        "probe": 0.0,
        "health": 0.0,
        "database_up": 0.0,
        "database_errors": 0.5,
        "database_connections": 0.9,
        "database_p95": 0.1,
        "cache_up": 0.0,
        "cache_memory": 0.9,
        "backup_age": 3 * HEALTHY.backup_age,
        "login_failures": 5.0,
        "active_users": 700.0,
        "attempts": 2 * HEALTHY.attempts,
        "success": 0.7,
    }
)
"""What becomes of each fact in the world where only it is not as in health."""

BORDERS = (HEALTHY.p50, 0.075, HEALTHY.p95, 0.2, HEALTHY.p99, 0.5)
"""The latencies, in seconds, that need a bucket border."""

HEALTH = Scenario("a healthy system")


def changed(fact: str, *, one_region: bool = False) -> Scenario:
    """Return the world in which one fact differs, everywhere or in one region only.

    Raises:
        KeyError: the fact is not one of `CHANGED`.

    """
    return Scenario(
        fact,
        during=replace(HEALTHY, **{fact: CHANGED[fact]}),
        touches=frozenset({fact}),
        begins=-inf,
        one_region=one_region,
    )
