from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.lifecycle import shortcomings

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
    that touches the prefix may end one before. A bucket without a lifecycle keeps logs for ever.
    """
    bucket, days = stored.value, log_archive.archive.keep_days
    if bucket.lifecycle is None:
        raise NotObserved("the key may not read the bucket's lifecycle", stored.origin)
    expect.no_problems(
        shortcomings(bucket.lifecycle, bucket.prefix, days, stored.origin.where),
        "lifecycle",
        at=stored.origin,
    )
