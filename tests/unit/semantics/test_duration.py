"""Durations are read as their own language writes them, and nothing else is a duration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.duration import go_seconds, prometheus_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10), ("1m30s", 90), ("1.5h", 5400), ("500ms", 0.5), ("0", 0), ("", None), ("5", None)],
)
def test_go_durations_are_read(text: str, seconds: float | None) -> None:
    """Read one Go duration."""
    assert go_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5m", 300),
        ("1d12h", 129600),
        ("1h30m", 5400),
        ("100ms", 0.1),
        ("0", 0),
        ("1.5h", None),
        ("30m1h", None),
        ("5", None),
        ("", None),
        ("five minutes", None),
    ],
)
def test_prometheus_durations_are_read(text: str, seconds: float | None) -> None:
    """Read one Prometheus duration."""
    assert prometheus_seconds(text) == seconds


@given(st.text(max_size=20))
def test_any_text_is_a_duration_or_none(text: str) -> None:
    """Read arbitrary text in both languages."""
    for seconds in (go_seconds(text), prometheus_seconds(text)):
        assert seconds is None or seconds >= 0
