"""Logs are kept long enough, and no longer than they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.lifecycle import ends_versions, shortcomings

if TYPE_CHECKING:
    from plimsoll.environment.backup_inventory import ArchiveSubject
    from plimsoll.facts.bucket import Bucket
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("LOG-02")
def test_logs_live_as_long_as_they_must_and_end(
    log_archive: ArchiveSubject, stored: Observed[Bucket], expect: Expect
) -> None:
    """Read the lifecycle of the archive's bucket: a rule must end the logs, and none too early.

    An enabled rule for the whole prefix must end objects after the declared days or later; no rule
    that touches the prefix may end one before. A bucket without a lifecycle keeps logs for ever; so
    does one with versioning, unless a rule ends the earlier versions as well.
    """
    bucket, days = stored.value, log_archive.archive.keep_days
    if bucket.lifecycle is None or bucket.versioning is None:
        reason = "the key may not read the bucket's lifecycle and versioning"
        raise NotObserved(reason, stored.origin)
    expect.no_problems(
        shortcomings(bucket.lifecycle, bucket.prefix, days, stored.origin.where),
        "lifecycle",
        at=stored.origin,
    )
    expect.that(
        not bucket.versioning or ends_versions(bucket.lifecycle, bucket.prefix),
        "lifecycle of earlier versions",
        observed=f"versioning is {bucket.versioning}, and no rule ends them",
        expected="a rule that ends them",
        at=stored.origin,
    )
