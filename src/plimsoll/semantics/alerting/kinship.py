"""Whether a metric of unknown meaning may tell of a condition, by the words of its name.

It keeps a rule that is not understood from being taken for one that has nothing to do with the
matter. A name without any of the words is taken to tell of something else; whoever knows better
declares what the metric tells.
"""

from __future__ import annotations

import re

_WORDS = {
    "error-ratio": "error errors err fail failed failure failures 5xx status code http request"
    " requests response responses success availability slo sli budget burn objective",
    "unavailable-ratio": "error errors unavailable 502 503 504 5xx status code http request"
    " requests response responses availability failed failures",
    "latency-p95": "latency duration time seconds slow p95 p90 p99 quantile response request apdex",
    "latency-p99": "latency duration time seconds slow p95 p99 quantile response request apdex",
    "traffic-drop": "traffic request requests rps qps throughput hits responses visits",
    "cpu": "cpu processor core cores load",
    "memory": "memory mem heap rss ram",
    "disk": "disk filesystem fs volume storage space",
    "health": "health healthy healthcheck liveness live readiness ready probe check status",
    "down": "up down alive available availability target reachable",
    "region-down": "up down alive available region zone availability",
    "database-down": "database db pg postgres postgresql mysql mongo sql up",
    "database-errors": "database db pg postgres postgresql mysql mongo sql pool connection"
    " connections connect",
    "database-latency": "database db pg postgres postgresql mysql mongo sql query queries",
    "backup-age": "backup backups dump snapshot snapshots restore",
    "login-failures": "login logins auth authentication unauthorized forbidden access denied"
    " refused intrusion security failed attack",
}


def may_tell(metric: str, condition: str) -> bool:
    """Return whether the name of a metric holds a word of the condition."""
    return not _words(metric).isdisjoint(_WORDS[condition].split())


def _words(metric: str) -> frozenset[str]:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", metric)
    return frozenset(re.split(r"[_:.]+", apart.lower()))
