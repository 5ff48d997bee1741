"""Which alerts silence which: the rules of inhibition, and what they come to for alerting rules.

Source: `inhibit/inhibit.go`. An alert is muted while another one fires that a rule takes for its
source, where all labels under `equal` are the same in both; one that is missing in both is the
same. Where the muted alert is itself a source of the rule, those sources do not count that are its
targets as well: so nothing mutes itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.labels import LabelSet, Unknown, matching
from plimsoll.semantics.alertmanager.matchers import (
    SOURCE,
    TARGET,
    Matcher,
    MatcherError,
    Syntax,
    UnclearMatcherError,
    matchers_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.document import Document


class InhibitionError(ValueError):
    """It cannot be told what a rule of inhibition mutes."""


@dataclass(frozen=True, slots=True)
class InhibitRule:
    """A rule: alerts that `targets` accept are muted by alerts that `sources` accept."""

    sources: tuple[Matcher, ...]
    targets: tuple[Matcher, ...]
    equal: tuple[str, ...]
    where: str


@lru_cache(maxsize=32)
def inhibit_rules(document: Document, syntax: Syntax = Syntax.FALLBACK) -> tuple[InhibitRule, ...]:
    """Return the rules of inhibition of a configuration.

    Raises:
        InhibitionError: what a rule matches cannot be told.

    """
    found = []
    for part in document.part("inhibit_rules"):
        if part["sources"].value:
            raise InhibitionError(f"{part.where}: several sources of one rule are not read here")
        try:
            sources = matchers_of(part, SOURCE, syntax)
            targets = matchers_of(part, TARGET, syntax)
        except (MatcherError, UnclearMatcherError) as error:
            raise InhibitionError(f"{part.where}: {error}") from error
        equal = tuple(dict.fromkeys(one.text or "" for one in part["equal"]))
        found.append(InhibitRule(sources, targets, equal, part.where))
    return tuple(found)


def mutes(rule: InhibitRule, source: Mapping[str, str], target: Mapping[str, str]) -> bool:
    """Tell whether a firing alert with the first labels mutes one with the second.

    Raises:
        UnclearMatcherError: what a matcher accepts cannot be told.

    """
    if not _accepts(rule.targets, target) or not _accepts(rule.sources, source):
        return False
    if any(source.get(label, "") != target.get(label, "") for label in rule.equal):
        return False
    return not (_accepts(rule.sources, target) and _accepts(rule.targets, source))


def may_mute(rule: InhibitRule, source: LabelSet, target: LabelSet) -> tuple[str, ...] | None:
    """Return what must be assumed for an alert of one shape to mute one of the other.

    Nothing where what is known suffices; None where it never mutes. Labels under `equal` that are
    not known are taken to be equal: that is what happens when both are about the same thing.

    Raises:
        UnclearMatcherError: what a matcher accepts cannot be told.

    """
    muted, muting = matching(target, rule.targets), matching(source, rule.sources)
    if muted is None or muting is None:
        return None
    assumed = [f"{one} of the muted alert" for one in muted.spelled_assumptions()]
    assumed += [f"{one} of the muting alert" for one in muting.spelled_assumptions()]
    for label in rule.equal:
        pair = _equal(muting, muted, label)
        if pair is None:
            return None
        muting, muted, is_guessed = pair
        assumed += [f"one carries no {label}, as the other"] if is_guessed else []
    if not muting.is_consistent() or not muted.is_consistent():
        return None
    both = [_decided(rule.sources, muted), _decided(rule.targets, muting)]
    if both == [True, True]:
        return None
    if False not in both:
        assumed.append("one of the two is not on both sides of the rule")
    return tuple(dict.fromkeys(assumed))


def _accepts(matchers: tuple[Matcher, ...], labels: Mapping[str, str]) -> bool:
    return all(one.accepts(labels.get(one.label, "")) for one in matchers)


def _decided(matchers: tuple[Matcher, ...], labels: LabelSet) -> bool | None:
    told = [labels.decided(one) for one in matchers]
    return False if False in told else None if None in told else True


def _equal(
    source: LabelSet, target: LabelSet, label: str
) -> tuple[LabelSet, LabelSet, bool] | None:
    """Return both with a label that is equal, and whether it had to be guessed that none has it."""
    one, other = source.of(label), target.of(label)
    if isinstance(one, str) and isinstance(other, str):
        return (source, target, False) if one == other else None
    told = one if isinstance(one, str) else other
    if isinstance(told, str):
        if not told and Unknown.PRESENT in (one, other):
            return None
        return source.having(label, told), target.having(label, told), not told
    present = Unknown.PRESENT if Unknown.PRESENT in (one, other) else Unknown.ANY
    return source.having(label, present), target.having(label, present), False
