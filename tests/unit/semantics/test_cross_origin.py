"""An answer lets in the origin it names, and no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.exchange import Exchange
from plimsoll.semantics.cross_origin import (
    OPAQUE,
    granted,
    is_own,
    is_silent,
    lets_in,
    strangers,
    varies,
)

OWN = "https://ferry.example"


def answer(*headers: tuple[str, str], status: int = 200) -> Exchange:
    """Return an answer with these headers."""
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    url = "https://api.ferry.example/timetable"
    return Exchange(url, status, "HTTP/1.1", headers, b"", truncated=False, elapsed_ms=1, at=moment)


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_very_origin_is_let_in(allowed: str, origin: str) -> None:
    """Allow arbitrary text and ask in the name of another: only the same is let in, or everyone."""
    let_in = lets_in(answer(("access-control-allow-origin", allowed)), origin)
    assert let_in is (allowed in {origin, "*"})


def test_nobody_is_let_in_unasked() -> None:
    """Answer without the field, and with two of them, which browsers refuse."""
    twice = (("access-control-allow-origin", OWN),) * 2
    assert not lets_in(answer(), OWN)
    assert not lets_in(answer(*twice), OWN)
    assert granted(answer()) == "nobody"


@pytest.mark.parametrize(
    ("status", "is_quiet"),
    [(200, False), (204, False), (401, False), (404, False), (429, True), (500, True), (503, True)],
)
def test_an_answer_of_something_in_front_tells_nothing(status: int, is_quiet: bool) -> None:
    """Refuse for the number of requests or fail: whom a good answer lets in is not known."""
    assert is_silent(answer(status=status)) is is_quiet
    assert not is_silent(answer(("access-control-allow-origin", "*"), status=status))


def test_what_is_granted_tells_of_credentials() -> None:
    """Let an origin in with the visitor's own session."""
    headers = (("access-control-allow-origin", OWN), ("access-control-allow-credentials", "true"))
    assert granted(answer(*headers)) == f"{OWN}, with credentials"


def test_strangers_look_like_the_declared_and_are_not() -> None:
    """Make strangers of an origin: nobody's, the opaque one, and three that resemble it."""
    found = strangers((OWN,))
    assert OPAQUE in found
    assert "https://ferry.example.plimsoll-foreign-origin.example" in found
    assert "https://plimsollferry.example" in found
    assert "http://ferry.example" in found


@given(st.lists(st.sampled_from([OWN, "http://ferry.example", OPAQUE, "https://b.example"])))
def test_a_declared_origin_is_never_a_stranger(origins: list[str]) -> None:
    """Declare some origins, ones that resemble each other included."""
    assert not set(origins) & set(strangers(tuple(origins)))
    assert strangers(tuple(origins))


@pytest.mark.parametrize(
    ("vary", "is_told"),
    [("Origin", True), ("accept, ORIGIN", True), ("*", True), ("origins", False), ("", False)],
)
def test_caches_are_told_where_vary_names_the_origin(vary: str, is_told: bool) -> None:
    """Vary by the origin, by everything, and by something else."""
    assert varies(answer(("vary", vary))) is is_told
    assert not varies(answer())


@pytest.mark.parametrize(
    ("origin", "is_same"),
    [
        ("https://api.ferry.example", True), ("https://API.ferry.example:443", True),
        ("http://api.ferry.example", False), ("https://ferry.example", False),
        ("https://[", False), ("null", False),
    ],
)  # fmt: skip
def test_an_endpoints_own_origin_needs_no_permission(origin: str, is_same: bool) -> None:
    """Compare scheme, host and port, the usual port left out or written."""
    assert is_own("https://api.ferry.example/timetable", origin) is is_same
