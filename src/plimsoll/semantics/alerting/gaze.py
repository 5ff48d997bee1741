"""Which of the targets that could show a condition a rule looks at, by what its selectors ask.

A selector that asks for an instance, a region or a job passes the others by. Beside what it asks
otherwise, which other targets expose the same is known of what is deployed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.deployed import deployed_series
from plimsoll.semantics.alerting.emitted import Emitted, Question, accepted
from plimsoll.semantics.alerting.places import is_beside
from plimsoll.semantics.alerting.untried import STATE_METRICS
from plimsoll.semantics.alerting.watches import LONGEST_CHAIN
from plimsoll.semantics.promql import PromqlError, selectors
from plimsoll.semantics.promql.alternatives import alternatives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.scenario import Target
    from plimsoll.semantics.alerting.watches import Recorded, Watch
    from plimsoll.semantics.promql import Matcher, Selector

Targets = frozenset["Target"]
_NONE: Targets = frozenset()


@dataclass(frozen=True, slots=True)
class Gaze:
    """What a rule looks at.

    Attributes:
        able: the targets that expose what the rule tells the condition by.
        looked: those that some alternative of the rule passes by with none of its selectors.
        seen: those that some selector reads what tells the condition of.
        passed: for each selector the targets that it passes by.

    """

    able: Targets = _NONE
    looked: Targets = _NONE
    seen: Targets = _NONE
    passed: tuple[Targets, ...] = ()


@dataclass(frozen=True, slots=True)
class _World:
    """What is exposed of the metrics that an alternative reads, whatever it asks of places."""

    read: Sequence[Selector]
    series: tuple[Emitted, ...]

    def targets(self, selector: Selector) -> Targets:
        """Return the targets of the series that a selector finds."""
        return frozenset(
            one.place.target
            for one in self.series
            if one.name == selector.metric and accepted(selector, one.labels)
        )


def gaze(watch: Watch, setting: Setting, facts: frozenset[str], pins: frozenset[str]) -> Gaze:
    """Return what a rule looks at, on what is deployed, of what tells of the facts.

    `pins` are the labels by which a selector picks out targets. Of a rule that cannot be read
    nothing is told.
    """
    try:
        return _gaze(watch, setting, facts, pins)
    except PromqlError:
        return Gaze()


def is_pinned(watch: Watch, pins: frozenset[str]) -> bool:
    """Tell whether a selector of a rule, or of what is recorded for it, asks for such a label."""
    try:
        read = [one for text in watch.expressions for one in selectors(text)]
    except PromqlError:
        return False
    return any(matcher.label in pins for one in read for matcher in one.matchers)


@lru_cache(maxsize=512)
def _gaze(watch: Watch, setting: Setting, facts: frozenset[str], pins: frozenset[str]) -> Gaze:
    parts = [
        _of_alternative(tuple(_leaves(one, watch.recordings, pins)), setting, facts, pins)
        for one in alternatives(watch.expression)
    ]
    able = _applications(frozenset().union(*(one.able for one in parts)))
    return Gaze(
        able,
        able & frozenset().union(*(one.looked for one in parts)),
        able & frozenset().union(*(one.seen for one in parts)),
        tuple(targets & able for one in parts for targets in one.passed),
    )


def _of_alternative(
    read: Sequence[Selector], setting: Setting, facts: frozenset[str], pins: frozenset[str]
) -> Gaze:
    loose = [_loosened(one, pins) for one in read]
    world = _World(loose, _exposed(loose, setting))
    telling = frozenset(one.name for one in world.series if not facts.isdisjoint(one.role.facts))
    able = _able(world, telling)
    found = [(one, world.targets(one)) for one in read]
    passed = tuple(
        (world.targets(wide) - targets) & able
        for wide, (_, targets) in zip(loose, found, strict=True)
    )
    seen = (targets for one, targets in found if one.metric in telling)
    return Gaze(able, able - frozenset().union(*passed), able & frozenset().union(*seen), passed)


def _able(world: _World, telling: frozenset[str]) -> Targets:
    """Return the targets that can show it: of those that expose what tells, who expose most."""
    names: dict[Target, set[str]] = {}
    for one in world.series:
        if not one.is_spared:
            names.setdefault(one.place.target, set()).add(one.name)
    tells = _applications(frozenset(one for one, read in names.items() if read & telling))
    most = max((len(names[one]) for one in tells), default=0)
    return frozenset(one for one in tells if len(names[one]) == most)


def _applications(targets: Targets) -> Targets:
    """Return those of the application; all where none is one."""
    return frozenset(one for one in targets if not is_beside(dict(one).get("job", ""))) or targets


def _exposed(read: Iterable[Selector], setting: Setting) -> tuple[Emitted, ...]:
    if setting.deployment is None:
        return ()
    by_metric: dict[str, tuple[Selector, ...]] = {}
    for one in read:
        if one.metric and one.metric not in STATE_METRICS:
            by_metric[one.metric] = (*by_metric.get(one.metric, ()), one)
    question = Question.of((), by_metric, setting.bounds, ())
    return deployed_series(question, setting.deployment.exposure, dict(setting.signals)).emitted


def _leaves(
    expression: str,
    recordings: Sequence[Recorded],
    pins: frozenset[str],
    depth: int = LONGEST_CHAIN,
) -> Iterator[Selector]:
    """Yield the selectors of what is scraped, with what is asked of places of what is recorded."""
    for one in selectors(expression):
        made = [recorded for recorded in recordings if recorded.name == one.metric]
        if not made:
            yield one
        for recorded in made if depth else ():
            asked = [matcher for matcher in one.matchers if matcher.label in pins]
            for leaf in _leaves(recorded.expression, recordings, pins, depth - 1):
                yield _asking(leaf, asked, dict(recorded.labels))


def _asking(leaf: Selector, asked: Iterable[Matcher], written: Mapping[str, str]) -> Selector:
    """Return a selector with what is asked of labels that reach what is recorded of it."""
    more = [one for one in asked if one.label not in written and leaf.keeps(one.label)]
    return replace(leaf, matchers=(*leaf.matchers, *more)) if more else leaf


def _loosened(selector: Selector, pins: frozenset[str]) -> Selector:
    kept = tuple(matcher for matcher in selector.matchers if matcher.label not in pins)
    return replace(selector, matchers=kept)
