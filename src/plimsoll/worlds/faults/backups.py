"""Break the backups of databases: their age, their number, where they lie and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.environment.backup_model import BackupSet, Copy
    from plimsoll.worlds.object_store import StoreBucket
    from plimsoll.worlds.world import World

WEAK: Final = "AES/CBC/PKCS5Padding"
"""The older mode of S3's encryption client, which does not keep what it encrypts."""

_in_store = partial(fault, vantage="spaces", environments=("app-oint",))


@fault("BKP-01", "platform-backups-stopped", vantage="do")
def platform_backups_stopped(world: World) -> None:
    """Let the platform's backups have ended three days ago."""
    listed = world.cloud.details("database-backups", _database(world))
    for backup in listed:
        made = datetime.fromisoformat(backup["created_at"]) - timedelta(days=3)
        backup["created_at"] = made.isoformat().replace("+00:00", "Z")


@fault("BKP-01", "platform-backups-none", vantage="do")
def platform_backups_none(world: World) -> None:
    """Let the platform have no backup of a database."""
    world.cloud.set_details("database-backups", _database(world), [])


@fault("BKP-01", "platform-backups-empty", vantage="do")
def platform_backups_empty(world: World) -> None:
    """Let every backup of a database hold nothing."""
    for backup in world.cloud.details("database-backups", _database(world)):
        backup["size_gigabytes"] = 0


@_in_store("BKP-01", "export-stopped", also=("BKP-02",))
def export_stopped(world: World) -> None:
    """Let the export of one database have ended three days ago."""
    bucket, copy = _place(world)
    bucket.age(copy.prefix, timedelta(days=3))


@_in_store("BKP-02", "day-missing")
def day_missing(world: World) -> None:
    """Lose the copy of one day last week."""
    bucket, copy = _place(world)
    del bucket.objects[_keys(bucket, copy)[5]]


@_in_store("BKP-02", "copy-empty")
def copy_empty(world: World) -> None:
    """Let one copy of last week hold nothing."""
    bucket, copy = _place(world)
    bucket.objects[_keys(bucket, copy)[5]].size = 0


@_in_store("BKP-02", "kept-too-long")
def kept_too_long(world: World) -> None:
    """Keep a copy for three weeks."""
    bucket, copy = _place(world)
    _, newest = bucket.newest(copy.prefix)
    old = replace(newest, modified_at=newest.modified_at - timedelta(days=21))
    bucket.objects[f"{copy.prefix}before-the-migration.dump.enc"] = old


@_in_store("BKP-02", "lifecycle-too-short")
def lifecycle_too_short(world: World) -> None:
    """Let the lifecycle end copies after a week, from now on."""
    bucket, _ = _place(world)
    bucket.lifecycle = [replace(rule, expires_after_days=7) for rule in bucket.lifecycle]


@_in_store("BKP-02", "lifecycle-too-short-for-some")
def lifecycle_too_short_for_some(world: World) -> None:
    """Add a rule that ends the copies of one database after three days."""
    bucket, copy = _place(world)
    hasty = replace(bucket.lifecycle[0], id="save-space", prefix=copy.prefix, expires_after_days=3)
    bucket.lifecycle.append(hasty)


@_in_store("BKP-02", "lifecycle-disabled")
def lifecycle_disabled(world: World) -> None:
    """Switch every rule of the lifecycle off."""
    bucket, _ = _place(world)
    bucket.lifecycle = [replace(rule, enabled=False) for rule in bucket.lifecycle]


@_in_store("BKP-02", "lifecycle-missing")
def lifecycle_missing(world: World) -> None:
    """Take the lifecycle away."""
    _place(world)[0].lifecycle = []


@_in_store("BKP-02", "lifecycle-for-another-prefix")
def lifecycle_for_another_prefix(world: World) -> None:
    """Misspell the prefix that the lifecycle is for."""
    bucket, _ = _place(world)
    bucket.lifecycle = [replace(rule, prefix=f"old-{rule.prefix}") for rule in bucket.lifecycle]


@_in_store("BKP-02", "earlier-versions-kept")
def earlier_versions_kept(world: World) -> None:
    """Let the bucket keep every version, and end none but the latest."""
    _place(world)[0].versioning = "Enabled"


@_in_store("BKP-03", "remote-copies-stopped", also=("BKP-02",))
def remote_copies_stopped(world: World) -> None:
    """Let copying to the other region have ended three days ago."""
    bucket, copy = _place(world, remote=True)
    bucket.age(copy.prefix, timedelta(days=3))


@_in_store(
    "BKP-03",
    "remote-bucket-in-the-same-region",
    also=("BKP-01", "BKP-02", "BKP-04b", "BKP-05", "SEC-08"),
)
def remote_bucket_in_the_same_region(world: World) -> None:
    """Put the bucket for copies in another region into the first one."""
    bucket, _ = _place(world, remote=True)
    bucket.region = _place(world)[0].region


@_in_store(
    "BKP-03",
    "remote-bucket-gone",
    also=("BKP-01", "BKP-02", "BKP-04b", "BKP-05", "SEC-08"),
)
def remote_bucket_gone(world: World) -> None:
    """Delete the bucket in the other region."""
    world.store.remove(_place(world, remote=True)[0].name)


@fault("BKP-04a", "connections-in-clear", vantage="do", environments=("app-oint",))
def connections_in_clear(world: World) -> None:
    """Let a cluster accept connections without TLS."""
    world.cloud.one("databases", _database(world))["connection"]["ssl"] = False


@_in_store("BKP-04b", "copies-in-a-weak-mode", also=("SEC-08",))
def copies_in_a_weak_mode(world: World) -> None:
    """Encrypt the copies of one database in a mode that does not keep them."""
    bucket, copy = _place(world)
    for kept in bucket.below(copy.prefix).values():
        kept.client_encryption = WEAK


@_in_store("BKP-05", "log-export-stopped")
def log_export_stopped(world: World) -> None:
    """Let the export of the recovery log have ended two hours ago."""
    bucket, log = _log(world)
    bucket.age(log.prefix, timedelta(hours=2))


@_in_store("BKP-05", "log-parts-empty")
def log_parts_empty(world: World) -> None:
    """Let every exported part of the recovery log hold nothing."""
    bucket, log = _log(world)
    for kept in bucket.below(log.prefix).values():
        kept.size = 0


@_in_store("SEC-08", "recovery-log-in-a-weak-mode")
def recovery_log_in_a_weak_mode(world: World) -> None:
    """Encrypt the recovery log in a mode that does not keep it."""
    bucket, log = _log(world)
    for kept in bucket.below(log.prefix).values():
        kept.client_encryption = WEAK


def _sets(world: World) -> tuple[BackupSet, ...]:
    declared = world.environment.backups
    return declared.sets if declared else ()


def _database(world: World) -> str:
    """Return the managed database of the first set. Raises LookupError where there is none."""
    for one in _sets(world):
        if one.database:
            return one.database
    message = "no backups of a managed database are declared"
    raise LookupError(message)


def _place(world: World, *, remote: bool = False) -> tuple[StoreBucket, Copy]:
    """Return where the first set's copies lie: next to the database, or in another region."""
    for one in _sets(world):
        copies = one.copies[1:] if remote else one.copies[:1]
        for copy in copies:
            return world.store.bucket(copy.bucket), copy
    message = "no exported copy is declared"
    raise LookupError(message)


def _log(world: World) -> tuple[StoreBucket, Copy]:
    for one in _sets(world):
        if one.recovery_log:
            return world.store.bucket(one.recovery_log.bucket), one.recovery_log
    message = "no recovery log is declared"
    raise LookupError(message)


def _keys(bucket: StoreBucket, copy: Copy) -> list[str]:
    """Return the keys of the copies, the newest first."""
    return sorted(bucket.below(copy.prefix), reverse=True)
