"""Which commands of a shell script decide whether another command runs.

Follows conditions, the variables they read, the commands that fill those variables, functions and
their arguments. A word in a comment or a message influences nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.shell.script import (
    Command,
    Script,
    ancestors,
    assignments,
    function_around,
    text_of,
    variables_read,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_BRANCHING = frozenset(("if_statement", "case_statement", "list", "while_statement"))
_LEAVING = frozenset(("exit", "return", "break", "continue"))
_OUTPUT = frozenset(("echo", "printf", "exit", "return"))
_EXPANSION = re.compile(r"\$\{?\w+\}?")


class Influences:
    """The influences within one script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._assigned = assignments(script)
        self._local = {
            (function_around(node), text_of(name))
            for node in walk(script.root)
            if node.type == "declaration_command" and text_of(node.children[0]) == "local"
            for name in walk(node)
            if name.type == "variable_name"
        }

    def called(self, command: Command) -> tuple[str, ...]:
        """Return the functions a command calls; a name that is computed may call several."""
        if "$" not in command.name:
            return (command.name,) if command.name in self._script.functions else ()
        pattern = ".+".join(re.escape(part) for part in _EXPANSION.split(command.name))
        named = any(part for part in _EXPANSION.split(command.name))
        return tuple(f for f in self._script.functions if named and re.fullmatch(pattern, f))

    def calls(self, function: str) -> Iterator[Command]:
        """Yield the commands that call a function, also by a computed name."""
        return (c for c in self._script.commands if function and function in self.called(c))

    def conditions(self, node: Node) -> tuple[Node, ...]:
        """Return every condition on the way to a node, through the calls of its function."""
        found: dict[int, Node] = {}
        pending, seen = [node], set()
        while pending:
            current = pending.pop()
            found |= {condition.id: condition for condition in guards(current)}
            function = function_around(current)
            if function not in seen:
                seen.add(function)
                pending.extend(call.node for call in self.calls(function))
        return tuple(found.values())

    def deciding(self, condition: Node) -> tuple[Command, ...]:
        """Return the commands on whose result a condition depends."""
        found: dict[int, Command] = {}
        pending, seen = [(condition, False)], set()
        while pending:
            node, is_value = pending.pop()
            if (node.id, is_value) in seen:
                continue
            seen.add((node.id, is_value))
            for command in self._script.within(node):
                fills = any(p.type == "variable_assignment" for p in _up_to(command.node, node))
                if is_value or not fills:
                    parts = self._made_of(command)
                    pending.extend((part, False) for part in parts or ())
                    found |= {command.node.id: command} if parts is None else {}
            for name in variables_read(node):
                pending.extend(self._sources(name, function_around(node)))
        return tuple(sorted(found.values(), key=lambda command: command.node.start_byte))

    def _made_of(self, command: Command) -> list[Node] | None:
        """Return what the answer of a call depends on; None for a command that is no such call."""
        bodies = [body for f in self.called(command) if (body := self._branching(f)) is not None]
        return [part for body in bodies for part in self._outcomes(body)] if bodies else None

    def _branching(self, function: str) -> Node | None:
        body = self._script.functions[function].child_by_field_name("body")
        is_plain = body is None or not any(
            node.type in _BRANCHING
            or (node.type == "variable_assignment" and "$(" in text_of(node))
            for node in walk(body)
        )
        return None if is_plain else body

    def _outcomes(self, body: Node) -> Iterator[Node]:
        """Yield what a function's status and output depend on."""
        for command in self._script.within(body):
            if command.name in _OUTPUT:
                yield from guards(command.node)
        if body.named_children:
            yield body.named_children[-1]

    def _sources(self, name: str, function: str) -> Iterator[tuple[Node, bool]]:
        """Yield what a variable is filled from (True) and what decides that it is (False)."""
        for call in self.calls(function) if name.isdigit() else ():
            for argument in call.node.children_by_field_name("argument")[int(name) - 1 :][:1]:
                yield argument, True
        for node in self._assignments(name, function):
            yield node, True
            yield from ((condition, False) for condition in guards(node))
        for command in self._script.commands:
            if command.name == "read" and name in command.arguments:
                yield from ((source, True) for source in _inputs(command.node))

    def _assignments(self, name: str, function: str) -> Iterator[Node]:
        is_local = (function, name) in self._local
        for node in self._assigned.get(name, ()):
            home = function_around(node)
            if (home == function) if is_local else ((home, name) not in self._local):
                yield node


def guards(node: Node) -> Iterator[Node]:
    """Yield the conditions that a node runs under, within its function.

    An earlier statement that may leave the block guards what follows it.
    """
    child = node
    for parent in ancestors(node):
        if parent.type == "function_definition":
            return
        yield from _conditions(parent, child)
        earlier = child.prev_named_sibling
        while earlier is not None and parent.type not in ("list", "pipeline", "command"):
            yield from _leaving_conditions(earlier)
            earlier = earlier.prev_named_sibling
        child = parent


def _conditions(parent: Node, child: Node) -> Iterator[Node]:
    if parent.type in ("if_statement", "while_statement", "until_statement"):
        conditions = parent.children_by_field_name("condition")
        yield from conditions if child not in conditions else ()
    elif parent.type == "elif_clause":
        before = [c for c in parent.children if c.end_byte <= _then_at(parent)]
        yield from (c for c in before if c.is_named and child not in before)
    elif parent.type == "list" and child != parent.named_children[0]:
        yield parent.named_children[0]
    elif parent.type == "case_statement":
        value = parent.child_by_field_name("value")
        yield from () if value is None or child == value else (value,)


def _then_at(clause: Node) -> int:
    return next((c.start_byte for c in clause.children if c.type == "then"), clause.end_byte)


def _leaving_conditions(statement: Node) -> Iterator[Node]:
    for node in walk(statement) if statement.type != "function_definition" else ():
        if node.type == "command" and text_of(node.child_by_field_name("name")) in _LEAVING:
            child = node
            for parent in _up_to(node, statement):
                yield from _conditions(parent, child)
                child = parent


def _up_to(node: Node, outer: Node) -> Iterator[Node]:
    while node != outer and node.parent is not None:
        node = node.parent
        yield node


def _inputs(reader: Node) -> Iterator[Node]:
    """Yield what a `read` reads: what its loop is redirected or piped from."""
    for parent in ancestors(reader):
        if parent.type == "redirected_statement":
            yield from (c for c in parent.named_children if c.type.endswith("_redirect"))
        elif parent.type == "pipeline":
            yield parent.named_children[0]
        elif parent.type == "function_definition":
            return
