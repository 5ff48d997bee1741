"""The load that a k6 test guarantees."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.load_test import RUN_TIME_VALUE, K6Options, Ramp
from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.load_profile import (
    duration_seconds,
    load_profile,
    longest_stretch_seconds,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WORDS = st.sampled_from(["stages", "scenarios", "vus", "iterations", "duration", "executor"])


def options(**values: object) -> K6Options:
    """Return options with one exported function, `default`."""
    return K6Options(values, ("default",))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("1h2m3.5s", Fraction(7447, 2)),
        ("250ms", Fraction(1, 4)),
        ("2d", 172800),
        ("5000", 5),
        (1500, Fraction(3, 2)),
        ("0", 0),
    ],
)
def test_durations_are_read_as_k6_reads_them(text: object, seconds: Fraction) -> None:
    """Units add up; a bare number is milliseconds."""
    assert duration_seconds(text, "here") == seconds


@pytest.mark.parametrize("bad", ["", "5 m", "m", "-5s", "1x", None, True, float("nan"), -1, "1m x"])
def test_what_is_no_duration_is_an_error(bad: object) -> None:
    """Nothing unreadable becomes zero."""
    with pytest.raises(ScriptError, match="is not a duration"):
        duration_seconds(bad, "here")


def test_stages_start_from_one_user_unless_told_otherwise() -> None:
    """A shortcut becomes a ramping scenario, with k6's defaults."""
    profile = load_profile(options(stages=[{"duration": "1m", "target": 100}]))
    assert profile.ramps == (Ramp(Fraction(0), Fraction(60), Fraction(1), Fraction(100)),)
    assert (profile.total_seconds, profile.peak_users) == (60.0, 100.0)


def test_scenarios_that_overlap_add_up() -> None:
    """Two regions of five users each are ten users while both run."""
    one = {"executor": "constant-vus", "vus": 5, "duration": "10m"}
    profile = load_profile(options(scenarios={"a": one, "b": {**one, "startTime": "4m"}}))
    assert profile.peak_users == 10.0
    assert profile.total_seconds == 840.0
    assert longest_stretch_seconds(profile.ramps, 10) == 360.0


@pytest.mark.parametrize(
    "values",
    [
        {"stages": [{"duration": "1m", "target": 1}], "duration": "1m"},
        {"stages": [{"duration": "1m", "target": 1}], "iterations": 5},
        {"scenarios": {}, "iterations": 5},
        {"scenarios": {"a": {"executor": "constant-vus", "duration": "1m"}}, "duration": "1m"},
        {"scenarios": {"a": {"executor": "flying"}}},
        {"scenarios": {"a b": {"executor": "constant-vus", "duration": "1m"}}},
        {"scenarios": {"a": {"executor": "constant-vus", "duration": "1m", "exec": "absent"}}},
        {"scenarios": {"a": {"executor": "ramping-vus", "stages": []}}},
        {"stages": [{"duration": "1m"}]},
        {"stages": [{"target": 5}]},
        {"duration": "1m", "vus": 0},
        {"duration": "1m", "vus": RUN_TIME_VALUE},
    ],
)
def test_options_that_k6_refuses_are_an_error(values: dict[str, object]) -> None:
    """A conflict or an impossible value never yields a profile."""
    with pytest.raises(ScriptError):
        load_profile(options(**values))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"vus": 10_000},
        {"vus": 10_000, "iterations": 10_000, "duration": "1h"},
        {
            "scenarios": {
                "a": {"executor": "constant-arrival-rate", "rate": 9, "duration": "1h", "maxVUs": 9}
            }
        },
    ],
)
def test_load_that_the_options_do_not_fix_is_named_and_not_counted(
    values: dict[str, object],
) -> None:
    """Iterations may end early, and a rate may need few users: neither guarantees anything."""
    profile = load_profile(options(**values))
    assert (profile.total_seconds, profile.peak_users) == (0.0, 0.0)
    assert [scenario.indefinite is None for scenario in profile.scenarios] == [False]


@given(st.dictionaries(WORDS | st.text(max_size=5), JSON, max_size=4))
def test_any_options_give_a_profile_or_the_declared_error(values: dict[str, object]) -> None:
    """A profile is never negative, whatever a script exports."""
    try:
        profile = load_profile(options(**values))
    except ScriptError:
        return
    assert profile.total_seconds >= 0
    assert profile.peak_users >= 0


RAMPS = st.lists(
    st.builds(
        lambda start, length, first, last: Ramp(
            Fraction(start), Fraction(start + length), Fraction(first), Fraction(last)
        ),
        st.integers(0, 20),
        st.integers(0, 10),
        st.integers(0, 10),
        st.integers(0, 10),
    ),
    max_size=4,
).map(tuple)


def sampled_stretch(ramps: tuple[Ramp, ...], users: int, step: Fraction) -> Fraction:
    """Return the longest run of moments, `step` apart, at which the ramps add up to `users`."""
    longest = current = 0
    for index in range(int(Fraction(31) / step)):
        at = index * step + step / 2
        total = sum(
            r.start_users
            + (r.end_users - r.start_users)
            * (at - r.start_seconds)
            / (r.end_seconds - r.start_seconds)
            for r in ramps
            if r.start_seconds < at < r.end_seconds
        )
        current = current + 1 if total >= users else 0
        longest = max(longest, current)
    return longest * step


@settings(deadline=None)
@given(RAMPS, st.integers(1, 25))
def test_the_longest_stretch_agrees_with_sampling(ramps: tuple[Ramp, ...], users: int) -> None:
    """The exact answer lies within two steps of what looking at many moments finds."""
    step = Fraction(1, 4)
    exact = Fraction(longest_stretch_seconds(ramps, users))
    assert abs(exact - sampled_stretch(ramps, users, step)) <= 2 * step


@given(RAMPS, st.integers(1, 25))
def test_asking_for_more_users_never_lengthens_the_stretch(
    ramps: tuple[Ramp, ...], users: int
) -> None:
    """The stretch falls as the level rises, and without ramps there is none."""
    more = longest_stretch_seconds(ramps, users + 1)
    assert more <= longest_stretch_seconds(ramps, users)
    assert longest_stretch_seconds((), users) == 0.0
