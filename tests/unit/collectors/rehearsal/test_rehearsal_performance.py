"""Faults are staged one after the other; what could not be seen in time is not known."""

import itertools
from dataclasses import replace

import pytest

from plimsoll.collectors.rehearsal import performance as performances
from plimsoll.collectors.rehearsal.exporter import HEALTHY
from plimsoll.collectors.rehearsal.performance import Performance, Schedule
from plimsoll.collectors.rehearsal.servers import ServerFailedError
from plimsoll.environment.alerting_model import Channel, RequiredAlert, Route
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.rehearsal.notice import Notice, Received, Told
from plimsoll.semantics.rehearsal.redirection import Integration, Redirected
from plimsoll.semantics.rehearsal.server_answers import Raised, Sent
from plimsoll.semantics.rehearsal.staging import Staged
from plimsoll.semantics.rehearsal.time_scale import TimeScale

PAGER = Integration(
    "night", "pagerduty", "pagerduty/night/0", sends_resolved=True, is_stand_in=False
)
ROUTES = (Route(name="a", severity="critical", channels=(Channel(kind="pagerduty"),)),)
DOWN = Scenario("targets are down", touches=frozenset({"up"}))


def staged(name="down", *, kin=("Down",), doubt="", history=0.0, longest=0.0):
    """A fault that is told by `Down` within six seconds."""
    required = RequiredAlert(name=name, condition="down", within_seconds=300, severity="critical")
    return Staged(required, DOWN, frozenset(kin), doubt, history, longest, 360.0)


class Clock:
    """Time that passes only while somebody sleeps, and a little with every look."""

    def __init__(self):
        self.now = 1000.0

    def time(self):
        self.now += 0.001
        return self.now

    monotonic = time

    def sleep(self, seconds):
        self.now += seconds


class House:
    """Servers that tell of a fault after two seconds, and of its end after one."""

    def __init__(
        self, clock, *, tells=True, fires=True, is_timed=False, pause=0.25, always=(), end_after=1.0
    ):
        self.clock, self.tells, self.fires, self.pause = clock, tells, fires, pause
        self.end_after = end_after
        self.always = tuple(always)
        self.redirected = Redirected({}, {PAGER.path: PAGER}, is_timed)
        self.exporter = self.sinks = self
        self.played = []
        self.messages = []

    def play(self, scenario):
        self.played.append((scenario, self.clock.time()))
        began = self.clock.now
        if self.tells:
            firing = scenario is not HEALTHY
            start = began if firing else self.played[-2][1]
            told = Told("Down", "critical", start, firing)
            after = 2.0 if firing else self.end_after
            self.messages.append(Received(began + after, Notice(PAGER.path, (), (told,))))
        return began

    @property
    def is_broken(self):
        return bool(self.played) and self.played[-1][0] is not HEALTHY

    def raised(self):
        now = [Raised(name, name, "critical") for name in self.always]
        return (*now, Raised("x", "Down", "critical")) if self.is_broken and self.fires else now

    def sent(self):
        return tuple(Sent(one.name, one.severity, 0.0, "") for one in self.raised())

    def received(self):
        return tuple(one for one in self.messages if one.at <= self.clock.now)

    def longest_pause(self, since):
        return self.pause

    def require_running(self):
        """It runs."""


@pytest.fixture
def clock(monkeypatch):
    """A clock in place of the machine's."""
    made = Clock()
    monkeypatch.setattr(performances, "time", made)
    return made


def played(house, *faults, seconds=100.0, awaited=lambda: True, gathering=1.0, apart=True):
    """What came of faults."""
    schedule = Schedule(house.clock.now + seconds, awaited, gathering, apart)
    return list(Performance(house, TimeScale(), schedule).play(faults, ROUTES))


def test_a_fault_is_staged_told_and_ended(clock):
    """And the system is well again afterwards."""
    (seen,) = played(House(clock), staged())
    (arrived,) = seen.delivered
    assert seen.unknown == ""
    assert arrived.after_seconds == pytest.approx(2.0, abs=0.3)
    assert arrived.ended_after_seconds == pytest.approx(1.0, abs=0.3)
    assert [one.alert for one in seen.fired] == ["Down"]


def test_every_fault_is_healed(clock):
    """Whatever came of it."""
    house = House(clock, tells=False)
    played(house, staged("one"), staged("two"))
    assert [one is HEALTHY for one, _ in house.played] == [False, True, False, True]


def test_what_does_not_arrive_is_waited_for_and_then_known(clock):
    """As long as may be at real speed, and a little longer."""
    (seen,) = played(House(clock, tells=False), staged())
    assert (seen.unknown, seen.delivered) == ("", ())
    assert seen.waited_seconds == pytest.approx(12.0, abs=0.5)


@pytest.mark.parametrize(
    ("house", "fault", "told"),
    [
        ({"pause": 1.5}, {}, "this machine was too busy: for 1.5 s nothing was scraped"),
        ({"is_timed": True}, {}, "its routes are silent at certain times of the day"),
        ({"is_timed": True, "fires": False}, {}, ""),
        ({}, {"doubt": "R (r.yml:1): nothing says"}, "R (r.yml:1): nothing says"),
        ({}, {"longest": 6 * 3600.0}, "a rule that may tell of it looks back 6 h"),
    ],
)
def test_silence_is_unknown_where_something_else_explains_it(clock, house, fault, told):
    """A busy machine, a quiet hour, a metric without meaning, a window that is too long."""
    (seen,) = played(House(clock, tells=False, **house), staged(**fault))
    assert seen.unknown.startswith(told)
    assert bool(seen.unknown) is bool(told)


@pytest.mark.parametrize("fault", [{"doubt": "nothing says"}, {"longest": 1e6}])
def test_what_arrives_is_known_whatever_might_have_kept_it(clock, fault):
    """A doubt explains silence, and nothing else."""
    (seen,) = played(House(clock, pause=9.0, is_timed=True), staged(**fault))
    assert seen.unknown == ""
    assert seen.delivered


def test_what_looks_back_least_comes_first_and_the_rest_waits(clock):
    """A system must have been well for as long as a rule looks back."""
    house = House(clock)
    opened = clock.now
    seen = played(house, staged("far", history=1200.0), staged("near", history=60.0))
    assert [one.required for one in seen] == ["near", "far"]
    assert house.played[2][1] - opened >= 21.0


def test_what_cannot_be_waited_for_is_not_staged(clock):
    """It is unknown."""
    house = House(clock)
    (seen,) = played(house, staged(history=5400.0), seconds=30.0)
    assert seen.unknown == "the time for the rehearsal was over before it was staged"
    assert house.played == []


def test_time_that_runs_out_makes_what_is_under_way_unknown(clock):
    """And everything after it."""
    seen = played(House(clock, tells=False), staged("one"), staged("two"), seconds=8.0)
    assert [one.unknown for one in seen] == [
        "the time for the rehearsal was over before it was told",
        "the time for the rehearsal was over before it was staged",
    ]


def test_a_run_that_is_over_ends_the_rehearsal(clock):
    """Nobody waits for it any more."""
    asked = itertools.count()
    seen = played(House(clock, tells=False), staged(), awaited=lambda: next(asked) < 5)
    assert "was over" in seen[0].unknown


def test_an_alert_that_fires_always_is_not_waited_for(clock):
    """One that will not go away does not hold up the rehearsal."""
    house = House(clock, always=["Watchdog"])
    began = clock.now
    played(house, replace(staged(), kin=frozenset({"Down", "Watchdog"})))
    assert house.played[0][1] - began < 4.0


def test_a_server_that_ends_ends_the_rehearsal(clock):
    """The fault is healed all the same."""
    house = House(clock, tells=False)

    def ended():
        if house.is_broken:
            raise ServerFailedError("Prometheus ended")

    house.require_running = ended
    with pytest.raises(ServerFailedError):
        played(house, staged())
    assert house.played[-1][0] is HEALTHY


@pytest.mark.parametrize(
    ("kin", "apart", "waits"),
    [(("Other",), True, False), (("Down",), True, True), (("Other",), False, True)],
)
def test_the_next_fault_begins_before_the_end_is_told_unless_it_is_in_the_way(
    clock, kin, apart, waits
):
    """Its own alerts must not be taken for those of the other, nor be gathered with them."""
    house = House(clock, end_after=4.0)
    first, second = staged("first"), staged("second", kin=kin)
    seen = played(house, first, second, apart=apart, gathering=5.0)
    healed, begun = house.played[1][1], house.played[2][1]
    assert (begun - healed > 3.9) is waits
    assert seen[0].required == "first"
    assert seen[0].delivered[0].ended_after_seconds == pytest.approx(4.0, abs=0.3)


@pytest.mark.parametrize(
    ("house", "seconds", "told"),
    [
        ({}, 100.0, ""),
        ({"pause": 3.0}, 100.0, "this machine was too busy"),
        ({}, 7.0, "the time for the rehearsal was over before its end was told"),
    ],
)
def test_an_end_that_is_not_told_is_known_only_where_there_was_time(clock, house, seconds, told):
    """And where the machine kept up."""
    (seen,) = played(House(clock, end_after=900.0, **house), staged(), seconds=seconds)
    assert seen.delivered[0].lacks_its_end
    assert seen.unknown.startswith(told)
    assert bool(seen.unknown) is bool(told)


def test_silence_is_unknown_while_an_earlier_alert_still_fires(clock):
    """It may be what mutes the other."""
    house = House(clock, tells=False)
    quiet = house.raised
    house.raised = lambda: (
        *quiet(),
        *([Raised("o", "Old", "critical")] if clock.now > 1002.5 else ()),
    )
    (seen,) = played(house, staged(history=120.0))
    assert seen.unknown == "Old still fired from an earlier fault"
