"""A mocked endpoint that is shared lets in whom it should, until it is told otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.worlds.http_message import Call
from plimsoll.worlds.http_server import HttpServer
from plimsoll.worlds.site import Bearer, Route, Sharing, Site, VirtualHost

if TYPE_CHECKING:
    from typing import Literal

OWN = "https://ferry.example"
SHARED = Sharing((OWN,))


def answer(
    sharing: Sharing, origin: str, method: str = "GET", bearer: Bearer | None = None
) -> Route:
    """Return what a shared endpoint answers to one origin, which presents no credential."""
    route = Route(body="07:30", sharing=sharing, bearer=bearer)
    nothing = Route(404)
    host = VirtualHost(nothing, Route(400), Route(405), {"/timetable": route})
    server = HttpServer(Site({OWN: host}), {})
    call = Call(method, "/timetable", {"host": "ferry.example", "origin": origin})
    return server.choose("https", call)


def test_a_declared_origin_is_let_in_by_name() -> None:
    """Ask in the name of the one origin that is let in."""
    headers = answer(SHARED, OWN).headers
    assert headers["access-control-allow-origin"] == OWN
    assert headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in headers


@given(st.text(max_size=40).filter(lambda text: text != OWN))
def test_any_other_origin_is_not(origin: str) -> None:
    """Ask in the name of arbitrary others; caches are told all the same."""
    headers = answer(SHARED, origin).headers
    assert "access-control-allow-origin" not in headers
    assert headers["vary"] == "Origin"


def test_a_preflight_is_answered_without_a_body() -> None:
    """Ask beforehand; another method that nobody serves is still refused."""
    asked = answer(SHARED, OWN, "OPTIONS")
    assert (asked.status, asked.body) == (204, "")
    assert asked.headers["access-control-allow-methods"] == "GET, POST"
    assert answer(SHARED, OWN, "DELETE").status == 405


@pytest.mark.parametrize(
    ("matching", "origin"),
    [
        ("prefix", f"{OWN}.elsewhere.example"),
        ("suffix", f"https://not{OWN}"),
        ("any", "https://elsewhere.example"),
    ],
)
def test_a_comparison_of_parts_lets_strangers_in(
    matching: Literal["prefix", "suffix", "any"], origin: str
) -> None:
    """Compare the beginning, the end, or nothing, and answer with the stranger's own name."""
    sharing = Sharing((OWN,), matching, credentials=True, varies=False)
    headers = answer(sharing, origin).headers
    assert headers["access-control-allow-origin"] == origin
    assert headers["access-control-allow-credentials"] == "true"
    assert "vary" not in headers


def test_a_refusal_is_shared_as_well() -> None:
    """Ask without a credential: the refusal is for the same readers as the answer."""
    refused = answer(SHARED, OWN, bearer=Bearer("FERRY_TOKEN", Route(401)))
    assert refused.status == 401
    assert refused.headers["access-control-allow-origin"] == OWN
