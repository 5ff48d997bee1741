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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.load_test import K6Options

# In k6's order: the first operator found splits the expression.
_OPERATORS = ("<=", "<", ">=", ">", "===", "==", "!=")
_AGGREGATIONS = ("value", "count", "rate", "avg", "min", "med", "max")
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
        yield text


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
    tags = (metric["tags"] or "").strip()
    return Threshold(
        metric["metric"].strip(), tags, aggregation, quantile, operator, bound, text.strip()
    )


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
