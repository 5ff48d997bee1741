"""Break the scaling of apps and droplet pools, as the account holds and runs them."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

ELASTIC: Final = ("app-oint", "digitalocean-production")
"""Where apps scale by themselves; TETRIX runs a fixed number of instances."""
POOL: Final = "backend-ams3"

_live = partial(fault, vantage="do", also=("DLV-02",))
_in_account = partial(fault, vantage="do")
_pool = partial(fault, vantage="do", environments=("digitalocean-production",))


@_live("SCL-01", "app-told-to-grow-too-far", environments=ELASTIC)
def app_told_to_grow_too_far(world: World) -> None:
    """Let a component of one app grow to forty instances, by hand and past the file."""
    for component in _component(world):
        component["autoscaling"]["max_instance_count"] = 40


@_live("SCL-01", "app-told-to-shrink-to-one", environments=ELASTIC)
def app_told_to_shrink_to_one(world: World) -> None:
    """Let a component of one app shrink to a single instance."""
    for component in _component(world):
        component["autoscaling"]["min_instance_count"] = 1


@_live("SCL-01", "only-what-runs-may-shrink", environments=ELASTIC)
def only_what_runs_may_shrink(world: World) -> None:
    """Let what runs shrink to one instance, while the app was told otherwise since."""
    _component(world)[-1]["autoscaling"]["min_instance_count"] = 1


@_live("SCL-01", "app-told-to-run-one", environments=("tetrix",))
def app_told_to_run_one(world: World) -> None:
    """Tell the app to run a single instance."""
    for component in _component(world):
        component["instance_count"] = 1


@_live("SCL-01", "app-told-to-run-three", environments=("tetrix",))
def app_told_to_run_three(world: World) -> None:
    """Tell the app to run one instance more than is declared."""
    for component in _component(world):
        component["instance_count"] = 3


@_live("SCL-01", "app-told-no-number", environments=("tetrix",))
def app_told_no_number(world: World) -> None:
    """Leave the number of instances to the platform, which takes one."""
    for component in _component(world):
        del component["instance_count"]


@_pool("SCL-01", "pool-may-grow-too-far")
def pool_may_grow_too_far(world: World) -> None:
    """Let the pool grow to forty machines."""
    _config(world)["max_instances"] = 40


@_pool("SCL-01", "pool-may-shrink-to-one")
def pool_may_shrink_to_one(world: World) -> None:
    """Let the pool shrink to a single machine."""
    _config(world)["min_instances"] = 1


@_live("SCL-02", "app-scales-too-late", environments=ELASTIC)
def app_scales_too_late(world: World) -> None:
    """Let a component of one app wait for 95 % CPU."""
    for component in _component(world):
        component["autoscaling"]["metrics"]["cpu"]["percent"] = 95


@_live("SCL-02", "app-runs-a-fixed-number", environments=ELASTIC)
def app_runs_a_fixed_number(world: World) -> None:
    """Run three instances of a component, come what may."""
    for component in _component(world):
        del component["autoscaling"]
        component["instance_count"] = 3


@_pool("SCL-02", "pool-scales-too-late")
def pool_scales_too_late(world: World) -> None:
    """Let the pool wait for 95 % CPU."""
    _config(world)["target_cpu_utilization"] = 0.95


@_pool("SCL-02", "pool-without-a-memory-target")
def pool_without_a_memory_target(world: World) -> None:
    """Let the pool watch CPU alone."""
    del _config(world)["target_memory_utilization"]


@_pool("SCL-02", "pool-cannot-measure-memory")
def pool_cannot_measure_memory(world: World) -> None:
    """Keep the target for memory, and take away the agent that measures it."""
    world.cloud.one("droplet-pools", POOL)["droplet_template"]["with_droplet_agent"] = False


@_pool("SCL-03", "pool-scales-in-too-soon")
def pool_scales_in_too_soon(world: World) -> None:
    """Let the pool take machines away after half the time."""
    _config(world)["cooldown_minutes"] = 5


@_pool("SCL-03", "pool-cooldown-not-stated")
def pool_cooldown_not_stated(world: World) -> None:
    """Leave the cooldown to the platform."""
    del _config(world)["cooldown_minutes"]


@_live("SCL-04", "size-runs-a-single-instance")
def size_runs_a_single_instance(world: World) -> None:
    """Run a component on a size that cannot run a second instance."""
    _resize(world, "apps-s-1vcpu-0.5gb")


@_live("SCL-04", "size-shares-its-cpu")
def size_shares_its_cpu(world: World) -> None:
    """Run a component on a size with a shared CPU, and not on the declared one."""
    _resize(world, "apps-s-1vcpu-1gb")


@_in_account("SCL-04", "catalogue-restricts-the-size", environments=ELASTIC)
def catalogue_restricts_the_size(world: World) -> None:
    """Let the platform run only a single instance of the size from now on."""
    slug = _component(world)[-1]["instance_size_slug"]
    world.cloud.one("app-sizes", slug)["single_instance_only"] = True


@_in_account("SCL-05", "single-instance-runs", environments=ELASTIC)
def single_instance_runs(world: World) -> None:
    """Let all instances of a component but one be gone, whatever was configured."""
    _leave_one(world)


@_in_account("SCL-05", "one-of-two-runs", environments=("tetrix",), undecided=("SCL-04",))
def one_of_two_runs(world: World) -> None:
    """Let one of two instances be gone; that the legacy size can run two is then not seen."""
    _leave_one(world)


@_in_account("SCL-05", "too-many-instances-run")
def too_many_instances_run(world: World) -> None:
    """Let more instances of a component run than the limits allow."""
    app, name = _place(world)
    instances = world.cloud.details("app-instances", app)
    first = next(one for one in instances if one["component_name"] == name)
    limit = world.environment.scaling.instances.maximum if world.environment.scaling else 0
    instances += [
        deepcopy(first) | {"instance_name": f"{name}-more-{number}"} for number in range(limit)
    ]


@_in_account("SCL-05", "last-scaling-failed", environments=ELASTIC)
def last_scaling_failed(world: World) -> None:
    """Let the platform fail to give a component more instances the last time it tried."""
    app, name = _place(world)
    last = max(world.cloud.details("app-events", app), key=lambda one: str(one["created_at"]))
    scaled = next(iter(last["autoscaling"]["components"].values()))
    last["autoscaling"] = {"phase": "FAILED", "components": {name: scaled}}


@_pool("SCL-05", "single-machine-active")
def single_machine_active(world: World) -> None:
    """Let all machines of the pool but one be on their way out."""
    for member in world.cloud.details("pool-members", POOL)[1:]:
        member["status"] = "deleting"


@_pool("SCL-05", "pool-counts-too-many")
def pool_counts_too_many(world: World) -> None:
    """Let the platform count more machines in the pool than the limits allow."""
    world.cloud.one("droplet-pools", POOL)["active_resources_count"] = 14


@_pool("SCL-05", "pool-in-error")
def pool_in_error(world: World) -> None:
    """Let the pool be in error: its machines still run, and nobody keeps their number."""
    world.cloud.one("droplet-pools", POOL)["status"] = "error"


def _place(world: World) -> tuple[str, str]:
    """Return the last app, and the first component that scales in it."""
    account, scaling = world.environment.digitalocean, world.environment.scaling
    apps = account.apps if account else None
    names = [one.app for one in scaling.components if one.app] if scaling else []
    if not (apps and names):
        message = "no component scales in an app"
        raise LookupError(message)
    return apps[-1].name, names[0]


def _component(world: World) -> list[dict[str, Any]]:
    return world.cloud.services(*_place(world))


def _config(world: World) -> dict[str, Any]:
    config: dict[str, Any] = world.cloud.one("droplet-pools", POOL)["config"]
    return config


def _leave_one(world: World) -> None:
    app, name = _place(world)
    instances = world.cloud.details("app-instances", app)
    ours = [one for one in instances if one["component_name"] == name]
    instances[:] = [one for one in instances if one not in ours[1:]]


def _resize(world: World, slug: str) -> None:
    for component in _component(world):
        component["instance_size_slug"] = slug
