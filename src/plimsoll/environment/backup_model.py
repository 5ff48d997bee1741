"""The sections `backups`, `logs` and `spaces`: what is kept outside of the system, and where."""

from __future__ import annotations

from itertools import permutations
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from plimsoll.environment.value import File, Name, Positive, Section, Slug, Text, Variable

TWO_REGIONS: Final = 2


class Copy(Section):
    """Where copies of backups lie: a bucket, its region, and how their keys begin and end."""

    bucket: Name
    region: Slug
    prefix: Text
    suffix: str = ""
    """How the keys of copies end, where something else lies below the prefix as well."""

    @property
    def listed_as(self) -> str:
        """Its bucket and region."""
        return f"{self.bucket} in {self.region}"


class BackupSet(Section):
    """The backups of one database: on the platform, and exported to an object store."""

    name: Slug
    database: Name | None = None
    """The managed cluster whose own backups count, where it has any."""
    copies: tuple[Copy, ...] = ()
    """Exported daily copies, the first being the one next to the database."""
    recovery_log: Copy | None = None
    """What is exported between two backups, so that less is lost than a day."""

    @property
    def places(self) -> tuple[Copy, ...]:
        """Where all that is exported lies."""
        return (*self.copies, self.recovery_log) if self.recovery_log else self.copies


class Backups(Section):
    """What backups must be like."""

    newest_within_hours: Positive = 26
    retention_days: Positive | None = None
    """Exported copies reach back so many days, none missing, and none is kept beyond."""
    copy_within_hours: Positive | None = None
    """How old the newest copy in another region may be; None where none is required."""
    recovery_point_minutes: Positive | None = None
    encrypted: bool = False
    sets: Annotated[tuple[BackupSet, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _nothing_left_out(self) -> Self:
        # A set that lacks what a requirement is about would go unjudged.
        for one in self.sets:
            regions = {copy.region for copy in one.copies}
            unmet = {
                "database or copies": not one.database and not one.copies,
                "copies, for retention_days": self.retention_days and not regions,
                "copies, for encrypted": self.encrypted and not regions,
                "copies in two regions, for copy_within_hours": self.copy_within_hours
                and len(regions) < TWO_REGIONS,
                "recovery_log, for recovery_point_minutes": self.recovery_point_minutes
                and one.recovery_log is None,
            }
            lacking = [what for what, is_unmet in unmet.items() if is_unmet]
            if lacking:
                message = f"sets: {one.name} needs {lacking[0]}"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _nothing_counted_twice(self) -> Self:
        # A set would pass by the copies of another.
        places = [(one.name, place) for one in self.sets for place in one.places]
        for (name, place), (other, beside) in permutations(places, 2):
            is_same = (place.bucket, place.region) == (beside.bucket, beside.region)
            both_end = place.suffix.endswith(beside.suffix) or beside.suffix.endswith(place.suffix)
            if is_same and both_end and beside.prefix.startswith(place.prefix):
                message = f"sets: {place.prefix} of {name} holds {beside.prefix} of {other} as well"
                raise ValueError(message)
        return self


class LogArchive(Section):
    """A bucket that logs are shipped to, and how long they stay in it."""

    name: Slug
    store: Copy
    keep_days: Positive
    """How long an object must stay, and not be removed before."""
    newest_within_hours: Positive | None = None
    """How old the newest object may be: older means that shipping has stopped."""


class Logs(Section):
    """Where logs go, and how long they are kept."""

    apps_forward: bool = False
    """Whether every app must send its logs to a destination of its own."""
    shipper: File | None = None
    """The configuration of Vector in the repository, whose sinks must be the archives."""
    archives: Annotated[tuple[LogArchive, ...], Field(min_length=1)] | None = None


class Spaces(Section):
    """The object store, and the variables that hold a key that may only read."""

    access_key: Variable = "SPACES_ACCESS_KEY_ID"
    secret_key: Variable = "SPACES_SECRET_ACCESS_KEY"  # noqa: S105 (a variable's name)
