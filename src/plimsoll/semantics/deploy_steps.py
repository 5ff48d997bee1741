"""What a deploy script does before and after it deploys to App Platform.

A step counts where every run that has not failed comes past its command: through the functions it
calls, never in a comment, a message, or a function that nothing calls.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from plimsoll.semantics.script_roles import Roles
from plimsoll.semantics.shell.script import ancestors, text_of
from plimsoll.semantics.shell.structure import is_certain, is_passed_over

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Command, Script

_DEEPEST: Final = 12
_MANAGERS: Final = frozenset(("pnpm", "npm", "yarn", "bun"))
_LOOKING_UP: Final = frozenset(("which", "type", "hash"))
_DEPLOYING: Final = (("update",), ("create-deployment",), ("create",))
_TIMED: Final = re.compile(r"%\{time_(?:total|starttransfer)\}")


@dataclass(frozen=True, slots=True)
class DeploySteps:
    """The steps seen before the first and after the last deployment, each with its line.

    `deploys` is the line of the deployment, None where the script never deploys.
    """

    before: dict[str, int]
    deploys: int | None
    after: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Event:
    command: Command
    is_certain: bool


def deploy_steps(script: Script) -> DeploySteps:
    """Return what a deploy script does, in the order in which it runs."""
    roles = Roles(script)
    events = list(_run(script, script.root))
    at = [index for index, event in enumerate(events) if _deploys(event.command)]
    if not at:
        return DeploySteps({}, None, {})
    return DeploySteps(
        before=_seen(events[: at[0]], _BEFORE, roles),
        deploys=events[at[0]].command.line,
        after=_seen(events[at[-1] + 1 :], _AFTER, roles),
    )


def _run(
    script: Script, body: Node, within: tuple[str, ...] = (), *, certain: bool = True
) -> Generator[_Event, None, bool]:
    """Yield the commands of a body in the order they run, those of called functions in place.

    Return whether the script ends in it for certain.
    """
    function = within[-1] if within else ""
    for command in script.within(body):
        if command.function != function:
            continue
        is_sure = certain and is_certain(command)
        yield _Event(command, is_sure)
        if is_sure and command.name in ("return", "exit"):
            return command.name == "exit"
        called = script.functions.get(command.name)
        if called is None or command.name in within or len(within) >= _DEEPEST:
            continue
        if (yield from _run(script, called, (*within, command.name), certain=is_sure)):
            return True
    return False


def _seen(
    events: list[_Event], steps: dict[str, Callable[[Command, Roles], bool]], roles: Roles
) -> dict[str, int]:
    found: dict[str, int] = {}
    for event in events:
        if event.is_certain and not is_passed_over(event.command):
            for name, is_step in steps.items():
                if name not in found and is_step(event.command, roles):
                    found[name] = event.command.line
    return found


def _doctl(command: Command, *words: str) -> bool:
    """Tell whether a command is doctl with these words in this order, options between them."""
    if not command.words or command.words[0].rpartition("/")[2] != "doctl":
        return False
    plain = [word for word in command.words[1:] if not word.startswith("-")]
    return any(tuple(plain[at : at + len(words)]) == words for at in range(len(plain)))


def _deploys(command: Command) -> bool:
    return any(_doctl(command, "apps", *verb) for verb in _DEPLOYING)


def _asks_for_login(command: Command, _: Roles) -> bool:
    return _doctl(command, "account", "get") or _doctl(command, "auth", "init")


def _validates(command: Command, _: Roles) -> bool:
    return _doctl(command, "apps", "spec", "validate") or _doctl(command, "apps", "propose")


def _uses_manager(command: Command, _: Roles) -> bool:
    words = command.words
    name = words[0].rpartition("/")[2] if words else ""
    return name in _MANAGERS or (name in _LOOKING_UP and bool(_MANAGERS & set(words[1:])))


def _saves_specification(command: Command, _: Roles) -> bool:
    return _doctl(command, "apps", "spec", "get") and _is_kept(command)


def _is_kept(command: Command) -> bool:
    """Tell whether the output lands in a file."""
    for parent in ancestors(command.node):
        if parent.type == "redirected_statement":
            targets = [text_of(c) for c in parent.named_children if c.type == "file_redirect"]
            if any(t.startswith((">", "1>")) and "/dev/null" not in t for t in targets):
                return True
        elif parent.type == "pipeline":
            if any(text_of(part).startswith("tee ") for part in parent.named_children):
                return True
        elif parent.type != "list":
            return False
    return False


def _asks_for_health(command: Command, roles: Roles) -> bool:
    asks = command.words and command.words[0].rpartition("/")[2] in ("curl", "wget", "http")
    return bool(asks) and roles.asks(command, "health") and not _measures(command, roles)


def _measures(command: Command, _: Roles) -> bool:
    return any(_TIMED.search(word) for word in command.words)


def _counts_instances(command: Command, _: Roles) -> bool:
    return _doctl(command, "apps", "list-instances") or _doctl(command, "apps", "get-instances")


def _looks_at_domains(command: Command, roles: Roles) -> bool:
    spelled = " ".join(roles.words(command)).lower()
    return _doctl(command, "apps", "get") and "domain" in spelled


def _reads_logs(command: Command, _: Roles) -> bool:
    return _doctl(command, "apps", "logs")


_BEFORE: Final[dict[str, Callable[[Command, Roles], bool]]] = {
    "authentication": _asks_for_login,
    "specification": _validates,
    "package_manager": _uses_manager,
    "backup": _saves_specification,
}
_AFTER: Final[dict[str, Callable[[Command, Roles], bool]]] = {
    "health": _asks_for_health,
    "instances": _counts_instances,
    "domains": _looks_at_domains,
    "performance": _measures,
    "error_logs": _reads_logs,
}
