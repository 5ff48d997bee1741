"""Whether a bucket's lifecycle keeps objects long enough, and ends them at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.bucket import LifecycleRule


def shortcomings(
    rules: Iterable[LifecycleRule], prefix: str, keep_days: int, where: str
) -> tuple[Problem, ...]:
    """Return what is wrong with a lifecycle that must keep objects so long, and end them then."""
    known = tuple(rules)
    expected = f"an enabled rule for {prefix or 'the whole bucket'} that ends objects after ≥ "
    found = [
        Problem(where, described(rule), f"≥ {keep_days} d")
        for rule in hasty(known, prefix, keep_days)
    ]
    if not ending(known, prefix, keep_days) and not found:
        found.append(Problem(where, "no rule ends all objects", f"{expected}{keep_days} d"))
    return tuple(found)


def ending(rules: Iterable[LifecycleRule], prefix: str, keep_days: int) -> list[LifecycleRule]:
    """Return the rules that end every object below a prefix, and none before its time."""
    return [
        rule
        for rule in rules
        if rule.enabled
        and not rule.conditional
        and prefix.startswith(rule.prefix)
        and rule.expires_after_days is not None
        and rule.expires_after_days >= keep_days
    ]


def hasty(rules: Iterable[LifecycleRule], prefix: str, keep_days: int) -> list[LifecycleRule]:
    """Return the rules that end some object below a prefix too early.

    A rule for a part of the prefix, or for some of its objects, is among them; so is one with a
    fixed date, which ends whatever there is on that day, however young. Where several rules hold
    for an object, the shortest of them wins
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html).
    """
    return [
        rule
        for rule in rules
        if rule.enabled
        and (prefix.startswith(rule.prefix) or rule.prefix.startswith(prefix))
        and (_is_short(rule, keep_days) or rule.expires_on is not None)
    ]


def ends_versions(
    rules: Iterable[LifecycleRule], prefix: str, within_days: int | None = None
) -> bool:
    """Whether a rule ends the earlier versions of every object below a prefix, in time if told."""
    return any(
        rule.enabled
        and not rule.conditional
        and prefix.startswith(rule.prefix)
        and rule.versions_expire_after_days is not None
        and (within_days is None or rule.versions_expire_after_days <= within_days)
        for rule in rules
    )


def described(rule: LifecycleRule) -> str:
    """Return a rule in words."""
    if rule.expires_on is not None:
        return f"rule {rule.id} ends objects on {rule.expires_on.date().isoformat()}"
    return f"rule {rule.id} ends objects after {rule.expires_after_days} d"


def _is_short(rule: LifecycleRule, keep_days: int) -> bool:
    return rule.expires_after_days is not None and rule.expires_after_days < keep_days
