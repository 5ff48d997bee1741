"""Break what App Platform runs: its health, its health checks, its way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.worlds.world import World

APP_OINT: Final = ("app-oint",)
OTHERS: Final = ("tetrix", "digitalocean-production")
MEASURED: Final = ("app-oint", "tetrix")
BALANCER: Final = "production-lb"

_in_account = partial(fault, vantage="do")
_live = partial(fault, vantage="do", also=("DLV-02",))
_balanced = partial(fault, vantage="do", environments=("digitalocean-production",))


@_in_account("REG-01", "app-in-another-place", environments=APP_OINT)
def app_in_another_place(world: World) -> None:
    """Run the app of the second region in Singapore; its file leaves the place open."""
    _move(world)


@_live("REG-01", "app-in-another-place-than-its-file-says", environments=OTHERS)
def app_in_another_place_than_its_file_says(world: World) -> None:
    """Run the app in Singapore."""
    _move(world)


@_in_account("REG-01", "nothing-active")
def nothing_active(world: World) -> None:
    """Let the platform not know any more in which phase the active deployment is."""
    world.cloud.one("apps", _app(world))["active_deployment"]["phase"] = "UNKNOWN"


@_in_account("REG-01", "component-unhealthy")
def component_unhealthy(world: World) -> None:
    """Let the platform find a component unhealthy that answers all the same."""
    _health(world)["state"] = "UNHEALTHY"


@_in_account("REG-01", "health-of-a-component-unknown")
def health_of_a_component_unknown(world: World) -> None:
    """Let the platform not know how a component is."""
    _health(world)["state"] = "UNKNOWN"


@_in_account("REG-01", "replica-not-ready")
def replica_not_ready(world: World) -> None:
    """Let one replica of a component not become ready."""
    _health(world)["replicas_ready"] -= 1


@_in_account("REG-01", "pinned-by-a-rollback", also=("RBK-02",))
def pinned_by_a_rollback(world: World) -> None:
    """Leave a rollback unfinished, which keeps every later deployment away."""
    app = world.cloud.one("apps", _app(world))
    app["pinned_deployment"] = {"id": app["active_deployment"]["id"]}


@_live("HLT-08", "only-a-connection")
def only_a_connection(world: World) -> None:
    """Let the platform only open a connection to a service."""
    for service in _service(world):
        del service["health_check"]["http_path"]


@_live("HLT-08", "no-health-check")
def no_health_check(world: World) -> None:
    """Leave a service without any health check of its own."""
    for service in _service(world):
        del service["health_check"]


@_live("HLT-08", "another-path")
def another_path(world: World) -> None:
    """Let the platform ask for the start page, which is there whatever is broken behind it."""
    for service in _service(world):
        service["health_check"]["http_path"] = "/"


@_live("HLT-08", "asked-too-seldom")
def asked_too_seldom(world: World) -> None:
    """Let the platform ask every five minutes."""
    for service in _service(world):
        service["health_check"]["period_seconds"] = 300


@_balanced("HLT-08", "balancer-only-connects", also=("SCL-06",))
def balancer_only_connects(world: World) -> None:
    """Let the load balancer only open a connection to the machines."""
    world.cloud.one("load-balancers", BALANCER)["health_check"]["protocol"] = "tcp"


@_balanced("HLT-08", "balancer-asks-another-path")
def balancer_asks_another_path(world: World) -> None:
    """Let the load balancer ask for the start page."""
    world.cloud.one("load-balancers", BALANCER)["health_check"]["path"] = "/"


@_balanced("HLT-08", "balancer-asks-too-seldom", also=("SCL-06",))
def balancer_asks_too_seldom(world: World) -> None:
    """Let the load balancer ask every minute."""
    world.cloud.one("load-balancers", BALANCER)["health_check"]["check_interval_seconds"] = 60


@_in_account("HLT-10", "memory-nearly-used-up", environments=MEASURED)
def memory_nearly_used_up(world: World) -> None:
    """Let a component use more of its memory than it should."""
    _health(world)["memory_usage_percent"] = 93.5


@_in_account("RBK-02", "first-deployment", environments=OTHERS)
def first_deployment(world: World) -> None:
    """Leave nothing of the history but the active deployment."""
    _forget(world)


@_in_account("RBK-02", "never-served", environments=OTHERS)
def never_served(world: World) -> None:
    """Let every earlier deployment have been superseded before it was complete."""
    _cut_short(world)


@_in_account("RBK-02", "nothing-to-return-to", environments=APP_OINT, undecided=("RBK-03",))
def nothing_to_return_to(world: World) -> None:
    """Leave nothing of the history but the active deployment; that none failed proves nothing."""
    _forget(world)


@_in_account("RBK-02", "superseded-too-early", environments=APP_OINT, undecided=("RBK-03",))
def superseded_too_early(world: World) -> None:
    """Let every earlier deployment have been superseded before it was complete."""
    _cut_short(world)


@_in_account("RBK-03", "failed-deployment-took-over", environments=APP_OINT)
def failed_deployment_took_over(world: World) -> None:
    """Let the good deployment be gone before the one after it had failed."""
    failed, good = _failed(world)
    good["phase_last_updated_at"] = failed["created_at"]
    failed["phase_last_updated_at"] = _history(world)[0]["created_at"]


@_in_account("RBK-03", "failed-deployment-runs", environments=APP_OINT)
def failed_deployment_runs(world: World) -> None:
    """Let what runs now be the deployment that failed."""
    failed, _ = _failed(world)
    world.cloud.one("apps", _app(world))["active_deployment"]["id"] = failed["id"]


def _app(world: World) -> str:
    return (world.declared_account.apps or ())[-1].name


def _service(world: World) -> Iterator[dict[str, Any]]:
    return (spec["services"][0] for spec in world.cloud.specs(_app(world)))


def _health(world: World) -> dict[str, Any]:
    component: dict[str, Any] = world.cloud.details("app-health", _app(world))["components"][0]
    return component


def _history(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.cloud.details("app-deployments", _app(world))
    return found


def _failed(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the deployment that failed, and the good one before it."""
    history = _history(world)
    at = next(index for index, one in enumerate(history) if one["phase"] == "ERROR")
    return history[at], history[at + 1]


def _move(world: World) -> None:
    for spec in world.cloud.specs(_app(world)):
        spec["region"] = "sgp"


def _forget(world: World) -> None:
    kept = [one for one in _history(world) if one["phase"] == "ACTIVE"]
    world.cloud.set_details("app-deployments", _app(world), kept)


def _cut_short(world: World) -> None:
    for one in _history(world):
        if one["phase"] == "SUPERSEDED":
            one["progress"]["success_steps"] = 2
