"""What was seen, from where and when, or why it was not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact was seen.

    `source` names the vantage point (`http`, `dns`, `repository:app-spec`, …), `where` the exact
    place in it (a URL, `file:line`, an API path), `simulated` whether a mocked world answered.
    """

    source: str
    where: str
    simulated: bool = False

    def at(self, where: str) -> Origin:
        """Return the same vantage point, pointing at another place in it."""
        return replace(self, where=where)


@dataclass(frozen=True, slots=True)
class Observed(Generic[T_co]):
    """A value that was really seen. `at` is when, with a time zone."""

    value: T_co
    origin: Origin
    at: datetime


class NotObserved(Exception):  # noqa: N818 (a state of knowledge first, an exception second)
    """Something could not be seen, and why.

    It is returned by collectors as a value and raised by whoever needs what is not there, so that
    a missing observation can never be taken for an empty one.
    """

    def __init__(self, reason: str, origin: Origin) -> None:
        super().__init__(reason, origin)
        self.reason = reason
        self.origin = origin

    def __str__(self) -> str:
        """Return the reason with the place it concerns."""
        return f"{self.origin.where}: {self.reason}" if self.origin.where else self.reason

    def __eq__(self, other: object) -> bool:
        """Compare by reason and origin: it is a value."""
        if not isinstance(other, NotObserved):
            return NotImplemented
        return (self.reason, self.origin) == (other.reason, other.origin)

    def __hash__(self) -> int:
        """Hash by reason and origin."""
        return hash((self.reason, self.origin))


class NotListening(NotObserved):
    """The host refused the connection: nothing is served at that port.

    Beside a positive observation of the same host it proves that a port is closed.
    """


class ScopeMissing(NotObserved):
    """The token may not see it: it lacks a scope, which the reason names."""


class NotTested(NotObserved):
    """The look was not taken, for a reason that has nothing to do with the system."""


class NotExercised(NotTested):
    """Something that makes load or acts, and was not asked for in this run."""


class ToolMissing(NotTested):
    """A program this machine does not have, with the command that installs it."""


Sighting = Observed[T_co] | NotObserved
