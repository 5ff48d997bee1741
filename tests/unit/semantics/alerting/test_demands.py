"""What is tried for a required alert."""

from math import inf
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.environment.alerting_model import UNBOUNDED, Condition, RequiredAlert
from plimsoll.semantics.alerting.conditions import case, facts_of
from plimsoll.semantics.alerting.demands import Duty, lesser, trials, violation
from plimsoll.semantics.alerting.system import FACTS, HEALTHY

CONDITIONS = get_args(Condition)


def required(condition, above=0.5, **changes):
    """A required alert on a condition, with a bound where it has one."""
    bound = {} if condition in UNBOUNDED else {"above": above}
    given = {"within_seconds": 300, "severity": "critical"} | bound | changes
    return RequiredAlert(name="one", condition=condition, **given)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_is_tried_clearly_and_changes_a_fact(condition):
    """There is always a case in which it must fire, and it differs from health."""
    made = trials(required(condition))
    assert made[0].duty is Duty.FIRE
    assert facts_of(condition) <= FACTS
    scenario = violation(required(condition))
    changed = {fact for fact in FACTS if getattr(scenario.during, fact) != getattr(HEALTHY, fact)}
    assert changed
    assert changed <= scenario.touches == facts_of(condition)


@pytest.mark.parametrize("condition", [one for one in CONDITIONS if one not in UNBOUNDED])
def test_a_bound_is_tried_from_both_sides(condition):
    """What must fire lies beyond it, what must be silent below it."""
    graded = [one for one in trials(required(condition)) if one.magnitude is not None]
    assert all(one.magnitude > 0.5 for one in graded if one.duty is Duty.FIRE)
    assert all(one.magnitude < 0.5 for one in graded if one.kind == "below")
    assert {"clear", "edge", "below"} <= {one.kind for one in graded}
    found_out = lesser(required(condition))
    assert {one.duty for one in found_out} == {Duty.EITHER}
    assert max(one.magnitude for one in found_out) < 0.5


def test_a_state_has_nothing_lesser():
    """It holds or does not."""
    assert lesser(required("down")) == ()


def test_a_hold_is_tried_with_a_shorter_spike():
    """A third of the hold, in which nothing may fire; without a hold there is no spike."""
    spike = next(t for t in trials(required("cpu", holds_seconds=180)) if t.kind == "spike")
    assert spike.duty is Duty.SILENCE
    assert spike.scenario.ends == 60
    assert "spike" not in {one.kind for one in trials(required("cpu"))}
    assert "spike" in {one.kind for one in trials(required("down", holds_seconds=60))}


def test_what_befalls_an_instance_is_tried_on_one_of_several():
    """A single sick instance must be told; the ratio of errors of a service is nobody's alone."""
    assert "one instance" in {one.kind for one in trials(required("memory"))}
    assert "one instance" not in {one.kind for one in trials(required("error-ratio"))}


def test_silence_that_is_the_fault_is_tried_as_vanished_series():
    """Health, targets and traffic; gone backups are told by their age."""
    vanished = {one for one in CONDITIONS for t in trials(required(one)) if t.kind == "vanished"}
    assert vanished == {"health", "down", "traffic-drop"}


def test_a_drop_is_measured_against_before_and_so_cannot_have_been_there_always():
    """Everything else is also tried as it always was."""
    steady = {one for one in CONDITIONS for t in trials(required(one)) if t.kind == "steady"}
    assert set(CONDITIONS) - steady == {"traffic-drop"}


def test_the_environment_may_allow_a_stricter_rule():
    """Up to `quiet_below` it must be silent; without it, up to just below the bound."""
    below = next(t for t in trials(required("cpu", quiet_below=0.3)) if t.kind == "below")
    assert below.magnitude == 0.3
    usual = next(t for t in trials(required("cpu")) if t.kind == "below")
    assert usual.magnitude == pytest.approx(0.48)


@given(
    st.sampled_from([one for one in CONDITIONS if one not in UNBOUNDED]),
    st.floats(0.001, 0.97),
    st.integers(0, 900),
)
def test_trials_never_contradict_each_other(condition, above, holds):
    """Whatever the bound and the hold, no magnitude must both fire and be silent."""
    demand = required(condition, above, holds_seconds=holds, within_seconds=holds + 60)
    made = trials(demand)
    fires = [t.magnitude for t in made if t.duty is Duty.FIRE and t.magnitude is not None]
    silent = [t.magnitude for t in made if t.duty is Duty.SILENCE and t.scenario.ends == inf]
    assert min(fires) > above > max(silent)
    assert len({(t.scenario.name, t.kind) for t in made}) == len(made)


def test_a_state_has_no_magnitude():
    """A case of a condition that holds or not is the same whatever number is given."""
    assert case("down", 3.0) == case("down", None)
    assert case("region-down", None).one_region
