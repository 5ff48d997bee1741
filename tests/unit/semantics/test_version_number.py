"""Version numbers of programs, compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.version_number import is_at_least

PARTS = st.lists(st.integers(0, 99), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("version", "least"),
    [("0.47.0", "0.47.0"), ("1.3", "0.47.0"), ("v0.100.0", "0.47.0"), ("0.47", "0.47.0")],
)
def test_the_same_or_a_later_version_is_enough(version: str, least: str) -> None:
    """Parts are numbers, and one that is left out is zero."""
    assert is_at_least(version, least)


@pytest.mark.parametrize("version", ["0.46.9", "0.47.0-rc1", "0.5.0", "", "devel", "0.47.x", "²"])
def test_an_earlier_or_unreadable_version_is_not(version: str) -> None:
    """A candidate comes before its release; what cannot be read is never enough."""
    assert not is_at_least(version, "0.47.0")


@given(PARTS, PARTS)
def test_two_versions_are_in_order(one: list[int], other: list[int]) -> None:
    """Of two versions one is at least the other, and both only where they are the same."""
    first, second = (".".join(map(str, parts)) for parts in (one, other))
    assert is_at_least(first, second) or is_at_least(second, first)
    padded = [parts + [0] * (4 - len(parts)) for parts in (one, other)]
    same = is_at_least(first, second) and is_at_least(second, first)
    assert same == (padded[0] == padded[1])


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_answered(version: str, least: str) -> None:
    """A text is compared or refused; without a bound to compare with it is never enough."""
    assert not is_at_least(version, f"{least}!")
