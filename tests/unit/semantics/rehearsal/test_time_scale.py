"""Time runs faster, and nothing else changes: strings, names and numbers stay."""

from math import isclose

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.promql import PromqlError, selectors
from plimsoll.semantics.rehearsal.time_scale import TimeScale, spelled

SCALE = TimeScale()


@pytest.mark.parametrize(
    ("real", "rehearsed"),
    [
        ("rate(a[5m])", "rate(a[5000ms])"),
        ("rate(a[5m] offset 1h) > 1", "rate(a[5000ms] offset 60000ms) > 1"),
        ("a OFFSET -5m", "a OFFSET -5000ms"),
        ("max_over_time(rate(a[1m])[1h:])", "max_over_time(rate(a[1000ms])[60000ms:])"),
        ("max_over_time(a[1h:15s])", "max_over_time(a[60000ms:250ms])"),
        ("rate(a[1d12h])", "rate(a[2160000ms])"),
        ("a offset 5m @ 10", "a offset 5000ms @ 10"),
        ("predict_linear(a[1h], 4 * 3600) < 0", "predict_linear(a[60000ms], 4 * 3600) < 0"),
        ("time() - a > 26 * 3600", "time() - a > 26 * 3600"),
        ("vector(1)", "vector(1)"),
    ],
)
def test_ranges_subqueries_and_offsets_are_divided(real, rehearsed):
    """What is a number is no span of time."""
    assert SCALE.expression(real) == rehearsed


@pytest.mark.parametrize(
    "text",
    [
        'a{b="[5m]"}',
        'a{b="offset 5m"} > 1',
        "a{b='it\\'s [5m]'}",
        'a{b=`[5m] "offset 1h`}',
        'a{b="\\"[5m]"}',
        "http:rate5m > 2",
        "job:offset:5m > 1",
        "a > 1 # over [5m], offset 5m",
        'offset{a="5m"} > 1',
        "increase_5m > 1",
    ],
)
def test_strings_comments_and_names_are_never_touched(text):
    """They only look like spans of time."""
    assert SCALE.expression(text) == text


@pytest.mark.parametrize(
    ("real", "rehearsed"),
    [
        ("increase(a[5m]) > 3", "(60 * increase(a[5000ms])) > 3"),
        ("a / increase(b[5m])", "a / (60 * increase(b[5000ms]))"),
        ("sum(increase (a[5m]))", "sum((60 * increase (a[5000ms])))"),
        (
            "increase(increase(a[5m])[10m:1m])",
            "(60 * increase((60 * increase(a[5000ms]))[10000ms:1000ms]))",
        ),
        ("increase > 1 and (b)", "increase > 1 and (b)"),
    ],
)
def test_what_increases_is_counted_as_if_the_window_were_whole(real, rehearsed):
    """A threshold on a count would never be reached in a sixtieth of the time."""
    assert SCALE.expression(real) == rehearsed


def test_a_window_of_two_samples_gets_room_and_one_of_fewer_stays_useless():
    """Clocks tick less evenly in a rehearsal; what never works must not work there."""
    assert SCALE.window("30s") == "1000ms"
    assert SCALE.window("29s") == "483ms"
    assert SCALE.window("5s") == "83ms"


@pytest.mark.parametrize("text", ["rate(a[5m]", "", "a{", "rate(a)", "a[5m"])
def test_what_prometheus_would_refuse_is_refused(text):
    """It is left out of the rehearsal, with that reason."""
    with pytest.raises(PromqlError):
        SCALE.expression(text)


@pytest.mark.parametrize(
    ("real", "rehearsed"), [("5m", "5000ms"), ("0s", "0s"), ("0", "0s"), ("1ms", "1ms")]
)
def test_a_duration_is_divided_and_never_vanishes(real, rehearsed):
    """Only none at all stays none."""
    assert SCALE.duration(real) == rehearsed


def test_what_is_no_duration_is_told():
    """Whoever asked says where it stands."""
    with pytest.raises(ValueError, match="'soon' is not a duration"):
        SCALE.duration("soon")


def test_a_duration_can_have_a_least_length():
    """As group_wait has, which even a rehearsal needs."""
    assert SCALE.duration("1s", at_least=0.25) == "250ms"
    assert spelled(0.0) == "1ms"


SPANS = st.integers(30, 86_400).map(lambda seconds: f"{seconds}s")
LEAVES = st.builds(
    lambda name, value, op, span, offset: f'rate({name}{{l{op}"{value}"}}[{span}]{offset})',
    st.sampled_from(["up", "a:b5m", "offset", "http_requests_total", "increase"]),
    st.sampled_from(["[5m]", "offset 5m", "x", "1h30m", "5.."]),
    st.sampled_from(["=", "!=", "=~"]),
    SPANS,
    st.sampled_from(["", " offset 5m", " offset -1h"]),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "and", "> bool"]), inner),
        st.builds("sum by (l) ({})".format, inner),
        st.builds("max_over_time({}[{}:{}])".format, inner, SPANS, st.sampled_from(["", "1m"])),
    ),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS)
def test_every_selector_is_the_same_with_shorter_windows(expression):
    """The same metrics, matchers and functions, in the same order."""
    before, after = selectors(expression), selectors(SCALE.expression(expression))
    assert [(s.metric, s.matchers, s.steps) for s in before] == [
        (s.metric, s.matchers, s.steps) for s in after
    ]
    for one, other in zip(before, after, strict=True):
        assert isclose(one.offset_seconds / 60, other.offset_seconds, abs_tol=0.002)
        assert isclose(one.range_seconds / 60, other.range_seconds, abs_tol=0.003) or (
            other.range_seconds <= 1.0 + one.range_seconds / 60
        )


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab_:{}[]()\"'`#\\ 15msh=~!,.@+-/*\n", max_size=40))
@example("a[5m] # ]")
@example("[5m:")
def test_any_text_is_rewritten_or_refused(text):
    """It never hangs, and raises nothing but what it says."""
    try:
        SCALE.expression(text)
    except ValueError:
        return


@given(st.integers(1, 10**9))
def test_longer_stays_longer(seconds):
    """A longer duration never becomes the shorter one."""
    shorter, longer = SCALE.duration(f"{seconds}s"), SCALE.duration(f"{seconds + 60}s")
    assert prometheus_seconds(shorter) < prometheus_seconds(longer)
