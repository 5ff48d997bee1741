"""Which options of the shell are in force at a place in a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.shell import Script, function_around

if TYPE_CHECKING:
    from tree_sitter import Node

_LETTERS = {"errexit": "e"}
_DEEPEST_CALL = 8


def option_in_force(script: Script, option: str, at: Node, depth: int = 0) -> bool:
    """Tell whether `errexit` or `pipefail` is certainly on where a node stands.

    Within a function it is on when every call finds it on, or the function turns it on itself.
    """
    letter = _LETTERS.get(option)
    here = function_around(at)
    calls = tuple(script.calls(here)) if here and depth < _DEEPEST_CALL else ()
    if here:
        on = bool(calls) and all(
            option_in_force(script, option, call.node, depth + 1) for call in calls
        )
    else:
        flags = [part for part in script.shebang.split()[1:] if re.fullmatch(r"-[a-z]+", part)]
        on = letter is not None and any(letter in part for part in flags)
    for command in script.commands:
        is_before = command.node.start_byte < at.start_byte
        if command.name == "set" and is_before and command.function == here:
            on = _switched(command.arguments, option, letter, on=on)
    return on


def _switched(words: tuple[str, ...], option: str, letter: str | None, *, on: bool) -> bool:
    for first, second in zip(words, (*words[1:], ""), strict=True):
        if first[:1] not in ("-", "+"):
            continue
        named = "o" in first[1:] and second == option
        if named or (letter is not None and letter in first[1:]):
            on = first[0] == "-"
    return on
