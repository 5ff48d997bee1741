"""Break how an application ends when it is told to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

_SOURCE: Final = "src/lib/graceful-shutdown.mjs"
_SERVER: Final = "server.mjs"
_SPEC: Final = ".do/app.yaml"
_CLOSES: Final = """      server.close(resolve);
      server.closeIdleConnections();
"""

_in_repository = partial(fault, "DLV-03", vantage="repository", environments=("tetrix",))
_in_process = partial(fault, "DLV-03", vantage="process", environments=("tetrix",))


@_in_repository("interrupt-not-handled")
def interrupt_not_handled(world: World) -> None:
    """Leave SIGINT to what the runtime does."""
    line = '    process.on("SIGINT", () => this.shutDown("SIGINT", 0));\n'
    world.files.replace(_SOURCE, line, f"    //{line.lstrip()}")


@_in_repository("exceptions-ignored")
def exceptions_ignored(world: World) -> None:
    """Go on after an uncaught exception as if nothing had happened."""
    world.files.replace(_SOURCE, '(error) => this.#fail("uncaughtException", error)', "() => {}")


@_in_repository("forced-too-late")
def forced_too_late(world: World) -> None:
    """Force the end only after a minute."""
    world.files.replace(_SOURCE, "SHUTDOWN_TIMEOUT_MS = 30_000", "SHUTDOWN_TIMEOUT_MS = 60 * 1000")


@_in_repository("never-forced")
def never_forced(world: World) -> None:
    """Say that it took too long, and wait on."""
    world.files.replace(_SOURCE, "      process.exit(1);\n    }, SHUTDOWN", "    }, SHUTDOWN")


@_in_process("requests-cut")
def requests_cut(world: World) -> None:
    """Close every connection at once, with requests under way."""
    world.files.replace(_SERVER, _CLOSES, "      server.closeAllConnections();\n      resolve();\n")


@_in_process("ends-with-failure")
def ends_with_failure(world: World) -> None:
    """End with a status that says it failed."""
    world.files.replace(_SOURCE, 'this.shutDown("SIGTERM", 0)', 'this.shutDown("SIGTERM", 143)')


@_in_process("goes-on-listening")
def goes_on_listening(world: World) -> None:
    """Finish what is under way, and take new requests all the while."""
    world.files.replace(_SERVER, _CLOSES, "      setTimeout(resolve, 2_000);\n")


@fault("DLV-03", "killed-too-early", vantage="do", also=("DLV-02",), environments=("tetrix",))
def killed_too_early(world: World) -> None:
    """Give the application ten seconds until it is killed."""
    for service in world.cloud.services("tetrix-minimal", "web"):
        service["termination"]["grace_period_seconds"] = 10
