"""What a metric tells according to the environment file (`alerts.signals`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.latencies import mean, quantile, share_within
from plimsoll.semantics.alerting.role import Role
from plimsoll.semantics.alerting.roles_database import OPEN_CONNECTIONS
from plimsoll.semantics.alerting.roles_requests import ENDINGS, QUANTILES, ended
from plimsoll.semantics.alerting.roles_resources import DISK_BYTES, MEMORY_BYTES
from plimsoll.semantics.alerting.roles_services import CACHE_BYTES
from plimsoll.semantics.alerting.units import SECONDS_IN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.environment.alerting_model import MetricRole
    from plimsoll.semantics.alerting.role import Level, Reading
    from plimsoll.semantics.alerting.system import System

_TIMES = frozenset({"p50", "p95", "p99", "database_p95", "backup_age", "latency"})
_OF_REQUESTS = ENDINGS
_WHOLE = {
    "memory": MEMORY_BYTES,
    "disk": DISK_BYTES,
    "cache_memory": CACHE_BYTES,
    "database_connections": OPEN_CONNECTIONS,
}


def declared_role(reading: Reading, declared: MetricRole) -> Role:
    """Return the role that the environment file gives a metric."""
    if declared.role == "constant":
        value = 0.0 if declared.value is None else declared.value
        return Role("constant", "gauge", frozenset(), lambda _s, _l: value)
    if declared.role == "latency" or declared.kind in ("histogram", "summary"):
        return _spread(reading, declared)
    counts = declared.kind == "counter" and reading.declared != "gauge"
    if declared.role == "requests":
        return _requests(reading, counts=counts)
    if declared.unit == "timestamp":
        fact = frozenset({declared.role})
        return Role(
            declared.role,
            "gauge",
            fact,
            lambda s, _: -float(getattr(s, declared.role)),
            unit="timestamp",
            follows_clock=True,
        )
    facts, level = _level(declared, counts=counts)
    return Role(
        declared.role, "counter" if counts else "gauge", facts, level, (), declared.unit or ""
    )


def _requests(reading: Reading, *, counts: bool) -> Role:
    split = reading.status_labels
    facts = frozenset({"requests"}) | (ENDINGS if split else frozenset())
    return Role(
        "requests",
        "counter" if counts else "gauge",
        facts,
        lambda s, lb: s.requests * ended(s, lb, split),
        split,
    )


def _level(declared: MetricRole, *, counts: bool) -> tuple[frozenset[str], Level]:
    """Return what the metric reads and how high it is: a counted share is one of requests."""
    fact, whole = declared.role, _whole(declared)
    if counts and fact in _OF_REQUESTS:
        return frozenset({fact, "requests"}), lambda s, _: s.requests * float(getattr(s, fact))
    if counts and fact == "success":
        return frozenset({fact, "attempts"}), lambda s, _: s.attempts * s.success
    return frozenset({fact}), lambda s, _: whole * float(getattr(s, fact))


def _whole(declared: MetricRole) -> float:
    if declared.role in _TIMES:
        return SECONDS_IN.get(declared.unit or "seconds", 1.0)
    if declared.unit == "percent":
        return 100.0
    return _WHOLE.get(declared.role, 1.0) if declared.unit in ("bytes", "count") else 1.0


def _spread(reading: Reading, declared: MetricRole) -> Role:
    """Return the role of a latency told in buckets, quantiles, sums and counts."""
    ofdatabase = declared.role.startswith("database")
    facts = frozenset({"database_p95"}) if ofdatabase else QUANTILES
    units = SECONDS_IN.get(declared.unit or "seconds", 1.0)

    def quantiles(system: System) -> tuple[float, float, float]:
        p95 = system.database_p95
        spread = (p95 / 3, p95, p95 * 1.2)
        return spread if ofdatabase else (system.p50, system.p95, system.p99)

    def within(system: System, labels: Mapping[str, str]) -> float:
        return system.requests * share_within(labels.get("le", "+Inf"), units, quantiles(system))

    counted = facts | {"requests"}
    if reading.name.endswith("_bucket"):
        return Role("latency", "bucket", counted, within, ("le",), declared.unit or "seconds")
    if reading.name.endswith("_count"):
        return Role("requests", "counter", frozenset({"requests"}), lambda s, _: s.requests)
    if reading.name.endswith("_sum"):
        return Role("latency", "counter", counted, lambda s, _: units * s.requests * mean(s))
    split = ("quantile",) if declared.kind == "summary" else ()
    return Role(
        "latency",
        "gauge",
        facts,
        lambda s, lb: units * quantile(lb.get("quantile", "0.95"), quantiles(s)),
        split,
        declared.unit or "seconds",
    )
