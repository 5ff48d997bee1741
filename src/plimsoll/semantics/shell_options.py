"""Which options of the shell are in force at a place in a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.shell import Command, Script, function_around
from plimsoll.semantics.shell_structure import is_tested

if TYPE_CHECKING:
    from tree_sitter import Node

_LETTERS = {"errexit": "e"}


def option_in_force(
    script: Script, option: str, at: Node, known: dict[str, bool] | None = None
) -> bool:
    """Tell whether `errexit` or `pipefail` is certainly on where a node stands.

    Within a function it is on when every call finds it on, or the function turns it on itself.
    `known` holds what has been found for functions, for the calls of this one.
    """
    letter, here = _LETTERS.get(option), function_around(at)
    on = _on_entry(script, option, here, {} if known is None else known)
    for command in script.commands:
        is_before = command.node.start_byte < at.start_byte
        if command.name == "set" and is_before and command.function == here:
            on = _switched(command.arguments, option, letter, on=on)
    return on


def _on_entry(script: Script, option: str, function: str, known: dict[str, bool]) -> bool:
    """Tell whether an option is on where the script, or each call of a function, begins."""
    if not function:
        letter = _LETTERS.get(option)
        flags = [part for part in script.shebang.split()[1:] if re.fullmatch(r"-[a-z]+", part)]
        return letter is not None and any(letter in part for part in flags)
    if function not in known:
        known[function] = False
        calls = tuple(script.calls(function))
        known[function] = bool(calls) and all(
            option_in_force(script, option, call.node, known) for call in calls
        )
    return known[function]


def _switched(words: tuple[str, ...], option: str, letter: str | None, *, on: bool) -> bool:
    for first, second in zip(words, (*words[1:], ""), strict=True):
        if first[:1] not in ("-", "+"):
            continue
        named = "o" in first[1:] and second == option
        if named or (letter is not None and letter in first[1:]):
            on = first[0] == "-"
    return on


def errexit_acts(script: Script, node: Node) -> bool:
    """Tell whether `set -e` ends the script where this fails: not while anything tests it."""
    pending, entered = [node], set()
    while pending:
        current = pending.pop()
        if is_tested(current) or not option_in_force(script, "errexit", current):
            return False
        function = function_around(current)
        if function and function not in entered:
            entered.add(function)
            pending.extend(call.node for call in script.calls(function))
    return True


def overriding_trap(script: Script) -> Command | None:
    """Return a trap that may end the script with a status of its own."""
    for command in script.commands:
        if command.name != "trap" or not command.arguments:
            continue
        body = script.functions.get(command.arguments[0])
        exits = body is not None and any(c.name == "exit" for c in script.within(body))
        if exits or "exit" in command.arguments[0].split():
            return command
    return None
