"""A rehearsal under way: one fault after the other is staged, and what comes of each is seen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from plimsoll.collectors.rehearsal.exporter import HEALTHY
from plimsoll.semantics.rehearsal.scene import Scene
from plimsoll.semantics.rehearsal.staging import SETTLING_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from plimsoll.collectors.rehearsal.house import House
    from plimsoll.environment.alerting_model import Route
    from plimsoll.facts.rehearsal import Staging
    from plimsoll.semantics.rehearsal.staging import Staged
    from plimsoll.semantics.rehearsal.time_scale import TimeScale

_POLL_SECONDS: Final = 0.15
_GRACE_SECONDS: Final = 6.0
"""Beyond what is owed at real speed: scraping, evaluating and sending do not run faster."""
_SETTLING_SECONDS: Final = 2.0
_CALM_SECONDS: Final = 12.0
_MOST_PAUSE_INTERVALS: Final = 4.0
"""Scrapes that came later than this many intervals tell that the machine could not keep up."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When it must be over, on the monotonic clock, and whether anybody still waits for it.

    `longest_gathering_seconds` is the longest `group_interval` of the configuration, in the
    rehearsal's time: that long ends may wait to be told. `gathers_each_alert_apart` says whether no
    message is ever about two different alerts.
    """

    until: float
    is_awaited: Callable[[], bool]
    longest_gathering_seconds: float
    gathers_each_alert_apart: bool

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return time.monotonic() >= self.until or not self.is_awaited()


@dataclass(frozen=True, slots=True)
class _Ending:
    """A fault that is over, whose end is still to be told; `until` is on the monotonic clock."""

    scene: Scene
    unknown: str
    waited_seconds: float
    until: float


class Performance:
    """Stages faults in a house that is open."""

    def __init__(self, house: House, scale: TimeScale, schedule: Schedule) -> None:
        self._house = house
        self._scale = scale
        self._schedule = schedule
        self._opened = time.monotonic()
        self._always: frozenset[str] = frozenset()
        self._ending: list[_Ending] = []

    def play(self, faults: Iterable[Staged], routes: Sequence[Route]) -> Iterator[Staging]:
        """Yield what came of each fault: the ones whose rules look back least come first.

        While the end of one is still to be told the next one begins, unless its alerts could be
        taken for those of the other, or would be gathered with them.
        """
        time.sleep(_SETTLING_SECONDS)
        self._always = frozenset(one.name for one in self._house.raised())
        for staged in sorted(faults, key=lambda one: one.history_seconds):
            too_late = self._wait_for_history(staged)
            yield from self._ended(staged)
            severity = staged.required.severity
            channels = [
                channel
                for route in routes
                if route.severity == severity
                for channel in route.channels
            ]
            integrations = self._house.redirected.integrations
            scene = Scene(staged, channels, integrations, self._scale.factor)
            if too_late:
                yield scene.staging(too_late)
            else:
                self._ending.append(self._stage(scene))
        yield from self._ended()

    def _stage(self, scene: Scene) -> _Ending:
        staged = scene.staged
        restless = self._wait_for_calm()
        already = self._house.raised()
        scene.begin(self._house.exporter.play(staged.scenario), already)
        try:
            until = time.monotonic() + self._scale.seconds(staged.patience_seconds)
            self._watch(scene, until + _GRACE_SECONDS)
            unknown = self._doubt(scene, restless)
        finally:
            scene.healed = self._house.exporter.play(HEALTHY)
        gathering = self._schedule.longest_gathering_seconds
        patience = gathering + self._scale.seconds(staged.history_seconds) + _GRACE_SECONDS
        waited = scene.healed - scene.began
        return _Ending(scene, unknown, waited, time.monotonic() + patience)

    def _watch(self, scene: Scene, until: float) -> None:
        """Look from all three sides until everybody was told, or there is no time left."""
        while True:
            scene.saw_raised(self._house.raised(), time.time())
            scene.saw_sent(self._house.sent())
            self._listen(scene)
            if scene.is_complete or time.monotonic() > until or self._schedule.is_over:
                return
            time.sleep(_POLL_SECONDS)

    def _listen(self, *scenes: Scene) -> None:
        self._house.require_running()
        received = self._house.sinks.received()
        for scene in (*scenes, *(one.scene for one in self._ending)):
            scene.saw_messages(received)

    def _ended(self, following: Staged | None = None) -> Iterator[Staging]:
        """Yield what came of faults whose ends were told, or should have been by now.

        Those in the way of a following fault are waited for; without one, all are.
        """
        is_apart = self._schedule.gathers_each_alert_apart
        while any(
            following is None or not is_apart or one.scene.owes_an_end_of(following.kin)
            for one in self._ending
            if not self._is_over(one)
        ):
            self._listen()
            time.sleep(_POLL_SECONDS)
        self._listen()
        for one in [one for one in self._ending if self._is_over(one)]:
            self._ending.remove(one)
            unknown = one.unknown or self._doubt_of_end(one)
            yield one.scene.staging(unknown, one.waited_seconds)

    def _is_over(self, one: _Ending) -> bool:
        is_late = time.monotonic() > one.until or self._schedule.is_over
        return is_late or one.scene.ends_are_told

    def _doubt_of_end(self, one: _Ending) -> str:
        """Return why it is not known that an end is not told; empty where it is."""
        if one.scene.ends_are_told:
            return ""
        if time.monotonic() <= one.until:
            return "the time for the rehearsal was over before its end was told"
        return self._hurry(one.scene.healed or 0.0)

    def _doubt(self, scene: Scene, restless: frozenset[str]) -> str:
        """Return why nothing follows from what has not arrived; empty where something does.

        `restless` are alerts that still fired when the fault began: they may mute others.
        """
        if scene.is_complete:
            return ""
        if restless:
            return f"{', '.join(sorted(restless))} still fired from an earlier fault"
        if self._schedule.is_over:
            return "the time for the rehearsal was over before it was told"
        longest = self._scale.seconds(scene.staged.longest_look_back_seconds)
        if time.monotonic() - self._opened < longest:
            hours = scene.staged.longest_look_back_seconds / 3600
            return f"a rule that may tell of it looks back {hours:.2g} h, longer than was rehearsed"
        if self._house.redirected.is_timed and scene.staging().fired:
            return "its routes are silent at certain times of the day, and this may be one"
        return self._hurry(scene.began) or scene.staged.doubt

    def _hurry(self, since: float) -> str:
        """Return that the machine could not keep up, if it could not."""
        pause = self._house.exporter.longest_pause(since)
        if pause <= _MOST_PAUSE_INTERVALS * self._scale.interval_seconds:
            return ""
        return f"this machine was too busy: for {pause:.1f} s nothing was scraped"

    def _wait_for_history(self, staged: Staged) -> str:
        """Wait until rules can look back; return that the time was over, if it was."""
        ready = self._opened + self._scale.seconds(staged.history_seconds + SETTLING_SECONDS)
        while time.monotonic() < ready and not self._schedule.is_over:
            time.sleep(_POLL_SECONDS)
        over = "the time for the rehearsal was over before it was staged"
        return over if self._schedule.is_over else ""

    def _wait_for_calm(self) -> frozenset[str]:
        """Wait until nothing is raised or sent but what always is; return what still is."""
        left: frozenset[str] = frozenset()
        until = time.monotonic() + _CALM_SECONDS
        while time.monotonic() < until and not self._schedule.is_over:
            names = {one.name for one in self._house.raised()}
            names |= {one.name for one in self._house.sent()}
            left = frozenset(names - self._always)
            if not left:
                break
            self._listen()
            time.sleep(_POLL_SECONDS)
        return left
