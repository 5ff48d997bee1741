"""Silences: alerts that an Alertmanager keeps from everybody for a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class SilenceMatcher:
    """A label and what it must be, or with `is_equal` false must not be, to be silenced."""

    name: str
    value: str
    is_regex: bool
    is_equal: bool

    def __str__(self) -> str:
        """Return it as Alertmanager writes matchers."""
        operator = ("=" if self.is_equal else "!") + ("~" if self.is_regex else "=" * self._doubled)
        return f'{self.name}{operator}"{self.value}"'

    @property
    def _doubled(self) -> int:
        return 0 if self.is_equal else 1


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence: alerts that all of its matchers match. `state` is active, pending or expired."""

    id: str
    matchers: tuple[SilenceMatcher, ...]
    starts_at: datetime
    ends_at: datetime
    state: str
    where: str

    def __str__(self) -> str:
        """Return what it matches."""
        return "{" + ", ".join(map(str, self.matchers)) + "}"
