"""The minutes of a week at which a named time interval holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Document, Part

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MINUTES = 24 * 60
WEEK: Final = frozenset(range(len(_DAYS) * _MINUTES))
_TIME = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
_ELSEWHERE = ("days_of_month", "months", "years")
_UTC = ("", "UTC", "Etc/UTC")


def minutes_of(document: Document, name: str) -> frozenset[int] | None:
    """Return when an interval holds; None where more than days and times of day in UTC decides."""
    sections = ("time_intervals", "mute_time_intervals")
    defined = [
        part for section in sections for part in document.part(section) if part["name"].text == name
    ]
    spans = [span for part in defined for span in part["time_intervals"]]
    if not defined or not all(map(_is_weekly, spans)):
        return None
    try:
        return frozenset(minute for span in spans for minute in _minutes(span))
    except ValueError:
        return None


def _is_weekly(span: Part) -> bool:
    is_limited = any(span[one].exists and span[one].value is not None for one in _ELSEWHERE)
    return not is_limited and (span["location"].text or "") in _UTC


def _minutes(span: Part) -> Iterator[int]:
    times = [_range(one) for one in span["times"]] or [(0, _MINUTES)]
    days = [day for one in span["weekdays"] for day in _weekdays(one.text or "")]
    for day in days or range(len(_DAYS)):
        for begin, end in times:
            yield from range(day * _MINUTES + begin, day * _MINUTES + end)


def _weekdays(text: str) -> range:
    """Return the days of `monday:friday`. Raises ValueError for what is no day."""
    first, _, last = text.lower().partition(":")
    return range(_DAYS.index(first), _DAYS.index(last or first) + 1)


def _range(time: Part) -> tuple[int, int]:
    """Return begin and end, in minutes since midnight. Raises ValueError for what is no time."""
    limits = [_TIME.fullmatch(time[one].text or "") for one in ("start_time", "end_time")]
    begin, end = (int(one[1]) * 60 + int(one[2]) if one else -1 for one in limits)
    if min(begin, end) < 0:
        message = f"{time.where} is no time of the day"
        raise ValueError(message)
    return begin, end
