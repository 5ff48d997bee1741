"""Times told from now become times of the calendar, and nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.worlds.moment import is_relative, resolve

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def test_now_is_now() -> None:
    """Resolve the bare word."""
    assert resolve("now", NOW) == "2026-11-20T12:00:00Z"


def test_time_that_is_no_whole_second_is_cut() -> None:
    """Resolve it at a fraction of a second."""
    assert resolve("now", NOW.replace(microsecond=999_999)) == "2026-11-20T12:00:00Z"


@given(st.sampled_from("+-"), st.integers(0, 100_000), st.sampled_from("smhd"))
def test_what_is_added_to_now_is_added_exactly(sign: str, count: int, unit: str) -> None:
    """Read the result back, and compare its distance from now."""
    told = datetime.fromisoformat(resolve(f"now{sign}{count}{unit}", NOW))
    distance = timedelta(seconds=count * SECONDS[unit])
    assert told == (NOW + distance if sign == "+" else NOW - distance)


@given(st.text())
def test_any_text_is_a_time_or_refused(text: str) -> None:
    """Resolve any text: a time comes back only for what is meant as one."""
    try:
        told = resolve(text, NOW)
    except ValueError as error:
        assert repr(text) in str(error)
    else:
        assert is_relative(text)
        assert datetime.fromisoformat(told)


@pytest.mark.parametrize("text", ["now-3 h", "now-3w", "now+", "now-1h30m", "now+٣d"])
def test_slip_in_a_time_is_refused(text: str) -> None:
    """Resolve texts that are meant as times and are none."""
    assert is_relative(text)
    with pytest.raises(ValueError, match="is no time"):
        resolve(text, NOW)


@pytest.mark.parametrize("text", ["now+9999999999999d", "now-4000000d"])
def test_time_outside_the_calendar_is_refused(text: str) -> None:
    """Go beyond the first and the last year there is."""
    with pytest.raises(ValueError, match="beyond all calendars"):
        resolve(text, NOW)


@pytest.mark.parametrize("text", ["", "nowhere", "known", "2026-11-20T12:00:00Z", " now"])
def test_other_text_is_no_time(text: str) -> None:
    """Ask about texts that an inventory may well hold."""
    assert not is_relative(text)
