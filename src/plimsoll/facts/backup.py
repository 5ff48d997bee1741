"""One backup of a database, whoever keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (a field's type, as facts state it)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that exists. `taken_at` has a time zone; a `size_gigabytes` of 0 holds nothing."""

    taken_at: datetime
    size_gigabytes: float
    where: str
