"""k6 thresholds: what they say, and what meeting them guarantees.

The grammar is k6's own (`metrics/thresholds_parser.go`); an expression outside it stops k6, so
here it is an error, never a threshold that holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from plimsoll.facts.load_test import Threshold
from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.k6_values import duration_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.load_test import K6Options

# In k6's order: the first operator found splits the expression.
_OPERATORS = ("<=", "<", ">=", ">", "===", "==", "!=")
_AGGREGATIONS = ("value", "count", "rate", "avg", "min", "med", "max")
_OF_KIND = {
    "counter": ("count", "rate"),
    "gauge": ("value",),
    "rate": ("rate",),
    "trend": ("avg", "min", "med", "max", "p"),
}
_OWN_METRICS = {
    **dict.fromkeys(("http_reqs", "iterations", "data_sent", "data_received"), "counter"),
    **dict.fromkeys(("dropped_iterations", "ws_sessions", "ws_msgs_sent"), "counter"),
    **dict.fromkeys(("vus", "vus_max"), "gauge"),
    **dict.fromkeys(("checks", "http_req_failed"), "rate"),
    **dict.fromkeys(("iteration_duration", "group_duration", "http_req_duration"), "trend"),
    **dict.fromkeys(("http_req_blocked", "http_req_connecting", "http_req_waiting"), "trend"),
    **dict.fromkeys(("http_req_tls_handshaking", "http_req_sending"), "trend"),
    **dict.fromkeys(("http_req_receiving", "ws_connecting", "grpc_req_duration"), "trend"),
}
"""What each kind of metric can be asked for, and k6's own metrics (`metrics/builtin.go`)."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_METRIC = re.compile(r"(?P<metric>[^{}]+)(\{(?P<tags>.*)\})?", re.DOTALL)
_MEDIAN = 50.0


def thresholds(options: K6Options) -> tuple[Threshold, ...]:
    """Return every threshold of the options.

    Raises:
        ScriptError: one of them is not in k6's grammar.

    """
    declared = options.values.get("thresholds")
    if declared is None:
        return ()
    if not isinstance(declared, Mapping):
        raise ScriptError("thresholds must be an object of metrics", "options.thresholds")
    return tuple(
        parse_threshold(str(name), text)
        for name, entries in declared.items()
        for text in _expressions(str(name), entries)
    )


def _expressions(name: str, entries: object) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else [entries]:
        text = entry.get("threshold") if isinstance(entry, Mapping) else entry
        if not isinstance(text, str):
            raise ScriptError(f"{entry!r} is not a threshold", f"options.thresholds.{name}")
        if isinstance(entry, Mapping):
            _require_abort(entry, f"options.thresholds.{name}")
        yield text


def _require_abort(entry: Mapping[str, object], where: str) -> None:
    """Refuse what k6 cannot read of when a crossed threshold ends the test."""
    aborts, delay = entry.get("abortOnFail"), entry.get("delayAbortEval")
    if aborts is not None and not isinstance(aborts, bool):
        raise ScriptError(f"abortOnFail is {aborts!r}, neither true nor false", where)
    if delay is not None:
        duration_seconds(delay, f"{where}.delayAbortEval")


def parse_threshold(name: str, text: str) -> Threshold:
    """Read one threshold of the metric `name`, which may carry `{tags}`.

    Raises:
        ScriptError: k6 would refuse the name or the expression.

    """
    where = f"options.thresholds.{name}"
    metric = _METRIC.fullmatch(name.strip())
    operator = next((candidate for candidate in _OPERATORS if candidate in text), None)
    if metric is None or operator is None:
        raise ScriptError(f"{text!r} is not a threshold", where)
    left, _, right = (part.strip() for part in text.partition(operator))
    bound = _number(right)
    quantile = _number(left[2:-1]) if left.startswith("p(") and left.endswith(")") else None
    aggregation = "p" if quantile is not None else left
    known = aggregation in _AGGREGATIONS or (quantile is not None and 0 <= quantile <= 100)
    if bound is None or not known:
        raise ScriptError(f"{text!r} is not a threshold", where)
    tags, own = (metric["tags"] or "").strip(), metric["metric"].strip()
    if any(":" not in tag for tag in tags.split(",") if tags):
        raise ScriptError(f"{tags!r} are no tags, as region:fra1 is one", where)
    kind = _OWN_METRICS.get(own)
    if kind and aggregation not in _OF_KIND[kind]:
        raise ScriptError(f"k6 has no {aggregation} of {own}, a {kind}", where)
    return Threshold(own, tags, aggregation, quantile, operator, bound, text.strip())


def _number(text: str) -> float | None:
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def threshold_guarantees(
    threshold: Threshold, metric: str, aggregation: str, bound: float, quantile: float | None = None
) -> bool:
    """Tell whether meeting the threshold makes `aggregation(metric) < bound` certain.

    A higher quantile bounds a lower one, the maximum bounds every quantile, the average and the
    minimum bound none. A threshold on tags speaks of some of the samples only. Ask for a quantile
    with the aggregation `p` and `quantile` in per cent.
    """
    if threshold.metric != metric or threshold.tags:
        return False
    strict = threshold.operator == "<" and threshold.bound <= bound
    if not strict and not (threshold.operator == "<=" and threshold.bound < bound):
        return False
    if aggregation == "p" and quantile is not None:
        held = _quantile(threshold)
        return held is not None and held >= quantile
    return aggregation == threshold.aggregation or (
        threshold.aggregation == "max" and aggregation in ("avg", "med", "min")
    )


def _quantile(threshold: Threshold) -> float | None:
    if threshold.aggregation == "max":
        return 100.0
    return _MEDIAN if threshold.aggregation == "med" else threshold.quantile
