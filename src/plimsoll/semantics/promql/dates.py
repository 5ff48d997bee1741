"""Functions of dates: what the calendar says of a number of seconds since 1970, in UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DATES: Mapping[str, Callable[[datetime], int]] = {
    "day_of_month": lambda moment: moment.day,
    "day_of_week": lambda moment: moment.isoweekday() % 7,
    "day_of_year": lambda moment: moment.timetuple().tm_yday,
    "days_in_month": lambda moment: monthrange(moment.year, moment.month)[1],
    "hour": lambda moment: moment.hour,
    "minute": lambda moment: moment.minute,
    "month": lambda moment: moment.month,
    "year": lambda moment: moment.year,
}
"""Functions of a moment, by their name in PromQL."""


def date_part(name: str, seconds: float) -> float:
    """Answer a function of `DATES`.

    Raises:
        UnsupportedError: the number is no moment that a calendar knows.

    """
    try:
        return float(DATES[name](_EPOCH + timedelta(seconds=int(seconds))))
    except (ValueError, OverflowError) as error:
        raise UnsupportedError(f"{name} of {seconds} is beyond the calendar") from error
