"""Metrics of whether things work: targets, health checks, caches, backups, logins, business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.role import FAILURES, MOST, Role, plain, words
from plimsoll.semantics.alerting.roles_database import database_role
from plimsoll.semantics.alerting.units import SECONDS_IN, time_unit

if TYPE_CHECKING:
    from plimsoll.semantics.alerting.role import Reading

CACHE_BYTES = 2.0**32
FAILED_CHECKS_PER_SECOND = 0.2

_CACHE = frozenset(["redis", "memcached", "valkey"])
_HEALTH = words("health healthy healthcheck healthz readiness ready liveness")
_LOGIN = words("auth login logins authentication signin")
_BUSINESS = words("booking bookings payment payments order orders checkout purchase")
_SUCCESS = words("success successes successful succeeded created completed confirmed")
_INTRUSION = "cs_bucket_overflowed_total"


def services_role(reading: Reading) -> Role | None:
    """Return what a metric of a service's state tells; None where it is none."""
    return (
        _reachable(reading)
        or _backup(reading)
        or database_role(reading)
        or _cache(reading)
        or _login(reading)
        or _people(reading)
    )


def _reachable(reading: Reading) -> Role | None:
    if reading.name == "up":
        return plain("up", "up")
    if reading.name == "probe_success":
        return plain("probe", "probe")
    if reading.name == "probe_http_status_code":
        return Role("probe", "gauge", frozenset({"probe"}), lambda s, _: 200 if s.probe else 503)
    if not reading.has_any(_HEALTH) or reading.has("duration", "seconds", "latency"):
        return None
    if reading.kind == "counter" or reading.has_any(FAILURES):
        return _failing(reading)
    return plain("health", "health")


def _failing(reading: Reading) -> Role | None:
    facts = frozenset({"health"})
    if not reading.has_any(FAILURES):
        return None
    rate = FAILED_CHECKS_PER_SECOND if reading.kind == "counter" else 1.0
    return Role("failed health checks", reading.kind, facts, lambda s, _: rate * (1.0 - s.health))


def _backup(reading: Reading) -> Role | None:
    if not reading.has("backup", "backups"):
        return None
    facts = frozenset({"backup_age"})
    if reading.has("age"):
        units, unit, guess = time_unit(reading)
        return Role(
            "backup age", "gauge", facts, lambda s, _: units * s.backup_age, (), unit, guess
        )
    if reading.has("timestamp", "time", "last") and not reading.has("duration", "size"):
        if reading.has_any(FAILURES) or reading.has("bytes"):
            return None
        # A unix time counts in seconds unless its name says otherwise.
        named = [word for word in reading.words if word in SECONDS_IN]
        if named and SECONDS_IN[named[-1]] != 1.0:
            return None
        return Role(
            "backup time",
            "gauge",
            facts,
            lambda s, _: -s.backup_age,
            unit="timestamp",
            follows_clock=True,
        )
    return None


def _cache(reading: Reading) -> Role | None:
    if not reading.has_any(_CACHE):
        return None
    if reading.words[-1] == "up":
        return plain("cache", "cache_up")
    if not reading.has("memory"):
        return None
    if reading.has_any(MOST) or reading.has("maxmemory"):
        return Role("cache memory size", "gauge", frozenset(), lambda _s, _l: CACHE_BYTES)
    return (
        plain("cache memory", "cache_memory", factor=CACHE_BYTES) if reading.has("used") else None
    )


def _login(reading: Reading) -> Role | None:
    if not reading.has_any(_LOGIN) or not reading.has_any(FAILURES):
        return None
    guess = "" if reading.kind == "counter" else f"{reading.name}: taken for refusals per second"
    fact = frozenset({"login_failures"})
    return Role(
        "refused logins",
        reading.kind,
        fact,
        lambda s, _: s.login_failures,
        assumed=guess,
        is_total=True,
    )


def _people(reading: Reading) -> Role | None:
    if reading.name == _INTRUSION:
        return Role("intrusions", "counter", frozenset(), lambda _s, _l: 0.0)
    if reading.has("users", "sessions") and reading.has("active", "online", "concurrent"):
        return plain("active users", "active_users") if reading.kind == "gauge" else None
    is_counted = reading.has_any(_BUSINESS) and reading.kind == "counter"
    return _business(reading) if is_counted else None


def _business(reading: Reading) -> Role | None:
    attempts, success = frozenset({"attempts"}), frozenset({"attempts", "success"})
    if reading.has("attempts", "attempted", "started", "initiated"):
        return Role("attempts", "counter", attempts, lambda s, _: s.attempts)
    if reading.has_any(_SUCCESS):
        return Role("successes", "counter", success, lambda s, _: s.attempts * s.success)
    if reading.has_any(FAILURES):
        return Role(
            "failed attempts", "counter", success, lambda s, _: s.attempts * (1.0 - s.success)
        )
    return None
