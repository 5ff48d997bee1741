"""Every control has been seen to fail: each fault turns exactly its control red."""

from functools import cache

import pytest

from plimsoll.commands.drill import SOUND, drill
from plimsoll.worlds.faults import load_faults

ENVIRONMENTS = ("app-oint", "tetrix", "digitalocean-production")
FAULTS = {
    env: [one for one in load_faults().values() if one.applies_to(env) and not one.exercise]
    for env in ENVIRONMENTS
}
EACH = [
    pytest.param(env, fault, id=f"{env}:{fault.id}")
    for env in ENVIRONMENTS
    for fault in FAULTS[env]
]


@pytest.fixture(scope="session")
def lines():
    """Return, for an environment, one run for each fault, and one of its sound world."""

    @cache
    def drilled(env):
        return {line.fault: line for line in drill(env, FAULTS[env], processes=3)}

    return drilled


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_the_sound_world_of_the_drill_is_sound(lines, env):
    """Without a fault nothing fails, so that what fails with one is due to it."""
    sound = lines(env)[SOUND]
    assert sound.is_caught, sound


@pytest.mark.parametrize(("env", "fault"), EACH)
def test_exactly_the_control_of_a_fault_fails(lines, env, fault):
    """The control, and whatever the fault declares as unavoidable, and nothing else."""
    line = lines(env)[fault.id]
    assert line.outcome.decided
    assert sorted(line.outcome.failed) == sorted(line.expected)
    assert sorted(line.outcome.undecided) == sorted(line.undecided)


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_every_control_has_a_fault_at_every_vantage_point(sound_worlds, env):
    """What can be seen from a place has been seen to fail there."""
    judged = {
        (one["control"], seen["source"])
        for one in sound_worlds(env).document["results"]
        for seen in one["vantage"]
        if seen["verdict"] == "pass"
    }
    proven = {(fault.control, fault.vantage) for fault in FAULTS[env]}
    assert sorted(judged - proven) == []
