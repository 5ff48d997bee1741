"""Every read of a monitoring system's API: where it is asked, and what may be missing for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

if TYPE_CHECKING:
    from plimsoll.facts.monitoring_reading import MonitoringProbe

MOST_DASHBOARDS: Final = 5000
"""The most that Grafana lists at once."""


@dataclass(frozen=True, slots=True)
class Read:
    """One GET. `query` are its parameters, `asks` the name of the one that a probe fills in.

    `permission` is what Grafana asks of whoever reads it.
    """

    path: str
    query: tuple[tuple[str, str], ...] = ()
    asks: str = ""
    permission: str = ""


READS: Final[dict[tuple[str, str], Read]] = {
    ("prometheus", "targets"): Read("/api/v1/targets", (("state", "active"),)),
    ("prometheus", "rules"): Read("/api/v1/rules"),
    ("prometheus", "alertmanagers"): Read("/api/v1/alertmanagers"),
    ("prometheus", "runtime"): Read("/api/v1/status/runtimeinfo"),
    ("prometheus", "query"): Read("/api/v1/query", asks="query"),
    ("alertmanager", "silences"): Read("/api/v2/silences"),
    ("grafana", "datasources"): Read("/api/datasources", permission="datasources:read"),
    ("grafana", "dashboards"): Read(
        "/api/search",
        (("type", "dash-db"), ("limit", str(MOST_DASHBOARDS))),
        permission="dashboards:read",
    ),
}
"""Read of a system → how it is asked."""


def read_of(probe: MonitoringProbe) -> Read:
    """Return how a probe is asked. Raises LookupError for a read that does not exist."""
    return READS[probe.system, probe.read]


def target_of(probe: MonitoringProbe) -> str:
    """Return the path and the query that are asked, below the URL of the server."""
    read = read_of(probe)
    query = (*read.query, (read.asks, probe.of)) if read.asks else read.query
    return read.path + (f"?{urlencode(query)}" if query else "")


def address_of(probe: MonitoringProbe) -> str:
    """Return the whole address that is asked."""
    return probe.url.rstrip("/") + target_of(probe)
