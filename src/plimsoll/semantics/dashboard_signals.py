"""Which required signals a dashboard's queries read, told by their structure.

A title proves nothing. Nor does structure prove that data arrives: it says that a panel asks for
the right thing in the right form.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from plimsoll.semantics.promql import PromqlError, Selector, selectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from plimsoll.facts.dashboard import Dashboard, Panel, Query

SIGNALS = (
    "p50",
    "p95",
    "p99",
    "errors_4xx",
    "errors_5xx",
    "cpu",
    "memory",
    "database_connections",
    "regional_comparison",
    "active_users",
    "slo_status",
    "business",
    "service_health",
)
REGION_LABELS = frozenset(("region", "datacenter", "location", "zone", "availability_zone"))
STATUS_LABELS = frozenset(
    (
        "status",
        "code",
        "status_code",
        "response_code",
        "http_status",
        "http_status_code",
        "http_response_status_code",
    )
)
_STATUSES = (*(str(code) for code in range(100, 600)), "1xx", "2xx", "3xx", "4xx", "5xx")
_ALL = re.compile(r"\.[*+]|")
_LATENCY = frozenset(("duration", "latency", "responsetime"))
_REQUESTS = frozenset(("request", "requests", "response", "responses", "req", "reqs", "http"))
# Tools and stores beside the application have requests, memory and latency of their own.
_FOREIGN = frozenset(
    ("k6", "redis", "prometheus", "promhttp", "alertmanager", "grafana", "scrape", "go", "probe")
)
_DATABASE = frozenset(("database", "db", "pg", "postgres", "postgresql", "mysql", "sql"))
_CONNECTIONS = frozenset(("connection", "connections", "backends", "numbackends"))
_USERS = frozenset(("user", "users", "session", "sessions"))
_ACTIVE = frozenset(("active", "online", "current", "concurrent"))
_OBJECTIVE = frozenset(("slo", "sli", "availability", "error_budget", "budget"))


def panels_showing(
    dashboard: Dashboard, signal: str, business_metrics: Iterable[str] = ()
) -> tuple[Panel, ...]:
    """Return the panels with a query that reads the signal.

    Args:
        dashboard: the dashboard as read.
        signal: one of `SIGNALS`.
        business_metrics: the declared names; `business` is shown by a query that reads one.

    Raises:
        KeyError: the signal is not one of `SIGNALS`.

    """
    declared = frozenset(business_metrics)
    reads, is_objective = _judge(signal, declared), signal == "slo_status"
    return tuple(
        panel
        for panel in dashboard.panels
        if any(_reads(query, reads, is_objective=is_objective) for query in panel.queries)
    )


def _reads(query: Query, reads: Callable[[Selector], bool], *, is_objective: bool) -> bool:
    try:
        found = selectors(query.resolved)
        divides = is_objective and "/" in query.resolved
        return any(reads(selector) for selector in found) or (divides and _is_success_ratio(found))
    except PromqlError:
        return False


def _judge(signal: str, business_metrics: frozenset[str]) -> Callable[[Selector], bool]:
    if signal == "business":
        return lambda selector: selector.metric in business_metrics
    return _JUDGES[signal]


def _is_success_ratio(found: tuple[Selector, ...]) -> bool:
    """Tell whether failed, or good, requests stand beside all requests."""
    requests = [s for s in found if _ours(s) & _REQUESTS]
    every = [s for s in requests if _statuses(s) is None and "5xx" not in tokens(s.metric)]
    good = [s for s in requests if (read := _statuses(s)) and not any(x[0] == "5" for x in read)]
    return bool(every and (good or any(_failed(selector) for selector in requests)))


def tokens(metric: str | None) -> frozenset[str]:
    """Return the words of a metric's name; nothing for a selector that names no metric."""
    return frozenset((metric or "").lower().replace("response_time", "responsetime").split("_"))


def _ours(selector: Selector) -> frozenset[str]:
    words = tokens(selector.metric)
    return frozenset() if words & _FOREIGN else words


def _quantile(wanted: float) -> Callable[[Selector], bool]:
    def reads(selector: Selector) -> bool:
        words = _ours(selector)
        if not (words & _LATENCY and words & (_REQUESTS | {"api", "responsetime"})):
            return False
        if "histogram_quantile" in selector.functions:
            asked = selector.quantile
            return asked is not None and math.isclose(asked, wanted) and _reads_buckets(selector)
        return f"p{wanted * 100:g}" in words or any(
            matcher.label == "quantile" and matcher.operator == "=" and matcher.value in spelled
            for matcher in selector.matchers
        )

    spelled = (f"{wanted:g}", f"{wanted:.2f}")
    return reads


def _reads_buckets(selector: Selector) -> bool:
    """Tell whether `le` reaches `histogram_quantile`: without it the answer is empty."""
    inside = selector.steps[selector.functions.index("histogram_quantile") + 1 :]
    is_bucket = (selector.metric or "").endswith("_bucket")
    return is_bucket and replace(selector, steps=inside).keeps("le")


def _errors(family: str) -> Callable[[Selector], bool]:
    def reads(selector: Selector) -> bool:
        words = _ours(selector)
        if f"{family}xx" in words:
            return True
        read = _statuses(selector)
        return bool(words & _REQUESTS and read and all(s.startswith(family) for s in read))

    return reads


def _statuses(selector: Selector) -> tuple[str, ...] | None:
    """Return the statuses a selector reads; None where it does not tell them apart."""
    labels = {m.label for m in selector.matchers if m.label in STATUS_LABELS}
    read = [s for s in _STATUSES if all(selector.accepts(label, s) for label in labels)]
    return tuple(read) if labels and len(read) < len(_STATUSES) else None


_failed = _errors("5")


def _cpu(selector: Selector) -> bool:
    return "cpu" in _ours(selector)


def _memory(selector: Selector) -> bool:
    return bool(_ours(selector) & {"memory", "mem", "heap", "rss"})


def _connections(selector: Selector) -> bool:
    words = tokens(selector.metric)
    return bool(words & _DATABASE and words & _CONNECTIONS)


def _regions(selector: Selector) -> bool:
    """Tell whether the answer has one series per region: it is not narrowed to one or summed up."""
    named = [m for m in selector.matchers if m.label in REGION_LABELS]
    if any(m.operator == "=" and m.value for m in named):
        return False
    apart = {label for step in selector.steps for label in step.by or ()} | {
        m.label for m in named if m.operator == "=~" and (_ALL.fullmatch(m.value) or "|" in m.value)
    }
    return any(selector.keeps(label) for label in apart & REGION_LABELS)


def _active_users(selector: Selector) -> bool:
    words = _ours(selector)
    return bool(words & _USERS and words & _ACTIVE)


def _objective(selector: Selector) -> bool:
    return bool(tokens(selector.metric) & _OBJECTIVE)


def _health(selector: Selector) -> bool:
    return selector.metric in ("up", "probe_success") or bool(
        {"health", "healthy"} & _ours(selector)
    )


_JUDGES: dict[str, Callable[[Selector], bool]] = {
    "p50": _quantile(0.5),
    "p95": _quantile(0.95),
    "p99": _quantile(0.99),
    "errors_4xx": _errors("4"),
    "errors_5xx": _errors("5"),
    "cpu": _cpu,
    "memory": _memory,
    "database_connections": _connections,
    "regional_comparison": _regions,
    "active_users": _active_users,
    "slo_status": _objective,
    "service_health": _health,
}
