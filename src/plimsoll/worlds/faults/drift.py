"""Let an app drift from its reviewed specification, and let secrets and images slip into it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.worlds.world import World

_PLACES: Final = {
    "app-oint": ("appoint-fra1", "functions"),
    "tetrix": ("tetrix-minimal", "web"),
    "digitalocean-production": ("front", "front"),
}
"""By fixture folder: an app with a reviewed specification, and a service of it."""
_SECRETS: Final = {
    "app-oint": "METRICS_TOKEN",
    "tetrix": "TELNYX_API_KEY",
    "digitalocean-production": "SESSION_SECRET",
}

_on_platform = partial(fault, vantage="do", environments=tuple(_PLACES))
_and_drift = partial(_on_platform, also=("DLV-02",))


@_on_platform("DLV-02", "run-command-changed")
def run_command_changed(world: World) -> None:
    """Change how the service is started in the control panel."""
    for service in _services(world):
        service["run_command"] = "node --inspect=0.0.0.0 server.mjs"


@_on_platform("DLV-02", "variable-added")
def variable_added(world: World) -> None:
    """Add a variable that nobody reviewed."""
    for service in _services(world):
        service["envs"].append({"key": "VERBOSE", "scope": "RUN_TIME", "value": "all"})


@_on_platform("DLV-02", "value-changed")
def value_changed(world: World) -> None:
    """Give a reviewed variable another value."""
    for service in _services(world):
        _variable(service, "NODE_ENV")["value"] = "staging"


@_on_platform("DLV-02", "scope-changed")
def scope_changed(world: World) -> None:
    """Hand a secret to the build as well."""
    for service in _services(world):
        _variable(service, _SECRETS[_folder(world)])["scope"] = "RUN_AND_BUILD_TIME"


@_on_platform("DLV-02", "component-added")
def component_added(world: World) -> None:
    """Run a job that is in no reviewed file."""
    app, _ = _PLACES[_folder(world)]
    job: dict[str, Any] = {
        "name": "export",
        "kind": "POST_DEPLOY",
        "github": {"repo": "somebody/export", "branch": "main"},
        "build_command": "npm ci",
        "run_command": "node export.js",
    }
    destinations = _services(world)[0].get("log_destinations")
    if destinations:
        job["log_destinations"] = destinations
    for spec in world.cloud.specs(app):
        spec["jobs"] = [job]


@_on_platform("DLV-02", "asked-for-and-not-running")
def asked_for_and_not_running(world: World) -> None:
    """Tell the app something new that it does not run yet."""
    _services(world)[0]["source_dir"] = "/next"


@_on_platform("DLV-02", "running-something-older")
def running_something_older(world: World) -> None:
    """Run what was there before, because the last deployment failed."""
    _services(world)[-1]["source_dir"] = "/before"


@_and_drift("DLV-05", "live-secret-in-clear")
def live_secret_in_clear(world: World) -> None:
    """Enter a secret in the control panel as an ordinary variable, which everyone may read."""
    for service in _services(world):
        variable = _variable(service, _SECRETS[_folder(world)])
        variable["value"] = "Tr4vel-Kettle-9-Quarry-71"
        variable.pop("type")


@_and_drift("DLV-05", "live-password-in-an-address")
def live_password_in_an_address(world: World) -> None:
    """Put a password into the address of a queue."""
    address = "amqps://worker:Oyster7Plinth@queue.internal:5671"
    for service in _services(world):
        service["envs"].append({"key": "QUEUE", "scope": "RUN_TIME", "value": address})


@_and_drift("DLV-05", "live-secret-not-typed")
def live_secret_not_typed(world: World) -> None:
    """Leave out that an encrypted value is a secret."""
    for service in _services(world):
        _variable(service, _SECRETS[_folder(world)]).pop("type")


@fault(
    "DLV-05",
    "live-setting-gone",
    vantage="do",
    also=("DLV-02",),
    environments=("tetrix", "digitalocean-production"),
)
def live_setting_gone(world: World) -> None:
    """Delete a required secret in the control panel."""
    for service in _services(world):
        service["envs"].remove(_variable(service, _SECRETS[_folder(world)]))


@fault(
    "DLV-06",
    "live-image-moves",
    vantage="do",
    also=("DLV-02",),
    environments=("app-oint", "digitalocean-production"),
)
def live_image_moves(world: World) -> None:
    """Run the service from a private image whose tag moves, instead of building it."""
    _run_image(world, "latest")


@fault(
    "DLV-06",
    "live-image-instead-of-build",
    vantage="do",
    also=("DLV-02",),
    undecided=("DLV-01",),
    environments=("tetrix",),
)
def live_image_instead_of_build(world: World) -> None:
    """Run the only service from a private image whose tag moves: then nothing is built."""
    _run_image(world, "stable")


def _run_image(world: World, tag: str) -> None:
    image = {"registry_type": "DOCKER_HUB", "registry": "acme", "repository": "site", "tag": tag}
    for service in _services(world):
        service["image"] = image
        for key in ("github", "dockerfile_path", "source_dir"):
            service.pop(key, None)


def _services(world: World) -> list[dict[str, Any]]:
    return world.cloud.services(*_PLACES[_folder(world)])


def _folder(world: World) -> str:
    return world.environment.fixtures or ""


def _variable(service: dict[str, Any], name: str) -> dict[str, Any]:
    found: Iterator[dict[str, Any]] = (one for one in service["envs"] if one["key"] == name)
    return next(found)
