"""Every control has been seen to fail: each fault turns exactly its control red."""

import pytest

from plimsoll.commands.drill import SOUND, drill
from plimsoll.worlds.faults import load_faults

FAULTS = [fault for fault in load_faults().values() if fault.applies_to("app-oint")]


@pytest.fixture(scope="session")
def lines():
    """One run of the whole suite for each fault, and one of the sound world."""
    return {line.fault: line for line in drill("app-oint", FAULTS)}


def test_the_sound_world_of_the_drill_is_sound(lines):
    """Without a fault nothing fails, so that what fails with one is due to it."""
    assert lines[SOUND].is_caught, lines[SOUND]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_exactly_the_control_of_a_fault_fails(lines, fault):
    """The control, and whatever the fault declares as unavoidable, and nothing else."""
    line = lines[fault.id]
    assert line.outcome.decided
    assert sorted(line.outcome.failed) == sorted(line.expected)
    assert sorted(line.outcome.undecided) == sorted(line.undecided)


def test_every_control_has_a_fault_at_every_vantage_point(sound):
    """What can be seen from a place has been seen to fail there."""
    judged = {
        (one["control"], seen["source"])
        for one in sound.document["results"]
        for seen in one["vantage"]
        if seen["verdict"] == "pass"
    }
    proven = {(fault.control, fault.vantage) for fault in FAULTS}
    assert sorted(judged - proven) == []
