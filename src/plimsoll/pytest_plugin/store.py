"""What checks see of an object store, and of backups wherever they lie.

A declared bucket that the store says it does not have is a deviation; one that could not be asked
for is not observed, and does not keep the others from being judged.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.environment.backup_inventory import (
    ArchiveSubject,
    BackupSetSubject,
    CopySubject,
    StoreSubject,
)
from plimsoll.facts.bucket import BucketProbe
from plimsoll.findings import NonCompliant, NotObserved, Observed
from plimsoll.pytest_plugin import account

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from plimsoll.environment.backup_model import Copy
    from plimsoll.environment.model import Environment
    from plimsoll.facts.backup import Backup
    from plimsoll.facts.bucket import Bucket
    from plimsoll.facts.cloud_reading import DigitalOceanProbe
    from plimsoll.findings import Sighting
    from plimsoll.pytest_plugin.examination import Examination

_OWN = account.SOURCES["database_backups"]


def bucket_probe(environment: Environment, copy: Copy) -> BucketProbe:
    """Return the look into a bucket, with the key that the environment names."""
    key = environment.spaces
    names = (key.access_key, key.secret_key)
    return BucketProbe(copy.bucket, copy.region, copy.prefix, *names, copy.suffix)


def stored_plan(environment: Environment, subject: object) -> BucketProbe:
    """Return the look into the subject's bucket."""
    if not isinstance(subject, CopySubject | ArchiveSubject):
        message = f"not something in one bucket: {subject!r}"
        raise TypeError(message)
    return bucket_probe(environment, subject.copy)


def copies_plan(environment: Environment, subject: object) -> tuple[BucketProbe, ...]:
    """Return the looks into all of the subject's buckets."""
    if not isinstance(subject, BackupSetSubject | StoreSubject):
        message = f"not something in several buckets: {subject!r}"
        raise TypeError(message)
    return tuple(bucket_probe(environment, copy) for copy in subject.copies)


def newest_plan(
    environment: Environment, subject: object
) -> tuple[BucketProbe | DigitalOceanProbe, ...]:
    """Return the read of the platform's own backups, and the look at the first exported copies."""
    own = account.probe(environment, _OWN, subject)
    exported = copies_plan(environment, subject)[:1]
    return (own, *exported) if own else exported


@pytest.fixture
def stored(examination: Examination) -> Observed[Bucket]:
    """Return the subject's bucket; that the store has none of its name is a deviation."""
    seen = examination.observed(stored_plan(examination.environment, examination.subject))
    if not _is_there(examination, seen):
        raise NonCompliant(tuple(examination.expect.deviations))
    return seen


@pytest.fixture
def stored_copies(examination: Examination) -> tuple[Observed[Bucket], ...]:
    """Return all of the subject's buckets that could be seen."""
    return tuple(_buckets(examination, copies_plan(examination.environment, examination.subject)))


@pytest.fixture
def backup_times(examination: Examination) -> tuple[Observed[tuple[datetime, ...]], ...]:
    """Return when the backups of a set were made, once for each vantage point they are seen from.

    One without a byte is none. The platform is asked where it manages the database, the store where
    copies are exported.
    """
    return (*_own_times(examination), *_exported_times(examination))


PLANS: dict[str, tuple[Any, ...]] = {
    "stored": (stored_plan,),
    "stored_copies": (copies_plan,),
    "backup_times": (newest_plan,),
}
"""Fixture of this module → the probes it needs."""


def _own_times(examination: Examination) -> Iterator[Observed[tuple[datetime, ...]]]:
    probe = account.probe(examination.environment, _OWN, examination.subject)
    if probe is None:
        return
    read: Sighting[tuple[Backup, ...]] = examination.attempt(
        lambda: account.facts(examination.observed(probe), _OWN)
    )
    if isinstance(read, NotObserved):
        return
    times = tuple(one.taken_at for one in read.value if one.size_gigabytes > 0)
    yield Observed(times, read.origin, read.at)


def _exported_times(examination: Examination) -> Iterator[Observed[tuple[datetime, ...]]]:
    exported = copies_plan(examination.environment, examination.subject)[:1]
    for seen in _buckets(examination, exported):
        times = tuple(one.modified_at for one in seen.value.objects if one.size > 0)
        yield Observed(times, seen.origin, seen.at)


def _buckets(
    examination: Examination, probes: tuple[BucketProbe, ...]
) -> Iterator[Observed[Bucket]]:
    for probe in probes:
        seen = examination.attempt(partial(examination.observed, probe))
        if not isinstance(seen, NotObserved) and _is_there(examination, seen):
            yield seen


def _is_there(examination: Examination, seen: Observed[Bucket]) -> bool:
    if not seen.value.exists:
        what = f"bucket {seen.value.name}"
        examination.expect.missing(what, expected=f"it in {seen.value.region}", at=seen.origin)
    return seen.value.exists
