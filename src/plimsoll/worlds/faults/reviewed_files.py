"""Break the files of the systems whose repositories are small: what is required, told and typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

_SPECS: Final = {"tetrix": ".do/app.yaml", "digitalocean-production": ".do/front.yaml"}
_ENCRYPTED: Final = {"tetrix": "TELNYX_API_KEY", "digitalocean-production": "SESSION_SECRET"}
_ASTRO: Final = "astro.config.mjs"
_README: Final = "README.md"

_in_tetrix = partial(fault, vantage="repository", environments=("tetrix",))
_in_production = partial(fault, vantage="repository", environments=("digitalocean-production",))
_in_both = partial(fault, vantage="repository", environments=tuple(_SPECS))


@_in_tetrix("CFG-01", "astro-config-deleted", also=("DLV-01",))
def astro_config_deleted(world: World) -> None:
    """The configuration of the build was never committed."""
    world.files.delete(_ASTRO)


@_in_production("CFG-01", "runbook-deleted", also=("CFG-05",))
def runbook_deleted(world: World) -> None:
    """The runbook is not in the repository."""
    world.files.delete(_README)


@_in_production("CFG-01", "runbook-not-text", undecided=("CFG-05",))
def runbook_not_text(world: World) -> None:
    """The runbook was saved in an encoding that no tool reads."""
    world.files.files[_README] = "résumé".encode("utf-16")


@_in_tetrix("CFG-01", "unknown-field-of-a-service")
def unknown_field_of_a_service(world: World) -> None:
    """A field is misspelt, so that the platform refuses the specification."""
    world.files.replace(
        _SPECS["tetrix"], "    http_port: 8080\n", "    http_port: 8080\n    replicas: 2\n"
    )


@_in_tetrix("CFG-03", "monitor-deleted")
def monitor_deleted(world: World) -> None:
    """The script that watches the application was never committed."""
    world.files.delete("scripts/monitor-app.sh")


@_in_both("CFG-05", "password-in-the-readme")
def password_in_the_readme(world: World) -> None:
    """The first page tells a login that everybody tries first."""
    _append(world, _README, "\nThe dashboards open with admin/admin.\n")


@_in_production("CFG-05", "date-never-filled-in")
def date_never_filled_in(world: World) -> None:
    """The runbook says that it was last updated on {current_date}."""
    world.files.replace(_README, "2026-11-02", "{current_date}")


@_in_tetrix("CFG-05", "documents-of-operations-gone")
def documents_of_operations_gone(world: World) -> None:
    """The folder of documents was moved away, so that its pattern names nothing."""
    world.files.delete("docs/operations.md")


@_in_both("DLV-05", "reviewed-secret-in-clear")
def reviewed_secret_in_clear(world: World) -> None:
    """Commit the specification before the platform has encrypted its secret."""
    path, name = _SPECS[_folder(world)], _ENCRYPTED[_folder(world)]
    before, _, after = world.files.text(path).partition(f"- key: {name}\n")
    head, value, tail = after.partition("value: EV[")
    rest = tail.partition("\n")[2]
    stated = f"{head}{value.removesuffix('EV[')}Tr4vel-Kettle-9\n{rest}"
    world.files.write(path, f"{before}- key: {name}\n{stated}")


@_in_both("DLV-05", "reviewed-setting-renamed", also=("DLV-02",))
def reviewed_setting_renamed(world: World) -> None:
    """Hand a required secret over under another name."""
    path, name = _SPECS[_folder(world)], _ENCRYPTED[_folder(world)]
    world.files.replace(path, f"- key: {name}\n", f"- key: OLD_{name}\n")


@_in_production("DLV-06", "front-from-a-moving-image")
def front_from_a_moving_image(world: World) -> None:
    """Build the front end from a base image that moves."""
    world.files.replace("front/Dockerfile", "node:24.11.1-alpine3.22", "node:24-alpine")


@fault("DLV-02", "reviewed-and-not-deployed", vantage="do", environments=tuple(_SPECS))
def reviewed_and_not_deployed(world: World) -> None:
    """Review and merge a change that nobody deploys."""
    path = _SPECS[_folder(world)]
    world.files.replace(path, "initial_delay_seconds: ", "initial_delay_seconds: 1")


@_in_tetrix("DLV-02", "reviewed-file-deleted", also=("CFG-01", "DLV-01", "DLV-05", "SCL-01"))
def reviewed_file_deleted(world: World) -> None:
    """Deploy a specification that is no longer in the repository."""
    world.files.delete(_SPECS["tetrix"])


@_in_production("DLV-02", "front-specification-deleted", also=("DLV-05", "SCL-01", "SCL-02"))
def front_specification_deleted(world: World) -> None:
    """Deploy a specification that is no longer in the repository."""
    world.files.delete(_SPECS["digitalocean-production"])


@fault(
    "DLV-02",
    "app-specification-deleted",
    vantage="repository",
    also=("CFG-01", "DLV-05", "SCL-01", "SCL-02"),
    environments=("app-oint",),
)
def app_specification_deleted(world: World) -> None:
    """Deploy a specification that is no longer in the repository."""
    world.files.delete(".do/app.yaml")


def _append(world: World, path: str, text: str) -> None:
    world.files.write(path, world.files.text(path) + text)


def _folder(world: World) -> str:
    return world.environment.fixtures or ""
