"""What is seen of one staged fault, put together from three sides: raised, held, arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plimsoll.facts.rehearsal import Delivery, Fired, Held, Staging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plimsoll.environment.alerting_model import Channel
    from plimsoll.semantics.rehearsal.notice import Received, Told
    from plimsoll.semantics.rehearsal.redirection import Integration
    from plimsoll.semantics.rehearsal.server_answers import Raised, Sent
    from plimsoll.semantics.rehearsal.staging import Staged

EARLY_SECONDS = 0.3
"""How much older than the fault an alert may seem: an evaluation is dated by its beginning."""


class Scene:
    """One fault from its beginning to the last word about it. Times are unix times."""

    def __init__(
        self,
        staged: Staged,
        channels: Iterable[Channel],
        integrations: Mapping[str, Integration],
        factor: float,
    ) -> None:
        self.staged = staged
        self.began = 0.0
        self.healed: float | None = None
        self._channels = tuple(channels)
        self._integrations = integrations
        self._factor = factor
        self._before: frozenset[str] = frozenset()
        self._fired: dict[str, Fired] = {}
        self._held: dict[tuple[str, str], Held] = {}
        self._delivered: dict[tuple[str, str, str], Delivery] = {}

    def begin(self, at: float, already: Iterable[Raised]) -> None:
        """Note when the fault began; what fired already has nothing to do with it."""
        self.began = at
        self._before = frozenset(one.key for one in already)

    def saw_raised(self, alerts: Iterable[Raised], at: float) -> None:
        """Note what fires in Prometheus."""
        for one in alerts:
            if one.name in self.staged.kin and one.key not in self._before:
                after = max(0.0, at - self.began)
                fired = Fired(one.name, one.severity, _round(after), _real(after, self._factor))
                self._fired.setdefault(one.key, fired)

    def saw_sent(self, alerts: Iterable[Sent]) -> None:
        """Note what Alertmanager holds back."""
        for one in alerts:
            if self._concerns(one.name, one.started) and one.held_by:
                held = Held(one.name, one.severity, one.held_by)
                self._held.setdefault((one.name, one.severity), held)

    def saw_messages(self, messages: Iterable[Received]) -> None:
        """Note what arrived, and which ends were told."""
        for message in messages:
            integration = self._integrations.get(message.notice.path)
            if integration is None or message.at < self.began:
                continue
            for told in message.notice.alerts:
                if self._concerns(told.name, told.started):
                    self._note(message, told, integration)

    @property
    def is_complete(self) -> bool:
        """Whether everybody was told who must be."""
        severity = self.staged.required.severity
        seen = self.staging().arrivals
        if not self._channels:
            return any(one.severity == severity for one in self._delivered.values())
        return all(seen(severity, one.kind, one.to) for one in self._channels)

    @property
    def ends_are_told(self) -> bool:
        """Whether every end was told that must be."""
        severity = self.staged.required.severity
        return not any(
            one.severity == severity and one.lacks_its_end for one in self._delivered.values()
        )

    def owes_an_end_of(self, names: frozenset[str]) -> bool:
        """Whether an end is still to be told of an alert with one of these names."""
        return any(one.alert in names and one.lacks_its_end for one in self._delivered.values())

    def staging(self, unknown: str = "", waited_seconds: float = 0.0) -> Staging:
        """Return everything that was seen."""
        told = {(one.alert, one.severity) for one in self._delivered.values()}
        return Staging(
            self.staged.required.name,
            self.staged.scenario.name,
            unknown,
            _round(waited_seconds),
            _first_of_each(self._fired.values()),
            tuple(self._delivered.values()),
            tuple(one for key, one in self._held.items() if key not in told),
        )

    def _concerns(self, name: str, started: float) -> bool:
        return name in self.staged.kin and started >= self.began - EARLY_SECONDS

    def _note(self, message: Received, told: Told, integration: Integration) -> None:
        key = (message.notice.path, told.name, told.severity)
        known = self._delivered.get(key)
        if told.is_firing and known is None:
            self._delivered[key] = self._delivery(message, told, integration)
        elif known is not None and not told.is_firing and known.ended_after_seconds is None:
            after = _round(max(0.0, message.at - (self.healed or message.at)))
            self._delivered[key] = replace(known, ended_after_seconds=after)

    def _delivery(self, message: Received, told: Told, integration: Integration) -> Delivery:
        after = message.at - self.began
        return Delivery(
            alert=told.name,
            severity=told.severity,
            receiver=integration.receiver,
            kind=integration.kind,
            to=message.notice.to,
            after_seconds=_round(after),
            real_seconds=_real(after, self._factor),
            ended_after_seconds=None,
            owes_end=integration.tells_the_end,
            is_stand_in=integration.is_stand_in,
        )


def _first_of_each(fired: Iterable[Fired]) -> tuple[Fired, ...]:
    """Return the first of each alert, however many series it fires for."""
    first: dict[tuple[str, str], Fired] = {}
    for one in fired:
        first.setdefault((one.alert, one.severity), one)
    return tuple(first.values())


def _round(seconds: float) -> float:
    return round(seconds, 2)


def _real(seconds: float, factor: float) -> float:
    """Return a rehearsed time at real speed, in whole seconds: it is an estimate."""
    return float(round(seconds * factor))
