"""What became of the trials of a required alert, and which rules had a part in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.demands import Duty

if TYPE_CHECKING:
    from plimsoll.environment.alerting_model import RequiredAlert
    from plimsoll.semantics.alerting.demands import Trial
    from plimsoll.semantics.alerting.reaction import Reaction
    from plimsoll.semantics.alerting.watches import Watch


class Outcome(Enum):
    """What became of a trial."""

    FIRES = "fires"
    LATE = "late"
    RESOLVES = "resolves while the fault lasts"
    MISSED = "missed"
    SILENT = "silent"
    NOISY = "noisy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heard:
    """A rule that fired in a trial."""

    watch: Watch
    reaction: Reaction


@dataclass(frozen=True, slots=True)
class Account:
    """What happened in one trial.

    Attributes:
        trial: what was tried.
        outcome: what became of it.
        by: the rules of the required severity that fired, the first to fire first.
        otherwise: those that fired with another severity, or that fire on a healthy system too.
        silent: those that read something of the fault and did not fire.
        unknown: those of which it cannot be told, and why.

    """

    trial: Trial
    outcome: Outcome
    by: tuple[Heard, ...] = ()
    otherwise: tuple[Heard, ...] = ()
    silent: tuple[Watch, ...] = ()
    unknown: tuple[tuple[Watch, str], ...] = ()

    @property
    def first(self) -> float:
        """When the first alert of the required severity fired, in seconds; infinite if none did."""
        return self.by[0].reaction.first if self.by else inf


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of every trial of a required alert.

    `not_understood` are rules of its severity that read metrics of unknown meaning, which by their
    names tell of something else.
    """

    required: RequiredAlert
    accounts: tuple[Account, ...]
    not_understood: tuple[Watch, ...] = ()

    def narrowed(self, duty: Duty) -> Proof:
        """Return the same proof with the trials of one duty alone."""
        return Proof(self.required, self.of(duty), self.not_understood)

    def of(self, *duties: Duty) -> tuple[Account, ...]:
        """Return the accounts of the trials with one of these duties."""
        return tuple(one for one in self.accounts if one.trial.duty in duties)

    @property
    def covering(self) -> tuple[Watch, ...]:
        """The rules that told of the fault in some trial in which an alert must fire."""
        found = (heard.watch for one in self.of(Duty.FIRE) for heard in one.by)
        return tuple(dict.fromkeys(found))
