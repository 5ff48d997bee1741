"""What else than an assignment may change a variable, and what changes one out of sight.

`read`, `unset`, `printf -v`, loops and arithmetic set variables too; and a function that is called
does what stands in its body, wherever in the text that is.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from plimsoll.semantics.shell.held_status import declares_local, ran_again
from plimsoll.semantics.shell.script import (
    ShellError,
    function_around,
    parse_script,
    text_of,
    walk,
    word,
)
from plimsoll.semantics.shell.structure import CONDITIONAL, between, encloses, own_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Script

_READING_INTO = {"read": "REPLY", "mapfile": "MAPFILE", "readarray": "MAPFILE"}
"""Builtins that set the variables they are given, or else one of their own."""
_ANYTHING = frozenset(("eval", "source", "."))
_ARITHMETIC = frozenset(("arithmetic_expansion", "c_style_for_statement"))


def rewriter(script: Script, name: str, start: Node, reader: Node) -> Node | None:
    """Return what may change a variable between its assignment and a place that reads it.

    Plain assignments in the text between are told by `overwritten`; those of functions that are
    called on the way are told here.
    """
    for trap in script.calls("trap"):
        if _trap_changes(script, name, trap.arguments):
            return trap.node
    return next(_changing(script, name, start, reader), None)


def _changing(script: Script, name: str, start: Node, reader: Node) -> Iterator[Node]:
    home, reads_in = function_around(start), function_around(reader)
    end = reader.end_byte if home == reads_in else script.root.end_byte
    repeated = ran_again(script, start, reader)
    on_the_way = {home} if home == reads_in else _leading_to(script, {home, reads_in}) | {""}
    # What these do on the way is looked at where it stands, and not where they are called.
    entered = frozenset(_leading_to(script, {home}))
    for node in walk(script.root):
        is_between = start.end_byte < node.start_byte < end
        if not is_between and not any(encloses(around, node) for around in repeated):
            continue
        function = function_around(node)
        if function not in on_the_way or _happens_elsewhere(script, node, start, reader):
            continue
        hides = bool(home) and function == home and _declares(node, name)
        if hides or _sets(node, name) or _call_changes(script, name, node, entered):
            yield node


def _leading_to(script: Script, functions: set[str]) -> set[str]:
    """Return functions, and those that call them, over however many steps."""
    pending, found = list(functions), set(functions)
    while pending:
        callers = {call.function for call in script.calls(pending.pop())} - found
        found |= callers
        pending.extend(callers)
    return found


def _happens_elsewhere(script: Script, node: Node, start: Node, reader: Node) -> bool:
    """Tell whether what a node does to variables stays in a shell of its own."""
    if any("lastpipe" in command.arguments for command in script.calls("shopt")):
        return False
    shell = own_shell(node)
    return shell is not None and not encloses(shell, reader) and not encloses(shell, start)


def _call_changes(script: Script, name: str, node: Node, entered: frozenset[str]) -> bool:
    """Tell whether a function that a command calls may set the variable of its caller."""
    if node.type != "command":
        return False
    called = word(node.child_by_field_name("name"))
    body = script.functions.get(called)
    if body is None or called in entered:
        return False
    local = _local_from(name, body)
    return any(
        _assigns(part, name)
        or _sets(part, name)
        or _call_changes(script, name, part, entered | {called})
        for part in walk(body)
        if (local is None or part.start_byte < local.start_byte)
        and (own_shell(part) is None or part.type == "function_definition")
    )


def _local_from(name: str, body: Node) -> Node | None:
    """Return the declaration from which on a function's body has a variable of its own."""
    declared = (node for node in walk(body) if declares_local(node, name))
    first = next(declared, None)
    is_sure = first is not None and not any(p.type in CONDITIONAL for p in between(first, body))
    return first if is_sure else None


def _trap_changes(script: Script, name: str, arguments: tuple[str, ...]) -> bool:
    """Tell whether what a trap runs before the end of the script may change a variable."""
    handler, *signals = [text for text in arguments if text != "--"] or [""]
    if all(signal in ("EXIT", "0") for signal in signals):
        return False
    try:
        root = parse_script(handler).root
    except ShellError:
        return True
    return any(
        _assigns(part, name) or _sets(part, name) or _call_changes(script, name, part, frozenset())
        for part in walk(root)
    )


def _assigns(node: Node, name: str) -> bool:
    if node.type != "variable_assignment":
        return False
    return text_of(node.child_by_field_name("name")) == name


def _declares(node: Node, name: str) -> bool:
    """Tell whether a declaration makes a variable of this name that holds nothing yet."""
    if node.type != "declaration_command":
        return False
    is_new = text_of(node).partition(" ")[0] in ("local", "declare", "typeset")
    return is_new and any(
        child.type == "variable_name" and text_of(child) == name for child in node.named_children
    )


def _sets(node: Node, name: str) -> bool:
    """Tell whether a node that is no plain assignment may set, or unset, a variable."""
    text, target = text_of(node), text_of(node.child_by_field_name("name"))
    match node.type:
        case "command":
            return _builtin_sets(node, name)
        case "unset_command":
            return any(_may_name(word(child), name) for child in node.named_children)
        case "declaration_command":
            # A name reference lets another name stand for this one.
            is_reference = re.search(r"\s-\w*n", text) is not None
            return is_reference and any(_refers(child, name) for child in node.named_children)
    return (
        (node.type == "for_statement" and text_of(node.child_by_field_name("variable")) == name)
        or (node.type == "variable_assignment" and target.startswith(f"{name}["))
        or ((node.type in _ARITHMETIC or text.startswith("((")) and _arithmetic_sets(text, name))
    )


def _refers(child: Node, name: str) -> bool:
    if child.type != "variable_assignment":
        return False
    return _may_name(word(child.child_by_field_name("value")), name)


def _builtin_sets(node: Node, name: str) -> bool:
    called = word(node.child_by_field_name("name"))
    arguments = [word(child) for child in node.children_by_field_name("argument")]
    if called in ("command", "builtin") and arguments:
        called, arguments = arguments[0], arguments[1:]
    if called in _ANYTHING:
        return True
    if called in _READING_INTO:
        names = [text for text in arguments if not text.startswith("-")]
        return name == _READING_INTO[called] or any(_may_name(text, name) for text in names)
    if called in ("printf", "wait"):
        flag = "-v" if called == "printf" else "-p"
        return any(
            first == flag and _may_name(second, name) for first, second in pairwise(arguments)
        )
    if called == "getopts":
        return name in ("OPTARG", "OPTIND") or any(_may_name(t, name) for t in arguments[1:2])
    if called == "let":
        return any(_arithmetic_sets(text, name) for text in arguments)
    return called == "unset" and any(_may_name(text, name) for text in arguments)


def _may_name(text: str, name: str) -> bool:
    """Tell whether a word is the name of a variable, or may turn out to be."""
    return "$" in text or "`" in text or text.partition("[")[0] == name


def _arithmetic_sets(text: str, name: str) -> bool:
    """Tell whether an arithmetic expression assigns to a variable."""
    own = rf"(?<![\w$]){re.escape(name)}"
    after = rf"{own}\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)"
    before = rf"(?:\+\+|--)\s*{own}\b"
    return re.search(f"{after}|{before}", text) is not None
