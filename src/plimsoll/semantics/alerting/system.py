"""How the imaginary system fares at a moment: the facts that metrics report, each in its unit."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class System:
    """The facts of one moment; as it stands here the system is healthy and ordinary.

    Shares go from 0 to 1. Times are seconds, rates are per second and per instance. `up`, `health`,
    `probe`, `database_up` and `cache_up` are 1 or 0, as their metrics are.
    """

    requests: float = 20.0
    """Requests per second."""
    errors: float = 0.0005
    """Share of requests answered with 5xx for other reasons than `unavailable`."""
    unavailable: float = 0.0
    """Share of requests answered with 502, 503 or 504."""
    refused: float = 0.004
    """Share of requests answered with 4xx other than 401 and 403."""
    unauthorized: float = 0.002
    """Share of requests answered with 401 or 403."""
    p50: float = 0.05
    p95: float = 0.15
    p99: float = 0.30
    """Latency of requests, in seconds."""
    cpu: float = 0.30
    io_wait: float = 0.01
    memory: float = 0.40
    disk: float = 0.50
    up: float = 1.0
    """Whether the target can be scraped."""
    probe: float = 1.0
    """Whether a probe from outside succeeds."""
    health: float = 1.0
    """Whether the system's own health checks pass."""
    database_up: float = 1.0
    database_errors: float = 0.0
    """Connections to the database that fail, per second."""
    database_connections: float = 0.30
    """Share of the connections that may be open."""
    database_p95: float = 0.02
    """Latency of database queries, in seconds."""
    cache_up: float = 1.0
    cache_memory: float = 0.30
    backup_age: float = 6 * 3600.0
    """How old the newest backup is, in seconds."""
    login_failures: float = 0.02
    """Refused logins per second, of all instances together."""
    active_users: float = 400.0
    attempts: float = 1.0
    """What users attempt for the business' sake (bookings, payments), per second."""
    success: float = 0.99
    """Share of these attempts that succeed."""


FACTS = frozenset(one.name for one in fields(System))
"""The names of the facts."""

HEALTHY = System()
