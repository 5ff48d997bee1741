"""What is known of an alert's labels before it fires: some values, some names, some absences."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from plimsoll.semantics.pattern import PatternError, compiled
from plimsoll.semantics.pattern_meeting import can_meet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plimsoll.semantics.alertmanager.matchers import Matcher


class Unknown(Enum):
    """What may be told of a label whose value is not known: that it is there, or nothing."""

    PRESENT = "present"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels that an alert will carry, as far as they are known.

    `known` holds values, the empty one for a label that is absent; `present` the names of labels
    that are there with whatever value, `unsure` of those that may be. Where the set is open, it may
    carry any other label, otherwise none. `assumed` are conditions on unknown labels that are taken
    to hold or not. `expanded` are the names of labels that may take their value from a variable of
    the environment in which Prometheus runs: whatever it is, it is the same for every alert.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    is_open: bool = False
    assumed: tuple[tuple[Matcher, bool], ...] = ()
    expanded: frozenset[str] = frozenset()

    def of(self, label: str) -> str | Unknown:
        """Return a label's value, the empty one where it is absent, or what is known instead."""
        if label in self.known:
            return self.known[label]
        if label in self.present:
            return Unknown.PRESENT
        return Unknown.ANY if self.is_open or label in self.unsure else ""

    @property
    def names(self) -> frozenset[str]:
        """Every label of which anything is told."""
        return self.present | self.unsure | self.known.keys()

    def having(self, label: str, value: str | Unknown) -> LabelSet:
        """Return the same labels, with what is known of one of them replaced."""
        known = {name: text for name, text in self.known.items() if name != label}
        present, unsure = self.present - {label}, self.unsure - {label}
        if isinstance(value, str):
            known[label] = value
        elif value is Unknown.PRESENT:
            present |= {label}
        else:
            unsure |= {label}
        return replace(self, known=known, present=present, unsure=unsure)

    def united(self, other: LabelSet) -> LabelSet | None:
        """Return the labels of something that is known as both; None where there is none such."""
        united = replace(self, is_open=self.is_open and other.is_open)
        for name in self.names | other.names:
            told = _both(self.of(name), other.of(name))
            if told is None:
                return None
            united = united.having(name, told)
        return united

    def decided(self, matcher: Matcher) -> bool | None:
        """Tell whether a matcher accepts the labels; None where that depends on what is unknown.

        Raises:
            UnclearMatcherError: what the matcher accepts cannot be told.

        """
        value = self.of(matcher.label)
        if isinstance(value, str):
            return matcher.accepts(value)
        return next((holds for one, holds in self.assumed if one == matcher), _told(matcher, value))

    def assuming(self, matcher: Matcher, *, holds: bool) -> LabelSet | None:
        """Return the labels of an alert for which a matcher holds or not; None if there is none."""
        told = self.decided(matcher)
        if told is not None:
            return self if told is holds else None
        assumed = replace(self, assumed=(*self.assumed, (matcher, holds)))
        if (matcher.operator == "=") is holds and matcher.operator in ("=", "!="):
            assumed = assumed.having(matcher.label, matcher.value)
        elif matcher.value == "" and matcher.operator in ("=", "!="):
            assumed = assumed.having(matcher.label, Unknown.PRESENT)
        return assumed if assumed.is_consistent() else None

    def is_consistent(self) -> bool:
        """Tell whether nothing that is assumed contradicts a value that is known, or itself."""
        return all(
            matcher.accepts(value) is holds
            for matcher, holds in self.assumed
            if isinstance(value := self.of(matcher.label), str)
        ) and all(map(self._has_value, {matcher.label for matcher, _ in self.assumed}))

    def _has_value(self, label: str) -> bool:
        """Tell whether a label that is not known can have a value for which all assumed holds."""
        told = self.of(label)
        assumed = [(one, holds) for one, holds in self.assumed if one.label == label]
        if isinstance(told, str) or len(assumed) == 1:
            return True
        patterns = [(one, holds) for one, holds in assumed if one.operator in ("=~", "!~")]
        wanted = {one.value for one, holds in patterns if (one.operator == "=~") is holds}
        unwanted = {one.value for one, holds in patterns if (one.operator == "=~") is not holds}
        others = {
            one.value
            for one, holds in assumed
            if one.operator in ("=", "!=") and (one.operator == "=") is not holds
        }
        others |= {""} if told is Unknown.PRESENT else set()
        return can_meet(frozenset(wanted), frozenset(unwanted), frozenset(others))

    @property
    def hangs_on_variables(self) -> bool:
        """Whether something is assumed of a label whose value a variable may decide."""
        return any(matcher.label in self.expanded for matcher, _ in self.assumed)

    def spelled_assumptions(self) -> tuple[str, ...]:
        """Return what is assumed, for people."""
        return tuple(str(one) if holds else f"not {one}" for one, holds in self.assumed)


def matching(labels: LabelSet, matchers: Iterable[Matcher]) -> LabelSet | None:
    """Return the labels of an alert that every matcher accepts; None where there is none."""
    found: LabelSet | None = labels
    for matcher in matchers:
        found = found and found.assuming(matcher, holds=True)
    return found


def cases(labels: LabelSet, matchers: tuple[Matcher, ...]) -> Iterator[tuple[LabelSet, bool]]:
    """Yield every case there may be: the labels of it, and whether all matchers accept them."""
    for matcher in matchers:
        refused = labels.assuming(matcher, holds=False)
        if refused is not None:
            yield refused, False
        accepted = labels.assuming(matcher, holds=True)
        if accepted is None:
            return
        labels = accepted
    yield labels, True


def _both(one: str | Unknown, other: str | Unknown) -> str | Unknown | None:
    """Return what is known of a label by two accounts; None where they contradict each other."""
    if isinstance(other, str) and not isinstance(one, str):
        one, other = other, one
    if isinstance(one, str):
        is_told_otherwise = isinstance(other, str) and one != other
        is_missing = other is Unknown.PRESENT and not one
        return None if is_told_otherwise or is_missing else one
    return Unknown.PRESENT if Unknown.PRESENT in (one, other) else Unknown.ANY


def _told(matcher: Matcher, value: Unknown) -> bool | None:
    if matcher.operator in ("=", "!="):
        is_told = value is Unknown.PRESENT and not matcher.value
        return (matcher.operator == "!=") if is_told else None
    try:
        pattern = compiled(matcher.value)
    except PatternError:
        return None
    takes_all = pattern.takes_anything or (value is Unknown.PRESENT and pattern.takes_any_given)
    return (matcher.operator == "=~") if takes_all else None
