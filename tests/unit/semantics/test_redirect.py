"""A redirect secures a host only where it really leads there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.exchange import Exchange
from plimsoll.semantics.redirect import PERMANENT, leads_to_https, secures

PLAIN = "http://ferry.example/"


def answer(status: int, location: str | None) -> Exchange:
    """Return an answer in clear, with a Location where one is given."""
    headers = () if location is None else (("location", location),)
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    return Exchange(
        PLAIN, status, "HTTP/1.1", headers, b"", truncated=False, elapsed_ms=1, at=moment
    )


@given(st.text(max_size=60))
def test_any_location_leads_somewhere_or_nowhere(location: str) -> None:
    """Redirect to arbitrary text; what leads to HTTPS says so, or stays relative to it."""
    if leads_to_https(PLAIN, location):
        assert location.lower().startswith("https:")


@given(st.integers(100, 599))
def test_only_permanent_redirects_secure(status: int) -> None:
    """Answer with every status, leading to the right place."""
    assert secures(answer(status, "https://ferry.example/")) is (status in PERMANENT)


@pytest.mark.parametrize(
    "location",
    [
        "https://ferry.example/",
        "HTTPS://Ferry.Example/x?y",
        "https://www.ferry.example/",
        "https://ferry.example:443/",
    ],
)
def test_the_host_and_those_below_it_are_its_own(location: str) -> None:
    """Redirect to the host and to a subdomain of it."""
    assert leads_to_https(PLAIN, location)


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "/",
        "//ferry.example/",
        "http://ferry.example/",
        "https://example/",
        "https://other.example/",
        "https://notferry.example/",
        "https://ferry.example.net/",
        "https://ferry.example@other.example/",
        "https://other.example\\.ferry.example/",
        "https:\\\\other.example/",
        "https://[ferry.example/",
        "https://",
        "javascript:alert(1)",
    ],
)
def test_every_other_place_is_elsewhere(location: str | None) -> None:
    """Redirect nowhere, within HTTP, to look-alikes, and to what parsers read differently."""
    assert not leads_to_https(PLAIN, location)
