"""Variables that hold an exit status or mark a failure: what keeps them so, what tests them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.shell.script import ancestors, assignments, function_around, text_of, walk
from plimsoll.semantics.shell.structure import (
    LOOPS,
    branches,
    encloses,
    failure_flag,
    own_shell,
    runs_first,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Script

LAST_STATUS = ("$?", "${?}")
_DECLARED_LOCAL = re.compile(r"(local|declare|typeset)\b(?!.*\s-\w*g)")
_FRAMES = (
    re.compile(r"\[\[\s(.*)\s\]\]", re.DOTALL),
    re.compile(r"\[\s(.*)\s\]", re.DOTALL),
    re.compile(r"\(\((.*)\)\)", re.DOTALL),
    re.compile(r"test\s(.*)", re.DOTALL),
)
_COMPARISON = re.compile(r"(\S+?)\s*(-eq|-ne|-gt|-ge|==|!=|>=|>|=)\s*(\S+)")
_SPACED = re.compile(r"(\S+)\s+(-eq|-ne|-gt|-ge|==|!=|=)\s+(\S+)")
_IS_ZERO = frozenset((("-eq", "0"), ("==", "0"), ("=", "0")))
_IS_NOT_ZERO = frozenset(
    (("-ne", "0"), ("!=", "0"), ("-gt", "0"), (">", "0"), ("-ge", "1"), (">=", "1"))
)


def of_pipeline(index: int) -> tuple[str, ...]:
    """Return how the status of one part of a pipeline is written right after it."""
    written = f"${{PIPESTATUS[{index}]}}"
    return (written, "$PIPESTATUS", "${PIPESTATUS}") if index == 0 else (written,)


def unquoted(text: str) -> str:
    """Return a word without the double quotes around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def value_of(assignment: Node) -> str:
    """Return what an assignment sets, as it is written; nothing for one that adds (`+=`)."""
    is_plain = any(child.type == "=" for child in assignment.children)
    return unquoted(text_of(assignment.child_by_field_name("value"))) if is_plain else ""


def written_as(name: str) -> tuple[str, ...]:
    """Return how the value of a variable is written."""
    return (f"${name}", f"${{{name}}}", f"${{{name}:-0}}", f"${{{name}-0}}")


def branch_on_failure(test: Node, subjects: tuple[str, ...], flag: str) -> tuple[Node, ...] | None:
    """Return what a test of a status runs when that is a failure; None where it is not clear.

    `subjects` are the ways to write what is tested; `flag` is the constant that marks a failure in
    it, if it is not a status.
    """
    on_failure, on_success = branches(test)
    holds = _holds_on_failure(text_of(runs_first(test)).strip(), subjects, flag)
    if holds is None:
        return None
    return on_success if holds else on_failure


def _holds_on_failure(condition: str, subjects: tuple[str, ...], flag: str) -> bool | None:
    """Tell whether a single simple test succeeds where its subject is a failure."""
    if (negated := re.fullmatch(r"!\s+(.*)", condition, re.DOTALL)) is not None:
        inner = _holds_on_failure(negated[1].strip(), subjects, flag)
        return None if inner is None else not inner
    frame = next((f for f in _FRAMES if f.fullmatch(condition)), None)
    framed = frame.fullmatch(condition) if frame is not None else None
    if framed is None:
        return None
    inside, is_arithmetic = framed[1].strip(), condition.startswith("((")
    if (negated := re.fullmatch(r"!\s+(.*)", inside, re.DOTALL)) is not None:
        inner = _compared(negated[1].strip(), subjects, flag, is_arithmetic=is_arithmetic)
        return None if inner is None else not inner
    return _compared(inside, subjects, flag, is_arithmetic=is_arithmetic)


def _compared(
    comparison: str, subjects: tuple[str, ...], flag: str, *, is_arithmetic: bool
) -> bool | None:
    names = tuple(s.strip("${}") for s in subjects) if is_arithmetic else ()
    if is_arithmetic and comparison in (*subjects, *names):
        return True
    found = (_COMPARISON if is_arithmetic else _SPACED).fullmatch(comparison)
    if found is None or unquoted(found[1]) not in (*subjects, *names):
        return None
    told = (found[2], unquoted(found[3]).strip("'"))
    if flag and told in (("-eq", flag), ("==", flag), ("=", flag)):
        return True
    if told in _IS_NOT_ZERO:
        return True if told[0] == "!=" or not flag or flag.isdigit() else None
    if told in _IS_ZERO:
        return False if told[0] != "-eq" or not flag or flag.isdigit() else None
    return None


def is_on_failure(assignment: Node) -> bool:
    """Tell whether an assignment is the first thing that runs after a failure, and only then."""
    child = assignment
    for parent in ancestors(assignment):
        is_right = parent.type == "list" and child == parent.named_children[-1]
        if is_right:
            return any(token.type == "||" for token in parent.children)
        if parent.type not in ("compound_statement", "else_clause", "declaration_command"):
            return False
        if child != parent.named_children[0]:
            return False
        if parent.type == "else_clause":
            return True
        child = parent
    return False


def overwritten(script: Script, name: str, start: Node, reader: Node) -> Iterator[Node]:
    """Yield the assignments that may run between one to a variable and a place that reads it.

    In a loop, or a function, that the place is not in, they may run again: also the first one.
    """
    again = ran_again(script, start, reader)
    for node in assignments(script).get(name, ()):
        is_between = node.start_byte > start.end_byte
        if is_between or any(encloses(parent, node) for parent in again):
            yield node


def ran_again(script: Script, start: Node, reader: Node) -> list[Node]:
    """Return the loops and functions around a node, and not around another, that may run again."""
    around = [
        parent
        for parent in ancestors(start)
        if parent.type in (*LOOPS, "function_definition") and not encloses(parent, reader)
    ]
    return [parent for parent in around if _runs_again(script, parent)]


def _runs_again(script: Script, around: Node) -> bool:
    if around.type in LOOPS:
        return True
    calls = tuple(script.calls(text_of(around.child_by_field_name("name"))))
    in_loop = any(p.type in LOOPS for call in calls for p in ancestors(call.node))
    return len(calls) != 1 or in_loop or bool(calls[0].function)


def kept_flag(flag: str, others: list[Node]) -> str | None:
    """Return what marks a failure after other assignments: nothing for any status but 0.

    None where one of them may take the mark away.
    """
    for node in others:
        other = failure_flag(node)
        if flag and other == flag:
            continue
        is_status = value_of(node) in LAST_STATUS and is_on_failure(node)
        if not (is_status or other.isdigit()) or (flag and not flag.isdigit()):
            return None
        flag = ""
    return flag


def stays_behind(script: Script, name: str, start: Node, reader: Node) -> bool:
    """Tell whether what an assignment sets may not be seen where the variable is read.

    It was set in a shell of its own, or in a variable of its function alone.
    """
    home, reads_in = function_around(start), function_around(reader)
    if not home and text_of(start.parent).startswith("local "):
        # Outside of a function, `local` is an error and sets nothing.
        return True
    pending, entered = [start], set[str]()
    while pending:
        node = pending.pop()
        shell, function = own_shell(node), function_around(node)
        if shell is not None and not encloses(shell, reader):
            return True
        if function and function != reads_in and function not in entered:
            entered.add(function)
            calls = [call.node for call in script.calls(function)]
            if not calls:
                return True
            pending.extend(calls)
    if home == reads_in:
        return False
    # A function's own variables are seen by what it calls, and by nothing after it.
    return any(_is_local(script, name, function) for function in entered | {reads_in} - {""})


def _is_local(script: Script, name: str, function: str) -> bool:
    body = script.functions.get(function)
    return body is not None and any(declares_local(node, name) for node in walk(body))


def declares_local(node: Node, name: str) -> bool:
    """Tell whether a node declares a variable that is its function's own."""
    return (
        node.type == "declaration_command"
        and _DECLARED_LOCAL.match(text_of(node)) is not None
        and re.search(rf"(?<![\w$]){re.escape(name)}\b", text_of(node)) is not None
    )
