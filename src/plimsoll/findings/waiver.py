"""An accepted failure: exactly one control on exactly one subject, until a fixed moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who accepted which failure, why, and until when. `deviations` names what it covers.

    A deviation is covered when its `what` is named; `expires_at` carries a time zone.
    """

    id: str
    control: str
    subject: str
    deviations: tuple[str, ...]
    reason: str
    requested_by: str
    approved_by: str
    ticket: str
    expires_at: datetime

    def in_force(self, at: datetime) -> bool:
        """Whether it has not expired at that moment; the moment of expiry is no longer covered."""
        return at < self.expires_at

    def covers(self, whats: tuple[str, ...]) -> bool:
        """Whether every one of these deviations (at least one) is named."""
        return bool(whats) and all(what in self.deviations for what in whats)
