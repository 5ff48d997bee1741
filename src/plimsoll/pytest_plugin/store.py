"""What checks see of an object store, and of backups wherever they lie.

A declared bucket that the store says it does not have is a deviation; one that could not be asked
for is not observed, and does not keep the others from being judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from plimsoll.facts.bucket import BucketProbe
from plimsoll.findings import NonCompliant, NotObserved, Observed
from plimsoll.pytest_plugin import account
from plimsoll.pytest_plugin.keys import EXAMINATION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from plimsoll.environment.backup_model import Copy
    from plimsoll.environment.model import Environment
    from plimsoll.facts.backup import Backup
    from plimsoll.facts.bucket import Bucket
    from plimsoll.facts.cloud_reading import DigitalOceanProbe
    from plimsoll.pytest_plugin.examination import Examination

_OWN = account.SOURCES["database_backups"]


def bucket_probe(environment: Environment, copy: Copy) -> BucketProbe:
    """Return the look into a bucket, with the key that the environment names."""
    key = environment.spaces
    return BucketProbe(copy.bucket, copy.region, copy.prefix, key.access_key, key.secret_key)


def stored_plan(environment: Environment, subject: object) -> BucketProbe:
    """Return the look into the subject's bucket."""
    return bucket_probe(environment, cast("Copy", getattr(subject, "copy")))  # noqa: B009 (no type)


def copies_plan(environment: Environment, subject: object) -> tuple[BucketProbe, ...]:
    """Return the looks into all of the subject's buckets."""
    return tuple(bucket_probe(environment, copy) for copy in _copies(subject))


def newest_plan(
    environment: Environment, subject: object
) -> tuple[BucketProbe | DigitalOceanProbe, ...]:
    """Return the read of the platform's own backups, and the look at the first exported copies."""
    own = account.probe(environment, _OWN, subject)
    exported = copies_plan(environment, subject)[:1]
    return (own, *exported) if own else exported


@pytest.fixture
def stored(request: pytest.FixtureRequest) -> Observed[Bucket]:
    """Return the subject's bucket; that the store has none of its name is a deviation."""
    examination = _examination(request)
    seen = examination.observed(stored_plan(examination.environment, examination.subject))
    if not _is_there(examination, seen):
        raise NonCompliant(tuple(examination.expect.deviations))
    return seen


@pytest.fixture
def stored_copies(request: pytest.FixtureRequest) -> tuple[Observed[Bucket], ...]:
    """Return all of the subject's buckets that could be seen."""
    examination = _examination(request)
    return tuple(_buckets(examination, copies_plan(examination.environment, examination.subject)))


@pytest.fixture
def backup_times(request: pytest.FixtureRequest) -> tuple[Observed[tuple[datetime, ...]], ...]:
    """Return when the backups of a set were made, once for each vantage point they are seen from.

    One without a byte is none. The platform is asked where it manages the database, the store where
    copies are exported.
    """
    examination = _examination(request)
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
    try:
        read: Observed[tuple[Backup, ...]] = account.facts(examination.observed(probe), _OWN)
    except NotObserved as unseen:
        examination.missed(unseen.origin, unseen)
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
        seen = examination.sighting(probe)
        if isinstance(seen, NotObserved):
            examination.missed(seen.origin, seen)
            continue
        examination.saw(seen.origin)
        if _is_there(examination, seen):
            yield seen


def _is_there(examination: Examination, seen: Observed[Bucket]) -> bool:
    if not seen.value.exists:
        what = f"bucket {seen.value.name}"
        examination.expect.missing(what, expected=f"it in {seen.value.region}", at=seen.origin)
    return seen.value.exists


def _examination(request: pytest.FixtureRequest) -> Examination:
    return cast("Examination", request.node.stash[EXAMINATION])


def _copies(subject: object) -> tuple[Copy, ...]:
    return cast("tuple[Copy, ...]", getattr(subject, "copies"))  # noqa: B009 (no type)
