"""Weekly spans of time: whether what the platform plans falls inside what was agreed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES_PER_DAY = 24 * 60
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
PLATFORM_MINUTES = 60
"""How long the platform's window lasts: an hour from its start (doctl, `databases
maintenance-window`)."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?)?")


class Span(Protocol):
    """A weekly span in UTC; one that ends before it starts ends on the next day."""

    @property
    def day(self) -> str:
        """The day on which it starts."""

    @property
    def start(self) -> str:
        """When it starts, as ``02:00``."""

    @property
    def end(self) -> str:
        """When it ends, as ``06:00``."""


def minute_of_week(day: str, clock: str) -> int | None:
    """Return the minutes from the start of Monday; None where day or time cannot be read."""
    minute = _minute(clock)
    name = day.strip().lower()
    if minute is None or name not in DAYS:
        return None
    return DAYS.index(name) * MINUTES_PER_DAY + minute


def is_inside(begin: int, spans: Iterable[Span], minutes: int = PLATFORM_MINUTES) -> bool:
    """Say whether what begins at a minute of the week, and lasts so long, lies in one of these."""
    return any(_holds(span, begin, minutes) for span in spans)


def _holds(span: Span, begin: int, minutes: int) -> bool:
    start, end = minute_of_week(span.day, span.start), _minute(span.end)
    if start is None or end is None:
        return False
    lasts = (end - start) % MINUTES_PER_DAY or MINUTES_PER_DAY
    return (begin - start) % MINUTES_PER_WEEK + minutes <= lasts


def _minute(clock: str) -> int | None:
    found = _CLOCK.fullmatch(clock.strip())
    return int(found[1]) * 60 + int(found[2]) if found else None
