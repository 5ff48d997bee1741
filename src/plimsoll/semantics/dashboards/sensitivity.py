"""What a query answers in health, and which series of the answer move when one fact changes.

Each query is tried by itself, with the recording rules that it reads: what else a dashboard asks
cannot make it show more, or less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from plimsoll.facts.alert_rule import AlertRule
from plimsoll.semantics.alerting.emitted import accepted
from plimsoll.semantics.alerting.reaction import Setting, synthesis_of
from plimsoll.semantics.alerting.role import reading_of
from plimsoll.semantics.alerting.roles import is_foreign as is_foreign_reading
from plimsoll.semantics.alerting.watches import Watch, metrics_of, watches
from plimsoll.semantics.dashboard_signals import REGION_LABELS, STATUS_LABELS, is_foreign
from plimsoll.semantics.dashboards.answers import Answer, is_moved
from plimsoll.semantics.dashboards.changes import CHANGED, HEALTH, changed
from plimsoll.semantics.dashboards.history import History
from plimsoll.semantics.dashboards.trial import Trial
from plimsoll.semantics.promql import PromqlError, Selector, selectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.semantics.alerting.synthesis import Synthesis
    from plimsoll.semantics.alerting.watches import Recorded
    from plimsoll.semantics.dashboards.answers import Values

_STATUSES = (
    *(str(code) for code in range(100, 600)),
    *(f"{digit}{rest}" for digit in "12345" for rest in ("xx", "XX")),
)
_LATENCIES = frozenset(("p50", "p95", "p99"))
"""Facts beside which the number of requests decides nothing."""
_STORES = frozenset(("cache_up", "cache_memory"))
"""The facts that a store beside the system tells of itself."""
_RECORDED = re.compile(r"\w*:[\w:]*")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside a dashboard.

    Attributes:
        setting: how expressions are tried, and what metrics mean.
        recordings: the recording rules.
        rules_known: whether these are all that there are.
        business: the metrics of the business.

    """

    setting: Setting = field(default_factory=Setting)
    recordings: tuple[Recorded, ...] = ()
    rules_known: bool = False
    business: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def answer(expression: str, surroundings: Surroundings) -> Answer:
    """Try an expression, with Grafana's variables filled in, in every world that can matter to it.

    It never raises: what cannot be tried is `unknown`, with the reason.
    """
    try:
        read = selectors(expression)
    except PromqlError as error:
        return Answer(nothing=f"it is no PromQL: {_first_line(error)}")
    if not read:
        return Answer(nothing="it reads no metric")
    watch = _watch(expression, surroundings)
    try:
        world = synthesis_of(watch, surroundings.setting)
        return _tried(watch, world, surroundings)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return Answer(unknown=_first_line(error), strange=metrics_of(expression))


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _watch(expression: str, surroundings: Surroundings) -> Watch:
    rule = AlertRule("query", expression, "", "")
    return watches([rule], [one.rule() for one in surroundings.recordings])[0]


def _tried(watch: Watch, world: Synthesis, surroundings: Surroundings) -> Answer:
    reads, own = _facts(watch, world)
    nothing = _nothing(world, surroundings)
    if nothing:
        return Answer(reads=reads, nothing=nothing)
    unknown = {m: why for m, why in world.unknown.items() if not _is_only_deaf(m, watch, world)}
    if unknown:
        reasons = "; ".join(f"{name}: {why}" for name, why in sorted(unknown.items()))
        return Answer(reads=reads, own=own, unknown=reasons, strange=frozenset(unknown))
    setting = surroundings.setting
    history = History.of(watch, setting.scrape_seconds)
    trial = Trial(watch, world, history, setting.dialect)
    healthy = trial.values(HEALTH)
    if not healthy:
        return _empty(watch, history, reads, own)
    facts = own - {"requests"} if own & _LATENCIES else own
    moved = {fact: trial.values(changed(fact)) for fact in sorted(facts)}
    return Answer(
        healthy=healthy,
        moved=MappingProxyType(moved),
        regional=MappingProxyType(dict(_regional(trial, healthy, moved))),
        business=MappingProxyType(dict(_business(trial, surroundings.business, own))),
        reads=reads,
        own=own,
        guessed=any(role.assumed for role in world.roles.values()),
    )


def _empty(watch: Watch, history: History, reads: frozenset[str], own: frozenset[str]) -> Answer:
    """Return what is known of a query that answers nothing in health."""
    deaf = next(filter(None, map(_deaf, _selectors(watch))), "")
    if history.far and not deaf:
        return Answer(reads=reads, own=own, unknown="it looks back farther than is tried closely")
    return Answer(reads=reads, nothing=deaf or "in a healthy system it answers nothing")


def _nothing(world: Synthesis, surroundings: Surroundings) -> str:
    """Return why it is certain that a query answers nothing of the system; else nothing."""
    unrecorded = sorted(filter(_RECORDED.fullmatch, world.unknown))
    if unrecorded and surroundings.rules_known:
        return f"no rule records {', '.join(unrecorded)}"
    if world.unknown and not world.roles and all(map(is_of_another_system, world.unknown)):
        return f"{', '.join(sorted(world.unknown))} tells of another system"
    return ""


def _is_only_deaf(metric: str, watch: Watch, world: Synthesis) -> bool:
    """Tell whether all that is not known of a metric is a status that nothing is answered with."""
    read = [one for one in _selectors(watch) if one.metric == metric]
    made = [one.labels for one in world.emitted if one.name == metric]
    return metric in world.roles and all(
        _deaf(one) or any(accepted(one, labels) for labels in made) for one in read
    )


def _selectors(watch: Watch) -> Iterator[Selector]:
    for expression in watch.expressions:
        yield from selectors(expression)


def _deaf(selector: Selector) -> str:
    """Return how a selector asks for a status that no answer of HTTP has; empty where it does not.

    Words such as `error` are no status; a selector that may accept one is not judged.
    """
    asked = [one for one in selector.matchers if one.label in STATUS_LABELS]
    plain = [one for one in asked if not any(map(one.accepts, _STATUSES))]
    for one in plain:
        if one.operator in ("=", "=~") and not re.search(r"[a-z]{3}", one.value, re.IGNORECASE):
            return f'no status is matched by {one.label}{one.operator}"{one.value}"'
    return ""


def is_of_another_system(metric: str) -> bool:
    """Tell whether a metric's name says that it tells of a tool beside the system."""
    named = Selector(metric, ())
    return is_foreign(named) or is_foreign_reading(reading_of(metric, (), None))


def _facts(watch: Watch, world: Synthesis) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facts that are read, and those read of the system itself."""
    reads: set[str] = set()
    own: set[str] = set()
    for selector in _selectors(watch):
        role = world.roles.get(selector.metric or "")
        if role is not None:
            reads |= role.facts
            own |= role.facts & _STORES if is_foreign(selector) else role.facts
    return frozenset(reads) & CHANGED.keys(), frozenset(own) & CHANGED.keys()


def _regional(
    trial: Trial, healthy: Values, moved: Mapping[str, Values]
) -> Iterator[tuple[str, Values]]:
    """Yield what is answered where one region is struck, if the answer tells regions apart.

    A single fact that moves the answer is enough.
    """
    regions = {value for labels in healthy for label, value in labels if label in REGION_LABELS}
    if len(regions) < 2:
        return
    for fact, after in moved.items():
        if any(is_moved(before, after.get(labels)) for labels, before in healthy.items()):
            yield fact, trial.values(changed(fact, one_region=True))
            return


def _business(
    trial: Trial, metrics: frozenset[str], facts: frozenset[str]
) -> Iterator[tuple[str, Values]]:
    read = frozenset[str]().union(*(metrics_of(one) for one in trial.watch.expressions))
    for metric in sorted(read & metrics):
        for fact in ("attempts", "success"):
            if fact in facts:
                yield metric, trial.values(changed(fact), only=metric)
                break
