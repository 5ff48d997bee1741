"""A drill succeeds only where exactly what should fail fails, and everything else is decided."""

from argparse import Namespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.commands import drill
from plimsoll.commands.drill import SOUND, Line, Outcome

CONTROLS = st.frozensets(st.sampled_from(["ABC-01", "ABC-02", "ABC-03"]))
LINES = st.builds(
    Line,
    fault=st.just("ABC-01/broken"),
    vantage=st.just("http"),
    expected=CONTROLS,
    undecided=CONTROLS,
    outcome=st.builds(Outcome, st.just("ABC-01/broken"), CONTROLS, CONTROLS, st.booleans()),
)


@given(LINES)
def test_a_fault_is_caught_by_exactly_its_controls(line):
    """Not by fewer, not by more, with nothing undecided that was not said to be, and not by a crash."""
    exact = (line.outcome.failed, line.outcome.undecided) == (line.expected, line.undecided)
    assert line.is_caught == (exact and line.outcome.decided)


@given(LINES)
def test_a_row_says_in_words_what_came_of_it(line):
    """One line, beginning with whether it was caught."""
    row = drill._row(line)
    assert row.startswith("caught" if line.is_caught else "MISSED")
    assert row.count("\n") == 1
    if not line.outcome.decided:
        assert "the run broke" in row


@pytest.mark.parametrize(
    ("failed", "undecided", "decided", "mark"),
    [
        (frozenset(), frozenset(), True, "sound"),
        ({"ABC-01"}, frozenset(), True, "BROKEN"),
        (frozenset(), {"ABC-01"}, True, "BROKEN"),
        (frozenset(), frozenset(), False, "BROKEN"),
    ],
)
def test_the_sound_world_must_be_sound(failed, undecided, decided, mark):
    """Where anything fails or is unknown without a fault, no fault proves anything."""
    outcome = Outcome("", frozenset(failed), frozenset(undecided), decided)
    row = drill._row(Line(SOUND, "", frozenset(), frozenset(), outcome))
    assert row.startswith(mark)


@pytest.fixture
def drilled(monkeypatch, capsys):
    """Run the command with an attempt that comes out as told, without any run."""

    def run(attempt, *controls, exercises=()):
        def lines(env, faults, processes, exercises):
            jobs = [("", frozenset()), *((one.id, {one.control, *one.also}) for one in faults)]
            undecided = {one.id: frozenset(one.undecided) for one in faults}
            return [
                Line(name or SOUND, "", frozenset(due), undecided.get(name, frozenset()),
                     attempt(name, frozenset(due), undecided.get(name, frozenset())))
                for name, due in jobs
            ]  # fmt: skip

        monkeypatch.setattr(drill, "drill", lines)
        given = {"control": list(controls), "processes": 1, "exercise": list(exercises)}
        status = drill.run(Namespace(env="app-oint", **given))
        return status, capsys.readouterr().out

    return run


def as_expected(name, due, undecided):
    """Every run comes out as it should."""
    return Outcome(name, due, undecided, decided=True)


def test_a_drill_in_which_everything_is_caught_succeeds(drilled):
    """It counts the sound world and each fault of the control that was asked for."""
    status, out = drilled(as_expected, "REG-01")
    assert status == 0
    assert out.splitlines()[0].startswith("sound")
    caught = out.splitlines()[1:-2]
    assert {line.split()[1].partition("/")[0] for line in caught} == {"REG-01"}
    runs = len(caught) + 1
    assert f"{runs} of {runs} runs came out as they should" in out


def test_one_fault_that_nothing_catches_fails_the_drill(drilled):
    """A control that cannot fail proves nothing when it passes."""

    def asleep(name, due, undecided):
        return Outcome(name, frozenset(), frozenset(), decided=True)

    status, out = drilled(asleep, "REG-01")
    assert status == 1
    assert out.splitlines()[-1].startswith("1 of ")
    assert out.count("MISSED") == len(out.splitlines()) - 3


def test_a_drill_without_a_fault_shows_nothing(drilled):
    """A control of which nobody knows how it could fail is no success."""
    status, out = drilled(as_expected, "ZZZ-99")
    assert (status, out) == (1, "")


def test_a_control_that_no_fault_breaks_is_named_beside_others(drilled):
    """What was asked for and cannot be shown is not passed over in silence."""
    status, _ = drilled(as_expected, "REG-01", "ZZZ-99")
    assert status == 1


def test_what_cannot_be_drilled_is_told(capsys):
    """With the name that was given, and where to look for the right one."""
    given = {"control": ["ZZZ-99"], "processes": 1, "exercise": []}
    drill.run(Namespace(env="app-oint", **given))
    assert "--control ZZZ-99: no fault breaks it in app-oint" in capsys.readouterr().err


def test_faults_that_only_an_exercise_can_see_wait_until_it_is_asked_for(drilled):
    """They are told to be unseen, and count neither as caught nor as missed."""
    status, out = drilled(as_expected, "ALR-09")
    assert status == 1
    assert out.splitlines()[1].startswith("unseen  ALR-09/")
    assert "it takes --exercise alerting" in out
    assert out.splitlines()[-1].startswith("1 of 1 runs")
    status, out = drilled(as_expected, "ALR-09", exercises=["alerting"])
    assert status == 0
    assert "unseen" not in out
    assert out.count("caught  ALR-09/") > 1
