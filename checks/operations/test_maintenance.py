"""What the platform changes by itself, it changes when it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.maintenance import is_inside, minute_of_week

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import DatabaseSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.database_cluster import Database
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("OPS-04")
def test_the_platform_maintains_the_database_when_it_may(
    maintained_database: DatabaseSubject,
    database: Observed[Database],
    environment: Environment,
    expect: Expect,
) -> None:
    """Read the weekly maintenance window of the cluster: a day, and the hour it begins, in UTC.

    That hour must lie inside one of the declared windows. A cluster that shows no window is not
    known to have one.
    """
    window, allowed = database.value.maintenance, environment.maintenance
    if window is None:
        raise NotObserved("the cluster shows no maintenance window", database.origin)
    begin = minute_of_week(window.day, window.start)
    if begin is None:
        what = f"no day and hour: {window.day} {window.start}"
        raise NotObserved(what, database.origin.at(window.where))
    spans = allowed.windows if allowed else ()
    expect.that(
        is_inside(begin, spans),
        "maintenance window",
        observed=f"{window.day} {window.start} UTC",
        expected=" or ".join(f"{one.day} {one.start}-{one.end} UTC" for one in spans),
        at=database.origin.at(window.where),
    )
