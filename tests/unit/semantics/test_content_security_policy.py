"""A policy counts where it keeps foreign scripts out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.content_security_policy import governs, openings, policies

POLICY = st.text(max_size=80) | st.sampled_from(
    ["default-src 'self'", "script-src *", "img-src 'self'", "script-src 'nonce-a' 'unsafe-inline'"]
)


@given(st.lists(POLICY, max_size=4))
def test_any_fields_are_read(values: list[str]) -> None:
    """Read arbitrary fields; what restricts scripts has a policy that names where from."""
    if not openings(values):
        assert any({"script-src", "default-src"} & policy.keys() for policy in policies(values))


@given(st.lists(POLICY, max_size=3), POLICY)
def test_one_more_policy_never_lets_more_in(values: list[str], another: str) -> None:
    """All policies are in force at once, so adding one cannot take a restriction away."""
    if not openings(values):
        assert not openings([*values, another])


@pytest.mark.parametrize(
    "value",
    [
        "default-src 'self'",
        "DEFAULT-SRC 'Self'; object-src 'none'",
        "script-src 'none'",
        "script-src",
        "default-src *; script-src 'self' https://cdn.example",
        "script-src 'nonce-r4nd0m' 'unsafe-inline'",
        "script-src 'sha256-AbC=' 'unsafe-inline'",
        "script-src 'strict-dynamic' 'nonce-x' https: 'unsafe-inline'",
        "img-src *, default-src 'self'",
        "script-src 'self'; script-src *",
        "script-src *; script-src-elem 'self'; script-src-attr 'none'",
        "script-src-elem 'self', script-src-attr 'none'",
        "script-src https://*.cdn.example https://cdn.example/*",
    ],
)
def test_what_restricts_scripts_leaves_no_opening(value: str) -> None:
    """Name sources, none, proofs; fall back to default-src; say it in a second policy."""
    assert openings([value]) == ()


@pytest.mark.parametrize(
    "value",
    [
        "",
        ";",
        "img-src 'self'; frame-ancestors 'none'",
        "default-src *",
        "script-src https:",
        "script-src 'self' data:",
        "script-src 'self' 'UNSAFE-INLINE'",
        "default-src 'self'; script-src 'unsafe-inline'",
        "script-src 'strict-dynamic' https:",
        "script-src 'nonce-x' https:",
        "script-src *; script-src 'self'",
        "default-src: 'self'",
        "script-src https://*",
        "script-src 'self' *:*",
        "script-src *.com",
        "script-src 'unsafe-inline' 'nonce-'",
        "script-src 'unsafe-inline' 'nonce-x",
        "script-src 'self'; script-src-elem 'unsafe-inline'",
        "script-src 'self'; script-src-elem https:",
        "default-src 'self'; script-src-attr 'unsafe-inline'",
        "script-src-elem 'self'",
    ],
)
def test_what_lets_scripts_in_from_anywhere_is_told(value: str) -> None:
    """Say nothing of scripts, name everything, or let in what stands in the page."""
    assert openings([value]) != ()


def test_no_policy_restricts_nothing() -> None:
    """Send no field at all."""
    assert openings([]) == ("no policy",)


@pytest.mark.parametrize(
    ("content_type", "is_page"),
    [
        ("text/html; charset=utf-8", True), ("Text/HTML", True), ("image/svg+xml", True),
        (None, True), ("", True), ("application/json", False), ("text/plain", False),
    ],
)  # fmt: skip
def test_only_pages_run_scripts(content_type: str | None, is_page: bool) -> None:
    """Name types that browsers show as a page and types that they do not, and none."""
    assert governs(content_type) is is_page
