"""Whether a stranger is kept out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.exchange import Exchange
from plimsoll.semantics.login_redirect import keeps_out, leads_to_login

URL = "https://grafana.example.com/api/search"


def answer(status, location=None):
    """An answer with this status, leading somewhere."""
    headers = (("location", location),) if location else ()
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return Exchange(URL, status, "HTTP/1.1", headers, b"", False, 1.0, at)


@pytest.mark.parametrize(
    "location",
    [
        "/login",
        "/login?redirect=%2F",
        "https://grafana.example.com/oauth2/start",
        "https://login.example.com/",
        "https://sso.example.org/realms/x",
        "https://x.example.com/realms/main/protocol/openid-connect/auth?client_id=a",
        "/sign_in",
        "https://team.cloudflareaccess.com/cdn-cgi/access/login/grafana",
    ],
)
def test_a_page_to_log_in_is_known_by_its_name(location):
    """By a part of its path, or by the host it stands on."""
    assert leads_to_login(URL, location)
    assert keeps_out(answer(302, location))


@pytest.mark.parametrize(
    "location",
    [None, "", "/graph", "/blogging", "/authors", "http://grafana.example.com/login",
     "//evil.example\\login", "https://[", "/d/login-statistics"],
)  # fmt: skip
def test_other_places_keep_nobody_out(location):
    """Nor does a page to log in that is sent without TLS."""
    assert not leads_to_login(URL, location)


@pytest.mark.parametrize(
    ("status", "expected"), [(401, True), (403, True), (200, False), (404, False), (302, False)]
)
def test_only_refusals_refuse(status, expected):
    """A redirect without a place leads nowhere."""
    assert keeps_out(answer(status)) is expected


@given(st.text(max_size=60))
def test_any_location_is_judged(location):
    """Whatever a server sends."""
    assert leads_to_login(URL, location) in {True, False}
