"""Error answers are clean, or it is told what they give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.error_page import banners, revelations

SECRET = "hK7wQ2mXv9Lr4Tz8"


@given(st.text(max_size=300))
def test_any_body_is_judged(body: str) -> None:
    """Search arbitrary text; what is found is told once."""
    found = revelations(body)
    assert len(found) == len(set(found))


@given(st.lists(st.tuples(st.sampled_from(["Server", "via", "x"]), st.text(max_size=20))))
def test_only_fields_that_name_software_are_banners(headers: list[tuple[str, str]]) -> None:
    """Send arbitrary fields."""
    assert {name for name, _ in banners(tuple(headers))} <= {"server"}


@pytest.mark.parametrize(
    "value", ["nginx/1.18.0 (Ubuntu)", "Apache/2", "PHP/8.1.2", "Next.js 14.1", "4.0.30319", "v2.1"]
)
def test_a_version_is_a_banner(value: str) -> None:
    """Name software with its version in each of the usual spellings."""
    assert banners((("X-Powered-By", value),)) == (("x-powered-by", value),)


@pytest.mark.parametrize("value", ["cloudflare", "nginx", "Express", "AmazonS3", "ECS (dcb/7EC6)"])
def test_a_name_without_a_version_is_no_banner(value: str) -> None:
    """Name software alone, some with digits in the name."""
    assert banners((("server", value), ("via", "1.1 varnish"))) == ()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<center>nginx/1.18.0 (Ubuntu)</center>", "nginx"),
        ("<center>nginx</center>", "nginx"),
        ("<address>Apache/2.4.41 (Ubuntu) Server at ferry.example Port 443</address>", "Apache"),
        ("<h3>Apache Tomcat/9.0.31</h3>", "Tomcat"),
        ("<h1>Server Error in '/' Application.</h1>", "IIS"),
        ("<h1>Whitelabel Error Page</h1>", "Spring Boot"),
        ("<pre>Cannot GET /x</pre>", "Express"),
        ("You're seeing this error because you have <code>DEBUG = True</code>", "Django"),
        ("<b>Fatal error</b>: Uncaught Error", "PHP"),
        ("Traceback (most recent call last):", "stack trace"),
        ("Error\n    at f (/srv/app/a.js:1:2)", "stack trace"),
    ],
)
def test_a_page_that_is_not_the_systems_own_is_told(body: str, told: str) -> None:
    """Answer with the default pages of servers and frameworks, and with stack traces."""
    assert any(told in revelation for revelation in revelations(body))


@pytest.mark.parametrize(
    "body",
    [
        "",
        '{"error":"not found"}',
        "<!doctype html><title>Not found</title><p>There is no such page. Try the start page.",
        "The request was refused (400). Reference 9f1c2d.",
    ],
)
def test_a_clean_answer_reveals_nothing(body: str) -> None:
    """Answer with a fixed text, as JSON, as a page and plain."""
    assert revelations(body) == ()


def test_a_secret_is_told_of_and_not_told() -> None:
    """Put a password into an error answer: it is found, and masked."""
    found = "".join(revelations(f"could not connect: postgres://app:{SECRET}@db.internal/app"))
    assert "connection string" in found
    assert SECRET not in found
