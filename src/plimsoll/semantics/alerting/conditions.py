"""The conditions that alerts are required for: by which facts of the system each of them shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.system import HEALTHY, System

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.alerting_model import Condition


@dataclass(frozen=True, slots=True)
class Shape:
    """Another way in which a condition shows: what else is as it is, and how that is told."""

    words: str
    system: Callable[[float], System]
    before: System = HEALTHY
    touches: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Measure:
    """How a condition shows: the system at a magnitude, the facts it changes, the most there is.

    In `shapes` it shows as well, with the same magnitude: a rule that tells it by something else,
    which merely went along, is silent there.
    """

    system: Callable[[float], System]
    facts: frozenset[str]
    most: float = inf
    unit: str = ""
    shapes: tuple[Shape, ...] = ()


def _latency(p95: float) -> System:
    return replace(HEALTHY, p50=p95 / 3, p95=p95, p99=p95 * 1.05)


_CALM = replace(HEALTHY, requests=HEALTHY.requests / 4)
_TAIL = Shape(
    "of the slowest alone",
    lambda p95: replace(_latency(p95), p50=HEALTHY.p50),
    touches=frozenset({"p95", "p99"}),
)

MEASURES = {
    "error-ratio": Measure(
        lambda share: replace(HEALTHY, errors=share),
        frozenset({"errors"}),
        most=1.0,
        shapes=(
            Shape("at a quarter of the traffic", lambda share: replace(_CALM, errors=share), _CALM),
            Shape(
                "answered with 502, 503 and 504",
                lambda share: replace(HEALTHY, errors=0.0, unavailable=share),
                touches=frozenset({"errors", "unavailable"}),
            ),
        ),
    ),
    "unavailable-ratio": Measure(
        lambda share: replace(HEALTHY, unavailable=share, errors=0.0),
        frozenset({"unavailable", "errors"}),
        most=1.0,
    ),
    "latency-p95": Measure(_latency, frozenset({"p50", "p95", "p99"}), unit=" s", shapes=(_TAIL,)),
    "latency-p99": Measure(
        lambda seconds: replace(HEALTHY, p99=seconds), frozenset({"p99"}), unit=" s"
    ),
    "traffic-drop": Measure(
        lambda share: replace(HEALTHY, requests=HEALTHY.requests * (1 - share)),
        frozenset({"requests"}),
        most=1.0,
    ),
    "cpu": Measure(lambda share: replace(HEALTHY, cpu=share), frozenset({"cpu"}), most=1.0),
    "memory": Measure(
        lambda share: replace(HEALTHY, memory=share), frozenset({"memory"}), most=1.0
    ),
    "disk": Measure(lambda share: replace(HEALTHY, disk=share), frozenset({"disk"}), most=1.0),
    "database-latency": Measure(
        lambda seconds: replace(HEALTHY, database_p95=seconds),
        frozenset({"database_p95"}),
        unit=" s",
    ),
    "backup-age": Measure(
        lambda seconds: replace(HEALTHY, backup_age=seconds), frozenset({"backup_age"}), unit=" s"
    ),
    "login-failures": Measure(
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
SINGLE = frozenset({"cpu", "memory", "disk", "health", "down"})
"""What befalls an instance: one that is struck among others must be told too."""
VANISHING = frozenset({"health", "down", "traffic-drop"})
"""Where silence is itself the fault: series that are gone must be told."""
_ALONE = frozenset({"login-failures"})
"""What is counted by the second: one place alone is struck, or the bound would be that of a sum."""
RELATIVE = frozenset({"traffic-drop"})
"""What is measured against before: it cannot have been there always."""


def facts_of(condition: Condition) -> frozenset[str]:
    """Return the facts by which a condition shows."""
    if condition in MEASURES:
        return MEASURES[condition].facts
    return frozenset(_STATES[condition][0])


def case(condition: Condition, magnitude: float | None) -> Scenario:
    """Return the condition as a step at second 0; the magnitude counts where it has one."""
    measure = MEASURES.get(condition)
    if measure is None or magnitude is None:
        return state_of(condition)
    told = f"{condition} {spelled(magnitude)}{measure.unit}"
    return Scenario(
        told,
        during=measure.system(magnitude),
        touches=measure.facts,
        one_instance=condition in _ALONE,
        one_region=condition in _ALONE,
    )


def spelled(magnitude: float) -> str:
    """Write a magnitude for people: four digits where they matter, never an exponent."""
    return f"{magnitude:.4g}" if 1e-4 <= magnitude < 1e4 else f"{magnitude:.0f}"


def state_of(condition: Condition) -> Scenario:
    """Return a condition that holds or does not, as a step at second 0."""
    changes, words = _STATES[condition]
    return Scenario(
        words,
        during=replace(HEALTHY, **changes),
        touches=frozenset(changes),
        one_region=condition == "region-down",
    )
