"""What ends a script, or a function, and with which status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.shell.script import function_around
from plimsoll.semantics.shell.structure import CONDITIONAL, between

if TYPE_CHECKING:
    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Command, Script


def command_at(script: Script, node: Node) -> Command:
    """Return the command that stands at a node of the tree."""
    return next(command for command in script.commands if command.node == node)


def fails(command: Command, known: tuple[str, ...]) -> bool:
    """Tell whether `exit` or `return` gives a status that is certainly not 0."""
    status = command.arguments[0] if command.arguments else "$?"
    return status in known or (status.isdigit() and not is_zero(status))


def is_zero(status: str) -> bool:
    """Tell whether `exit` with this number ends with success; only its last eight bits count."""
    return status.isdigit() and int(status) % 256 == 0


def exit_of(script: Script, function: str, entered: frozenset[str]) -> Command | None:
    """Return the `exit` that a function certainly comes to, or what may end it before."""
    body = script.functions.get(function)
    if body is None or function in entered:
        return None
    for command in script.within(body):
        is_sure = not any(p.type in CONDITIONAL for p in between(command.node, body))
        leaves = command.name in ("exit", "return")
        if leaves and is_sure:
            return command if command.name == "exit" else None
        if leaves and (command.name == "return" or not fails(command, ())):
            return command
        nested = exit_of(script, command.name, entered | {function})
        if is_sure and nested is not None:
            return nested
    return None


def may_end(script: Script, called: str, node: Node, home: str) -> bool:
    """Tell whether a command may end things before a variable of a function is looked at.

    To end the script with a failure is no harm.
    """
    if called == "return":
        return function_around(node) == home
    return may_end_well(script, command_at(script, node), home)


def may_end_well(script: Script, command: Command, home: str = "") -> bool:
    """Tell whether running a command may end the script with success, or by another program."""
    pending, entered = [command], {home}
    while pending:
        command = pending.pop()
        if command.name == "exit" and not fails(command, ()):
            return True
        if command.name == "exec" and command.arguments:
            return True
        if command.name in script.functions and command.name not in entered:
            entered.add(command.name)
            pending.extend(script.within(script.functions[command.name]))
    return False
