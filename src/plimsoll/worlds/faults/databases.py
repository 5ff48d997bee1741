"""Faults in managed databases: their nodes, replicas, pools and maintenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

STANDBY = ("app-oint", "digitalocean-production")
"""The systems that declare standbys and maintenance windows."""
SCALED = ("digitalocean-production",)
"""The systems that declare read replicas and connection pools."""


def _cluster(world: World) -> dict[str, Any]:
    return next(one for one in world.cloud.all("databases") if one["engine"] == "pg")


def _details(world: World, read: str) -> list[dict[str, Any]]:
    details: list[dict[str, Any]] = world.cloud.details(read, _cluster(world)["id"])
    return details


@fault("BKP-09", "no-standby", vantage="do", environments=STANDBY)
def no_standby(world: World) -> None:
    """The cluster has one node, and read replicas at most."""
    _cluster(world)["num_nodes"] = 1


@fault("BKP-09", "cluster-not-online", vantage="do", environments=STANDBY)
def cluster_not_online(world: World) -> None:
    """The cluster is being migrated."""
    _cluster(world)["status"] = "migrating"


@fault("SCL-07a", "no-replica", vantage="do", environments=SCALED)
def no_replica(world: World) -> None:
    """The read replica was deleted."""
    _details(world, "database-replicas").clear()


@fault("SCL-07a", "replica-not-online", vantage="do", environments=SCALED)
def replica_not_online(world: World) -> None:
    """The read replica is still being made from the primary."""
    _details(world, "database-replicas")[0]["status"] = "forking"


@fault("SCL-07b", "no-pool", vantage="do", environments=SCALED)
def no_pool(world: World) -> None:
    """Every client connects to the database itself."""
    _details(world, "database-pools").clear()


@fault("SCL-07b", "empty-pool", vantage="do", environments=SCALED)
def empty_pool(world: World) -> None:
    """The pool holds no connection."""
    _details(world, "database-pools")[0]["size"] = 0


@fault("OPS-04", "maintenance-by-day", vantage="do", environments=STANDBY)
def maintenance_by_day(world: World) -> None:
    """The platform maintains the cluster in the middle of a working day."""
    _cluster(world)["maintenance_window"].update(day="tuesday", hour="14:00:00")


@fault("OPS-04", "maintenance-ends-too-late", vantage="do", environments=STANDBY)
def maintenance_ends_too_late(world: World) -> None:
    """The hour of maintenance begins inside the declared window and ends outside."""
    _cluster(world)["maintenance_window"]["hour"] = "05:30:00"
