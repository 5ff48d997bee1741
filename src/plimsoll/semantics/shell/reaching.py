"""Whether a script comes to a place at all, or leaves its function, or ends, before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.shell.leaving import exit_of, fails, is_zero
from plimsoll.semantics.shell.script import ancestors, function_around, text_of
from plimsoll.semantics.shell.structure import (
    LOOPS,
    conditions,
    encloses,
    never_meet,
    own_shell,
    surely_ran,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Command, Script

_LEAVING = frozenset(("exit", "return"))
_LEAVING_LOOPS = frozenset(("break", "continue"))
_DECIDING = frozenset(("if_statement", "list", "case_statement", *LOOPS))
_ARGUMENTS = re.compile(r"\$\{?[1-9@*#]|\bgetopts\b")
"""What shows that a condition looks at how the script, or its function, was called."""
_HELP = re.compile(r"\bhelp\b")


def never_reached(script: Script, node: Node) -> Node | None:
    """Return what ends each run before it comes to a node; None where a run may come to it."""
    return _barrier(script, node, frozenset())


def _barrier(script: Script, node: Node, entered: frozenset[str]) -> Node | None:
    for command in _before(script, node):
        if _ends_what_follows(script, command, node) and surely_ran(command.node, node):
            return command.node
    function = function_around(node)
    if not function or function in entered:
        return None
    barriers = [_barrier(script, c.node, entered | {function}) for c in script.calls(function)]
    return barriers[0] if barriers and all(barriers) else None


def _before(script: Script, node: Node) -> Iterator[Command]:
    """Yield the commands that stand before a node, in its function and in its shell."""
    home = function_around(node)
    for command in script.commands:
        is_before = command.function == home and command.node.end_byte <= node.start_byte
        if is_before and not never_meet(command.node, node):
            shell = own_shell(command.node)
            if shell is None or encloses(shell, node):
                yield command


def _ends_what_follows(script: Script, command: Command, node: Node) -> bool:
    if command.name in _LEAVING_LOOPS:
        loop = next((p for p in ancestors(command.node) if p.type in LOOPS), None)
        return loop is not None and encloses(loop, node)
    if command.name in _LEAVING:
        return command.name not in script.functions
    ending = exit_of(script, command.name, frozenset())
    return ending is not None and ending.name == "exit" and _is_certain(script, command, ending)


def _is_certain(script: Script, command: Command, ending: Command) -> bool:
    """Tell whether a function certainly comes to an `exit`, with nothing uncertain around it."""
    body = script.functions[command.name]
    return own_shell(ending.node) is None and surely_ran(ending.node, _last(body))


def _last(body: Node) -> Node:
    block = body.child_by_field_name("body")
    return block.children[-1] if block is not None and block.children else body


def skipped(script: Script, node: Node) -> Node | None:
    """Return what ends some runs well before they come to a node, though nobody asked for that.

    A run that was called for its help, or for something else, is no run that passes a node over.
    """
    return _way_round(script, node, frozenset())


def _way_round(script: Script, node: Node, entered: frozenset[str]) -> Node | None:
    for command in _before(script, node):
        if (
            command.name in _LEAVING
            and _ends_well(command)
            and not _is_asked_for(script, command.node)
        ):
            return command.node
    function = function_around(node)
    if not function or function in entered:
        return None
    found = (_way_round(script, c.node, entered | {function}) for c in script.calls(function))
    return next((one for one in found if one is not None), None)


def untaken(script: Script, command: Command) -> Node | None:
    """Return the `if` or `case` of which another branch runs instead, and does not fail.

    A script that tests nothing where no load generator is installed has passed no test. What the
    arguments of the script decide was asked for.
    """
    return _branch(script, command.node, frozenset({command.name}))


def _branch(script: Script, node: Node, names: frozenset[str]) -> Node | None:
    child = node
    for parent in ancestors(node):
        if parent.type == "function_definition":
            break
        others = list(_other_branches(parent, child))
        if not all(_settles(script, one, names) for one in others) and not _is_asked_for(
            script, node
        ):
            return parent
        child = parent
    function = function_around(node)
    if not function or function in names:
        return None
    found = (_branch(script, c.node, names | {function}) for c in script.calls(function))
    return next((one for one in found if one is not None), None)


def _other_branches(statement: Node, taken: Node) -> Iterator[list[Node]]:
    """Yield the statements of each branch that runs instead of one; none for a branch not there."""
    if statement.type == "if_statement" and taken not in conditions(statement):
        inner = [n for n in statement.named_children if n not in conditions(statement)]
        more = [n for n in inner if n.type in ("elif_clause", "else_clause")]
        first = [n for n in inner if n not in more]
        if taken not in first:
            yield first
        yield from ([one] for one in more if one != taken)
        if not any(one.type == "else_clause" for one in more):
            yield []
    if statement.type == "case_statement" and taken.type == "case_item":
        items = [n for n in statement.named_children if n.type == "case_item"]
        yield from ([one] for one in items if one != taken)
        if not any(text_of(one).lstrip("( ").startswith("*)") for one in items):
            yield []


def _settles(script: Script, nodes: list[Node], names: frozenset[str]) -> bool:
    """Tell whether a branch does the same, or fails."""
    commands = (command for node in nodes for command in script.within(node))
    return any(one.name in names or _ends_badly(script, one) for one in commands)


def _ends_badly(script: Script, command: Command) -> bool:
    if command.name in _LEAVING:
        return fails(command, ())
    ending = exit_of(script, command.name, frozenset())
    return ending is not None and fails(ending, ())


def _ends_well(command: Command) -> bool:
    if command.arguments:
        return is_zero(command.arguments[0])
    parent = command.node.parent
    # Right behind `||`, a plain `exit` or `return` hands the failure on.
    return not (
        parent is not None
        and parent.type == "list"
        and any(token.type == "||" for token in parent.children)
    )


def _is_asked_for(script: Script, node: Node) -> bool:
    """Tell whether what decides that a node runs looks at the arguments of the script."""
    tested = [text_of(test) for parent in ancestors(node) for test in _tests(parent, node)]
    if any(_HELP.search(text) for text in tested):
        return True
    looks = any(_ARGUMENTS.search(text) for text in tested)
    return looks and _has_arguments(script, function_around(node), frozenset())


def _tests(statement: Node, node: Node) -> Iterator[Node]:
    """Yield what a statement looks at before it comes to a node inside of it."""
    if statement.type in _DECIDING:
        tested = [*conditions(statement), *statement.children_by_field_name("value")]
        if statement.type == "list":
            tested = statement.named_children[:-1]
        others = [n.named_children[0] for n in statement.named_children if n.type == "elif_clause"]
        yield from (one for one in (*tested, *others) if one.end_byte <= node.start_byte)


def _has_arguments(script: Script, function: str, entered: frozenset[str]) -> bool:
    """Tell whether the arguments of a function are those of the script, or some of them."""
    if not function:
        return True
    calls = list(script.calls(function)) if function not in entered else []
    return bool(calls) and all(
        _ARGUMENTS.search(" ".join(text_of(one.node).split()[1:])) is not None
        and _has_arguments(script, one.function, entered | {function})
        for one in calls
    )


def is_left_before(script: Script, node: Node, home: str) -> bool:
    """Tell whether the function of a node, another one than `home`, may be left before it."""
    function = function_around(node)
    return function not in ("", home) and any(
        command.name in _LEAVING for command in _before(script, node)
    )
