"""No window of time ever sees more requests than it may, whatever happens meanwhile."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors.rate_limit import DIGITALOCEAN, Clock, RateLimit, Window

FOREVER = 10**9


class Time:
    """Time that passes only by waiting, or as a test lets it."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> Clock:
        """The clock that a limiter is given."""
        return Clock(lambda: self.now, lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        assert seconds > 0
        self.now += seconds


def most_in_any(window: Window, sent: list[float]) -> int:
    """The largest number of requests in any half-open span as long as the window."""
    return max(sum(at <= other < at + window.seconds for other in sent) for at in sent)


@given(
    st.lists(
        st.one_of(
            st.floats(0, 5),
            st.tuples(st.just("hold"), st.floats(0, 20)),
            st.tuples(st.just("heed"), st.integers(0, 3), st.integers(0, 200)),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_no_window_is_ever_exceeded(events) -> None:
    """Whatever the pauses between requests, and whatever the API says of its counts."""
    windows = (Window(5, 10), Window(12, 60))
    time, sent = Time(), []
    rate = RateLimit(time.clock(), lambda: True, FOREVER, windows)
    for event in events:
        match event:
            case ("hold", seconds):
                rate.hold(seconds)
            case ("heed", remaining, reset):
                rate.heed(remaining, reset)
            case pause:
                time.now += pause
        assert rate.admit()
        sent.append(time.now)
    for window in windows:
        assert most_in_any(window, sent) <= window.requests


def test_hour_and_minute_of_the_real_api_are_kept() -> None:
    """As many requests as can be sent in an hour and a bit stay within both real limits."""
    time, sent = Time(), []
    rate = RateLimit(time.clock(), lambda: True, FOREVER)
    for _ in range(5_300):
        assert rate.admit()
        sent.append(time.now)
    for window in DIGITALOCEAN:
        later = zip(sent, sent[window.requests :], strict=False)
        assert all(after - before >= window.seconds - 1e-6 for before, after in later)
    assert sent[249] == 0
    assert sent[250] >= 60
    assert sent[5_000] >= 3_600


def test_hold_stops_everybody() -> None:
    """Nobody passes before a hold is over, and a shorter one does not end a longer one."""
    time = Time()
    rate = RateLimit(time.clock(), lambda: True, FOREVER)
    rate.hold(30)
    rate.hold(1)
    assert rate.admit()
    assert time.now >= 30


def test_only_an_exhausted_count_is_heeded() -> None:
    """As long as something remains, or the API does not say until when, nobody waits."""
    time = Time()
    rate = RateLimit(time.clock(), lambda: True, FOREVER)
    rate.heed(1, 500)
    rate.heed(None, 500)
    rate.heed(0, None)
    assert rate.admit()
    assert time.now == 0
    rate.heed(0, 500)
    assert rate.admit()
    assert time.now >= 500


def test_wait_that_is_too_long_is_not_begun() -> None:
    """A run has an end; what would outlast it is given up at once."""
    time = Time()
    rate = RateLimit(time.clock(), lambda: True, 120)
    rate.hold(121)
    assert not rate.admit()
    assert time.now == 0


def test_wait_ends_when_nobody_waits() -> None:
    """Of a wait that nobody needs any more, no more than a moment passes."""
    time = Time()
    rate = RateLimit(time.clock(), lambda: time.now < 1, FOREVER)
    rate.hold(60)
    assert not rate.admit()
    assert time.now < 1.2
