"""What one alerting rule does in one scenario: when it fires, or why that is not known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.synthesis import Synthesis
from plimsoll.semantics.alerting.untried import why_untried
from plimsoll.semantics.alerting.watches import Labels, Watch, reach_seconds
from plimsoll.semantics.promql import PromqlError
from plimsoll.semantics.promql.dialect import PROMETHEUS_2, Dialect
from plimsoll.semantics.promql.rule_run import RuleRun, run_rules
from plimsoll.semantics.promql.series import Grid
from plimsoll.semantics.promql.store import SeriesStore

if TYPE_CHECKING:
    from plimsoll.environment.alerting_model import MetricRole
    from plimsoll.facts.exposure import Exposure
    from plimsoll.semantics.alerting.scenario import Scenario

FARTHEST_SECONDS = 26 * 3600.0
"""A rule that looks back farther is not tried: a day and two hours of samples are made at most."""
KEPT_REACTIONS = 20_000
_SETTLING_SECONDS = 120.0
"""History before the first window, so that every rate has begun."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What scraped components expose. Two of the same `key` are the same."""

    key: str
    exposure: Exposure = field(compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """How rules are tried: the server's rhythm and version, and what metrics mean.

    `bounds` are the latencies that alerts are asked about, in seconds: there is a bucket at each.
    `deployment` is None for the logic alone, in which every metric exists. `offset_seconds` is for
    how long ago rules are evaluated whose group does not say.
    """

    scrape_seconds: float = 15.0
    evaluation_seconds: float = 15.0
    dialect: Dialect = PROMETHEUS_2
    signals: tuple[tuple[str, MetricRole], ...] = ()
    bounds: tuple[float, ...] = ()
    deployment: Deployment | None = None
    offset_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert that fired: its labels, and from when to when, in seconds since the fault began."""

    labels: Labels
    spans: tuple[tuple[float, float], ...]

    @property
    def first(self) -> float:
        """When it first fired."""
        return self.spans[0][0]

    def fires_at(self, moment: float) -> bool:
        """Whether it fires at a moment."""
        return any(start <= moment <= end for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a rule did; `unknown` says why that cannot be told, and is empty where it can."""

    firings: tuple[Firing, ...] = ()
    unknown: str = ""

    @property
    def first(self) -> float:
        """When it first fired; infinite where it did not."""
        return min((one.first for one in self.firings), default=inf)

    def of_severity(self, severity: str) -> Reaction:
        """Return the alerts with this severity only, whatever made them have it."""
        told = (one for one in self.firings if dict(one.labels).get("severity", "") == severity)
        return Reaction(tuple(told), self.unknown)

    def fires_at(self, moment: float) -> bool:
        """Whether it fires at a moment."""
        return any(one.fires_at(moment) for one in self.firings)


def history_seconds(watch: Watch) -> float:
    """Return how much history the rule needs before the fault."""
    return reach_seconds(watch) + _SETTLING_SECONDS


def step_seconds(watch: Watch, setting: Setting) -> float:
    """Return how often the rule is evaluated."""
    return watch.interval_seconds or setting.evaluation_seconds


@lru_cache(maxsize=2_000)
def synthesis_of(watch: Watch, setting: Setting) -> Synthesis:
    """Return the series of the world in which a rule is tried. Raises PromqlError."""
    return Synthesis.of(
        watch.expressions,
        signals=dict(setting.signals),
        bounds=setting.bounds,
        recorded=watch.recorded,
        exposed=setting.deployment.exposure if setting.deployment else None,
    )


def facts_read(watch: Watch, setting: Setting) -> frozenset[str]:
    """Return the facts that a rule is about, through its recording rules too.

    That is what its metrics tell, whether or not anybody exposes them. Raises PromqlError.
    """
    world = synthesis_of(watch, in_logic(setting))
    return frozenset().union(*(world.facts_read(one) for one in watch.expressions))


def in_logic(setting: Setting) -> Setting:
    """Return the same server in a world where every metric exists."""
    return setting if setting.deployment is None else replace(setting, deployment=None)


def reads_any(watch: Watch, facts: frozenset[str], setting: Setting) -> bool:
    """Whether a rule is about any of these facts; one that cannot be read may be."""
    try:
        return not facts.isdisjoint(facts_read(watch, setting))
    except PromqlError:
        return True


@lru_cache(maxsize=KEPT_REACTIONS)
def reaction(watch: Watch, scenario: Scenario, until: float, setting: Setting) -> Reaction:
    """Try a rule in a scenario until so many seconds after the fault began.

    It is pure, so that what was worked out once is kept: rules are tried for many demands, and a
    drill tries the same rules again and again. Raises ValueError where `until` is no moment.
    """
    history = history_seconds(watch)
    if history > FARTHEST_SECONDS:
        return Reaction(unknown=f"it looks back {history / 3600:.0f} h, farther than is tried")
    if untried := why_untried(watch, setting):
        return Reaction(unknown=untried)
    try:
        run = _run(watch, scenario, until, setting)
    except PromqlError as error:
        return Reaction(unknown=str(error).partition("\n")[0])
    if run.unsupported:
        return Reaction(unknown="; ".join(sorted(set(run.unsupported.values()))))
    return Reaction(
        tuple(Firing(tuple(sorted(one.labels.items())), tuple(one.spans)) for one in run.firings)
    )


def series_seen(watch: Watch, scenario: Scenario, until: float, setting: Setting) -> SeriesStore:
    """Return the series that a rule reads in a scenario, those that are recorded for it included.

    Raises PromqlError where it cannot be evaluated.
    """
    run = _run(watch, scenario, until, setting)
    if watch.where not in run.stores:
        raise PromqlError("; ".join(run.unsupported.values()) or "it was not evaluated")
    return run.stores[watch.where]


def _run(watch: Watch, scenario: Scenario, until: float, setting: Setting) -> RuleRun:
    history, step = history_seconds(watch), step_seconds(watch, setting)
    world = synthesis_of(watch, setting)
    samples = world.series(scenario, start=-history, end=until, step=setting.scrape_seconds)
    return run_rules(
        [*(one.rule() for one in watch.recordings), watch.rule()],
        SeriesStore(samples),
        _moments(watch, history, until, step),
        setting.dialect,
    )


def _moments(watch: Watch, history: float, until: float, step: float) -> Grid:
    """Return when the rule is evaluated: its recordings need their own history first."""
    before = history - _SETTLING_SECONDS if watch.recordings else 4 * step
    steps = int(before // step) + 1
    return Grid(start=-steps * step, step=step, count=steps + int(until // step) + 1)
