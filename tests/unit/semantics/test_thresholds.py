"""What k6 thresholds say and guarantee."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.load_test import K6Options
from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.thresholds import parse_threshold, threshold_guarantees, thresholds

DURATION = "http_req_duration"


def guarantees(text: str, name: str = DURATION) -> bool:
    """Tell whether the threshold makes p95 < 2000 ms certain."""
    return threshold_guarantees(parse_threshold(name, text), DURATION, "p", 2000, 95)


@pytest.mark.parametrize(
    "text", ["p(95)<2000", "p(99)<2000", "p(95) < 1500", "max<2000", "p(95)<=1999", "p(99.9)<5e2"]
)
def test_a_stricter_threshold_guarantees_the_objective(text: str) -> None:
    """A higher quantile or a lower bound is enough."""
    assert guarantees(text)


@pytest.mark.parametrize(
    "text",
    ["p(90)<2000", "p(95)<2001", "p(95)<=2000", "avg<1", "med<1", "min<1", "p(95)>1", "p(95)!=1"],
)
def test_a_weaker_threshold_guarantees_nothing(text: str) -> None:
    """A lower quantile, a higher bound, an average or another direction is not enough."""
    assert not guarantees(text)


def test_a_threshold_on_a_part_of_the_requests_guarantees_nothing_of_the_whole() -> None:
    """Tags narrow what is measured; another metric is another matter."""
    assert not guarantees("p(95)<100", DURATION + "{expected_response:true}")
    assert not guarantees("p(95)<100", "http_req_waiting")


def test_an_error_rate_is_guaranteed_by_its_own_aggregation_only() -> None:
    """A rate below a lower bound is enough; a count is not."""
    rate = parse_threshold("http_req_failed", "rate<0.005")
    count = parse_threshold("http_errors", "count<1")
    assert threshold_guarantees(rate, "http_req_failed", "rate", 0.01)
    assert not threshold_guarantees(count, "http_errors", "rate", 0.01)


def test_every_form_of_the_options_is_read() -> None:
    """A threshold is a text, an object, or a list of both; its key may carry tags."""
    declared = {
        "a": "rate<1",
        "b{region:fra1}": [{"threshold": "p(99) < 5", "abortOnFail": True}, "avg>=1"],
    }
    found = thresholds(K6Options({"thresholds": declared}, ()))
    assert [str(threshold) for threshold in found] == [
        "a: rate<1",
        "b{region:fra1}: p(99) < 5",
        "b{region:fra1}: avg>=1",
    ]
    assert thresholds(K6Options({}, ())) == ()


@pytest.mark.parametrize("text", ["p95<2000", "p(95)<2s", "p(95)", "< 5", "p(101)<5", "rate<", ""])
def test_an_expression_that_k6_refuses_is_an_error(text: str) -> None:
    """It never counts as a threshold that holds."""
    with pytest.raises(ScriptError, match="is not a threshold"):
        parse_threshold(DURATION, text)


@pytest.mark.parametrize("declared", [5, ["p(95)<1"], {"a": 5}, {"a": [None]}])
def test_thresholds_of_another_shape_are_an_error(declared: object) -> None:
    """What is not an object of texts cannot be judged."""
    with pytest.raises(ScriptError):
        thresholds(K6Options({"thresholds": declared}, ()))


@given(st.text(), st.text(alphabet="p(95)avgmaxrate<>=!0.1e "))
def test_any_text_is_a_threshold_or_the_declared_error(name: str, text: str) -> None:
    """What is accepted has a finite bound."""
    try:
        found = parse_threshold(name, text)
    except ScriptError:
        return
    assert abs(found.bound) < float("inf")


@given(
    samples=st.lists(st.integers(0, 100), min_size=1, max_size=50),
    held=st.integers(1, 100),
    asked=st.integers(1, 100),
    bound=st.integers(0, 100),
    objective=st.integers(0, 100),
)
def test_a_guarantee_is_never_broken_by_samples(
    samples: list[int], held: int, asked: int, bound: int, objective: int
) -> None:
    """Whenever samples meet the threshold, they meet what it guarantees."""
    ordered = sorted(samples)

    def quantile(percent: int) -> int:
        return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]

    threshold = parse_threshold(DURATION, f"p({held})<{bound}")
    if threshold_guarantees(threshold, DURATION, "p", objective, asked) and quantile(held) < bound:
        assert quantile(asked) < objective


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("http_req_duration", "rate<0.01"),
        ("http_req_failed", "count<1"),
        ("http_req_failed", "p(95)<1"),
        ("vus_max", "max>5"),
        ("http_reqs", "avg<5"),
        ("checks{fra1}", "rate>0.9"),
        ("checks{region:fra1,b}", "rate>0.9"),
    ],
)
def test_an_aggregation_the_metric_does_not_have_stops_k6(name: str, text: str) -> None:
    """A duration has no rate, a rate no percentile, and a tag has a value."""
    with pytest.raises(ScriptError):
        parse_threshold(name, text)


@pytest.mark.parametrize(
    ("entry", "accepted"),
    [
        ({"threshold": "rate<1", "abortOnFail": True, "delayAbortEval": "10s"}, True),
        ({"threshold": "rate<1", "abortOnFail": "yes"}, False),
        ({"threshold": "rate<1", "delayAbortEval": "soon"}, False),
        ({"abortOnFail": True}, False),
    ],
)
def test_when_a_threshold_aborts_is_read_as_well(entry: dict[str, object], accepted: bool) -> None:
    """What k6 cannot read of it stops the test before it starts."""
    options = K6Options({"thresholds": {"checks": [entry]}}, ())
    if accepted:
        assert [one.text for one in thresholds(options)] == ["rate<1"]
    else:
        with pytest.raises(ScriptError):
            thresholds(options)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("p(95)<2000", True),
        ("p(95)<=2000", False),
        ("p(95)<=1999", True),
        ("p(99.9)<2000", True),
        ("max<2000", True),
        ("med<1", False),
        ("avg<1", False),
        ("p(94.9)<1", False),
        ("p(95)>2000", False),
        ("p(95)==5", False),
    ],
)
def test_only_what_makes_the_objective_certain_counts(text: str, holds: bool) -> None:
    """p95 below two seconds follows from a higher percentile and a lower bound alone."""
    found = parse_threshold(DURATION, text)
    assert threshold_guarantees(found, DURATION, "p", 2000, 95) is holds
