"""Databases scale: reading by replicas, clients by a pool of connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import DatabaseSubject
    from plimsoll.facts.database_cluster import ConnectionPool, Database, Replica
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("SCL-07a")
def test_read_replicas_are_online(
    replicated_database: DatabaseSubject,
    database: Observed[Database],
    database_replicas: Observed[tuple[Replica, ...]],
    expect: Expect,
) -> None:
    """Read the read replicas of the cluster, and the status of each.

    There must be as many as declared, each of them online. A standby node is no replica: it takes
    over, and cannot be read from.
    """
    declared, origin = replicated_database.database.replicas_at_least, database_replicas.origin
    replicas = database_replicas.value
    expect.at_least(declared, len(replicas), "read replicas", at=origin)
    for replica in replicas:
        if replica.status is None:
            raise NotObserved(f"{replica.name} shows no status", origin.at(replica.where))
        what = f"status of {replica.name}"
        expect.equal("online", replica.status, what, at=origin.at(replica.where))


@pytest.mark.control("SCL-07b")
def test_clients_share_a_pool_of_connections(
    pooled_database: DatabaseSubject,
    database: Observed[Database],
    database_pools: Observed[tuple[ConnectionPool, ...]],
    expect: Expect,
) -> None:
    """Read the connection pools of the cluster, and the size of each.

    There must be a pool, and every pool must hold at least one connection.
    """
    origin = database_pools.origin
    expect.at_least(1, len(database_pools.value), "connection pools", at=origin)
    for pool in database_pools.value:
        expect.at_least(1, pool.size, f"size of pool {pool.name}", at=origin.at(pool.where))
