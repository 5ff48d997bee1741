"""Metrics of requests: how many, how they end, and how long they take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.latencies import mean, quantile, share_within
from plimsoll.semantics.alerting.role import Role, words
from plimsoll.semantics.alerting.units import share_unit, time_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.semantics.alerting.role import Reading
    from plimsoll.semantics.alerting.system import System

ENDINGS = frozenset(("errors", "unavailable", "refused", "unauthorized"))
QUANTILES = frozenset(("p50", "p95", "p99"))

_REQUESTS = words(
    "http http2 https request requests response responses req reqs nginx haproxy traefik "
    "envoy istio ingress api server grpc rpc"
)
_COUNTED = words("request requests response responses req reqs hits queries handled")
_LATENCY = words("duration latency responsetime elapsed latencies time")
_FAILED = words("error errors failed failure failures fail exception exceptions")
_SIZES = words("size bytes inflight in flight active pending queue connections")
UNAVAILABLE_CODES = ("502", "503", "504")
UNAUTHORIZED_CODES = ("401", "403")
_OTHER = re.compile(r"[1-5](\d\d|xx)", re.ASCII)
_FAILURE = re.compile(r"err|fail|reject|timeout|abort|ko\b")
_QUANTILE_WORD = re.compile(r"p(50|90|95|99)")


def requests_role(reading: Reading) -> Role | None:
    """Return what a metric of requests tells; None where it is none."""
    if reading.has_any(_LATENCY) or _is_timer(reading):
        return _latency(reading)
    family = next((f for f in ("5", "4") if reading.has(f"{f}xx")), None)
    if family or (reading.has_any(_FAILED) and _is_of_requests(reading)):
        return _errors(reading, family or "5")
    if reading.has_any(_SIZES) or not reading.has_any(_COUNTED) or not _is_of_requests(reading):
        return None
    return _counted(reading, "requests")


def _is_timer(reading: Reading) -> bool:
    """Tell whether a metric of requests is their duration although only its unit says so.

    Micrometer names it `http_server_requests_seconds`.
    """
    return reading.words[-1] in {"bucket", "sum", "count"} and reading.has(
        "seconds", "milliseconds", "ms"
    )


def _is_of_requests(reading: Reading) -> bool:
    return reading.has_any(_REQUESTS) or reading.words[0] in ("app", "application", "error")


def _counted(reading: Reading, name: str) -> Role:
    split = reading.status_labels
    facts = frozenset({"requests"}) | (ENDINGS if split else frozenset())

    def level(system: System, labels: Mapping[str, str]) -> float:
        return system.requests * ended(system, labels, split)

    guess = "" if reading.kind == "counter" else f"{reading.name}: taken for requests per second"
    return Role(name, reading.kind, facts, level, split, "requests", guess)


def _errors(reading: Reading, family: str) -> Role:
    facts = frozenset(("errors", "unavailable") if family == "5" else ("refused", "unauthorized"))

    def share(system: System) -> float:
        return min(1.0, sum(float(getattr(system, fact)) for fact in facts))

    if reading.kind == "counter":
        counted = facts | {"requests"}
        return Role("errors", "counter", counted, lambda s, _: s.requests * share(s))
    whole, unit, guess = share_unit(reading)
    return Role("error share", "gauge", facts, lambda s, _: whole * share(s), (), unit, guess)


def ended(system: System, labels: Mapping[str, str], split: tuple[str, ...]) -> float:
    """Return which share of the requests ends as the labels say; 1 where none tells."""
    values = [labels[label] for label in split if labels.get(label)]
    return _share(system, values[0].lower()) if values else 1.0


def _share(system: System, ending: str) -> float:
    failed = min(1.0, system.errors + system.unavailable)
    denied = min(1.0 - failed, system.refused + system.unauthorized)
    rest = 1.0 - failed - denied
    exact = {
        "200": rest,
        "404": system.refused,
        "500": system.errors,
        **dict.fromkeys(UNAVAILABLE_CODES, system.unavailable / len(UNAVAILABLE_CODES)),
        **dict.fromkeys(UNAUTHORIZED_CODES, system.unauthorized / len(UNAUTHORIZED_CODES)),
        "ok": rest,
        "notfound": system.refused,
        "internal": system.errors,
        "unavailable": system.unavailable,
        "unauthenticated": system.unauthorized,
        "2xx": rest,
        "4xx": denied,
        "5xx": failed,
    }
    if ending in exact:
        return exact[ending]
    if _OTHER.fullmatch(ending):
        return 0.0
    if "client" in ending:
        return denied
    return failed if is_failure(ending) else 1.0 - failed


def is_failure(word: str) -> bool:
    """Tell whether a label's value is a word for what went wrong."""
    return _FAILURE.search(word.lower()) is not None


def _latency(reading: Reading) -> Role | None:
    if not (_is_of_requests(reading) or reading.has("latency", "responsetime")):
        return None
    units, unit, guess = time_unit(reading)
    if reading.name.endswith("_bucket"):
        return _bucket(reading, units, unit, guess)
    if reading.name.endswith("_count"):
        return _counted(reading, "requests")
    split = reading.status_labels
    if reading.name.endswith("_sum"):
        facts = QUANTILES | {"requests"} | (ENDINGS if split else frozenset())
        return Role(
            "time spent on requests",
            "counter",
            facts,
            lambda s, lb: units * s.requests * mean(s) * ended(s, lb, split),
            split,
            unit,
            guess,
        )
    return _quantile(reading, units, unit, guess) if reading.kind == "gauge" else None


def _bucket(reading: Reading, units: float, unit: str, guess: str) -> Role:
    split = reading.status_labels
    facts = QUANTILES | {"requests"} | (ENDINGS if split else frozenset())

    def level(system: System, labels: Mapping[str, str]) -> float:
        within = share_within(labels.get("le", "+Inf"), units, (system.p50, system.p95, system.p99))
        return system.requests * ended(system, labels, split) * within

    return Role("latency", "bucket", facts, level, ("le", *split), unit, guess)


def _quantile(reading: Reading, units: float, unit: str, guess: str) -> Role:
    named = next((m[1] for w in reading.words if (m := _QUANTILE_WORD.fullmatch(w))), None)
    if "quantile" in reading.labels or reading.declared == "summary":
        return Role(
            "latency",
            "gauge",
            QUANTILES,
            lambda s, lb: units * quantile(lb.get("quantile", "0.95"), (s.p50, s.p95, s.p99)),
            ("quantile",),
            unit,
            guess,
        )
    if named is not None:
        asked = f"0.{named}"
        return Role(
            "latency",
            "gauge",
            frozenset({f"p{named}"}) & QUANTILES or QUANTILES,
            lambda s, _: units * quantile(asked, (s.p50, s.p95, s.p99)),
            (),
            unit,
            guess,
        )
    guess = "; ".join(filter(None, (guess, f"{reading.name}: taken for the mean latency")))
    return Role("latency", "gauge", QUANTILES, lambda s, _: units * mean(s), (), unit, guess)
