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

from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.system import HEALTHY, System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plimsoll.environment.alerting_model import Condition, RequiredAlert

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


@dataclass(frozen=True, slots=True)
class _Shape:
    """Another way in which a condition shows: what else is as it is, and how that is told."""

    words: str
    system: Callable[[float], System]
    before: System = HEALTHY
    touches: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a condition shows: the system at a magnitude, the facts it changes, the most there is.

    In `shapes` it shows as well, with the same magnitude: a rule that tells it by something else,
    which merely went along, is silent there.
    """

    system: Callable[[float], System]
    facts: frozenset[str]
    most: float = inf
    unit: str = ""
    shapes: tuple[_Shape, ...] = ()


def _latency(p95: float) -> System:
    return replace(HEALTHY, p50=p95 / 3, p95=p95, p99=p95 * 1.05)


_CALM = replace(HEALTHY, requests=HEALTHY.requests / 4)
_TAIL = _Shape(
    "of the slowest alone",
    lambda p95: replace(_latency(p95), p50=HEALTHY.p50),
    touches=frozenset({"p95", "p99"}),
)

_MEASURES = {
    "error-ratio": _Measure(
        lambda share: replace(HEALTHY, errors=share),
        frozenset({"errors"}),
        most=1.0,
        shapes=(
            _Shape(
                "at a quarter of the traffic", lambda share: replace(_CALM, errors=share), _CALM
            ),
            _Shape(
                "answered with 502, 503 and 504",
                lambda share: replace(HEALTHY, errors=0.0, unavailable=share),
                touches=frozenset({"errors", "unavailable"}),
            ),
        ),
    ),
    "unavailable-ratio": _Measure(
        lambda share: replace(HEALTHY, unavailable=share, errors=0.0),
        frozenset({"unavailable", "errors"}),
        most=1.0,
    ),
    "latency-p95": _Measure(_latency, frozenset({"p50", "p95", "p99"}), unit=" s", shapes=(_TAIL,)),
    "latency-p99": _Measure(
        lambda seconds: replace(HEALTHY, p99=seconds), frozenset({"p99"}), unit=" s"
    ),
    "traffic-drop": _Measure(
        lambda share: replace(HEALTHY, requests=HEALTHY.requests * (1 - share)),
        frozenset({"requests"}),
        most=1.0,
    ),
    "cpu": _Measure(lambda share: replace(HEALTHY, cpu=share), frozenset({"cpu"}), most=1.0),
    "memory": _Measure(
        lambda share: replace(HEALTHY, memory=share), frozenset({"memory"}), most=1.0
    ),
    "disk": _Measure(lambda share: replace(HEALTHY, disk=share), frozenset({"disk"}), most=1.0),
    "database-latency": _Measure(
        lambda seconds: replace(HEALTHY, database_p95=seconds),
        frozenset({"database_p95"}),
        unit=" s",
    ),
    "backup-age": _Measure(
        lambda seconds: replace(HEALTHY, backup_age=seconds), frozenset({"backup_age"}), unit=" s"
    ),
    "login-failures": _Measure(
        lambda rate: replace(HEALTHY, login_failures=rate),
        frozenset({"login_failures"}),
        unit=" per second",
    ),
}
_STATES = {
    "health": ({"health": 0.0, "probe": 0.0}, "health checks fail"),
    "down": ({"up": 0.0}, "targets cannot be scraped"),
    "region-down": ({"up": 0.0}, "nothing in one region can be scraped"),
    "database-down": ({"database_up": 0.0}, "the database does not answer"),
    "database-errors": ({"database_errors": 0.5}, "connections to the database fail"),
}
_SINGLE = frozenset({"cpu", "memory", "disk", "health", "down"})
"""What befalls an instance: one that is struck among others must be told too."""
_VANISHING = frozenset({"health", "down", "traffic-drop"})
"""Where silence is itself the fault: series that are gone must be told."""
_ALONE = frozenset({"login-failures"})
"""What is counted by the second: one place alone is struck, or the bound would be that of a sum."""
_STEPS = frozenset({"traffic-drop"})
"""What is measured against before: it cannot have been there always."""

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
    if required.condition in _MEASURES:
        return tuple(_graded(required, _MEASURES[required.condition]))
    return tuple(_stated(required))


def facts_of(condition: Condition) -> frozenset[str]:
    """Return the facts by which a condition shows."""
    if condition in _MEASURES:
        return _MEASURES[condition].facts
    return frozenset(_STATES[condition][0])


def case(condition: Condition, magnitude: float | None) -> Scenario:
    """Return the condition as a step at second 0; the magnitude counts where it has one."""
    measure = _MEASURES.get(condition)
    if measure is None or magnitude is None:
        return _state(condition)
    told = f"{condition} {spelled(magnitude)}{measure.unit}"
    return Scenario(
        told,
        during=measure.system(magnitude),
        touches=measure.facts,
        one_instance=condition in _ALONE,
        one_region=condition in _ALONE,
    )


def violation(required: RequiredAlert) -> Scenario:
    """Return the clearest case in which the alert must fire, as a step at second 0."""
    return next(trial.scenario for trial in trials(required) if trial.duty is Duty.FIRE)


def _graded(required: RequiredAlert, measure: _Measure) -> Iterator[Trial]:
    bound = required.above or 0.0
    clear = min(2 * bound, bound + 0.4 * (measure.most - bound))
    extreme = min(10 * bound, measure.most)
    just_beyond = min(bound * BEYOND, (bound + measure.most) / 2)

    def at(magnitude: float, kind: str, duty: Duty, **changes: float | bool) -> Trial:
        return _trial(required, magnitude, kind, duty, **changes)

    yield at(clear, "clear", Duty.FIRE)
    if extreme > clear:
        yield at(extreme, "extreme", Duty.FIRE)
    yield at(just_beyond, "edge", Duty.FIRE)
    if required.condition not in _STEPS:
        yield at(clear, "steady", Duty.FIRE, begins=-inf)
    if required.condition in _SINGLE:
        yield at(clear, "one instance", Duty.FIRE, one_instance=True)
    yield from _shaped(required, measure, clear)
    yield from _vanishing(required, measure.facts)
    quiet = min(required.quiet_below or inf, bound * BELOW)
    yield at(quiet, "below", Duty.SILENCE)
    if required.holds_seconds:
        spike = max(required.holds_seconds * SPIKE_SHARE, SHORTEST_SPIKE_SECONDS)
        yield at(clear, "spike", Duty.SILENCE, ends=spike)


def _shaped(required: RequiredAlert, measure: _Measure, magnitude: float) -> Iterator[Trial]:
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


def spelled(magnitude: float) -> str:
    """Write a magnitude for people: four digits where they matter, never an exponent."""
    return f"{magnitude:.4g}" if 1e-4 <= magnitude < 1e4 else f"{magnitude:.0f}"


def lesser(required: RequiredAlert) -> tuple[Trial, ...]:
    """Return what is tried to find from where on the alert begins: it owes nothing there."""
    if required.above is None:
        return ()
    return tuple(
        _trial(required, required.above * share, "stricter", Duty.EITHER)
        for share in (0.25, 0.5, 0.75)
    )


def _stated(required: RequiredAlert) -> Iterator[Trial]:
    struck = _state(required.condition)
    words = struck.name
    yield Trial("clear", struck, Duty.FIRE)
    steady = replace(struck, name=f"{words}, and always did", begins=-inf)
    yield Trial("steady", steady, Duty.FIRE)
    if required.condition in _SINGLE:
        single = replace(struck, name=f"{words}, of one instance", one_instance=True)
        yield Trial("one instance", single, Duty.FIRE)
    yield from _vanishing(required, struck.touches)
    if required.holds_seconds:
        spike = max(required.holds_seconds * SPIKE_SHARE, SHORTEST_SPIKE_SECONDS)
        brief = replace(struck, name=f"{words}, for {spike:g} s", ends=spike)
        yield Trial("spike", brief, Duty.SILENCE)


def _state(condition: Condition) -> Scenario:
    changes, words = _STATES[condition]
    return Scenario(
        words,
        during=replace(HEALTHY, **changes),
        touches=frozenset(changes),
        one_region=condition == "region-down",
    )


def _vanishing(required: RequiredAlert, touched: frozenset[str]) -> Iterator[Trial]:
    if required.condition in _VANISHING:
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
    is_lasting = not (kind == "edge" and required.condition in _STEPS)
    return Trial(kind, scenario, duty, magnitude, is_lasting)
