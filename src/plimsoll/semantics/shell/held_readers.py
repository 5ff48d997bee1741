"""Who looks at a variable that holds a status, and whether it certainly comes to that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.shell.script import (
    ancestors,
    function_around,
    text_of,
    variables_read,
    walk,
)
from plimsoll.semantics.shell.structure import CONDITIONAL, never_meet, surely_ran

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Script

QUIET = frozenset(("true", ":", "echo", "printf"))
"""Commands that change nothing and end with success."""
_LOOKING = frozenset(("if_statement", "list", "case_statement", "command"))
_BODIES = frozenset(("program", "compound_statement"))


def later_looks(script: Script, start: Node) -> Iterator[Node]:
    """Yield what follows in the text, without the functions that nobody calls."""
    home = function_around(start)
    for node in walk(script.root):
        stands_alone = node.parent is not None and node.parent.type in _BODIES
        looks = node.type in _LOOKING or (node.type == "test_command" and stands_alone)
        if looks and node.start_byte > start.end_byte:
            function = function_around(node)
            if function in ("", home) or any(script.calls(function)):
                yield node


def is_idle(script: Script, node: Node, name: str) -> bool:
    """Tell whether a test runs nothing, and at most raises the same variable again."""
    assigned = [n for n in walk(node) if n.type == "variable_assignment"]
    return (
        node.type not in ("command", "test_command")
        and all(text_of(n.child_by_field_name("name")) == name for n in assigned)
        and all(command.name in QUIET for command in script.within(node))
    )


def is_read_elsewhere(script: Script, name: str, start: Node) -> bool:
    """Tell whether a variable is read in another function than one that sets it."""
    home = function_around(start)
    named = (node for node in walk(script.root) if node.type == "variable_name")
    return any(name in variables_read(n) and function_around(n) != home for n in named)


def surely_comes(script: Script, start: Node, node: Node) -> bool:
    """Tell whether what acts on a variable runs in each run that has set it."""
    nested = [p for p in ancestors(node) if p.start_byte > start.end_byte]
    if any(parent.type in CONDITIONAL for parent in nested) or never_meet(start, node):
        return False
    home, function = function_around(start), function_around(node)
    return function in ("", home) or any(
        call.function == home
        and call.node.start_byte > start.end_byte
        and surely_ran(call.node, start)
        and not never_meet(start, call.node)
        for call in script.calls(function)
    )
