"""The parts that a metric is split into: statuses, buckets, quantiles, modes of a processor."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.labels import Unsatisfiable
from plimsoll.semantics.alerting.pattern_samples import PatternError, samples
from plimsoll.semantics.alerting.role import OUTCOME_LABELS
from plimsoll.semantics.alerting.roles_requests import is_failure
from plimsoll.semantics.alerting.roles_resources import CPUS, MODES
from plimsoll.semantics.alerting.units import SECONDS_IN
from plimsoll.semantics.dashboard_signals import STATUS_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plimsoll.semantics.alerting.role import Role
    from plimsoll.semantics.promql import Matcher, Selector

ENDING_LABELS = STATUS_LABELS | OUTCOME_LABELS
PARTITION_LABELS = ENDING_LABELS | {"le", "quantile", "mode", "cpu", "resource"}

CODES = ("200", "401", "403", "404", "500", "502", "503", "504")
FAMILIES = ("2xx", "4xx", "5xx")
GRPC = ("OK", "NotFound", "Unauthenticated", "Internal", "Unavailable")
_QUANTILES = ("0.5", "0.9", "0.95", "0.99")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_LEAST, _MOST = 0.001, 3600.0
_AROUND = (0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 4)
"""Of each demanded bound there are buckets at these multiples too."""
_FAMILY = re.compile(r"[1-5][xX][xX]", re.ASCII)
_WORD = re.compile(r"[A-Za-z_]+")
_CODE = re.compile(r"[1-5]\d\d", re.ASCII)


def parts(
    role: Role,
    selectors: Sequence[Selector],
    bounds: Iterable[float] = (),
    compared: Iterable[float] = (),
) -> Iterator[Mapping[str, str]]:
    """Yield the partition labels of each part of a metric.

    Args:
        role: what the metric tells.
        selectors: those that read it.
        bounds: latencies in seconds that are asked about: there is a bucket at each.
        compared: numbers that rules compare with, in whatever unit: there is a bucket at each.

    Raises:
        Unsatisfiable: it cannot be told which values a selector accepts.

    """
    asked = [m for one in selectors for m in one.matchers]
    units = SECONDS_IN.get(role.unit, 1.0)
    edges = tuple(_buckets(bounds, compared, units)) if "le" in role.partition else ()
    values = [_values(label, asked, edges) for label in role.partition]
    for chosen in product(*values):
        labels = dict(zip(role.partition, chosen, strict=True))
        if _is_consistent(labels):
            yield labels


def _values(label: str, asked: Sequence[Matcher], edges: Iterable[str]) -> tuple[str, ...]:
    named = _named(m for m in asked if m.label == label)
    fixed = {
        "mode": tuple(dict.fromkeys((*MODES, *named))),
        "cpu": CPUS,
        "resource": ("cpu", "memory"),
    }
    if label == "le":
        return tuple(dict.fromkeys((*edges, *named, "+Inf")))
    if label == "quantile":
        return tuple(dict.fromkeys((*_QUANTILES, *named)))
    return fixed[label] if label in fixed else endings(label, named)


def _named(matchers: Iterable[Matcher]) -> tuple[str, ...]:
    """Return the values that matchers spell out, whether they want them or not."""
    found: list[str] = []
    try:
        for matcher in matchers:
            spelled = samples(matcher.value) if "~" in matcher.operator else (matcher.value,)
            # Of a pattern only what stands in it tells the style: `5..` is matched by `5xx` too.
            found += [one for one in spelled if one in matcher.value]
    except PatternError as error:
        raise Unsatisfiable(str(error)) from error
    return tuple(dict.fromkeys(value for value in found if value))


def _buckets(bounds: Iterable[float], compared: Iterable[float], units: float) -> Iterator[str]:
    around = {bound * factor * units for bound in bounds for factor in _AROUND}
    told = {number * factor for number in compared for factor in (1.0, 1000.0, 0.001)}
    for edge in sorted({*(one * units for one in _SECONDS), *around, *told}):
        if _LEAST <= edge / units <= _MOST:
            yield f"{edge:.10g}"


def endings(label: str, named: Sequence[str]) -> tuple[str, ...]:
    """Return the values by which a label tells how requests end, in the style of those named."""
    if label == "grpc_code":
        return GRPC
    codes = tuple(value for value in named if _CODE.fullmatch(value))
    words = tuple(v for v in named if _WORD.fullmatch(v) and not _FAMILY.fullmatch(v))
    families = [value for value in named if _FAMILY.fullmatch(value)]
    if families and not codes:
        upper = any("X" in value for value in families)
        return tuple(one.upper() if upper else one for one in FAMILIES)
    if words and not codes and not families:
        return _words(words)
    if not named and label in ("status_class", "outcome", "result"):
        return FAMILIES if label == "status_class" else ("success", "error")
    return tuple(dict.fromkeys((*CODES, *codes)))


def _words(named: tuple[str, ...]) -> tuple[str, ...]:
    good = [word for word in named if not is_failure(word)]
    bad = [word for word in named if is_failure(word)]
    upper = named[0].isupper()
    other = ("ERROR" if upper else "error") if good and not bad else ""
    other = ("SUCCESS" if upper else "success") if bad and not good else other
    return (*good[:1], *bad[:1], *((other,) if other else ()))


def _is_consistent(labels: Mapping[str, str]) -> bool:
    """Tell whether several labels of one ending agree (`code="500"` and `class="5xx"`)."""
    told = [value for label, value in labels.items() if label in ENDING_LABELS]
    firsts = {value[0] for value in told if _CODE.fullmatch(value) or _FAMILY.fullmatch(value)}
    codes = {value for value in told if _CODE.fullmatch(value)}
    failed = {one == "5" for one in firsts} | {
        is_failure(value)
        for value in told
        if _WORD.fullmatch(value) and not _FAMILY.fullmatch(value)
    }
    return len(firsts) <= 1 and len(codes) <= 1 and len(failed) <= 1
