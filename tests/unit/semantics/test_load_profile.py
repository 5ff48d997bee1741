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
    ("starts", "loaded"),
    [(("0s", "10m"), 20), (("0s", "4m"), 14), (("5m", "30m"), 20), (("0s", "0s"), 10)],
)
def test_minutes_without_a_user_are_no_load(starts: tuple[str, str], loaded: int) -> None:
    """Neither before the first scenario nor between two."""
    one = {"executor": "constant-vus", "vus": 5, "duration": "10m"}
    scenarios = {f"s{start}{i}": one | {"startTime": start} for i, start in enumerate(starts)}
    assert load_profile(options(scenarios=scenarios)).loaded_seconds == loaded * 60


def test_a_stage_without_users_is_no_load_and_a_ramp_from_none_is() -> None:
    """Each has its own line of the timeline."""
    stages = [("1m", 0), ("2m", 5), ("4m", 5), ("8m", 0), ("16m", 0)]
    told = [{"duration": duration, "target": target} for duration, target in stages]
    ramping = {"executor": "ramping-vus", "startVUs": 0, "stages": told}
    profile = load_profile(options(scenarios={"a": ramping}))
    assert (profile.total_seconds, profile.loaded_seconds) == (31 * 60, 14 * 60)


@pytest.mark.parametrize(
    ("segment", "users"),
    [
        (None, 1000),
        ("", 1000),
        ("0:1", 1000),
        ("1", 1000),
        ("1/4", 250),
        ("1/4:1/2", 250),
        ("25%:0.5", 250),
        (".5:1", 500),
        ("0:1/3", 333),
    ],
)
def test_a_segment_leaves_its_part_of_the_users(segment: str | None, users: int) -> None:
    """A user that is divided between two is guaranteed to neither."""
    values = {"vus": 1000, "duration": "1m", "executionSegment": segment}
    assert load_profile(options(**values)).peak_users == users


@pytest.mark.parametrize(
    ("segment", "sequence", "is_undecided"),
    [
        ("1/2:1/4", None, False),
        ("0:2", None, False),
        ("a:b", None, False),
        ("0:1/0", None, False),
        (RUN_TIME_VALUE, None, True),
        ("0:1/4", "0,1/2,1", False),
        (None, "0,1/2,1", False),
    ],
)
def test_a_segment_that_k6_refuses_is_an_error(
    segment: str | None, sequence: str | None, is_undecided: bool
) -> None:
    """Also one that is none of the parts of its sequence; a value of k6 alone may be any."""
    values = {"executionSegment": segment, "executionSegmentSequence": sequence}
    with pytest.raises(ScriptError) as refusal:
        load_profile(options(vus=8, duration="1m", **values))
    assert refusal.value.is_undecided is is_undecided


def test_a_segment_of_its_sequence_is_taken() -> None:
    """Two points next to each other are a segment."""
    values = {"executionSegment": "1/4:1/2", "executionSegmentSequence": "0,1/4,1/2,1"}
    assert load_profile(options(vus=8, duration="1m", **values)).peak_users == 2


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
                "a": {
                    "executor": "constant-arrival-rate",
                    "rate": 9,
                    "duration": "1h",
                    "preAllocatedVUs": 9,
                }
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


def sampled_stretch(ramps: tuple[Ramp, ...], users: Fraction | int, step: Fraction) -> Fraction:
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
    """The exact answer lies within two steps of what looking at many moments finds.

    Moments miss a break shorter than a step; nothing that stays above the users by what they can
    grow within a step has one.
    """
    step = Fraction(1, 4)
    exact = Fraction(longest_stretch_seconds(ramps, users))
    lasting = [r for r in ramps if r.end_seconds > r.start_seconds]
    slopes = (abs(r.end_users - r.start_users) / (r.end_seconds - r.start_seconds) for r in lasting)
    surely = sampled_stretch(ramps, users + sum(slopes, Fraction(0)) * step, step)
    assert surely - 2 * step <= exact <= sampled_stretch(ramps, users, step) + 2 * step


@given(RAMPS, st.integers(1, 25))
def test_asking_for_more_users_never_lengthens_the_stretch(
    ramps: tuple[Ramp, ...], users: int
) -> None:
    """The stretch falls as the level rises, and without ramps there is none."""
    more = longest_stretch_seconds(ramps, users + 1)
    assert more <= longest_stretch_seconds(ramps, users)
    assert longest_stretch_seconds((), users) == 0.0


RATE = {"executor": "constant-arrival-rate", "rate": 5, "duration": "1m", "preAllocatedVUs": 2}
RISING = {"executor": "ramping-arrival-rate", "preAllocatedVUs": 2, "stages": [{"target": 5}]}
OUTSIDE = {"executor": "externally-controlled", "vus": 2, "duration": 0}


@pytest.mark.parametrize(
    "scenario",
    [
        RATE | {"timeUnit": "1m", "maxVUs": 2, "startTime": "5s", "gracefulStop": "0s"},
        RISING | {"startRate": 1},
        OUTSIDE | {"maxVUs": 9},
        {"executor": "per-vu-iterations", "vus": 5, "iterations": 1, "maxDuration": "1h"},
        {"executor": "shared-iterations", "vus": 5, "iterations": 5, "tags": {"a": "b"}},
    ],
)
def test_every_executor_is_read(scenario: dict[str, object]) -> None:
    """Its load is named as one that the options do not fix."""
    profile = load_profile(options(scenarios={"a": scenario}))
    assert [one.executor for one in profile.indefinite] == [scenario["executor"]]


@pytest.mark.parametrize(
    ("scenario", "place"),
    [
        ({"executor": "constant-vus", "duration": "1m", "vu": 5}, "vu"),
        ({"executor": "constant-vus", "duration": "1m", "stages": []}, "stages"),
        ({"executor": "constant-vus", "duration": "1m", "gracefulStop": "soon"}, "gracefulStop"),
        ({"executor": "constant-vus", "duration": "999ms"}, "duration"),
        ({"executor": "constant-vus", "vus": 5}, "duration"),
        ({"executor": "constant-vus", "vus": 0, "duration": "1m"}, "vus"),
        ({"executor": "ramping-vus", "stages": [{"target": 1}], "duration": "1m"}, "duration"),
        ({"executor": "ramping-vus", "stages": [], "gracefulRampDown": -5}, "gracefulRampDown"),
        ({"executor": "per-vu-iterations", "iterations": 0}, "iterations"),
        ({"executor": "shared-iterations", "vus": 5, "iterations": 4}, ""),
        ({"executor": "shared-iterations", "maxDuration": "1ms"}, "maxDuration"),
        ({**RATE, "rate": 0}, "rate"),
        ({**RATE, "rate": None}, "rate"),
        ({**RATE, "preAllocatedVUs": None}, "preAllocatedVUs"),
        ({**RATE, "maxVUs": 1}, "maxVUs"),
        ({**RATE, "timeUnit": "0s"}, "timeUnit"),
        ({**RISING, "stages": None}, "stages"),
        ({**RISING, "rate": 5}, "rate"),
        ({**OUTSIDE, "maxVUs": 1}, "maxVUs"),
        ({**OUTSIDE, "duration": None}, "duration"),
        ({"executor": ["constant-vus"]}, "executor"),
    ],
)
def test_a_scenario_that_k6_refuses_names_the_field(scenario, place) -> None:
    """A misspelt field, a value out of range, one that is missing: k6 does not start."""
    with pytest.raises(ScriptError) as refusal:
        load_profile(options(scenarios={"a": scenario}))
    assert refusal.value.where == f"options.scenarios.a.{place}".rstrip(".")
