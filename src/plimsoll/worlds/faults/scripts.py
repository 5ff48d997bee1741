"""Faults in required scripts: absent, not executable, or without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_MONITOR = "scripts/auto-scaling-monitor.sh"


@fault("CFG-03", "not-executable", vantage="repository", environments=("app-oint", "tetrix"))
def not_executable(world: World) -> None:
    """A script is recorded with the mode of a plain file."""
    world.files.set_mode(_last_script(world), executable=False)


@fault("CFG-03", "script-deleted", vantage="repository", environments=APP_OINT)
def script_deleted(world: World) -> None:
    """A required script was never committed."""
    world.files.delete(_last_script(world))


@fault("CFG-04", "message-removed", vantage="repository", environments=APP_OINT)
def message_removed(world: World) -> None:
    """The monitor writes to its own output what it should tell people."""
    posted = (
        "curl -fsS --max-time 10 -H 'Content-Type: application/json' -d @- \"$SLACK_WEBHOOK_URL\""
    )
    world.files.replace(_MONITOR, posted, "cat")


@fault("CFG-04", "nothing-compared", vantage="repository", environments=APP_OINT)
def nothing_compared(world: World) -> None:
    """The monitor sends its message whatever the count was before."""
    for condition in ("((now > before))", "((now < before))"):
        world.files.replace(_MONITOR, condition, "true")
    limit = "((now >= maximum_instances && before < maximum_instances))"
    world.files.replace(_MONITOR, limit, "((now >= maximum_instances))")


@fault("CFG-04", "looks-once", vantage="repository", environments=APP_OINT)
def looks_once(world: World) -> None:
    """The monitor looks once and ends."""
    world.files.replace(_MONITOR, "while true; do\n  if listing", "{\n  if listing")
    world.files.replace(
        _MONITOR, '  sleep "$interval_seconds"\ndone', '  echo "$interval_seconds"\n}'
    )


@fault("CFG-04", "failure-hidden", vantage="repository", environments=APP_OINT)
def failure_hidden(world: World) -> None:
    """A declaration hides whether the command in it failed, as static analysis tells."""
    world.files.replace(_MONITOR, "now=$2 before\n  before=", "now=$2\n  local before=")


@fault("CFG-04", "syntax-error", vantage="repository", environments=APP_OINT)
def syntax_error(world: World) -> None:
    """The monitor is cut off, so that no shell runs it."""
    world.files.replace(_MONITOR, '  sleep "$interval_seconds"\ndone', '  sleep "$interval_seconds')


def _last_script(world: World) -> str:
    declared = world.environment.repository
    scripts = (declared and declared.executables) or ()
    if not scripts:
        message = "no script is required to be executable"
        raise LookupError(message)
    return scripts[-1]
