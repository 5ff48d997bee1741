"""Reading a request and writing a response hold for any bytes."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.worlds.http_message import Call, parse_head, render
from plimsoll.worlds.site import Route

NOW = datetime(2026, 5, 4, 3, 2, 1, 654321, tzinfo=UTC)
GET = Call("GET", "/a?b=c", {"host": "ferry.example"})


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_none(head: bytes) -> None:
    """Read arbitrary bytes; a request that is read can be asked everything about."""
    call = parse_head(head)
    if call is not None:
        assert call.body_bytes >= 0
        assert call.is_malformed in {True, False}
        assert call.keeps_alive in {True, False}


@given(st.text(max_size=60))
def test_whether_a_target_is_malformed_is_always_decided(target: str) -> None:
    """Take arbitrary text as the target of a request."""
    assert Call("GET", target, {}).is_malformed in {True, False}


def test_a_request_is_read_with_its_headers() -> None:
    """Read a request; header names are matched without regard to case."""
    head = b"POST /x?y=1 HTTP/1.0\r\nHost: F.example:80\r\nContent-Length: 3\r\n"
    call = parse_head(head + b"Authorization: bearer  t\r\n\r\n")
    assert call is not None
    assert (call.method, call.path, call.host, call.bearer) == ("POST", "/x", "f.example:80", "t")
    assert (call.authority("http"), call.authority("https")) == ("f.example", "f.example:80")
    assert (call.body_bytes, call.keeps_alive) == (3, False)


def test_another_scheme_of_authorization_is_no_bearer() -> None:
    """Present a basic credential, and an empty bearer token."""
    assert Call("GET", "/", {"authorization": "Basic dDp0"}).bearer is None
    assert Call("GET", "/", {"authorization": "Bearer "}).bearer is None


def test_a_response_is_complete() -> None:
    """Write a response; moment and target are filled in, and the length is that of bytes."""
    route = Route(200, {"location": "https://ferry.example{target}"}, '{"ä":"{now}"}')
    head, body = render(route, GET, NOW)
    assert body.decode() == '{"ä":"2026-05-04T03:02:01.654Z"}'
    assert head.decode().split("\r\n") == [
        "HTTP/1.1 200 OK",
        "date: Mon, 04 May 2026 03:02:01 GMT",
        "location: https://ferry.example/a?b=c",
        f"content-length: {len(body)}",
        "",
        "",
    ]


def test_a_status_without_a_name_is_written_all_the_same() -> None:
    """Write a status that no standard names."""
    assert render(Route(599), GET, NOW)[0].startswith(b"HTTP/1.1 599 \r\n")


def test_no_content_has_neither_body_nor_length() -> None:
    """Write 204 for a route that has a body."""
    head, body = render(Route(204, body="x"), GET, NOW)
    assert (b"content-length" in head, body) == (False, b"")
