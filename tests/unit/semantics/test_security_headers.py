"""Security headers count as browsers count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.security_headers import is_report_only, matches, max_age_seconds, values

YEAR = 31_536_000


@given(st.text(max_size=80))
def test_any_value_has_a_max_age_or_none(value: str) -> None:
    """Read arbitrary text; a max-age is a number of seconds that stands in it."""
    seconds = max_age_seconds(value)
    assert seconds is None or str(seconds) in value


@given(st.integers(min_value=0, max_value=10**12))
def test_a_max_age_is_the_number_given(seconds: int) -> None:
    """Write the directive in the forms that the syntax allows."""
    for form in ("max-age={}", 'MAX-AGE="{}"; includeSubDomains', " preload ; max-age = {} ;; "):
        assert max_age_seconds(form.format(seconds)) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "",
        "includeSubDomains",
        "max-age",
        "max-age=",
        "max-age=-1",
        "max-age=1.5",
        "max-age=31536000, includeSubDomains",
        "max-age=31536000; max-age=0",
        "max-age=31536000; preload; Preload",
        "max-age=31536000 includeSubDomains",
        "'max-age=31536000'",
        '"max-age=31536000"',
        "max-age=٣",
        'max-age=31536000; x="open',
    ],
)
def test_a_field_that_browsers_ignore_has_no_max_age(value: str) -> None:
    """Give no max-age, one that is no number, a directive twice, or another syntax."""
    assert max_age_seconds(value) is None


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("X-Content-Type-Options", " NoSniff ", ["nosniff"]),
        ("x-frame-options", "deny", ["DENY", "SAMEORIGIN"]),
        ("x-xss-protection", "1;mode=block", ["1; mode=block"]),
        ("referrer-policy", "no-referrer, strict-origin-when-cross-origin", ["no-referrer"]),
        ("referrer-policy", "no-referrer, a-policy-to-come", ["no-referrer"]),
        ("content-security-policy", "default-src 'self';object-src 'none'", ["default-src 'self'"]),
    ],
)
def test_what_is_in_force_is_what_is_compared(name: str, value: str, allowed: list[str]) -> None:
    """Spell values in other ways; of several referrer policies the last known one counts."""
    expected = "strict-origin" not in value and "object-src" not in value
    assert matches(name, value, allowed) is expected


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_no_value_matches_where_none_is_allowed(name: str, value: str) -> None:
    """Compare arbitrary values with nothing, and with themselves."""
    assert not matches(name, value, [])
    assert matches(name, value, [value])


@pytest.mark.parametrize("value", ["ALLOWALL", "DENY, SAMEORIGIN", "", "DENY;"])
def test_another_value_does_not_match(value: str) -> None:
    """Take values that a browser ignores or that a proxy merged."""
    assert not matches("x-frame-options", value, ["DENY", "SAMEORIGIN"])


def test_every_line_of_a_field_is_returned() -> None:
    """Send a field twice, under names of different case."""
    headers = (("X-Frame-Options", "DENY"), ("a", "b"), ("x-frame-options", "SAMEORIGIN"))
    assert values(headers, "X-FRAME-options") == ("DENY", "SAMEORIGIN")
    assert values(headers, "frame-options") == ()


def test_a_policy_for_reporting_only_is_none_in_force() -> None:
    """Send the policy for reporting, alone and beside the one in force."""
    report = ("content-security-policy-report-only", "default-src 'self'")
    assert is_report_only((report,), "content-security-policy")
    both = (report, ("content-security-policy", "default-src 'self'"))
    assert not is_report_only(both, "content-security-policy")
