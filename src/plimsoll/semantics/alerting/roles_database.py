"""Metrics of databases: whether they answer, their connections, and how long queries take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.latencies import quantile, share_within
from plimsoll.semantics.alerting.role import FAILURES, MOST, Role, plain, words
from plimsoll.semantics.alerting.units import share_unit, time_unit

if TYPE_CHECKING:
    from plimsoll.semantics.alerting.latencies import Quantiles
    from plimsoll.semantics.alerting.role import Reading
    from plimsoll.semantics.alerting.system import System

OPEN_CONNECTIONS = 100.0
"""How many connections a database may have open."""
QUERIES_PER_SECOND = 50.0
_DATABASE = words(
    "database db pg postgres postgresql mysql mariadb mongo mongodb mssql sql firestore"
)
_CONNECTIONS = words("connection connections conn conns connects backends numbackends")
_QUERIES = words("query queries statement transaction duration latency responsetime")


def database_role(reading: Reading) -> Role | None:
    """Return what a metric of a database tells; None where it is none."""
    if not reading.has_any(_DATABASE):
        return None
    if reading.words[-1] == "up":
        return plain("database", "database_up")
    connects = reading.has_any(_CONNECTIONS)
    if connects and reading.has_any(FAILURES):
        return _connection_errors(reading)
    if (connects and reading.has_any(MOST)) or reading.name.endswith("max_connections"):
        level = OPEN_CONNECTIONS
        return Role("connections allowed", "gauge", frozenset(), lambda _s, _l: level)
    if (connects or reading.name.endswith(("activity_count", "threads_connected"))) and (
        reading.kind == "gauge" or reading.name.endswith("activity_count")
    ):
        return _connections(reading)
    return _queries(reading) if reading.has_any(_QUERIES) else None


def _connection_errors(reading: Reading) -> Role:
    fact = frozenset({"database_errors"})
    if reading.kind == "counter":
        return Role("database errors", "counter", fact, lambda s, _: s.database_errors)
    guess = f"{reading.name}: a gauge, taken for 1 while connections fail"
    return Role(
        "database errors", "gauge", fact, lambda s, _: float(s.database_errors > 0), (), "", guess
    )


def _connections(reading: Reading) -> Role:
    if reading.has("percent", "percentage", "ratio", "utilization"):
        whole, unit, guess = share_unit(reading)
    else:
        whole, unit, guess = OPEN_CONNECTIONS, "connections", ""
    fact = frozenset({"database_connections"})
    return Role(
        "connections", "gauge", fact, lambda s, _: whole * s.database_connections, (), unit, guess
    )


def _slow(system: System) -> Quantiles:
    """Return the latencies of queries around their p95, as those of requests lie around theirs."""
    p95 = system.database_p95
    return (p95 / 3, p95, p95 * 1.2)


def _queries(reading: Reading) -> Role | None:
    fact = frozenset({"database_p95"})
    units, unit, guess = time_unit(reading)
    if reading.name.endswith("_bucket"):
        return Role(
            "query latency",
            "bucket",
            fact,
            lambda s, lb: QUERIES_PER_SECOND * share_within(lb.get("le", "+Inf"), units, _slow(s)),
            ("le",),
            unit,
            guess,
        )
    if reading.name.endswith("_count"):
        return Role("queries", "counter", frozenset(), lambda _s, _l: QUERIES_PER_SECOND)
    if reading.name.endswith("_sum"):
        return Role(
            "time spent on queries",
            "counter",
            fact,
            lambda s, _: units * QUERIES_PER_SECOND * s.database_p95 / 2,
            (),
            unit,
            guess,
        )
    if reading.kind == "counter" or reading.has_any(FAILURES):
        return None
    split = ("quantile",) if "quantile" in reading.labels else ()
    return Role(
        "query latency",
        "gauge",
        fact,
        lambda s, lb: units * quantile(lb.get("quantile", "0.95"), _slow(s)),
        split,
        unit,
        guess,
    )
