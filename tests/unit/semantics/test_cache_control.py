"""Only no-store forbids storing, and only where caches obey it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.cache_control import directives, storage_permissions

NAMES = st.sampled_from(["cache-control", "CDN-Cache-Control", "surrogate-control", "age", "x"])
FIELDS = st.sampled_from(
    ["no-store", "max-age=1", 'private="no-store"', "public", "must-understand", "0", "60", "", '"']
)


@given(st.text(max_size=100))
def test_any_value_is_read(value: str) -> None:
    """Read arbitrary text; directives have names in lower case."""
    for name, argument in directives(value):
        assert name
        assert name == name.lower()
        assert argument is None or isinstance(argument, str)


def test_directives_are_split_at_commas_outside_quotes() -> None:
    """Read names, arguments, and arguments in quotes with a comma and an escape."""
    read = directives('No-Store, max-age = 3,private="a, no-store\\"", s-maxage=60 ,, immutable')
    assert read == (("no-store", None),)
    read = directives('No-Store, private="a, no-store\\"", s-maxage=60 ,, immutable')
    expected = (
        ("no-store", None),
        ("private", 'a, no-store"'),
        ("s-maxage", "60"),
        ("immutable", None),
    )
    assert read == expected


@pytest.mark.parametrize(
    "headers",
    [
        (("cache-control", "no-store"),),
        (("Cache-Control", "private, NO-STORE, max-age=0"),),
        (("cache-control", "max-age=60"), ("cache-control", "no-store")),
        (("cache-control", "no-store"), ("cdn-cache-control", "no-store")),
        (("cache-control", "no-store"), ("age", "0")),
    ],
)
def test_a_response_with_no_store_everywhere_may_not_be_stored(
    headers: tuple[tuple[str, str], ...],
) -> None:
    """Say no-store among other directives, in a second field line, and to CDNs as well."""
    assert storage_permissions(headers) == ()


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("pragma", "no-cache"), ("expires", "0")),
        (("cache-control", ""),),
        (("cache-control", "no-cache"),),
        (("cache-control", "private"),),
        (("cache-control", "no-store=1"),),
        (("cache-control", "no-store; max-age=0"),),
        (("cache-control", 'private="x, no-store"'),),
        (("cache-control", "no-storefront"),),
        (("cache-control", "no-store, must-understand"),),
        (("cache-control", "no-store"), ("cdn-cache-control", "max-age=9")),
        (("cache-control", "no-store"), ("cloudflare-cdn-cache-control", "max-age=9")),
        (("cache-control", "no-store"), ("surrogate-control", "max-age=9")),
        (("cdn-cache-control", "no-store"),),
        (("cache-control", "no-store"), ("age", "7")),
        (("cache-control", "no-store"), ("age", "7"), ("age", "0")),
    ],
)
def test_a_response_that_some_cache_may_store_is_told_of(
    headers: tuple[tuple[str, str], ...],
) -> None:
    """Say nothing, something weaker, something broken, or something else to a CDN."""
    assert len(storage_permissions(headers)) == 1


@given(st.lists(st.tuples(NAMES, FIELDS), max_size=6))
def test_nothing_is_forbidden_without_a_no_store(headers: list[tuple[str, str]]) -> None:
    """Combine fields at will: none forbids storing unless one of them says so."""
    if not any(name == "cache-control" and value == "no-store" for name, value in headers):
        assert storage_permissions(tuple(headers))
