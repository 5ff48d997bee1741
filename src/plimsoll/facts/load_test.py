"""What a load test asks for: its options, scenarios, thresholds and the requests it makes."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (read at run time when a snapshot is restored)
from dataclasses import dataclass, field
from fractions import Fraction  # noqa: TC003 (read at run time when a snapshot is restored)

RUN_TIME_VALUE = "<known only at run time>"
"""Stands in options for a value that depends on what only k6 itself provides."""


@dataclass(frozen=True, slots=True)
class K6Options:
    """The options a k6 script exports, as plain JSON values, and the functions it exports."""

    values: Mapping[str, object]
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ramp:
    """A stretch of time in which the number of virtual users changes linearly.

    Times are seconds since the start of the test. A ramp of no length is a jump.
    """

    start_seconds: Fraction
    end_seconds: Fraction
    start_users: Fraction
    end_users: Fraction


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario as k6 derives it.

    `ramps` holds only the virtual users that the options alone guarantee. `indefinite` says why
    there are none: the scenario ends when its iterations are done, or its users follow the rate.
    `environment` is what its function reads as `__ENV`, beside what the test was started with.
    """

    name: str
    executor: str
    function: str
    ramps: tuple[Ramp, ...] = ()
    indefinite: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadProfile:
    """The load that a test guarantees: every scenario, and what they add up to.

    `total_seconds` is how long the test lasts, `loaded_seconds` how much of that has a user in it.
    """

    scenarios: tuple[Scenario, ...]
    total_seconds: float
    loaded_seconds: float
    peak_users: float

    @property
    def ramps(self) -> tuple[Ramp, ...]:
        """Return the ramps of all scenarios; where they overlap, their users add up."""
        return tuple(ramp for scenario in self.scenarios for ramp in scenario.ramps)

    @property
    def indefinite(self) -> tuple[Scenario, ...]:
        """Return the scenarios whose load the options do not fix."""
        return tuple(scenario for scenario in self.scenarios if scenario.indefinite)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A k6 threshold: `aggregation` of `metric`, narrowed by `tags`, compared with `bound`.

    `quantile` is set where the aggregation is `p`, in per cent. The bound is in the metric's own
    unit: milliseconds for k6's durations, a share from 0 to 1 for its rates.
    """

    metric: str
    tags: str
    aggregation: str
    quantile: float | None
    operator: str
    bound: float
    text: str

    def __str__(self) -> str:
        """Return the threshold as its author would recognize it."""
        metric = f"{self.metric}{{{self.tags}}}" if self.tags else self.metric
        return f"{metric}: {self.text}"


@dataclass(frozen=True, slots=True)
class ScriptRequest:
    """A request that a load-test script makes.

    `url` is what is known before the script runs: an expression stands in it as `{name}`.
    """

    method: str
    url: str
    function: str
    line: int
