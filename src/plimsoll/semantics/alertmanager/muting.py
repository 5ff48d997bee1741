"""Judge a mute graph: which alerts may be silenced by what they should not be silenced by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.alertmanager.mute_graph import (
    Muting,
    mute_graph,
    rings,
    silent_together,
    unset_equal_labels,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from plimsoll.semantics.alertmanager.inhibition import InhibitRule
    from plimsoll.semantics.alertmanager.labels import LabelSet

_OF_ITS_CAUSE = "muted by nothing but alerts that are declared under may_be_muted_by"


def muting_problems(
    rules: Sequence[InhibitRule],
    alerts: Mapping[str, tuple[LabelSet, ...]],
    allowed: Mapping[str, Collection[str]],
    always_firing: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Return what silences an alert that should be heard, as far as that is certain.

    `allowed` names for an alert those that may mute it; what mutes one all the same must be about
    the same thing: some label that both carry has to be equal.

    Raises:
        UnclearMatcherError: what a matcher accepts cannot be told.

    """
    graph = mute_graph(rules, alerts)
    certain = [one for one in graph if not one.assumed]
    found = list(_pair_problems(certain, allowed))
    found += _blind_problems(certain, allowed)
    found += _cycle_problems(certain)
    found += _constant_problems(graph, always_firing)
    found += _unset_problems(rules, alerts)
    return tuple(dict.fromkeys(found))


def uncertain_mutings(
    rules: Sequence[InhibitRule],
    alerts: Mapping[str, tuple[LabelSet, ...]],
    allowed: Mapping[str, Collection[str]],
) -> tuple[Muting, ...]:
    """Return the pairs that are not allowed, and mute each other only if unknown labels say so.

    Raises:
        UnclearMatcherError: what a matcher accepts cannot be told.

    """
    graph = mute_graph(rules, alerts)
    return tuple(one for one in graph if one.assumed and not _is_allowed(one, allowed))


def _is_allowed(muting: Muting, allowed: Mapping[str, Collection[str]]) -> bool:
    return muting.source in allowed.get(muting.target, ())


def _pair_problems(
    graph: Sequence[Muting], allowed: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    for one in graph:
        if not _is_allowed(one, allowed):
            yield Problem(one.where, f"{one.target} is muted by {one.source}", _OF_ITS_CAUSE)


def _blind_problems(
    graph: Sequence[Muting], allowed: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    for one in graph:
        if one.is_blind and _is_allowed(one, allowed):
            what = f"{one.target} is muted by {one.source} whatever each is about"
            yield Problem(one.where, what, "a label under equal that both carry")


def _cycle_problems(graph: Sequence[Muting]) -> Iterator[Problem]:
    where = {(one.source, one.target): one.where for one in graph}
    for pair in silent_together(graph):
        what = f"{pair[0]} and {pair[1]} mute each other: nobody is told of either"
        yield Problem(where[pair], what, "at most one of two muted by the other")
    for ring in rings(graph):
        begin = next(one for one in graph if one.source in ring and one.target in ring)
        what = f"{', '.join(ring)} mute each other in a ring"
        yield Problem(begin.where, what, "no alert that mutes itself in the end")


def _constant_problems(
    graph: Sequence[Muting], always_firing: Collection[str]
) -> Iterator[Problem]:
    for one in graph:
        if one.source in always_firing:
            what = f"{one.target} is muted by {one.source}, which always fires"
            yield Problem(one.where, what, "a source that fires only when something is wrong")


def _unset_problems(
    rules: Sequence[InhibitRule], alerts: Mapping[str, tuple[LabelSet, ...]]
) -> Iterator[Problem]:
    for rule in rules:
        for label in unset_equal_labels(rule, alerts):
            what = f"equal names {label}, which no alert of the rule carries"
            yield Problem(rule.where, what, "a label that keeps alerts about other things apart")
