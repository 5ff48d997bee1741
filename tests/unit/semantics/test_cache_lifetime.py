"""How long a response may be used is read by directive, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.cache_control import Lifetime, lifetime, storage_permissions

NAMES = st.sampled_from(
    ["cache-control", "Cache-Control", "cdn-cache-control", "vary", "set-cookie"]
)
FIELDS = st.text(max_size=60) | st.sampled_from(
    ["max-age=60", "public, max-age=1, s-maxage=2", "no-store", "private", "*", "max-age=x"]
)
HEADERS = st.lists(st.tuples(NAMES, FIELDS), max_size=4).map(tuple)


def of(value: str, *more: tuple[str, str]) -> Lifetime:
    """Return the lifetime that a Cache-Control gives, beside other fields."""
    return lifetime((("cache-control", value), *more))


@given(HEADERS)
def test_any_headers_give_a_lifetime(headers: tuple[tuple[str, str], ...]) -> None:
    """Read arbitrary fields; times are whole and not negative, or not there."""
    told = lifetime(headers)
    assert told.max_age_seconds is None or told.max_age_seconds >= 0
    assert told.shared_max_age_seconds is None or told.shared_max_age_seconds >= 0


def test_nothing_said_is_no_lifetime() -> None:
    """Leave every field out: nothing is known, which is not zero seconds."""
    assert lifetime(()) == Lifetime(None, None, immutable=False, obstacles=())


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("max-age=9, s-maxage=1, s-maxage=2", "s-maxage"),
        ("max-age=9, s-maxage=later", "s-maxage"),
        ("max-age=9, max-age=0", "max-age"),
    ],
)
def test_a_time_without_one_meaning_is_an_obstacle(value: str, name: str) -> None:
    """Say a time twice, or in words: what a cache makes of it is not known."""
    assert of(value).obstacles == (f"{name} without one meaning",)


@pytest.mark.parametrize("value", ["?", "", "public", "s-maxage=9"])
def test_a_field_for_cdns_without_a_time_is_an_obstacle(value: str) -> None:
    """Send a field that takes the place of Cache-Control and does not say for how long."""
    found = of("max-age=9", ("cdn-cache-control", value)).obstacles
    assert found == ("a field for CDNs without max-age",)


def test_directives_are_read_apart() -> None:
    """Give both times, in quotes as well, and immutable."""
    told = of('Public, MAX-AGE=300, s-maxage="3600", immutable')
    assert told == Lifetime(300, 3600, immutable=True, obstacles=())


@pytest.mark.parametrize(
    "value",
    [
        "max-age=60, max-age=61", "max-age", "max-age=", "max-age=-1", "max-age=1.5",
        "max-age=6 0", "xmax-age=60", "public; max-age=60", "max-age=٦٠", "max-age=" + "9" * 40,
    ],
)  # fmt: skip
def test_what_is_no_number_of_seconds_says_nothing(value: str) -> None:
    """Write max-age twice, without a number, with a wrong one and outside the syntax."""
    assert of(value).max_age_seconds is None


def test_the_same_time_given_twice_still_counts() -> None:
    """Send the same directive in two field lines, as a proxy does that adds its own."""
    assert of("max-age=60", ("Cache-Control", "max-age=60")).max_age_seconds == 60


def test_a_field_for_cdns_counts_in_place_of_s_maxage() -> None:
    """Tell CDNs apart, once with a time and once without one."""
    told = of("max-age=1, s-maxage=2", ("CDN-Cache-Control", "max-age=3"))
    assert told.shared_max_age_seconds == 3
    assert of("s-maxage=2", ("cdn-cache-control", "public")).shared_max_age_seconds is None


@pytest.mark.parametrize(
    ("value", "more", "obstacle"),
    [
        ("max-age=1, no-store", (), "no-store"),
        ("max-age=1, no-cache", (), "no-cache"),
        ('max-age=1, private="x"', (), "private"),
        ("max-age=1", (("cdn-cache-control", "no-store"),), "no-store"),
        ("max-age=1", (("Vary", "accept, *"),), "vary: *"),
        ("max-age=1", (("Set-Cookie", "a=b"),), "set-cookie"),
    ],
)
def test_what_keeps_a_response_from_being_kept_is_told(
    value: str, more: tuple[tuple[str, str], ...], obstacle: str
) -> None:
    """Give a time, and beside it something that takes it back."""
    assert of(value, *more).obstacles == (obstacle,)


@given(HEADERS)
def test_shared_caches_may_store_no_more_than_all_caches(
    headers: tuple[tuple[str, str], ...],
) -> None:
    """Whatever keeps every cache from storing keeps shared caches from it too."""
    if not storage_permissions(headers):
        assert not storage_permissions(headers, shared=True)


@pytest.mark.parametrize(
    ("value", "more", "is_forbidden"),
    [
        ("private", (), True),
        ("private, max-age=60", (), True),
        ("no-store", (), True),
        ("no-store", (("cdn-cache-control", "private"),), True),
        ("private", (("cdn-cache-control", "max-age=60"),), False),
        ('private="set-cookie"', (), False),
        ("no-cache", (), False),
        ("public", (), False),
        ("private", (("age", "9"),), False),
    ],
)
def test_private_is_enough_for_shared_caches(
    value: str, more: tuple[tuple[str, str], ...], is_forbidden: bool
) -> None:
    """Forbid storing to shared caches alone, everywhere and not everywhere."""
    found = storage_permissions((("cache-control", value), *more), shared=True)
    assert (not found) is is_forbidden
