"""Whether a script watches scaling: counts instances, compares with before, tells on a change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.script import ScalingMonitorSignals, Signal
from plimsoll.semantics.script_roles import Roles
from plimsoll.semantics.shell.script import (
    ancestors,
    assignments,
    line_of,
    text_of,
    variables_read,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Command, Script

_COMPARISON = re.compile(r"[<>]=?|[!=]=|-(ne|eq|gt|lt|ge|le)\b|\s=\s")
_LOOPS = ("while_statement", "until_statement", "for_statement", "c_style_for_statement")


def scaling_monitor_signals(script: Script) -> ScalingMonitorSignals:
    """Return what the script does as a monitor; what it only says in words does not count.

    It compares where a condition that leads to a notice reads two variables, one of them
    depending on a count of instances, the other remembered from an earlier look.
    """
    roles = Roles(script)
    counts = [c for c in script.commands if _counts(roles, c)]
    notices = [c for c in script.commands if roles.notifies(c)]
    compared = {n.id: (n, c) for c in notices for n in _comparisons(roles, script, c)}
    return ScalingMonitorSignals(
        counts=tuple(Signal("count", text_of(c.node), c.line) for c in counts),
        compares=tuple(
            Signal("comparison", text_of(node), line_of(node)) for node, _ in compared.values()
        ),
        notifies=tuple(
            Signal("notification", text_of(command.node), command.line)
            for command in {c.node.id: c for _, c in compared.values()}.values()
        ),
        loops=tuple(_loops(roles, counts)),
    )


def _counts(roles: Roles, command: Command) -> bool:
    return not roles.influences.called(command) and roles.asks(command, "count")


def _comparisons(roles: Roles, script: Script, notice: Command) -> Iterator[Node]:
    for condition in roles.influences.conditions(notice.node):
        names = {name for name in variables_read(condition) if not name.isdigit()} - {"?"}
        if len(names) < 2 or not _COMPARISON.search(text_of(condition)):
            continue
        deciding = roles.influences.deciding(condition)
        counted = any(roles.asks(command, "count") for command in deciding)
        if counted and any(_is_remembered(script, name, names) for name in names):
            yield condition


def _is_remembered(script: Script, name: str, names: set[str]) -> bool:
    """Tell whether a variable is filled from a file, or from the variable it is compared with."""
    for node in assignments(script).get(name, ()):
        value = node.child_by_field_name("value")
        read = set(variables_read(value)) if value is not None else set()
        if "cat" in word(value).replace("$(", " ").split() or (names - {name}) & read:
            return True
    return False


def _loops(roles: Roles, counts: list[Command]) -> Iterator[Signal]:
    """Yield the loops in which the count is taken, directly or through a function."""
    pending, seen = list(counts), set()
    while pending:
        command = pending.pop()
        if command.node.id in seen:
            continue
        seen.add(command.node.id)
        for parent in ancestors(command.node):
            if parent.type in _LOOPS:
                yield Signal("loop", text_of(parent).partition("\n")[0], line_of(parent))
        pending.extend(roles.influences.calls(command.function))
