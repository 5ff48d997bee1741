"""What the platform leaves out of an answer decides nothing: neither sound, nor broken."""

import pytest

PRODUCTION = "digitalocean-production"


def cluster(world):
    """The first cluster of the account that has read replicas."""
    return next(one for one in world.cloud.all("databases") if one["engine"] == "pg")


def first(world, read, of):
    """The first entry of a read of details."""
    return world.cloud.details(read, of)[0]


def regions(world):
    """What the regions of the first uptime check measured."""
    check = world.cloud.all("uptime-checks")[0]
    return world.cloud.details("uptime-state", check["id"])["regions"]


UNTOLD = {
    "a region still asks": (
        "MET-08", "tetrix", lambda world: regions(world)["us_east"].update(status="CHECKING")
    ),
    "a region has no percentage": (
        "MET-08", "tetrix",
        lambda world: regions(world)["us_east"].pop("thirty_day_uptime_percentage"),
    ),
    "no region has measured": ("MET-08", "tetrix", lambda world: regions(world).clear()),
    "whether a check is enabled": (
        "ALR-07", "tetrix", lambda world: world.cloud.all("uptime-checks")[0].pop("enabled")
    ),
    "where a check asks from": (
        "ALR-07", "tetrix", lambda world: world.cloud.all("uptime-checks")[0].pop("regions")
    ),
    "whom an uptime check tells": (
        "ALR-04", "tetrix",
        lambda world: first(
            world, "uptime-alerts", world.cloud.all("uptime-checks")[0]["id"]
        ).pop("notifications"),
    ),
    "whether a policy is enabled": (
        "ALR-07", PRODUCTION, lambda world: world.cloud.all("alert-policies")[0].pop("enabled")
    ),
    "what a policy watches": (
        "ALR-07", PRODUCTION, lambda world: world.cloud.all("alert-policies")[0].pop("tags")
    ),
    "when a cluster is maintained": (
        "OPS-04", PRODUCTION, lambda world: cluster(world).pop("maintenance_window")
    ),
    "whether a cluster is online": (
        "BKP-09", PRODUCTION, lambda world: cluster(world).pop("status")
    ),
    "how many nodes a cluster has": (
        "BKP-09", PRODUCTION, lambda world: cluster(world).pop("num_nodes")
    ),
    "whether a replica is online": (
        "SCL-07a", PRODUCTION,
        lambda world: first(world, "database-replicas", cluster(world)["id"]).pop("status"),
    ),
    "how large a pool is": (
        "SCL-07b", PRODUCTION,
        lambda world: first(world, "database-pools", cluster(world)["id"]).pop("size"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("untold", UNTOLD)
def test_what_is_not_told_is_not_decided(rehearse, untold):
    """The control cannot be decided for what it concerns, and nothing fails."""
    control, env, change = UNTOLD[untold]
    run = rehearse(change, "--control", control, env=env)
    assert "error" in run.verdicts(control), run.out
    assert run.controls_with("fail") == set()
