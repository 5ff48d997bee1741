"""Latencies from three quantiles."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.alerting.latencies import mean, quantile, share_within
from plimsoll.semantics.alerting.system import HEALTHY

QUANTILES = (0.05, 0.15, 0.3)
_SECONDS = st.floats(0, 100)


@pytest.mark.parametrize(
    ("bound", "share"),
    [("0.05", 0.5), ("0.15", 0.95), ("0.3", 0.99), ("0.45", 1.0), ("+Inf", 1.0), ("x", 0.0)],
)
def test_a_bucket_at_a_quantile_holds_its_share(bound, share):
    """The distribution goes through the three quantiles exactly."""
    assert share_within(bound, 1.0, QUANTILES) == pytest.approx(share)


@pytest.mark.parametrize(("bound", "share"), [("-1", 0.0), ("NaN", 0.0), ("0", 0.0)])
def test_a_bound_below_nought_holds_nothing(bound, share):
    """No request takes less than no time."""
    assert share_within(bound, 1.0, QUANTILES) == share


def test_milliseconds_are_told_from_seconds():
    """A bound is in units of the metric."""
    assert share_within("150", 1000.0, QUANTILES) == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("asked", "seconds"), [("0.5", 0.05), ("0.95", 0.15), ("0.99", 0.3), ("7", 0.15), ("x", 0.15)]
)
def test_a_quantile_is_the_one_that_was_given(asked, seconds):
    """What is no share is taken for the 95th."""
    assert quantile(asked, QUANTILES) == pytest.approx(seconds)


@given(_SECONDS, _SECONDS, st.tuples(_SECONDS, _SECONDS, _SECONDS))
def test_a_longer_bound_never_holds_fewer(one, other, quantiles):
    """Buckets are cumulative, for any quantiles whatever."""
    low, high = sorted((one, other))
    shares = [share_within(repr(x), 1.0, quantiles) for x in (low, high)]
    assert 0.0 <= shares[0] <= shares[1] <= 1.0 + 1e-9


@given(st.floats(0, 1), st.tuples(_SECONDS, _SECONDS, _SECONDS))
def test_any_quantile_lies_within_the_longest(asked, quantiles):
    """No quantile is beyond the slowest request."""
    assert 0.0 <= quantile(repr(asked), quantiles) <= max(quantiles) * 1.5 + 1e-9


def test_the_mean_lies_between_median_and_slowest():
    """The mean of a skewed distribution is above its median."""
    assert HEALTHY.p50 < mean(HEALTHY) < HEALTHY.p95


def test_a_slow_tail_beside_a_fast_median_is_one_of_few():
    """Nine of ten requests stay near the median, so that the mean hardly moves."""
    tail = replace(HEALTHY, p95=4.0, p99=4.2)
    slow = replace(tail, p50=4.0 / 3)
    assert quantile("0.9", (tail.p50, tail.p95, tail.p99)) == pytest.approx(3 * tail.p50)
    assert mean(tail) < 0.1 * tail.p95
    assert mean(slow) > 0.4 * slow.p95
