"""An hour of maintenance lies inside an agreed span of the week, or it does not."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.maintenance import (
    DAYS,
    MINUTES_PER_WEEK,
    is_inside,
    minute_of_week,
)


@dataclass
class Span:
    """A weekly span of time."""

    day: str
    start: str
    end: str


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
SPANS = st.builds(Span, st.sampled_from(DAYS), CLOCKS, CLOCKS)
NIGHT = Span("sunday", "02:00", "06:00")


@pytest.mark.parametrize(
    ("day", "clock", "inside"),
    [
        ("sunday", "02:00:00", True),
        ("Sunday", "5:00", True),
        ("sunday", "05:01:00", False),
        ("sunday", "01:59:00", False),
        ("saturday", "03:00:00", False),
    ],
)
def test_the_whole_hour_must_lie_inside(day, clock, inside):
    """What begins inside and ends outside is outside."""
    begin = minute_of_week(day, clock)
    assert begin is not None
    assert is_inside(begin, [NIGHT]) is inside


def test_a_span_may_end_on_the_next_day():
    """From Sunday evening into Monday, over the end of the week."""
    span = Span("sunday", "22:00", "02:00")
    assert is_inside(minute_of_week("sunday", "23:30"), [span])
    assert is_inside(minute_of_week("monday", "01:00"), [span])
    assert not is_inside(minute_of_week("monday", "01:30"), [span])


@pytest.mark.parametrize(
    ("day", "clock"), [("any", "03:00"), ("sunday", ""), ("sunday", "24:00"), ("sunday", "3")]
)
def test_what_cannot_be_read_is_no_time(day, clock):
    """Rather none than a wrong one."""
    assert minute_of_week(day, clock) is None


@given(st.text(), st.text())
def test_any_text_gives_a_minute_of_the_week_or_none(day, clock):
    """Nothing that a platform may send raises."""
    minute = minute_of_week(day, clock)
    assert minute is None or 0 <= minute < MINUTES_PER_WEEK


@given(st.integers(0, MINUTES_PER_WEEK - 1))
def test_without_a_span_nothing_is_inside(begin):
    """No agreement is not an agreement to everything."""
    assert not is_inside(begin, [])


@given(st.integers(0, MINUTES_PER_WEEK - 1), st.lists(SPANS, max_size=3), SPANS)
def test_another_span_never_puts_anything_outside(begin, spans, another):
    """More time agreed is never less."""
    assert is_inside(begin, [*spans, another]) >= is_inside(begin, spans)


@given(st.integers(0, MINUTES_PER_WEEK - 1), st.lists(SPANS, max_size=3), st.integers(1, 600))
def test_what_lasts_longer_never_fits_better(begin, spans, minutes):
    """A longer piece of work fits wherever a shorter one does not fit at most as well."""
    assert is_inside(begin, spans, minutes + 1) <= is_inside(begin, spans, minutes)
