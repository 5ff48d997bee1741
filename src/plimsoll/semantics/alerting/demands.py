"""What is tried on the rules for each required alert: where it must fire, and where stay silent.

A trial is a scenario with an expectation. Magnitudes lie well beyond the bound, just beyond it and
just below it; the fault is tried as a step, as a state that was always there, and as a spike
shorter than the alert's hold. Conditions without a bound hold or do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from math import inf
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.conditions import (
    MEASURES,
    RELATIVE,
    SINGLE,
    VANISHING,
    Measure,
    case,
    state_of,
)
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.system import HEALTHY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.environment.alerting_model import RequiredAlert

BEYOND, BELOW = 1.04, 0.96
"""Just beyond and just below a bound: near enough to tell 0.8 from 0.85, far enough that neither
extrapolated rates nor interpolated buckets blur it."""
SPIKE_SHARE = 1 / 3
"""A spike lasts this share of the hold: with the rate's own window it must not outlast it."""
SHORTEST_SPIKE_SECONDS = 15.0


class Duty(Enum):
    """What the rules owe in a trial."""

    FIRE = "fire"
    SILENCE = "stay silent"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Trial:
    """A scenario, what the alert owes in it, and how it is told to people.

    `magnitude` is how much of the condition there is, in its own unit; None where it has none.
    `is_lasting` tells whether the alert must last as long as the fault: just beyond a bound on what
    was before, the fault itself becomes what was before.
    """

    kind: str
    scenario: Scenario
    duty: Duty
    magnitude: float | None = None
    is_lasting: bool = True

    def __str__(self) -> str:
        """Return the trial as a report names it."""
        return self.scenario.name


QUIET_SCENARIOS = (
    Scenario("a healthy system"),
    Scenario("a restart of every process", restarts=True),
    Scenario("a minute and a half without scrapes", gap_seconds=90.0),
    Scenario(
        "hardly any traffic",
        during=replace(HEALTHY, requests=0.02, attempts=0.002, active_users=1.0),
        before=replace(HEALTHY, requests=0.02, attempts=0.002, active_users=1.0),
    ),
)
"""What every system lives through without anything being wrong."""


def trials(required: RequiredAlert) -> tuple[Trial, ...]:
    """Return everything that is tried for a required alert, what must fire first."""
    if required.condition in MEASURES:
        return tuple(_graded(required, MEASURES[required.condition]))
    return tuple(_stated(required))


def violation(required: RequiredAlert) -> Scenario:
    """Return the clearest case in which the alert must fire, as a step at second 0."""
    return next(trial.scenario for trial in trials(required) if trial.duty is Duty.FIRE)


def clear_magnitude(required: RequiredAlert, measure: Measure) -> float:
    """Return a magnitude clearly beyond the bound."""
    bound = required.above or 0.0
    return min(2 * bound, bound + 0.4 * (measure.most - bound))


def extreme_magnitude(required: RequiredAlert, measure: Measure) -> float:
    """Return a magnitude far beyond the bound: the most there is, where that is nearer."""
    return min(10 * (required.above or 0.0), measure.most)


def _graded(required: RequiredAlert, measure: Measure) -> Iterator[Trial]:
    bound = required.above or 0.0
    clear, extreme = clear_magnitude(required, measure), extreme_magnitude(required, measure)
    just_beyond = min(bound * BEYOND, (bound + measure.most) / 2)

    def at(magnitude: float, kind: str, duty: Duty, **changes: float | bool) -> Trial:
        return _trial(required, magnitude, kind, duty, **changes)

    yield at(clear, "clear", Duty.FIRE)
    if extreme > clear:
        yield at(extreme, "extreme", Duty.FIRE)
    yield at(just_beyond, "edge", Duty.FIRE)
    if required.condition not in RELATIVE:
        yield at(clear, "steady", Duty.FIRE, begins=-inf)
    if required.condition in SINGLE:
        yield at(clear, "one instance", Duty.FIRE, one_instance=True)
    yield from _shaped(required, measure, clear)
    yield from _vanishing(required, measure.facts)
    quiet = min(required.quiet_below or inf, bound * BELOW)
    yield at(quiet, "below", Duty.SILENCE)
    if required.holds_seconds:
        spike = max(required.holds_seconds * SPIKE_SHARE, SHORTEST_SPIKE_SECONDS)
        yield at(clear, "spike", Duty.SILENCE, ends=spike)


def _shaped(required: RequiredAlert, measure: Measure, magnitude: float) -> Iterator[Trial]:
    plain = case(required.condition, magnitude)
    for shape in measure.shapes:
        struck = replace(
            plain,
            name=f"{plain.name}, {shape.words}",
            during=shape.system(magnitude),
            before=shape.before,
            touches=shape.touches or measure.facts,
        )
        yield Trial("shape", struck, Duty.FIRE, magnitude)


def lesser(required: RequiredAlert) -> tuple[Trial, ...]:
    """Return what is tried to find from where on the alert begins: it owes nothing there."""
    if required.above is None:
        return ()
    return tuple(
        _trial(required, required.above * share, "stricter", Duty.EITHER)
        for share in (0.25, 0.5, 0.75)
    )


def _stated(required: RequiredAlert) -> Iterator[Trial]:
    struck = state_of(required.condition)
    words = struck.name
    yield Trial("clear", struck, Duty.FIRE)
    steady = replace(struck, name=f"{words}, and always did", begins=-inf)
    yield Trial("steady", steady, Duty.FIRE)
    if required.condition in SINGLE:
        single = replace(struck, name=f"{words}, of one instance", one_instance=True)
        yield Trial("one instance", single, Duty.FIRE)
    yield from _vanishing(required, struck.touches)
    if required.holds_seconds:
        spike = max(required.holds_seconds * SPIKE_SHARE, SHORTEST_SPIKE_SECONDS)
        brief = replace(struck, name=f"{words}, for {spike:g} s", ends=spike)
        yield Trial("spike", brief, Duty.SILENCE)


def _vanishing(required: RequiredAlert, touched: frozenset[str]) -> Iterator[Trial]:
    if required.condition in VANISHING:
        name = "the series that would tell are gone"
        yield Trial("vanished", Scenario(name, touches=touched, vanishes=True), Duty.FIRE)


def _trial(
    required: RequiredAlert,
    magnitude: float,
    kind: str,
    duty: Duty,
    **changes: float | bool,
) -> Trial:
    plain = case(required.condition, magnitude)
    story = {
        "steady": f"{plain.name}, as it always was",
        "one instance": f"{plain.name}, of one instance",
        "spike": f"{plain.name}, for {changes.get('ends', 0):g} s",
    }
    name = story.get(kind, plain.name)
    scenario = replace(plain, name=name, **changes)  # type: ignore[arg-type]
    is_lasting = not (kind == "edge" and required.condition in RELATIVE)
    return Trial(kind, scenario, duty, magnitude, is_lasting)
