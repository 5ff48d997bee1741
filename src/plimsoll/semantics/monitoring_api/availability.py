"""Availability over a window, measured by Prometheus, and what the gaps in it leave open.

The declared expression tells, moment by moment, whether the system is there: a share from 0 to 1.
It is asked once a minute of the window. Minutes without an answer were not measured, and may have
been good or bad: they count neither way, and where they could turn the verdict there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: the mean `share`, of so many of the window's minutes."""

    share: float
    minutes: float
    window_minutes: int

    @property
    def covered(self) -> float:
        """Which share of the window was measured, at most 1."""
        return min(1.0, self.minutes / self.window_minutes)

    @property
    def least_percent(self) -> float:
        """The availability if every minute that was not measured was lost."""
        return 100 * self.share * self.covered

    @property
    def most_percent(self) -> float:
        """The availability if every minute that was not measured was good."""
        return self.least_percent + 100 * (1 - self.covered)


def share_query(expression: str, days: int) -> str:
    """Return the question for the mean of an expression over a window, once a minute."""
    return f"avg_over_time(({expression})[{days}d:1m])"


def minutes_query(expression: str, days: int) -> str:
    """Return the question for how many minutes of a window an expression has an answer."""
    return f"count_over_time(({expression})[{days}d:1m])"


def is_share(value: float) -> bool:
    """Say whether a value can be a share of time."""
    return 0 <= value <= 1


def verdict(measured: Measured, objective_percent: float) -> bool | None:
    """Say whether an objective is met; None where the minutes that are missing would decide."""
    if measured.least_percent >= objective_percent:
        return True
    return None if measured.most_percent >= objective_percent else False
