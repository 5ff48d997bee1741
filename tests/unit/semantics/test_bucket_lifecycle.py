"""A lifecycle must end objects, and none of them too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.bucket import LifecycleRule
from plimsoll.semantics.lifecycle import ends_versions, shortcomings

PREFIX = "daily/postgres/"
RULE = LifecycleRule("daily", "daily/", enabled=True, expires_after_days=14)
rules = st.builds(
    LifecycleRule,
    id=st.just("rule"),
    prefix=st.sampled_from(["", "daily/", PREFIX, f"{PREFIX}2026", "logs/"]),
    enabled=st.booleans(),
    expires_after_days=st.none() | st.integers(1, 400),
    expires_on=st.none() | st.just(datetime(2027, 1, 1, tzinfo=UTC)),
    conditional=st.booleans(),
    versions_expire_after_days=st.none() | st.integers(1, 400),
)


def wrong(*given_rules: LifecycleRule, keep_days: int = 14) -> list[str]:
    """Return what is wrong, in words."""
    return [one.what for one in shortcomings(given_rules, PREFIX, keep_days, "here")]


def test_a_rule_for_the_prefix_is_enough() -> None:
    """Judge one enabled rule with the days asked for."""
    assert not wrong(RULE)


@pytest.mark.parametrize(
    "rule",
    [
        replace(RULE, enabled=False),
        replace(RULE, conditional=True),
        replace(RULE, prefix="logs/"),
        replace(RULE, prefix=f"{PREFIX}2026"),
        replace(RULE, expires_after_days=None),
    ],
)
def test_a_rule_that_does_not_end_everything_is_not_enough(rule: LifecycleRule) -> None:
    """Judge rules that are off, for some objects, for others, for a part, or for nothing."""
    assert wrong(rule) == ["no rule ends all objects"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (replace(RULE, id="hasty", expires_after_days=3), "rule hasty ends objects after 3 d"),
        (replace(RULE, id="part", prefix=f"{PREFIX}x", expires_after_days=3), "rule part ends"),
        (replace(RULE, id="some", conditional=True, expires_after_days=3), "rule some ends"),
        (
            LifecycleRule("day", "", enabled=True, expires_on=datetime(2027, 1, 1, tzinfo=UTC)),
            "rule day ends objects on 2027-01-01",
        ),
    ],
)
def test_a_second_rule_may_not_end_anything_sooner(rule: LifecycleRule, words: str) -> None:
    """Add a shorter rule for everything, for a part, for some, or for a fixed day."""
    (problem,) = wrong(RULE, rule)
    assert problem.startswith(words)


def test_no_rule_is_a_shortcoming() -> None:
    """Judge a bucket that keeps everything for ever."""
    assert wrong() == ["no rule ends all objects"]


@given(st.lists(rules, max_size=5), st.integers(1, 400), st.integers(0, 400))
def test_asking_for_less_time_never_makes_it_worse(
    given_rules: list[LifecycleRule], keep_days: int, less: int
) -> None:
    """Ask for fewer days: what was long enough stays long enough."""
    if not wrong(*given_rules, keep_days=keep_days):
        assert not wrong(*given_rules, keep_days=max(1, keep_days - less))


@given(st.lists(rules, max_size=5))
def test_rules_that_are_off_change_nothing(given_rules: list[LifecycleRule]) -> None:
    """Add rules that are not enabled."""
    off = [replace(rule, enabled=False) for rule in given_rules]
    assert wrong(RULE, *off) == wrong(RULE)
    assert not ends_versions(off, PREFIX)


def test_earlier_versions_need_a_rule_of_their_own() -> None:
    """Compare a rule that ends objects with one that ends earlier versions too."""
    assert not ends_versions([RULE], PREFIX)
    assert ends_versions([replace(RULE, versions_expire_after_days=1)], PREFIX)


@pytest.mark.parametrize(
    ("days", "is_in_time"), [(1, True), (14, True), (15, False), (3650, False)]
)
def test_earlier_versions_must_end_in_time(days: int, is_in_time: bool) -> None:
    """Let a rule end earlier versions: what nobody lists any more is still kept."""
    rule = replace(RULE, versions_expire_after_days=days)
    assert ends_versions([rule], PREFIX)
    assert ends_versions([rule], PREFIX, within_days=14) is is_in_time
