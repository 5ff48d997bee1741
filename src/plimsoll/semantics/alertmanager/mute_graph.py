"""The mute graph: which alerts of the rule files may silence which, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.inhibition import InhibitRule, may_mute
from plimsoll.semantics.alertmanager.labels import LabelSet, matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plimsoll.semantics.alertmanager.matchers import Matcher


@dataclass(frozen=True, slots=True)
class Muting:
    """An alert may be muted by another, by a rule at `where`.

    `assumed` is what must hold of labels that are not known; `is_blind` tells that no label which
    both carry has to be equal: they may be about different things.
    """

    source: str
    target: str
    where: str
    assumed: tuple[str, ...] = ()
    is_blind: bool = False


def mute_graph(
    rules: Iterable[InhibitRule], alerts: Mapping[str, tuple[LabelSet, ...]]
) -> tuple[Muting, ...]:
    """Return every pair of alerts of which one may mute the other, for each rule that does it.

    `alerts` gives the shapes of the alerts of each name. Of several ways for a pair the one that
    assumes least is told.

    Raises:
        UnclearMatcherError: what a matcher accepts cannot be told.

    """
    found: dict[tuple[str, str, str], Muting] = {}
    for rule in rules:
        sources = _taken(rule.sources, alerts)
        targets = _taken(rule.targets, alerts)
        for source, one in sources:
            for target, other in targets:
                assumed = may_mute(rule, one, other)
                if assumed is None:
                    continue
                made = Muting(source, target, rule.where, assumed, _is_blind(rule, one, other))
                key = (source, target, rule.where)
                found[key] = min(found.get(key, made), made, key=_weight)
    return tuple(found.values())


def silent_together(mutings: Iterable[Muting]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of alerts that mute each other: where both fire, nobody is told of either.

    A pair of an alert with itself are two alerts of the same rule.
    """
    edges = {(one.source, one.target) for one in mutings}
    return tuple(sorted({pair for pair in edges if pair[::-1] in edges and pair[0] <= pair[1]}))


def rings(mutings: Iterable[Muting]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of three alerts and more that mute each other in a ring."""
    follows: dict[str, set[str]] = {}
    for one in mutings:
        follows.setdefault(one.source, set()).add(one.target)
    reached = {name: _reached(name, follows) for name in follows}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached.get(other, ())))
        for name in follows
        if name in reached[name]
    }
    return tuple(sorted(group for group in groups if len(group) > 2))


def unset_equal_labels(
    rule: InhibitRule, alerts: Mapping[str, tuple[LabelSet, ...]]
) -> tuple[str, ...]:
    """Return the labels under `equal` that no alert on either side of the rule ever carries.

    Such a label keeps nothing apart, for what is missing in both counts as equal.

    Raises:
        UnclearMatcherError: what a matcher accepts cannot be told.

    """
    sides = (*_taken(rule.sources, alerts), *_taken(rule.targets, alerts))
    shapes = [shape for _, shape in sides]
    return tuple(
        label for label in rule.equal if shapes and all(not shape.of(label) for shape in shapes)
    )


def _taken(
    matchers: tuple[Matcher, ...], alerts: Mapping[str, tuple[LabelSet, ...]]
) -> list[tuple[str, LabelSet]]:
    return [
        (name, shape)
        for name, shapes in alerts.items()
        for shape in shapes
        if matching(shape, matchers) is not None
    ]


def _is_blind(rule: InhibitRule, source: LabelSet, target: LabelSet) -> bool:
    return not any(source.of(label) and target.of(label) for label in rule.equal)


def _weight(muting: Muting) -> tuple[int, bool]:
    return len(muting.assumed), not muting.is_blind


def _reached(begin: str, follows: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(follows.get(begin, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += follows.get(name, ())
    return frozenset(found)
