"""Break how secrets and images are handled."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

SPEC: Final = ".do/app.yaml"
COMPOSE: Final = "docker-compose.yml"
_API_DOCKERFILE: Final = "functions/Dockerfile"
_TYPED: Final = "      - key: SMTP_PASSWORD\n        scope: RUN_TIME\n        type: SECRET\n"

_app_oint = partial(fault, vantage="repository", environments=("app-oint",))


@_app_oint("DLV-05", "password-in-clear")
def password_in_clear(world: World) -> None:
    """Write the mail server's password into the Compose file."""
    reference = "SMTP_PASSWORD: ${SMTP_PASSWORD:?set SMTP_PASSWORD}"
    world.files.replace(COMPOSE, reference, "SMTP_PASSWORD: Tr4vel-Kettle-9")


@_app_oint("DLV-05", "default-password", also=("CFG-05",))
def default_password(world: World) -> None:
    """Let Redis run with a well-known password where nobody sets one."""
    reference = "REDIS_PASSWORD: ${REDIS_PASSWORD:?set REDIS_PASSWORD}"
    world.files.replace(COMPOSE, reference, "REDIS_PASSWORD: ${REDIS_PASSWORD:-redis123}")


@_app_oint("DLV-05", "connection-string-in-clear")
def connection_string_in_clear(world: World) -> None:
    """Write a password into the address of the database."""
    world.files.replace(
        COMPOSE, "app_oint:${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}@", "app_oint:Oyster7Plinth@"
    )


@_app_oint("DLV-05", "password-in-a-command")
def password_in_a_command(world: World) -> None:
    """Hand a password to the cache on its command line."""
    reference = '"$$(cat /run/secrets/redis_password)"\n        --maxmemory'
    world.files.replace(COMPOSE, reference, "Quarry-71-Lantern\n        --maxmemory")


@_app_oint("DLV-05", "secret-in-clear-though-typed")
def secret_in_clear_though_typed(world: World) -> None:
    """Commit the specification before the platform has encrypted its secret."""
    stated = f"{_TYPED}        value: "
    encrypted = world.files.text(SPEC).partition(stated)[2].partition("\n")[0]
    world.files.replace(SPEC, stated + encrypted, f"{stated}Tr4vel-Kettle-9")


@_app_oint("DLV-05", "token-in-a-comment")
def token_in_a_comment(world: World) -> None:
    """Leave a token of the platform in a comment of the specification."""
    token = "dop_v1_" + "0123456789abcdef" * 4
    world.files.replace(SPEC, "name: app-oint\n", f"# deploy with {token}\nname: app-oint\n")


@_app_oint("DLV-05", "secret-not-typed", also=("DLV-02",))
def secret_not_typed(world: World) -> None:
    """Keep the encrypted value, and forget to say that it is a secret."""
    world.files.replace(SPEC, _TYPED, _TYPED.replace("        type: SECRET\n", ""))


@_app_oint("DLV-05", "setting-only-in-a-comment", also=("DLV-02",))
def setting_only_in_a_comment(world: World) -> None:
    """Hand the paging key over under another name, and name the required one in a comment."""
    for path in (SPEC, COMPOSE):
        world.files.replace(path, "PAGERDUTY_ROUTING_KEY", "PAGING_KEY")
        text = world.files.text(path)
        world.files.write(path, f"# PAGERDUTY_ROUTING_KEY is set by hand.\n{text}")


@_app_oint("DLV-06", "dockerfile-without-image")
def dockerfile_without_image(world: World) -> None:
    """Leave one Dockerfile among several that no longer says what it starts from."""
    world.files.write("admin/Dockerfile", '# FROM node:22.11.0\nCMD ["node", "server.js"]\n')


@_app_oint("DLV-06", "latest")
def latest(world: World) -> None:
    """Run whatever the newest reverse proxy is."""
    world.files.replace(COMPOSE, "nginx:1.29.3-alpine", "nginx:latest")


@_app_oint("DLV-06", "no-tag")
def no_tag(world: World) -> None:
    """Name the dashboards' image without a version."""
    world.files.replace(COMPOSE, "grafana/grafana:12.2.1", "grafana/grafana")


@_app_oint("DLV-06", "major-version-only")
def major_version_only(world: World) -> None:
    """Let the database's publisher choose the minor version."""
    world.files.replace(COMPOSE, "postgres:16.10-alpine3.22", "postgres:16-alpine")


@_app_oint("DLV-06", "version-from-nowhere")
def version_from_nowhere(world: World) -> None:
    """Take the application's version from a variable that the file gives no value."""
    world.files.replace(COMPOSE, "${APP_VERSION:-2.4.1}", "${APP_VERSION}")


@_app_oint("DLV-06", "base-image-unpinned")
def base_image_unpinned(world: World) -> None:
    """Build the API from a base image that moves."""
    world.files.replace(_API_DOCKERFILE, "node:24.11.1-alpine3.22", "node:lts-alpine")


@_app_oint("DLV-06", "copied-from-unpinned")
def copied_from_unpinned(world: World) -> None:
    """Copy a program into the API's image from an image that moves."""
    world.files.replace(
        _API_DOCKERFILE,
        "COPY --from=build /srv /srv\n",
        "COPY --from=build /srv /srv\nCOPY --from=busybox:latest /bin/wget /usr/local/bin/wget\n",
    )


@_app_oint("DLV-06", "dockerfiles-missing")
def dockerfiles_missing(world: World) -> None:
    """Leave out every Dockerfile, so that nothing can be called pinned."""
    for path in [path for path in world.files.files if path.endswith("/Dockerfile")]:
        world.files.delete(path)
