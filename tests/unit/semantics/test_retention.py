"""Backups are judged by their moments: fresh, complete, and not kept too long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plimsoll.semantics.retention import (
    CLOCK_SKEW,
    SWEEP_DAYS,
    is_fresh,
    newest,
    retention,
    told,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAYS = 14
moments = st.lists(
    st.integers(-30 * 24 * 60, 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    max_size=60,
)
spans = st.integers(0, 72).map(lambda hours: timedelta(hours=hours))
clocks = st.integers(0, 24 * 60 - 1).map(
    lambda minutes: NOW.replace(hour=0) + timedelta(minutes=minutes)
)


def daily(count: int, newest_at: datetime) -> list[datetime]:
    """Return one moment a day, the newest first."""
    return [newest_at - timedelta(days=number) for number in range(count)]


@given(clocks, st.integers(0, 23))
def test_a_copy_a_day_holds_at_every_hour_of_the_day(now: datetime, hours: int) -> None:
    """Take fifteen daily copies, the newest less than a day old, and judge them at any time."""
    assert retention(daily(DAYS + 1, now - timedelta(hours=hours)), now, DAYS).holds


@given(clocks, st.integers(1, DAYS))
def test_every_missing_day_is_found(now: datetime, back: int) -> None:
    """Take one of the days away that must have a copy."""
    gone = (now - timedelta(days=back)).date()
    made = [one for one in daily(DAYS + 1, now) if one.date() != gone]
    assert retention(made, now, DAYS).missing == (gone,)


minutes_of_a_day = st.integers(0, 24 * 60 - 1).map(lambda minutes: timedelta(minutes=minutes))


def swept(made: list[datetime], now: datetime, lag_days: int = 0) -> list[datetime]:
    """Return what is there now: what was made, without what the lifecycle has ended."""
    oldest = now.date() - timedelta(days=DAYS + lag_days)
    return [one for one in made if one <= now and one.date() >= oldest]


@given(clocks, minutes_of_a_day, st.integers(0, 1))
@example(NOW.replace(hour=0, minute=5), timedelta(hours=23, minutes=50), 0)
@example(NOW.replace(hour=0, minute=5), timedelta(minutes=10), 0)
@example(NOW.replace(hour=23, minute=59), timedelta(hours=23, minutes=50), 1)
@example(NOW.replace(hour=23, minute=59), timedelta(minutes=10), 1)
def test_a_schedule_at_any_minute_holds_at_every_minute(
    now: datetime, at: timedelta, lag_days: int
) -> None:
    """Make a copy a day at one minute, let the store sweep at once or a day late, and look."""
    made = daily(40, NOW.replace(hour=0) + at)
    assert retention(swept(made, now, lag_days), now, DAYS).holds


@given(clocks, minutes_of_a_day, st.integers(1, DAYS), st.integers(0, 1))
def test_a_day_without_its_copy_is_found_at_every_minute(
    now: datetime, at: timedelta, back: int, lag_days: int
) -> None:
    """Lose one copy of a schedule; the last one counts as lost when it is two hours late."""
    made = daily(40, NOW.replace(hour=0) + at)
    lost = next(one for one in made if one.date() == (now - timedelta(days=back)).date())
    made.remove(lost)
    late = now - lost > timedelta(hours=2)
    assert retention(swept(made, now, lag_days), now, DAYS).missing == (lost.date(),) * late


@given(clocks, st.lists(st.integers(-45, 45), min_size=40, max_size=40))
def test_exports_that_drift_across_midnight_miss_no_day(now: datetime, drift: list[int]) -> None:
    """Start at midnight and take longer one day than another: a day may have none, and two."""
    planned = daily(40, NOW.replace(hour=0) + timedelta(days=1))
    made = [one + timedelta(minutes=off) for one, off in zip(planned, drift, strict=True)]
    assert not retention([one for one in made if one <= now], now, DAYS).missing


def test_many_copies_of_one_day_stand_for_no_other() -> None:
    """Make a copy an hour until noon of one day, and the next one two days later."""
    gone = (NOW - timedelta(days=3)).date()
    burst = [NOW - timedelta(days=4, hours=hours) for hours in range(10)]
    made = [*(one for one in daily(DAYS + 1, NOW) if one.date() != gone), *burst]
    assert retention(made, NOW, DAYS).missing == (gone,)


@given(st.integers(1, 60))
def test_nothing_at_all_never_holds(days: int) -> None:
    """Judge an empty series: every day is missing."""
    assert len(retention([], NOW, days).missing) == days


@given(moments, st.permutations(range(60)))
def test_order_and_repetition_change_nothing(made: list[datetime], order: list[int]) -> None:
    """Judge the same moments in another order, and each of them twice."""
    shuffled = [made[at] for at in order if at < len(made)]
    found, again = retention(made, NOW, DAYS), retention([*shuffled, *made], NOW, DAYS)
    assert found.missing == again.missing
    assert set(found.overdue) == set(again.overdue)
    assert found.holds == again.holds


@given(moments, st.integers(1, DAYS))
def test_one_more_copy_within_the_time_never_makes_it_worse(
    made: list[datetime], back: int
) -> None:
    """Add a copy of one of the days: no more days are missing than before, nothing is overdue."""
    before = retention(made, NOW, DAYS)
    after = retention([*made, NOW - timedelta(days=back)], NOW, DAYS)
    assert set(after.missing) <= set(before.missing)
    assert after.overdue == before.overdue


@pytest.mark.parametrize(("days", "is_overdue"), [(15, False), (16, True), (400, True)])
def test_a_copy_may_wait_one_day_for_the_sweep(days: int, is_overdue: bool) -> None:
    """Keep one copy longer than asked for: one day is the store's own, two are not."""
    assert SWEEP_DAYS == 1
    made = [*daily(DAYS + 1, NOW), NOW - timedelta(days=days)]
    assert bool(retention(made, NOW, DAYS).overdue) is is_overdue


def test_days_are_those_of_utc() -> None:
    """Tell the same moments in another time zone: the days stay those of UTC."""
    zone = datetime.fromisoformat("2026-01-01T00:00:00-11:00").tzinfo
    made = [one.astimezone(zone) for one in daily(DAYS + 1, NOW)]
    assert retention(made, NOW.astimezone(zone), DAYS).holds


def test_a_copy_from_the_future_deviates() -> None:
    """Date a copy later than clocks may disagree: it proves nothing, and is no fresh backup."""
    ahead = NOW + CLOCK_SKEW + timedelta(seconds=1)
    found = retention([*daily(DAYS + 1, NOW), ahead], NOW, DAYS)
    assert found.future == (ahead,)
    assert not found.holds
    assert not is_fresh([NOW, ahead], NOW, timedelta(hours=26))


def test_clocks_may_differ_a_little() -> None:
    """Date a copy one minute ahead: stores and machines are never quite agreed."""
    assert is_fresh([NOW + timedelta(minutes=1)], NOW, timedelta(hours=1))


@given(moments, spans)
def test_fresh_means_that_the_newest_is(made: list[datetime], within: timedelta) -> None:
    """Compare with the definition: a newest one that is there, is past, and is young enough."""
    latest = newest(made)
    expected = latest is not None and NOW - within <= latest <= NOW + CLOCK_SKEW
    assert is_fresh(made, NOW, within) is expected


@given(moments, spans, spans)
def test_more_time_never_makes_it_stale(
    made: list[datetime], within: timedelta, more: timedelta
) -> None:
    """Allow more time: what was fresh stays fresh."""
    assert is_fresh(made, NOW, within + more) >= is_fresh(made, NOW, within)


def test_none_is_never_fresh() -> None:
    """Judge nothing."""
    assert not is_fresh([], NOW, timedelta(days=10_000))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, "none"),
        (NOW - timedelta(minutes=50), "50 min old"),
        (NOW - timedelta(hours=27, minutes=30), "27 h old"),
        (NOW + timedelta(hours=5), "dated 5 h after it was seen"),
    ],
)
def test_ages_are_told_in_words(moment: datetime | None, words: str) -> None:
    """Read an age as a person does."""
    assert told(moment, NOW) == words
