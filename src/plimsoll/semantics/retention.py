"""Whether backups are fresh, and whether they reach back as far as they must and no farther.

Judged are moments alone, against the moment they were observed at. No backup is never enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock of a store may run ahead of this machine's before a date is no longer true."""

SWEEP_DAYS = 1
"""Grace for what is kept too long: a lifecycle rule marks an object at the midnight after its last
day, and the store removes marked objects in a sweep of its own, once a day
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html)."""

LONGEST_GAP = timedelta(hours=26)
"""Between two daily copies, for one run of the export is not as long as another: about midnight a
day may have none and the next day two, and nothing is missing."""

MINUTES_TOLD = 180
"""Up to three hours, minutes matter."""

Moments = Iterable[datetime]


@dataclass(frozen=True, slots=True)
class Retention:
    """How a series of daily backups deviates from what was asked: nothing in it means it does not.

    `missing` are UTC days without a backup, in a gap too long to be one night's; `overdue` backups
    that should be gone; `future` those dated after they were seen.
    """

    missing: tuple[date, ...]
    overdue: tuple[datetime, ...]
    future: tuple[datetime, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing deviates."""
        return not (self.missing or self.overdue or self.future)


def newest(moments: Moments) -> datetime | None:
    """Return the latest moment, or None where there is none."""
    return max(moments, default=None)


def age(moment: datetime, observed_at: datetime) -> timedelta:
    """Return how old something was when it was observed; negative where it is dated later."""
    return observed_at - moment


def is_future(moment: datetime, observed_at: datetime) -> bool:
    """Whether a moment lies after its observation by more than clocks disagree."""
    return moment > observed_at + CLOCK_SKEW


def told(moment: datetime | None, observed_at: datetime) -> str:
    """Return how old something was, for people; `none` where there is nothing."""
    if moment is None:
        return "none"
    minutes = round(abs(age(moment, observed_at)) / timedelta(minutes=1))
    span = f"{minutes} min" if minutes < MINUTES_TOLD else f"{minutes // 60} h"
    is_later = moment > observed_at
    return f"dated {span} after it was seen" if is_later else f"{span} old"


def is_fresh(moments: Moments, observed_at: datetime, within: timedelta) -> bool:
    """Whether the newest is no older than this, and not dated in the future; none is not fresh."""
    latest = newest(moments)
    if latest is None or is_future(latest, observed_at):
        return False
    return age(latest, observed_at) <= within


def retention(moments: Moments, observed_at: datetime, days: int) -> Retention:
    """Judge a series of daily backups that must reach back so many days and no farther.

    Each of the `days` whole UTC days before the observation must have one; the day of the
    observation may still be waiting for its own. A day without one is no deviation where backups
    follow each other closely enough across it. Days are counted in UTC, as stores count them.
    """
    made: Sequence[datetime] = sorted(moments)
    today = observed_at.astimezone(UTC).date()
    present = {moment.astimezone(UTC).date() for moment in made}
    present |= _passed_over((*made, observed_at))
    wanted = [today - timedelta(days=back) for back in range(days, 0, -1)]
    oldest_allowed = today - timedelta(days=days + SWEEP_DAYS)
    return Retention(
        missing=tuple(day for day in wanted if day not in present),
        overdue=tuple(one for one in made if one.astimezone(UTC).date() < oldest_allowed),
        future=tuple(one for one in made if is_future(one, observed_at)),
    )


def _passed_over(moments: Iterable[datetime]) -> set[date]:
    """Return the days on which nothing was due: between two moments close enough to each other."""
    pairs = pairwise(sorted(one.astimezone(UTC) for one in moments))
    close = ((one.date(), other.date()) for one, other in pairs if other - one <= LONGEST_GAP)
    return {one + timedelta(days=1) for one, other in close if (other - one).days > 1}
