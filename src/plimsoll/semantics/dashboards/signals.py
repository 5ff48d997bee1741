"""Whether an answer shows a signal: by which facts move it, and how."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.system import HEALTHY
from plimsoll.semantics.dashboard_signals import REGION_LABELS
from plimsoll.semantics.dashboards.answers import is_moved
from plimsoll.semantics.dashboards.changes import CHANGED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plimsoll.semantics.alerting.watches import Labels
    from plimsoll.semantics.dashboards.answers import Answer

    Judge = Callable[[Answer, Labels], bool]

FACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "p50": frozenset({"p50"}),
        "p95": frozenset({"p95"}),
        "p99": frozenset({"p99"}),
        "errors_4xx": frozenset({"refused"}),
        "errors_5xx": frozenset({"errors"}),
        "cpu": frozenset({"cpu"}),
        "memory": frozenset({"memory"}),
        "database_connections": frozenset({"database_connections"}),
        "regional_comparison": frozenset(CHANGED),
        "active_users": frozenset({"active_users"}),
        "slo_status": frozenset({"errors"}),
        "business": frozenset({"attempts", "success"}),
        "service_health": frozenset({"up", "health", "probe"}),
    }
)
"""The facts by which each signal shows."""

_QUANTILES = ("p50", "p95", "p99")
_PROPORTION = 0.02
_HIGHEST_PERCENTAGE = 100.0
"""A share times this is a percentage; times more, it is set against a budget of less than 1 %."""


def shows(answer: Answer, signal: str, metric: str = "") -> tuple[Labels, ...]:
    """Return the series of an answer that show a signal; none where it does not.

    Args:
        answer: what a query answered.
        signal: one of `SIGNALS`.
        metric: for the signal `business`, the metric that must be read.

    Raises:
        KeyError: the signal is not one of `SIGNALS`.

    """
    if signal == "business":
        return _moved_by(answer, answer.business.get(metric, answer.healthy))
    if signal == "regional_comparison":
        return _compared(answer)
    judge = _JUDGES[signal]
    return tuple(labels for labels in answer.healthy if judge(answer, labels))


def _moved_by(answer: Answer, after: Mapping[Labels, float]) -> tuple[Labels, ...]:
    return tuple(
        labels for labels, before in answer.healthy.items() if is_moved(before, after.get(labels))
    )


def _compared(answer: Answer) -> tuple[Labels, ...]:
    """Return the series of an answer in which, of several regions, only the struck one moves."""
    regions = {labels: _region(labels) for labels in answer.healthy if _region(labels)}
    for after in answer.regional.values():
        moved = _moved_by(answer, after)
        struck = {_region(labels) for labels in moved}
        spared = {region for labels, region in regions.items() if labels not in moved}
        if len(struck) == 1 and "" not in struck and spared - struck:
            return tuple(regions)
    return ()


def _region(labels: Labels) -> str:
    return next((value for label, value in labels if label in REGION_LABELS), "")


def _quantile(wanted: str) -> Judge:
    """Judge that the answer is this quantile: it moves in proportion to it, and with no other."""
    others = tuple(fact for fact in _QUANTILES if fact != wanted)
    share = CHANGED[wanted] / getattr(HEALTHY, wanted)

    def judge(answer: Answer, labels: Labels) -> bool:
        if not answer.rises(labels, wanted) or any(answer.moves(labels, o) for o in others):
            return False
        before, after = answer.healthy[labels], answer.moved[wanted][labels]
        return math.isclose(after, before * share, rel_tol=_PROPORTION)

    return judge


def _errors(wanted: str, other: str) -> Judge:
    """Judge that the answer rises with these errors, and does not mix them with the others."""
    return lambda answer, labels: answer.rises(labels, wanted) and not answer.moves(labels, other)


def _moving(*facts: str) -> Judge:
    return lambda answer, labels: any(answer.moves(labels, fact) for fact in facts)


def _objective(answer: Answer, labels: Labels) -> bool:
    """Judge that the answer sets failed requests against all: it does not depend on traffic.

    An availability, or what is left of an error budget, falls when more requests fail. A burn rate
    rises to more than a percentage of failed requests could.
    """
    if not answer.moves(labels, "errors") or answer.moves(labels, "requests"):
        return False
    after = answer.moved["errors"].get(labels)
    if after is None:
        return False
    highest = _HIGHEST_PERCENTAGE * CHANGED["errors"] * (1 + _PROPORTION)
    return after < answer.healthy[labels] or after > highest


_JUDGES: dict[str, Judge] = {
    **{quantile: _quantile(quantile) for quantile in _QUANTILES},
    "errors_4xx": _errors("refused", "errors"),
    "errors_5xx": _errors("errors", "refused"),
    "cpu": _moving("cpu"),
    "memory": _moving("memory"),
    "database_connections": _moving("database_connections"),
    "active_users": _moving("active_users"),
    "slo_status": _objective,
    "service_health": _moving("up", "health", "probe"),
}
