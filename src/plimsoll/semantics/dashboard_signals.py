"""The signals that dashboards must show, and the words by which metrics and labels tell of them.

A word proves nothing: it only keeps a metric that nobody understands from being taken for one that
has nothing to do with the matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plimsoll.semantics.promql import Matcher, Selector

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
# Tools and stores beside the application have requests, memory and latency of their own.
_FOREIGN = frozenset(
    (
        "k6",
        "redis",
        "cache",
        "memcached",
        "valkey",
        "prometheus",
        "promhttp",
        "alertmanager",
        "grafana",
        "scrape",
        "loki",
        "tempo",
    )
)
_FOREIGN_NAMES = _FOREIGN | {"server", "exporter", "operated", "monitoring", "pushgateway"}
_SUBJECT_LABELS = frozenset(("job", "service", "app", "application", "container", "deployment"))

_LATENCY = "duration latency responsetime elapsed quantile percentile percentiles p50 p95 p99"
_ERRORS = "error errors failed failure failures"
_WORDS = {
    "p50": f"{_LATENCY} median",
    "p95": _LATENCY,
    "p99": _LATENCY,
    "errors_4xx": f"{_ERRORS} 4xx",
    "errors_5xx": f"{_ERRORS} 5xx",
    "cpu": "cpu processor",
    "memory": "memory mem heap rss ram",
    "database_connections": "connection connections backends numbackends",
    "regional_comparison": "region regions regional",
    "active_users": "user users session sessions online visitors",
    "slo_status": "slo sli availability budget burn objective",
    "business": "business",
    "service_health": "up health healthy alive availability",
}
_REQUESTS = "status code http request requests response responses"
_MORE_WORDS = {
    "errors_4xx": _REQUESTS,
    "errors_5xx": _REQUESTS,
    "cpu": "core cores load",
    "database_connections": "pool activity",
    "active_users": "accounts",
    "service_health": "available",
}
"""What may tell of a signal as part of a metric's name, and is too common in titles."""


def tokens(metric: str | None) -> frozenset[str]:
    """Return the words of a metric's name; nothing for a selector that names no metric."""
    return frozenset((metric or "").lower().replace("response_time", "responsetime").split("_"))


def is_titled(text: str, signal: str) -> bool:
    """Tell whether a title, a legend or an expression holds a word of the signal.

    Raises:
        KeyError: the signal is not one of `SIGNALS`.

    """
    return not _apart(text).isdisjoint(_WORDS[signal].split())


def may_tell(metric: str, signal: str) -> bool:
    """Tell whether a metric of which nobody knows what it tells may tell of the signal.

    Raises:
        KeyError: the signal is not one of `SIGNALS`.

    """
    words = f"{_WORDS[signal]} {_MORE_WORDS.get(signal, '')}"
    return not _apart(metric).isdisjoint(words.split())


def _apart(text: str) -> frozenset[str]:
    plain = re.sub(r"response.time", "responsetime", text.lower())
    return frozenset(re.split(r"[\W_]+", plain))


def is_foreign(selector: Selector) -> bool:
    """Tell whether a selector reads a tool or a store beside the application.

    It does by its metric's name, or where it narrows the job or service to such ones.
    """
    return not tokens(selector.metric).isdisjoint(_FOREIGN) or any(
        _is_foreign_subject(matcher) for matcher in selector.matchers
    )


def _is_foreign_subject(matcher: Matcher) -> bool:
    if (
        matcher.label not in _SUBJECT_LABELS
        or matcher.operator not in ("=", "=~")
        or not matcher.value
    ):
        return False
    chosen = matcher.value.split("|") if matcher.operator == "=~" else [matcher.value]
    return all(_is_foreign_name(name) for name in chosen)


def _is_foreign_name(name: str) -> bool:
    words = frozenset(filter(None, re.split(r"[\W_]+", name.lower())))
    return not words.isdisjoint(_FOREIGN) and words <= _FOREIGN_NAMES
