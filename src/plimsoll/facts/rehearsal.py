"""What became of alerts in a rehearsal with a real Prometheus and a real Alertmanager."""

from __future__ import annotations

from dataclasses import dataclass

EXERCISE = "alerting"


@dataclass(frozen=True, slots=True, order=True)
class RehearsalProbe:
    """The files of the alerting to rehearse, and what of it.

    `prometheus` is the configuration that says which labels every alert gets, empty where there is
    none. `alerts` is the environment's section `alerts` as JSON, of which those with the level
    `delivered` are rehearsed. `regions` are the names of the regions, where any are declared.
    """

    rule_files: tuple[str, ...]
    alertmanager: str
    prometheus: str
    alerts: str
    regions: tuple[str, ...] = ()
    exercise: str = EXERCISE

    def __str__(self) -> str:
        """Return what evidence calls it."""
        return f"{', '.join(self.rule_files)} with {self.alertmanager}"

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of the repository that it reads, templates of messages among them."""
        named = (*self.rule_files, self.alertmanager, self.prometheus)
        return (*(path for path in named if path), "**/*.tmpl")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that arrived: about which alert, from which receiver, over which channel.

    `after_seconds` runs from the fault, at the speed of the rehearsal; `real_seconds` estimates
    that at real speed. `ended_after_seconds` is when the end of the alert was told, from the end of
    the fault on; None where it was not. `owes_end` says whether the receiver is configured to.
    `is_stand_in` where a webhook took the place of the channel's own way to send.
    """

    alert: str
    severity: str
    receiver: str
    kind: str
    to: tuple[str, ...]
    after_seconds: float
    real_seconds: float
    ended_after_seconds: float | None
    owes_end: bool
    is_stand_in: bool

    @property
    def lacks_its_end(self) -> bool:
        """Whether the end of the alert had to be told, and was not."""
        return self.owes_end and self.ended_after_seconds is None


@dataclass(frozen=True, slots=True)
class Held:
    """An alert that fired and that Alertmanager told nobody of, and what it says of why."""

    alert: str
    severity: str
    by: str


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert that Prometheus raised after the fault, and when, as in `Delivery`."""

    alert: str
    severity: str
    after_seconds: float
    real_seconds: float


@dataclass(frozen=True, slots=True)
class Staging:
    """One fault that was staged for a required alert, and everything that came of it.

    `story` is the fault. `unknown` says why nothing can be concluded from what is missing, and is
    empty where it can. `waited_seconds` is how long it lasted.
    """

    required: str
    story: str
    unknown: str = ""
    waited_seconds: float = 0.0
    fired: tuple[Fired, ...] = ()
    delivered: tuple[Delivery, ...] = ()
    held: tuple[Held, ...] = ()

    def arrivals(self, severity: str, kind: str, to: str | None) -> tuple[Delivery, ...]:
        """Return the messages with this severity on a channel, and at an address where one is."""
        return tuple(
            one
            for one in self.delivered
            if (one.severity, one.kind) == (severity, kind) and (to is None or to in one.to)
        )


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A whole rehearsal: with which programs, how many times faster, and every fault staged.

    `missing_groups` are groups of rules that Prometheus did not load, `left_out` rules that could
    not be brought into the rehearsal's time. `alertmanagers` is how many Prometheus sent to.
    """

    prometheus: str
    alertmanager: str
    factor: float
    groups: tuple[str, ...]
    missing_groups: tuple[str, ...]
    alertmanagers: int
    left_out: tuple[str, ...]
    stagings: tuple[Staging, ...]

    def of(self, required: str) -> Staging | None:
        """Return what was staged for a required alert; None where nothing was."""
        return next((one for one in self.stagings if one.required == required), None)
