"""Whether exported metrics carry a required signal, judged by type, labels and buckets.

A name alone is never enough where its form decides whether it can be used: a gauge of errors
cannot be rated, a histogram without a bucket around the limit cannot say what is below it.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Found, Missing
from plimsoll.semantics.dashboard_signals import STATUS_LABELS, tokens
from plimsoll.semantics.exposition import buckets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from plimsoll.facts.exposition import Family, Sample

    Counts = Callable[[Sample], bool]

Evidence = Found | Missing

_REQUESTS = frozenset(("request", "requests", "response", "responses", "http", "rpc", "grpc"))
_LATENCY = frozenset(("duration", "latency", "responsetime"))
_FOREIGN = frozenset(
    ("promhttp", "prometheus", "scrape", "gc", "k6", "redis", "cache", "client", "outgoing")
)
"""Words of what is asked of others, or by the tools beside the application."""

_MEMORY = frozenset(("memory", "mem", "heap", "rss"))
_BOUNDS = frozenset(("limit", "limits", "max", "maximum", "quota", "capacity"))
"""Words of what may be used, which tells nothing of what is used."""

_CONNECTIONS = frozenset(("connection", "connections", "backends", "numbackends"))
_POOL = frozenset(("active", "idle", "used", "busy", "waiting", "pending", "size"))
_TRAFFIC = frozenset(("io", "disk", "network", "filesystem", "fs"))
_TRANSFER = frozenset(("read", "reads", "written", "writes", "received", "receive", "transmit"))
_STATUS = re.compile(r"[1-5](\d\d|xx)", re.ASCII | re.IGNORECASE)
_CUMULATIVE = ("counter",)
_QUANTILES = {"duration_p50": 0.5, "duration_p95": 0.95, "duration_p99": 0.99}


def signal_evidence(
    families: Iterable[Family], signal: str, bound_seconds: float | None = None
) -> Evidence:
    """Find a signal among exported families.

    Args:
        families: what the endpoint exposes.
        signal: `request_count`, `duration_p50`, `duration_p95`, `duration_p99`, `status_4xx`,
            `status_5xx`, `cpu`, `memory`, `io`, `database_connections`, `health`, or
            `metric:<name>`.
        bound_seconds: for durations, the limit that the quantile will be compared with.

    Raises:
        KeyError: the signal is not one of these.

    """
    measured = tuple(family for family in families if _is_measured(family))
    if signal.startswith("metric:"):
        return _named(measured, signal.removeprefix("metric:"))
    if signal in _QUANTILES:
        return _first(_durations(measured, _QUANTILES[signal], bound_seconds), "request duration")
    judge, what = _JUDGES[signal]
    return _first((judge(family) for family in measured), what)


def _is_measured(family: Family) -> bool:
    return any(not math.isnan(sample.value) for sample in family.samples)


def _first(verdicts: Iterable[Evidence | None], what: str) -> Evidence:
    """Return the first find, else why the candidates would not do."""
    reasons = []
    for verdict in verdicts:
        if isinstance(verdict, Found):
            return verdict
        if verdict is not None:
            reasons.append(verdict.reason)
    return Missing("; ".join(reasons) or f"no metric of the {what} is exported")


def _named(families: tuple[Family, ...], name: str) -> Evidence:
    for family in families:
        if name == family.name or any(sample.name == name for sample in family.samples):
            return Found(family.name, f"exported as a {family.kind}")
    return Missing(f"{name} is not exported")


def _words(family: Family) -> frozenset[str]:
    words = tokens(family.name)
    return frozenset() if words & _FOREIGN else words


def _durations(
    families: tuple[Family, ...], quantile: float, bound_seconds: float | None
) -> Iterator[Evidence]:
    for family in families:
        if _is_request_time(family):
            yield _duration(family, quantile, bound_seconds)


def _is_request_time(family: Family) -> bool:
    words = _words(family)
    return bool(words & _LATENCY and words & (_REQUESTS | {"api", "responsetime"}))


def _duration(family: Family, quantile: float, bound_seconds: float | None) -> Evidence:
    if family.kind == "histogram":
        return _histogram(family, bound_seconds)
    if family.kind == "summary":
        offered = {s.labels["quantile"] for s in family.samples if "quantile" in s.labels}
        if any(_is_number(text, quantile) for text in offered):
            return Found(family.name, f"a summary with the quantile {quantile:g}")
        return Missing(f"{family.name} is a summary without the quantile {quantile:g}")
    return Missing(f"{family.name} is a {family.kind}: no quantile can be computed from it")


def _is_number(text: str, value: float) -> bool:
    try:
        return math.isclose(float(text), value)
    except ValueError:
        return False


def _histogram(family: Family, bound_seconds: float | None) -> Evidence:
    series = buckets(family)
    each = [{bound for bound, _ in pairs if math.isfinite(bound)} for pairs in series.values()]
    if not all(each) or not each:
        return Missing(f"{family.name} is a histogram without finite buckets")
    if bound_seconds is None:
        return Found(family.name, "a histogram")
    bound = bound_seconds * (1000 if tokens(family.name) & {"milliseconds", "ms"} else 1)
    for finite in each:
        if not (any(0 < one <= bound for one in finite) and max(finite) >= bound):
            edge = f"{min(finite):g} to {max(finite):g}"
            return Missing(f"{family.name}: its buckets, {edge}, do not enclose {bound:g}")
    shared = set.intersection(*each)
    if bound in shared:
        return Found(family.name, f"a histogram with a bucket at {bound:g}")
    # A quantile over several series is read from the buckets that all of them have.
    below = max((one for one in shared if one < bound), default=0.0)
    above = min((one for one in shared if one > bound), default=math.inf)
    return Found(family.name, f"a histogram, estimated between {below:g} and {above:g}")


def _count(family: Family) -> Evidence | None:
    words = _words(family)
    if not words & _REQUESTS:
        return None
    if family.kind == "histogram" and words & _LATENCY:
        return Found(family.name, "the _count of a histogram")
    if "requests" not in words and "responses" not in words:
        return None
    if words & {"4xx", "5xx", "errors", "failed"}:
        return None
    return _counter(family, "counts requests")


def _counter(family: Family, how: str) -> Evidence:
    if family.kind in _CUMULATIVE:
        return Found(family.name, f"a counter that {how}")
    return Missing(f"{family.name} is a {family.kind}, not a counter")


def _status(digit: str) -> Callable[[Family], Evidence | None]:
    def judge(family: Family) -> Evidence | None:
        words = _words(family)
        if f"{digit}xx" in words:
            return _counter(family, f"counts {digit}xx answers")
        labels = _status_labels(family)
        if not labels or not words & _REQUESTS:
            return None
        values = {s.labels[label] for s in family.samples for label in labels & s.labels.keys()}
        if not all(_STATUS.fullmatch(value) for value in values):
            shown = ", ".join(sorted(values)[:3])
            return Missing(f"{family.name} does not tell 4xx from 5xx ({shown})")
        if family.kind == "histogram":
            return Found(family.name, f"the _count of a histogram by {min(labels)}")
        return _counter(family, f"is split by {min(labels)}")

    return judge


def _status_labels(family: Family) -> frozenset[str]:
    return frozenset(label for s in family.samples for label in s.labels) & STATUS_LABELS


def _bound(family: Family) -> Missing:
    return Missing(f"{family.name} tells what may be used, not what is")


def _cpu(family: Family) -> Evidence | None:
    if "cpu" not in _words(family):
        return None
    if tokens(family.name) & _BOUNDS:
        return _bound(family)
    if family.kind == "counter" or not tokens(family.name) & {"seconds", "total"}:
        return Found(family.name, f"a {family.kind}")
    return Missing(f"{family.name} adds up and is a {family.kind}, not a counter")


def _memory(family: Family) -> Evidence | None:
    if not _words(family) & _MEMORY:
        return None
    if tokens(family.name) & _BOUNDS:
        return _bound(family)
    if family.kind in ("gauge", "untyped"):
        return Found(family.name, f"a {family.kind}")
    return Missing(f"{family.name} is a {family.kind}, not a gauge")


def _io(family: Family) -> Evidence | None:
    words = _words(family)
    moved = words & _TRAFFIC and words & (_TRANSFER | {"bytes", "usage", "operations", "io"})
    return Found(family.name, f"a {family.kind}") if moved else None


def _connections(family: Family) -> Evidence | None:
    words = tokens(family.name)
    store = words & {"db", "database", "pg", "postgres", "postgresql", "mysql", "pool"}
    in_pool = "pool" in words and words & _POOL
    if not store or not (words & _CONNECTIONS or in_pool):
        return None
    if words & _BOUNDS:
        return _bound(family)
    if family.kind in ("gauge", "untyped"):
        return Found(family.name, f"a {family.kind}")
    return Missing(f"{family.name} is a {family.kind}, not a gauge")


def _health(family: Family) -> Evidence | None:
    if not _words(family) & {"health", "healthy", "healthcheck"}:
        return None
    if family.kind in ("gauge", "untyped", "stateset"):
        return Found(family.name, f"a {family.kind}")
    return Missing(f"{family.name} is a {family.kind}, not a gauge that says how it is now")


def request_counters(families: Iterable[Family]) -> Mapping[str, Counts]:
    """Return the metrics that count every request served, and which of their samples do.

    Those that tell statuses apart come alone, where there are any: they count answers for certain.
    """
    found = [family for family in families if isinstance(_count(family), Found)]
    by_status = [family for family in found if _status_labels(family)]
    return {family.name: _counting(family) for family in by_status or found}


def request_timers(families: Iterable[Family]) -> Mapping[str, Counts]:
    """Return the metrics that measure how long requests take, and which samples count these."""
    return {
        family.name: _counting(family)
        for family in families
        if family.kind in ("histogram", "summary") and _is_request_time(family)
    }


def status_counters(families: Iterable[Family], digit: str) -> Mapping[str, Counts]:
    """Return the metrics that count the answers of a class (`4` for 4xx), and which samples do."""
    judge = _status(digit)
    return {
        family.name: _counting(family, digit)
        for family in families
        if isinstance(judge(family), Found)
    }


def _counting(family: Family, digit: str = "") -> Counts:
    counted = {"histogram": "_count", "summary": "_count"}.get(family.kind)
    labels = _status_labels(family) if digit else frozenset()

    def counts(sample: Sample) -> bool:
        if sample.name == f"{family.name}_created":
            return False
        if counted and sample.name != f"{family.name}{counted}":
            return False
        return not labels or any(sample.labels.get(one, "").startswith(digit) for one in labels)

    return counts


_JUDGES: dict[str, tuple[Callable[[Family], Evidence | None], str]] = {
    "request_count": (_count, "request count"),
    "status_4xx": (_status("4"), "4xx answers"),
    "status_5xx": (_status("5"), "5xx answers"),
    "cpu": (_cpu, "CPU"),
    "memory": (_memory, "memory"),
    "io": (_io, "input and output"),
    "database_connections": (_connections, "database connections"),
    "health": (_health, "health"),
}
