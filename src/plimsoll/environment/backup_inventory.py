"""What is declared of backups and of archived logs, as subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Subjects, Undeclared

if TYPE_CHECKING:
    from plimsoll.environment.backup_model import Backups, BackupSet, Copy, LogArchive
    from plimsoll.environment.cloud_model import Database
    from plimsoll.environment.model import Environment


@dataclass(frozen=True, slots=True)
class BackupSetSubject:
    """The backups of one database, on the platform (`database`) and exported."""

    id: str
    backups: BackupSet
    required: Backups
    database: Database | None = None

    @property
    def copies(self) -> tuple[Copy, ...]:
        """Every place where exported copies lie."""
        return self.backups.copies


@dataclass(frozen=True, slots=True)
class StoreSubject:
    """A bucket that backups or logs lie in, with every prefix that is declared in it."""

    id: str
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class ShipperSubject:
    """The program that ships logs: its configuration, and the archives it must ship to."""

    id: str
    archives: tuple[LogArchive, ...]


@dataclass(frozen=True, slots=True)
class CopySubject:
    """One place where exported copies, or the recovery log, of a set lie."""

    id: str
    required: Backups
    copy: Copy


@dataclass(frozen=True, slots=True)
class ArchiveSubject:
    """One archive of logs."""

    id: str
    archive: LogArchive
    copy: Copy


def backup_sets(environment: Environment) -> Subjects[BackupSetSubject]:
    """Return every set of backups."""
    declared = environment.backups
    if declared is None:
        return Undeclared("no backups are declared")
    return tuple(
        BackupSetSubject(one.name, one, declared, _database(environment, one))
        for one in declared.sets
    )


def retained_copies(environment: Environment) -> Subjects[CopySubject]:
    """Return every place with exported copies, where a retention is declared."""
    declared = environment.backups
    if declared is None or declared.retention_days is None:
        return Undeclared("no retention of backups is declared")
    found = tuple(
        CopySubject(f"{one.name}/{copy.region}/{copy.bucket}", declared, copy)
        for one in declared.sets
        for copy in one.copies
    )
    return found or Undeclared("no exported copies are declared")


def remote_copies(environment: Environment) -> Subjects[CopySubject]:
    """Return the copies in regions other than the first copy's, where they are required."""
    declared = environment.backups
    if declared is None or declared.copy_within_hours is None:
        return Undeclared("no copy in another region is declared")
    found = tuple(
        CopySubject(f"{one.name}/{copy.region}/{copy.bucket}", declared, copy)
        for one in declared.sets
        for copy in one.copies
        if copy.region != one.copies[0].region
    )
    return found or Undeclared("no exported copy in another region is declared")


def recovery_logs(environment: Environment) -> Subjects[CopySubject]:
    """Return where the recovery log of each set lies, where a recovery point is declared."""
    declared = environment.backups
    if declared is None or declared.recovery_point_minutes is None:
        return Undeclared("no recovery point is declared")
    found = tuple(
        CopySubject(one.name, declared, one.recovery_log)
        for one in declared.sets
        if one.recovery_log is not None
    )
    return found or Undeclared("no recovery log is declared")


def encrypted_databases(environment: Environment) -> Subjects[BackupSetSubject]:
    """Return the sets whose database the platform manages, where encryption is required."""
    found = _encrypted(environment)
    if isinstance(found, Undeclared):
        return found
    managed = tuple(one for one in found if one.database is not None)
    return managed or Undeclared("no backups of a managed database are declared")


def encrypted_sets(environment: Environment) -> Subjects[BackupSetSubject]:
    """Return the sets that have exported copies, where encryption is required."""
    found = _encrypted(environment)
    if isinstance(found, Undeclared):
        return found
    return tuple(one for one in found if one.copies) or Undeclared("no exported copy is declared")


def data_stores(environment: Environment) -> Subjects[StoreSubject]:
    """Return every bucket with exported backups or recovery logs, where encryption is required."""
    found = _encrypted(environment)
    if isinstance(found, Undeclared):
        return found
    stores: dict[str, list[Copy]] = {}
    for one in found:
        logs = [one.backups.recovery_log] if one.backups.recovery_log else []
        for copy in (*one.copies, *logs):
            stores.setdefault(f"{copy.region}/{copy.bucket}", []).append(copy)
    subjects = tuple(StoreSubject(name, tuple(copies)) for name, copies in stores.items())
    return subjects or Undeclared("no bucket for backups is declared")


def log_archives(environment: Environment) -> Subjects[ArchiveSubject]:
    """Return the archives of logs."""
    declared = environment.logs
    if declared is None or declared.archives is None:
        return Undeclared("no archive of logs is declared")
    return tuple(ArchiveSubject(one.name, one, one.store) for one in declared.archives)


def fresh_archives(environment: Environment) -> Subjects[ArchiveSubject]:
    """Return the archives of logs that must have been written to lately."""
    found = log_archives(environment)
    if isinstance(found, Undeclared):
        return found
    fresh = tuple(one for one in found if one.archive.newest_within_hours is not None)
    return fresh or Undeclared("no archive of logs declares how old its newest object may be")


def log_shippers(environment: Environment) -> Subjects[ShipperSubject]:
    """Return the configuration of what ships logs, where it and the archives are declared."""
    declared = environment.logs
    if declared is None or declared.shipper is None or declared.archives is None:
        return Undeclared("no configuration of a log shipper is declared")
    return (ShipperSubject(declared.shipper, declared.archives),)


def _encrypted(environment: Environment) -> Subjects[BackupSetSubject]:
    declared = environment.backups
    if declared is None or not declared.encrypted:
        return Undeclared("no encryption of backups is declared")
    return backup_sets(environment)


def _database(environment: Environment, backups: BackupSet) -> Database | None:
    account = environment.digitalocean
    declared = account.databases if account and account.databases else ()
    return next((one for one in declared if one.name == backups.database), None)
