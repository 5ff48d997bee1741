"""Which fault is staged for a required alert, how, and which rules may tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.conditions import case, facts_of
from plimsoll.semantics.alerting.demands import violation
from plimsoll.semantics.alerting.kinship import may_tell
from plimsoll.semantics.alerting.watches import metrics_of
from plimsoll.semantics.promql import PromqlError, selectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plimsoll.environment.alerting_model import RequiredAlert, Route
    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.synthesis import Synthesis
    from plimsoll.semantics.alerting.watches import Watch

SETTLING_SECONDS = 60.0
"""At real speed: how much longer than its windows a rule needs to see a system as it always was."""
MOST_HISTORY_SECONDS = 90 * 60.0
"""At real speed: a rule that looks back farther is not waited for."""
DEFAULT_GATHERING_SECONDS = 60.0
"""How long Alertmanager may gather alerts where the environment does not say, at real speed."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A fault for a required alert.

    Attributes:
        required: the alert.
        scenario: the fault, and how people call it.
        kin: the names of the rules that read something of the fault.
        doubt: why nothing follows from silence; empty where something does.
        history_seconds: how long the system must have been well before, at real speed.
        longest_look_back_seconds: how far any of the rules looks back, at real speed.
        patience_seconds: how long after the fault somebody must have been told, at real speed.

    """

    required: RequiredAlert
    scenario: Scenario
    kin: frozenset[str]
    doubt: str
    history_seconds: float
    longest_look_back_seconds: float
    patience_seconds: float


def staged(
    required: RequiredAlert,
    others: Iterable[RequiredAlert],
    rules: Sequence[Watch],
    world: Synthesis,
    routes: Iterable[Route] = (),
) -> Staged:
    """Return the fault to stage for a required alert.

    Where a worse alert about the same condition is required as well, the fault lies between the
    two bounds, so that the worse one does not speak for this one.
    """
    worse = [
        other.above
        for other in others
        if other.condition == required.condition
        if other.above is not None and other.above > (required.above or 0.0)
    ]
    fault = _fault(required, min(worse, default=None))
    facts = facts_of(required.condition)
    kin = [one for one in rules if facts & _facts_read(one, world)]
    reach = [look_back_seconds(one) for one in kin if one.severity == required.severity]
    gathering = max(
        (route.within_seconds or DEFAULT_GATHERING_SECONDS for route in routes),
        default=DEFAULT_GATHERING_SECONDS,
    )
    return Staged(
        required,
        fault,
        frozenset(one.name for one in kin),
        _doubt(required, rules, world),
        max((one for one in reach if one <= MOST_HISTORY_SECONDS), default=0.0),
        max(reach, default=0.0),
        required.within_seconds + gathering,
    )


def look_back_seconds(rule: Watch) -> float:
    """Return how far back a rule's windows reach, those of its recordings added, at real speed."""
    reach = 0.0
    for expression in rule.expressions:
        try:
            read = selectors(expression)
        except PromqlError:
            continue
        reach += max(
            ((one.range_seconds or 0.0) + max(0.0, one.offset_seconds) for one in read), default=0.0
        )
    return reach


def _fault(required: RequiredAlert, worse: float | None) -> Scenario:
    if worse is None or required.above is None:
        return violation(required)
    return case(required.condition, (required.above + worse) / 2)


def _is_read(expression: str) -> bool:
    try:
        selectors(expression)
    except PromqlError:
        return False
    return True


def _facts_read(rule: Watch, world: Synthesis) -> frozenset[str]:
    read: set[str] = set()
    for expression in rule.expressions:
        try:
            read |= world.facts_read(expression)
        except PromqlError:
            continue
    return frozenset(read)


def _doubt(required: RequiredAlert, rules: Iterable[Watch], world: Synthesis) -> str:
    """Return what is not understood of a rule of this severity that may tell of the condition."""
    for rule in rules:
        if rule.severity != required.severity:
            continue
        if not all(map(_is_read, rule.expressions)):
            return f"{rule.name} ({rule.where}) cannot be read, and is left out"
        for metric, reason in world.unknown.items():
            is_read = any(metric in metrics_of(expression) for expression in rule.expressions)
            if is_read and may_tell(metric, required.condition):
                return f"{rule.name} ({rule.where}): {reason}"
    return ""
