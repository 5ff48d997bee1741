"""A database survives the loss of a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import DatabaseSubject
    from plimsoll.facts.database_cluster import Database
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("BKP-09")
def test_a_standby_takes_over(
    standby_database: DatabaseSubject, database: Observed[Database], expect: Expect
) -> None:
    """Read how many nodes the cluster has, and its status.

    It must be online and have at least the declared number: the primary, and standbys that take
    over by themselves. Read replicas are promoted by hand and do not count.
    """
    cluster, origin = database.value, database.origin
    if cluster.status is None:
        raise NotObserved("the cluster shows no status", origin)
    declared = standby_database.database.nodes_at_least
    expect.at_least(declared, cluster.nodes, "nodes without read replicas", at=origin)
    expect.equal("online", cluster.status, "status", at=origin)
