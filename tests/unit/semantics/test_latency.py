"""A percentile is a time that was measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.latency import percentile

TIMES = st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=60)
PERCENTS = st.integers(min_value=1, max_value=100)


@given(TIMES, PERCENTS)
def test_a_percentile_is_one_of_the_values_and_bounds_its_share(
    times: list[float], percent: int
) -> None:
    """Count: at least so many percent of the values do not exceed it, and no smaller one does."""
    found = percentile(times, percent)
    share = 100 * sum(time <= found for time in times)
    below = 100 * sum(time < found for time in times)
    assert found in times
    assert share >= percent * len(times) > below


@given(TIMES, PERCENTS, st.floats(min_value=0, max_value=1e6))
def test_a_slower_answer_never_makes_a_percentile_faster(
    times: list[float], percent: int, more: float
) -> None:
    """Slow one answer down."""
    assert percentile([times[0] + more, *times[1:]], percent) >= percentile(times, percent)


def test_the_95th_of_twenty_is_the_second_slowest() -> None:
    """Take one and two slow answers among twenty: one is an outlier, two are a twentieth and more."""
    assert percentile([*[10.0] * 19, 900.0], 95) == 10.0
    assert percentile([*[10.0] * 18, 800.0, 900.0], 95) == 800.0


@pytest.mark.parametrize(("times", "percent"), [([], 95), ([1.0], 0), ([1.0], 101), ([1.0], -5)])
def test_nothing_is_a_percentile_of_nothing(times: list[float], percent: float) -> None:
    """Ask for a percentile of no values, and for one that does not exist."""
    with pytest.raises(ValueError, match="no"):
        percentile(times, percent)
