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
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.facts.exposition import Family

Evidence = Found | Missing

_REQUESTS = frozenset(("request", "requests", "response", "responses", "http", "rpc", "grpc"))
_LATENCY = frozenset(("duration", "latency", "responsetime"))
_FOREIGN = frozenset(("promhttp", "prometheus", "scrape", "gc", "k6", "redis"))
_MEMORY = frozenset(("memory", "mem", "heap", "rss"))
_BOUNDS = frozenset(("limit", "limits", "max", "maximum", "quota", "capacity"))
"""Words of what may be used, which tells nothing of what is used."""

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
            `status_5xx`, `cpu`, `memory`, `io`, `database_connections`, or `metric:<name>`.
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
        words = _words(family)
        if words & _LATENCY and words & (_REQUESTS | {"api", "responsetime"}):
            yield _duration(family, quantile, bound_seconds)


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
    finite = {bound for pairs in series.values() for bound, _ in pairs if math.isfinite(bound)}
    if not finite:
        return Missing(f"{family.name} is a histogram without finite buckets")
    if bound_seconds is None:
        return Found(family.name, "a histogram")
    bound = bound_seconds * (1000 if tokens(family.name) & {"milliseconds", "ms"} else 1)
    below = [b for b in finite if 0 < b <= bound]
    above = [b for b in finite if b >= bound]
    if not below or not above:
        edge = f"{min(finite):g} to {max(finite):g}"
        return Missing(f"{family.name}: its buckets, {edge}, do not enclose {bound:g}")
    if bound in finite:
        return Found(family.name, f"a histogram with a bucket at {bound:g}")
    return Found(family.name, f"a histogram, estimated between {max(below):g} and {min(above):g}")


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
        labels = {label for s in family.samples for label in s.labels} & STATUS_LABELS
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
    if not store or not words & {"connection", "connections", "backends", "numbackends"}:
        return None
    if words & _BOUNDS:
        return _bound(family)
    if family.kind in ("gauge", "untyped"):
        return Found(family.name, f"a {family.kind}")
    return Missing(f"{family.name} is a {family.kind}, not a gauge")


_JUDGES: dict[str, tuple[Callable[[Family], Evidence | None], str]] = {
    "request_count": (_count, "request count"),
    "status_4xx": (_status("4"), "4xx answers"),
    "status_5xx": (_status("5"), "5xx answers"),
    "cpu": (_cpu, "CPU"),
    "memory": (_memory, "memory"),
    "io": (_io, "input and output"),
    "database_connections": (_connections, "database connections"),
}
