"""Backups are recent, complete, and in more than one place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.lifecycle import ends_versions, shortcomings
from plimsoll.semantics.retention import is_fresh, newest, retention, told

if TYPE_CHECKING:
    from datetime import datetime

    from plimsoll.environment.backup_inventory import BackupSetSubject, CopySubject
    from plimsoll.facts.bucket import Bucket
    from plimsoll.findings import Expect, Observed, Origin


@pytest.mark.control("BKP-01")
def test_newest_backup_is_young_enough(
    backup_set: BackupSetSubject,
    backup_times: tuple[Observed[tuple[datetime, ...]], ...],
    expect: Expect,
) -> None:
    """List the platform's own backups of the database, and its exported copies; find the newest.

    Each vantage point that is declared must show a backup no older than the declared time when it
    was looked at. A backup without a byte is none, and one dated in the future proves nothing.
    """
    hours = backup_set.required.newest_within_hours
    for seen in backup_times:
        expect.that(
            is_fresh(seen.value, seen.at, timedelta(hours=hours)),
            "newest backup",
            observed=told(newest(seen.value), seen.at),
            expected=f"≤ {hours} h old",
            at=seen.origin,
        )


@pytest.mark.control("BKP-02")
def test_copies_reach_back_the_declared_days_and_no_farther(
    retained_copy: CopySubject, stored: Observed[Bucket], expect: Expect
) -> None:
    """List the exported copies and the bucket's lifecycle; count days in UTC.

    Each of the declared days before today must have a copy, and each copy must hold something; no
    day is missing where copies follow each other within 26 h across midnight. Nothing may be older,
    but for a day's grace: the store removes what has expired in a daily sweep of its own. A rule of
    the lifecycle must end the copies, and none may end one before its time; where the bucket keeps
    earlier versions, a rule must end these in as many days.
    """
    bucket, at, days = stored.value, stored.origin, retained_copy.required.retention_days or 0
    found = retention((one.modified_at for one in bucket.objects), stored.at, days)
    missing = ", ".join(day.isoformat() for day in found.missing)
    expect.that(
        not found.missing,
        "days without a copy",
        observed=missing,
        expected=f"none of the last {days} days",
        at=at,
    )
    expect.none(
        [(told(one, stored.at), "") for one in found.overdue],
        "copy kept too long",
        expected=f"≤ {days} d old",
        at=at,
    )
    expect.none(
        [(told(one, stored.at), "") for one in found.future],
        "copy from the future",
        expected="a date in the past",
        at=at,
    )
    expect.none(
        [(one.key, "") for one in bucket.objects if one.size == 0],
        "empty copy",
        expected="> 0 bytes",
        at=at,
    )
    _judge_lifecycle(bucket, days, expect, at)


def _judge_lifecycle(bucket: Bucket, days: int, expect: Expect, at: Origin) -> None:
    if bucket.lifecycle is None or bucket.versioning is None:
        raise NotObserved("the key may not read the bucket's lifecycle and versioning", at)
    expect.no_problems(
        shortcomings(bucket.lifecycle, bucket.prefix, days, at.where), "lifecycle", at=at
    )
    expect.that(
        not bucket.versioning or ends_versions(bucket.lifecycle, bucket.prefix, days),
        "lifecycle of earlier versions",
        observed=f"versioning is {bucket.versioning}, and no rule ends them in time",
        expected=f"a rule that ends them within {days} d",
        at=at,
    )


@pytest.mark.control("BKP-03")
def test_a_recent_copy_lies_in_another_region(
    remote_copy: CopySubject, stored: Observed[Bucket], expect: Expect
) -> None:
    """List the copies in a bucket of another region, at the host of that region; find the newest.

    A bucket answers in the region it lies in and nowhere else. The newest copy in it must hold
    something and be no older than the declared time.
    """
    hours = remote_copy.required.copy_within_hours or 0
    made = [one.modified_at for one in stored.value.objects if one.size > 0]
    expect.that(
        is_fresh(made, stored.at, timedelta(hours=hours)),
        "newest copy",
        observed=told(newest(made), stored.at),
        expected=f"≤ {hours} h old",
        at=stored.origin,
    )


@pytest.mark.control("BKP-05")
def test_less_is_lost_than_the_recovery_point_allows(
    recovery_log: CopySubject, stored: Observed[Bucket], expect: Expect
) -> None:
    """List what is exported of the database's log between two backups; find the newest part.

    It must hold something and be no older than the declared recovery point: what was written since
    is what a disaster would take.
    """
    minutes = recovery_log.required.recovery_point_minutes or 0
    made = [one.modified_at for one in stored.value.objects if one.size > 0]
    expect.that(
        is_fresh(made, stored.at, timedelta(minutes=minutes)),
        "newest part of the recovery log",
        observed=told(newest(made), stored.at),
        expected=f"≤ {minutes} min old",
        at=stored.origin,
    )
