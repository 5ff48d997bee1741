"""Statements: what deviates is recorded once, and an absent value never satisfies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings import Expect, NonCompliant, Origin

HERE = Origin("http", "https://a.example/")
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(numbers, numbers)
def test_a_bound_from_below_holds_exactly_when_the_number_reaches_it(bound, observed):
    """At least means greater or equal."""
    expect = Expect()
    assert expect.at_least(bound, observed, "n", at=HERE) == (observed >= bound)
    assert bool(expect.deviations) == (observed < bound)


@given(numbers, numbers, st.floats(0, 1e6))
def test_a_bound_from_above_is_monotonic(bound, observed, less):
    """If a number is within an upper bound, so is every smaller one."""
    expect = Expect()
    if expect.at_most(bound, observed, "n", at=HERE):
        assert expect.at_most(bound, observed - less, "n", at=HERE)


@given(numbers)
def test_an_absent_number_satisfies_no_bound(bound):
    """None is not zero: it deviates, and is shown as absent."""
    expect = Expect()
    assert not expect.at_least(bound, None, "n", at=HERE)
    assert not expect.at_most(bound, None, "n", at=HERE)
    assert [one.observed for one in expect.deviations] == ["absent", "absent"]


def test_an_absent_value_equals_nothing_not_even_none():
    """Two absences are no agreement."""
    assert not Expect().equal(None, None, "x", at=HERE)


def test_a_statement_must_be_true_or_false():
    """A truthy object is no judgment."""
    with pytest.raises(TypeError, match="true or false"):
        Expect().that("yes", "x", observed="a", expected="b", at=HERE)  # type: ignore[arg-type]


def test_every_statement_is_counted_for_its_vantage_point():
    """A vantage point about which nothing was stated can be told apart."""
    expect = Expect()
    expect.that(True, "x", observed=1, expected=1, at=HERE)
    expect.none([], "y", expected="nothing", at=Origin("dns", "a"))
    assert expect.judged == {"http": 1, "dns": 1}


def test_each_offender_is_a_deviation_of_its_own_with_its_own_place():
    """Nothing of a list is summed up away."""
    expect = Expect()
    offenders = [("a", "file:1"), ("b", "")]
    assert not expect.none(offenders, "leak", expected="none", at=HERE)
    assert [(one.observed, one.where) for one in expect.deviations] == [
        ("a", "file:1"),
        ("b", "https://a.example/"),
    ]


def test_concluding_raises_once_with_everything_that_deviates():
    """A check fails once, with all of its deviations in words."""
    expect = Expect()
    expect.equal("a", "b", "first", at=HERE)
    expect.one_of({"x", "y"}, "z", "second", at=HERE.at("file:7"))
    with pytest.raises(NonCompliant) as raised:
        expect.conclude()
    assert str(raised.value).splitlines() == [
        "first: b, expected a (https://a.example/)",
        "second: z, expected one of x, y (file:7)",
    ]


def test_concluding_without_deviations_is_silent():
    """What holds raises nothing."""
    expect = Expect()
    expect.equal(1, 1, "x", at=HERE)
    expect.conclude()
    assert expect.deviations == []


def test_something_missing_is_a_deviation_where_it_was_looked_for():
    """A place that was looked at and lacks what is required fails."""
    expect = Expect()
    expect.missing("file a", expected="the file", at=HERE)
    assert str(expect.deviations[0]) == "file a: absent, expected the file (https://a.example/)"
