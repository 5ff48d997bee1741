"""What each rule of a file does, found out without being told what it is for.

Every condition is tried whose facts the rule reads; where the condition has a magnitude, the least
that makes the rule fire is searched for by halving. That the series are gone is tried as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple, get_args

from plimsoll.environment.alerting_model import Condition
from plimsoll.semantics.alerting.certainty import certain_reaction, why_open
from plimsoll.semantics.alerting.conditions import case, facts_of
from plimsoll.semantics.alerting.demands import QUIET_SCENARIOS
from plimsoll.semantics.alerting.reaction import (
    Setting,
    facts_read,
    history_seconds,
)
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.telling import assumptions
from plimsoll.semantics.promql import PromqlError, selectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.semantics.alerting.reaction import Reaction
    from plimsoll.semantics.alerting.watches import Watch

PATIENCE_SECONDS = 4 * 3600
"""How long a fault is held up to a rule; with a longer `for` it is said not to fire."""
SEARCHED = {
    "error-ratio": (1e-4, 0.99),
    "unavailable-ratio": (1e-4, 0.99),
    "latency-p95": (0.2, 100.0),
    "latency-p99": (0.4, 100.0),
    "traffic-drop": (0.01, 0.99),
    "cpu": (0.31, 0.99),
    "memory": (0.41, 0.99),
    "disk": (0.51, 0.99),
    "database-latency": (0.03, 100.0),
    "backup-age": (6.5 * 3600, 40 * 86400.0),
    "login-failures": (0.03, 1000.0),
}
"""The magnitudes that are searched, from just above healthy."""
_HALVINGS = 8
GONE = "series that are gone"
"""What a rule is said to fire on that fires where nothing is told any more."""
FAR_SECONDS = 2 * 3600.0
"""A rule that looks back farther is tried in longer steps, if its windows are long enough."""
_LONG_STEPS = (120.0, 300.0)
_SHORTEST_WINDOW_SECONDS = 300.0
CONDITIONS: tuple[Condition, ...] = get_args(Condition)


class Line(NamedTuple):
    """What one rule does on one condition, as text for a table."""

    rule: str
    severity: str
    fires_on: str
    beyond: str
    after: str
    remarks: str


@dataclass(frozen=True, slots=True)
class _Found:
    condition: str
    least: float | None
    seen: Reaction


def survey(rules: Iterable[Watch], setting: Setting) -> Iterator[Line]:
    """Yield a line for each rule and condition that makes it fire; one for a rule with none."""
    for watch in rules:
        pace = paced(watch, setting)
        remark = _remark(watch, pace)
        found = list(_found(watch, pace))
        if not found:
            told = remark or _silence(watch, pace)
            yield Line(watch.name, watch.severity or "–", "nothing", "–", "–", told)
        for one in found:
            beyond = "–" if one.least is None else f"{one.least:.3g}"
            after = f"{max(0.0, one.seen.first):g} s"
            yield Line(watch.name, watch.severity or "–", one.condition, beyond, after, remark)


def paced(watch: Watch, setting: Setting) -> Setting:
    """Return how a rule is tried: one that looks far back in steps of minutes."""
    try:
        windows = [one.range_seconds for text in watch.expressions for one in selectors(text)]
    except PromqlError:
        return setting
    shortest = min((one for one in windows if one), default=_SHORTEST_WINDOW_SECONDS)
    if history_seconds(watch) <= FAR_SECONDS or shortest < _SHORTEST_WINDOW_SECONDS:
        return setting
    scrape, evaluation = _LONG_STEPS
    return replace(
        setting,
        scrape_seconds=max(setting.scrape_seconds, scrape),
        evaluation_seconds=max(setting.evaluation_seconds, evaluation),
    )


def _silence(watch: Watch, setting: Setting) -> str:
    """Return why a rule that can be tried fires on nothing that is tried."""
    read = facts_read(watch, setting)
    tried = [one for one in CONDITIONS if read & facts_of(one)]
    if tried:
        return f"silent on {', '.join(tried)}"
    return f"no condition tells of {', '.join(sorted(read))}" if read else "it reads no fact"


def _remark(watch: Watch, setting: Setting) -> str:
    try:
        unknown = why_open(watch, setting)
    except PromqlError as error:
        return str(error).partition("\n")[0]
    healthy = certain_reaction(watch, QUIET_SCENARIOS[0], watch.for_seconds + 600, setting)
    health = "fires on a healthy system" if healthy.firings else healthy.unknown
    parts = dict.fromkeys((unknown, *assumptions(watch, setting), health))
    return "; ".join(part for part in parts if part)


def _found(watch: Watch, setting: Setting) -> Iterator[_Found]:
    try:
        read = facts_read(watch, setting)
    except PromqlError:
        return
    for condition in CONDITIONS:
        lowest, highest = SEARCHED.get(condition, (None, None))
        if not read & facts_of(condition):
            continue
        clear = _tried(watch, condition, highest, setting)
        if not clear.firings or clear.first < 0:
            continue
        if lowest is None or highest is None:
            yield _Found(condition, None, clear)
        else:
            yield _least(watch, condition, (lowest, highest), setting)
    gone = Scenario(GONE, touches=read, vanishes=True)
    seen = certain_reaction(watch, gone, _until(watch), setting)
    if seen.firings and seen.first >= 0:
        yield _Found(GONE, None, seen)


def _least(
    watch: Watch, condition: Condition, between: tuple[float, float], setting: Setting
) -> _Found:
    low, high = between
    for _ in range(_HALVINGS):
        middle = sqrt(low * high)
        if _tried(watch, condition, middle, setting).firings:
            high = middle
        else:
            low = middle
    return _Found(condition, high, _tried(watch, condition, high, setting))


def _tried(
    watch: Watch, condition: Condition, magnitude: float | None, setting: Setting
) -> Reaction:
    return certain_reaction(watch, case(condition, magnitude), _until(watch), setting)


def _until(watch: Watch) -> float:
    return min(PATIENCE_SECONDS, watch.for_seconds + 900)
