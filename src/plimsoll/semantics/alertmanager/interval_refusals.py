"""What Alertmanager refuses in time intervals.

Source: its package `timeinterval`. Ranges go upwards, and days of a month may be counted back from
its end; for that the shortest month, of 28 days, decides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.schema import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plimsoll.facts.document import Part, Problem

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHORTEST_MONTH = 28
_LONGEST_MONTH = 31


def interval_refusals(root: Part) -> Iterator[Problem]:
    """Yield what is wrong with the named time intervals."""
    seen: set[str] = set()
    for section in ("mute_time_intervals", "time_intervals"):
        for interval in root[section]:
            name = interval["name"].text
            if name == "":
                yield interval.problem("a time interval has no name", "a name")
            elif name is not None and name in seen:
                what = f"time interval {name} is defined twice"
                yield interval["name"].problem(what, "each name once")
            seen.add(name or "")
            for span in interval["time_intervals"]:
                yield from _span_refusals(span)


def _span_refusals(span: Part) -> Iterator[Problem]:
    for time in span["times"]:
        yield from _time_refusals(time)
    for field, member in _MEMBERS.items():
        for one in span[field]:
            text = _text(one)
            if text is not None and not _is_range(text, member, field):
                yield one.problem(f"{field} has {shown(text)}", _EXPECTED[field])
    zone = span["location"].text
    if zone and not _ZONE.fullmatch(zone):
        yield span["location"].problem(f"location is {shown(zone)}", "the name of a time zone")


def _time_refusals(time: Part) -> Iterator[Problem]:
    limits = [_text(time[field]) for field in ("start_time", "end_time")]
    for field, text in zip(("start_time", "end_time"), limits, strict=True):
        if text is not None and not _TIME.fullmatch(text):
            yield time[field].problem(f"{field} is {shown(text)}", "a time such as 09:00")
            return
    start, end = limits
    if start is not None and end is not None and start >= end:
        yield time.problem(f"it starts at {start} and ends at {end}", "an end after the start")


def _is_range(text: str, member: Callable[[str], int | None], field: str) -> bool:
    parts = text.lower().split(":")
    if len(parts) > 2:
        return False
    begin, end = member(parts[0]), member(parts[-1])
    if begin is None or end is None:
        return False
    return _is_span_of_days(begin, end) if field == "days_of_month" else begin <= end


def _is_span_of_days(begin: int, end: int) -> bool:
    if not all(1 <= abs(day) <= _LONGEST_MONTH for day in (begin, end)):
        return False
    if begin < 0 < end:
        return False
    first, last = (_SHORTEST_MONTH + day if day < 0 else day for day in (begin, end))
    return first <= last


def _text(part: Part) -> str | None:
    return str(part.integer) if part.integer is not None else part.text


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _day(text: str) -> int | None:
    return _DAYS.index(text) if text in _DAYS else None


def _month(text: str) -> int | None:
    return _MONTHS.index(text) + 1 if text in _MONTHS else _number(text)


_MEMBERS: dict[str, Callable[[str], int | None]] = {
    "weekdays": _day,
    "days_of_month": _number,
    "months": _month,
    "years": _number,
}
_EXPECTED = {
    "weekdays": "a day such as monday, or a range such as monday:friday",
    "days_of_month": "a day from 1 to 31 (-1 is the last), or a range such as 1:7",
    "months": "a month such as january or 1, or a range of months",
    "years": "a year, or a range such as 2025:2026",
}
