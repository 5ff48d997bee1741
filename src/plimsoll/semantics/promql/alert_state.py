"""When an alert is pending, and when it fires.

Source of the rules: rules/alerting.go of Prometheus (`AlertingRule.Eval`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PENDING = "pending"
FIRING = "firing"


@dataclass(frozen=True, slots=True)
class AlertState:
    """The state of an alert at one moment, and since when (milliseconds) it has been active."""

    name: str
    since: int


def states(
    answered: Sequence[bool], moments: Sequence[int], hold: int, keep_firing: int
) -> list[AlertState | None]:
    """Return the state at each moment of an alert whose expression `answered` there or not.

    It is pending from the first answer, and fires once it has answered without a gap for `hold`
    milliseconds. It then fires on for `keep_firing` milliseconds from the first moment without an
    answer. None where the alert is inactive.
    """
    found: list[AlertState | None] = []
    state: AlertState | None = None
    silent_since: int | None = None
    for there, moment in zip(answered, moments, strict=True):
        if there:
            silent_since = None
            state = _held(state or AlertState(PENDING, moment), moment, hold)
        elif state is not None:
            silent_since = moment if silent_since is None else silent_since
            kept = state.name == FIRING and moment - silent_since < keep_firing
            state = state if kept else None
        if state is None:
            silent_since = None
        found.append(state)
    return found


def _held(state: AlertState, moment: int, hold: int) -> AlertState:
    if state.name == PENDING and moment - state.since >= hold:
        return AlertState(FIRING, state.since)
    return state


def spans(firing: Sequence[bool], moments: Sequence[int]) -> tuple[tuple[float, float], ...]:
    """Return the first and last moment, in seconds, of each uninterrupted stretch."""
    found: list[tuple[float, float]] = []
    before = False
    for there, moment in zip(firing, moments, strict=True):
        at = moment / 1000
        if there:
            found.append((found.pop()[0] if before else at, at))
        before = there
    return tuple(found)
