"""Times of an inventory that stay where they are, seen from now: `now`, `now-3h`, `now+62d`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_EXPRESSION = re.compile(r"now(?:([-+])([0-9]+)([smhd]))?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def is_relative(text: str) -> bool:
    """Whether a text is meant as such a time, well written or not."""
    return text == "now" or text.startswith(("now-", "now+"))


def resolve(text: str, now: datetime) -> str:
    """Return the time in ISO 8601, in UTC, to the second. Raises ValueError for anything else."""
    match = _EXPRESSION.fullmatch(text)
    if match is None:
        message = f"{text!r} is no time: now, or now-3h, now+62d, now-90m, now-10s"
        raise ValueError(message)
    try:
        moment = now + _span(match) if match[1] else now
    except OverflowError:
        message = f"{text!r} is beyond all calendars"
        raise ValueError(message) from None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _span(match: re.Match[str]) -> timedelta:
    span = timedelta(**{_UNITS[match[3]]: int(match[2])})
    return -span if match[1] == "-" else span
