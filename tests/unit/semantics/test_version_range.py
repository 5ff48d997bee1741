"""The least version that a range lets in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.version_range import UnknownRangeError, least_version


@pytest.mark.parametrize(
    ("text", "least"),
    [
        (">=18", (18, 0, 0)),
        (">= 18.2.1 <25", (18, 2, 1)),
        (">18", (19, 0, 0)),
        (">18.1", (18, 2, 0)),
        (">18.1.2", (18, 1, 3)),
        ("^18.2 || 20.x", (18, 2, 0)),
        ("~>18.4", (18, 4, 0)),
        ("20.11.1", (20, 11, 1)),
        ("v20", (20, 0, 0)),
        ("18 - 20", (18, 0, 0)),
        ("<20", (0, 0, 0)),
        ("*", (0, 0, 0)),
        ("", (0, 0, 0)),
        (">=20 || *", (0, 0, 0)),
        (">=16 >=18", (18, 0, 0)),
    ],
)
def test_the_lower_bound_is_the_least_that_is_let_in(text: str, least: tuple[int, ...]) -> None:
    """All comparators of an alternative hold; any alternative will do."""
    assert least_version(text) == least


@pytest.mark.parametrize(
    "text", ["lts/*", "latest", ">=18.0.0-rc.1", "18,20", "node18", ">=18 and"]
)
def test_what_is_written_otherwise_is_not_known(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(UnknownRangeError):
        least_version(text)


numbers = st.tuples(*[st.integers(0, 99)] * 3)


@given(one=numbers, other=numbers)
def test_an_alternative_never_raises_the_bound(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    """What lets more in has a lower bound, or the same."""
    first, second = (f">={'.'.join(map(str, version))}" for version in (one, other))
    assert least_version(f"{first} || {second}") == min(one, other)
    assert least_version(f"{first} {second}") == max(one, other)


@given(st.text(alphabet="0123456789.xX*<>=~^|- vr\n٣", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Reading is total: a version, or an UnknownRangeError."""
    try:
        assert least_version(text) >= (0, 0, 0)
    except UnknownRangeError:
        return
