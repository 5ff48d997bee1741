"""What a response says, and what it must not be taken to say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.exchange import Exchange, HttpProbe


def exchange(status=200, headers=(), body=b"", *, truncated=False):
    """A response with these parts."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Exchange("https://a.example/x", status, "HTTP/1.1", headers, body, truncated, 1.0, at)


@given(st.integers(100, 599))
def test_success_and_redirect_are_classes_of_status(status):
    """A status is in one class only."""
    answer = exchange(status)
    assert answer.is_success == (status // 100 == 2)
    assert answer.is_redirect == (status // 100 == 3)


def test_a_header_given_several_times_is_joined_and_an_absent_one_is_none():
    """Absent is not empty."""
    answer = exchange(headers=(("vary", "a"), ("vary", "b"), ("empty", "")))
    assert answer.header("Vary") == "a, b"
    assert answer.header("empty") == ""
    assert answer.header("age") is None


@given(st.binary())
def test_any_body_is_text_or_no_json(body):
    """Whatever bytes come, reading them as JSON gives a value or ValueError."""
    answer = exchange(body=body)
    assert isinstance(answer.text, str)
    try:
        answer.json()
    except ValueError as problem:
        assert problem.args


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "iso-8859-1", '"utf-8"'])
def test_a_declared_charset_is_read(charset):
    """A password is found in whatever encoding it was sent."""
    body = "password=é".encode(charset.strip('"'))
    answer = exchange(headers=(("content-type", f"text/plain; charset={charset}"),), body=body)
    assert answer.text == "password=é"


@pytest.mark.parametrize("charset", ["zip", "idna", "unicode_escape", "x" * 50, ""])
def test_no_decoder_is_chosen_by_the_other_side(charset):
    """A charset out of the common ones counts as undeclared."""
    answer = exchange(headers=(("content-type", f"a/b; charset={charset}"),), body=b"\\x41\xff")
    assert answer.text == "\\x41\ufffd"


def test_a_body_cut_off_is_no_json_even_if_it_would_parse():
    """What was not read could have said anything."""
    with pytest.raises(ValueError, match="larger than what is read"):
        exchange(body=b"{}", truncated=True).json()


def test_json_nested_without_end_is_refused():
    """A hostile document is data, not a crash."""
    with pytest.raises(ValueError, match="nested too deeply"):
        exchange(body=b"[" * 200_000).json()


def test_a_probe_is_named_without_its_secret():
    """Evidence names the variable that holds the credential."""
    probe = HttpProbe("https://a.example/m", credential="TOKEN", count=3, headers=(("a", "b"),))
    assert str(probe) == "GET https://a.example/m [a: b] (bearer $TOKEN) ×3"


def test_the_host_is_that_of_the_url():
    """Without port and path."""
    assert exchange().host == "a.example"
