"""TLS versions are judged by what is known of them, and by nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.handshake import ACCEPTED, REFUSED, Handshake
from plimsoll.semantics.tls_policy import ORDER, days_left, is_at_least, judge_versions

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
OUTCOMES = st.sampled_from([ACCEPTED, REFUSED, "this machine cannot offer it"])
MINIMA = st.sampled_from(["1.0", "1.1", "1.2", "1.3"])


def handshake(*outcomes: str) -> Handshake:
    """Return a handshake with the outcomes of the versions, oldest first."""
    versions = tuple(zip(ORDER, outcomes, strict=False))
    return Handshake("ferry.example", 443, True, "", None, "TLSv1.3", versions, NOW)


@given(st.lists(OUTCOMES, max_size=4), MINIMA)
def test_every_version_is_accounted_for(outcomes: list[str], minimum: str) -> None:
    """Combine outcomes at will: each version below is too old, refused or unknown."""
    found = judge_versions(handshake(*outcomes), minimum)
    below = ORDER.index("TLSv1" if minimum == "1.0" else f"TLSv{minimum}")
    refused = outcomes[:below].count(REFUSED)
    assert len(found.too_old) + len(found.unknown) + refused == below
    assert set(found.allowed) <= set(ORDER[below:])


@given(st.lists(OUTCOMES, min_size=4, max_size=4))
def test_a_stricter_minimum_never_finds_less_too_old(outcomes: list[str]) -> None:
    """Raise the minimum step by step."""
    counts = [len(judge_versions(handshake(*outcomes), m).too_old) for m in ("1.0", "1.2", "1.3")]
    assert counts == sorted(counts)


def test_a_version_that_was_not_tried_is_unknown() -> None:
    """Try nothing at all."""
    found = judge_versions(handshake(), "1.2")
    assert len(found.unknown) == len(found.silence) == 2
    assert not found.allowed


def test_a_modern_endpoint_speaks_nothing_old() -> None:
    """Refuse the old versions; accepting only the newest is no less modern."""
    found = judge_versions(handshake(REFUSED, REFUSED, REFUSED, ACCEPTED), "1.2")
    assert (found.too_old, found.unknown, found.allowed) == ((), (), ("TLSv1.3",))


@pytest.mark.parametrize("minimum", ["", "1.4", "SSLv3"])
def test_a_minimum_that_is_no_version_is_refused(minimum: str) -> None:
    """Ask for versions that do not exist."""
    with pytest.raises(ValueError, match="not in tuple"):
        judge_versions(handshake(), minimum)


@given(st.integers(-400, 400), st.integers(0, 86_399))
def test_days_are_whole_days(days: int, seconds: int) -> None:
    """Count from a moment to one a number of days and some seconds later."""
    assert days_left(NOW + timedelta(days=days, seconds=seconds), NOW) == days


@pytest.mark.parametrize(
    ("version", "minimum", "holds"),
    [
        ("1.2", "1.2", True),
        ("1.3", "1.2", True),
        ("1.0", "1.2", False),
        ("1", "1.2", False),
        ("1.2", "1.3", False),
        ("2.7", "1.2", False),
        ("", "1.2", False),
        ("TLSv1.2", "1.2", False),
    ],
)
def test_a_setting_is_at_least_the_minimum_or_not(version: str, minimum: str, holds: bool) -> None:
    """Compare what is set with the minimum; what is no version of TLS is not enough."""
    assert is_at_least(version, minimum) is holds
