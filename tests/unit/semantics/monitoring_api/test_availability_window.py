"""Availability over a window, and what the minutes that were not measured leave open."""

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.monitoring_api.availability import (
    Measured,
    is_share,
    minutes_query,
    share_query,
    verdict,
)

WINDOW = 43_200
SHARES = st.floats(min_value=0, max_value=1)
MINUTES = st.integers(min_value=0, max_value=WINDOW)
OBJECTIVES = st.floats(min_value=0.1, max_value=100)


def test_an_expression_is_asked_once_a_minute():
    """It is put in brackets: what binds weaker than a window stays one expression."""
    assert share_query("up or vector(0)", 30) == "avg_over_time((up or vector(0))[30d:1m])"
    assert minutes_query("up", 7) == "count_over_time((up)[7d:1m])"


def test_what_was_measured_whole_is_decided():
    """A sample more than the window has minutes is no more than the window."""
    assert verdict(Measured(0.9995, WINDOW, WINDOW), 99.9) is True
    assert verdict(Measured(0.9985, WINDOW + 1, WINDOW), 99.9) is False
    assert Measured(1, WINDOW + 1, WINDOW).covered == 1


def test_gaps_leave_open_what_they_could_decide():
    """An hour without data: 99.86 to 100 %, which is neither enough nor too little."""
    hour_missing = Measured(1, WINDOW - 60, WINDOW)
    assert verdict(hour_missing, 99.9) is None
    assert verdict(hour_missing, 99.5) is True
    assert verdict(Measured(0.998, WINDOW - 30, WINDOW), 99.9) is False


@given(share=SHARES, objective=OBJECTIVES)
def test_without_data_nothing_is_decided(share, objective):
    """Nothing measured is neither good nor bad."""
    assert verdict(Measured(share, 0, WINDOW), objective) is None


@given(share=SHARES, minutes=MINUTES, more=MINUTES, objective=OBJECTIVES)
def test_a_pass_is_never_lost_by_measuring_more_of_the_same(share, minutes, more, objective):
    """And what was decided is never turned by a longer look at the same share."""
    little = Measured(share, min(minutes, more), WINDOW)
    much = Measured(share, max(minutes, more), WINDOW)
    before, after = verdict(little, objective), verdict(much, objective)
    assert before is None or before is after or abs(100 * share - objective) < 1e-6


@given(share=SHARES, better=SHARES, minutes=MINUTES, objective=OBJECTIVES)
def test_better_is_never_judged_worse(share, better, minutes, objective):
    """False, then unknown, then true: in this order and no other."""
    order = {False: 0, None: 1, True: 2}
    low, high = sorted((share, better))
    worse = verdict(Measured(low, minutes, WINDOW), objective)
    assert order[worse] <= order[verdict(Measured(high, minutes, WINDOW), objective)]


def test_a_share_lies_between_nothing_and_all():
    """Percent are none, and infinity is none."""
    assert [is_share(one) for one in (0, 1, 0.5)] == [True] * 3
    assert [is_share(one) for one in (-0.1, 99.9, float("inf"))] == [False] * 3
