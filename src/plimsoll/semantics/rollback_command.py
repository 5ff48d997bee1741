"""Whether the commands that are meant to roll back exist, and go back to anything.

The commands of `doctl apps` and `docker compose` are those of their references; a command whose
name is computed is not objected to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from plimsoll.semantics.script_roles import Roles
from plimsoll.semantics.shell.script import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plimsoll.semantics.shell.script import Command, Script

_DOCTL_APPS: Final = frozenset(
    (
        *("cancel-job-invocation", "console", "create", "create-deployment", "delete", "dev"),
        *(
            "get",
            "get-deployment",
            "get-instances",
            "get-job-invocation",
            "get-job-invocation-logs",
        ),
        *("list", "list-alerts", "list-buildpacks", "list-deployments", "list-instances"),
        *("list-job-invocations", "list-regions", "logs", "propose", "restart", "spec", "tier"),
        *("update", "update-alert-destinations", "upgrade-buildpack"),
    )
)
_COMPOSE: Final = frozenset(
    (
        *("attach", "bridge", "build", "commit", "config", "cp", "create", "down", "events"),
        *("exec", "export", "images", "kill", "logs", "ls", "pause", "port", "ps", "publish"),
        *("pull", "push", "restart", "rm", "run", "scale", "start", "stats", "stop", "top"),
        *("unpause", "up", "version", "volumes", "wait", "watch"),
    )
)
_WITH_VALUE: Final = frozenset(
    (
        *("-t", "--access-token", "-u", "--api-url", "-c", "--config", "--context", "-o"),
        *("--output", "--http-retry-max", "--http-retry-wait-max", "--http-retry-wait-min"),
        *("-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--parallel"),
        *("--project-directory", "--progress", "--ansi"),
    )
)
_PRESENT: Final = "puts the present version there again"


@dataclass(frozen=True, slots=True)
class RollbackCommand:
    """A command that is meant to roll back on a platform.

    `objection` says why it cannot, and is empty where nothing speaks against it; `is_unknown`
    tells that there is no such command at all.
    """

    platform: str
    text: str
    line: int
    objection: str = ""
    is_unknown: bool = False


def rollback_commands(script: Script) -> tuple[RollbackCommand, ...]:
    """Return every command that is meant to roll back, in the order of the text.

    Those in a function that nothing calls are left out: they are never run.
    """
    roles = Roles(script)
    return tuple(
        _judged(platform, command)
        for command in script.commands
        if (platform := roles.platform(command)) is not None
        if not command.function or any(roles.influences.calls(command.function))
    )


def _judged(platform: str, command: Command) -> RollbackCommand:
    text = " ".join(text_of(command.node).split())
    name, known, again, rest = _program(command)
    part = _first(rest)
    if not name or not part or "$" in part:
        return RollbackCommand(platform, text, command.line)
    if part not in known:
        objection = f"{name} has no command {part}"
        return RollbackCommand(platform, text, command.line, objection, is_unknown=True)
    objection = f"{name} {part} {_PRESENT}" if part in again else ""
    return RollbackCommand(platform, text, command.line, objection)


def _program(command: Command) -> tuple[str, frozenset[str], frozenset[str], Sequence[str]]:
    """Return a program, its commands, those that revert nothing, and the words that follow it."""
    words = command.words
    program = words[0].rpartition("/")[2]
    if program == "doctl" and "apps" in words:
        again = frozenset(("create-deployment", "restart"))
        return "doctl apps", _DOCTL_APPS, again, words[words.index("apps") + 1 :]
    again = frozenset(("start", "restart"))
    if program == "docker-compose":
        return "docker-compose", _COMPOSE, again, words[1:]
    if words[:2] == ("docker", "compose"):
        return "docker compose", _COMPOSE, again, words[2:]
    return "", frozenset(), frozenset(), ()


def _first(words: Sequence[str]) -> str:
    """Return the first word that is neither an option nor an option's value."""
    is_value = False
    for word in words:
        if not is_value and not word.startswith("-"):
            return word
        is_value = not is_value and word in _WITH_VALUE
    return ""
