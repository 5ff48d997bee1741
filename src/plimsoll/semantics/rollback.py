"""What a rollback automation consults before it decides, and what it does then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.script import RollbackSignals, Signal
from plimsoll.semantics.script_roles import Roles
from plimsoll.semantics.shell.script import line_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.semantics.shell.script import Command, Script

_DECISIONS = ("health", "error_rate", "response_time")


def rollback_signals(script: Script) -> RollbackSignals:
    """Return what decides about a rollback in the script, where it can roll back, whom it tells.

    A measure decides when a condition on the way to a rollback command depends on a command that
    asks for it. A script without a rollback command has no decisions.
    """
    roles = Roles(script)
    rollbacks = [(c, p) for c in script.commands if (p := roles.platform(c)) is not None]
    platforms = {p: Signal(p, text_of(c.node), c.line) for c, p in reversed(rollbacks)}
    decisions: dict[str, Signal] = {}
    for command, _ in rollbacks:
        for decision in _decisions(roles, command):
            decisions.setdefault(decision.name, decision)
    return RollbackSignals(
        decides=tuple(decisions[name] for name in _DECISIONS if name in decisions),
        platforms=tuple(platforms[name] for name in sorted(platforms)),
        notifies=tuple(_notifications(roles)),
        validates=tuple(_validations(roles, [command for command, _ in rollbacks])),
    )


def _decisions(roles: Roles, rollback: Command) -> Iterator[Signal]:
    for condition in roles.influences.conditions(rollback.node):
        for command in roles.influences.deciding(condition):
            for name in _DECISIONS:
                if command.node != rollback.node and roles.asks(command, name):
                    yield Signal(name, text_of(command.node), command.line)


def _notifications(roles: Roles) -> Iterator[Signal]:
    """Yield the notices that are really sent: not those of functions that nothing calls."""
    for command in roles.script.commands:
        is_reached = not command.function or any(roles.influences.calls(command.function))
        if is_reached and command.name in ("curl", "wget") and roles.notifies(command):
            yield Signal("notification", text_of(command.node), command.line)


def _validations(roles: Roles, rollbacks: list[Command]) -> Iterator[Signal]:
    """Yield the health checks that run after a rollback, in its function or in a caller."""
    pending, seen = list(rollbacks), set()
    while pending:
        command = pending.pop()
        if command.node.id in seen:
            continue
        seen.add(command.node.id)
        for later in roles.script.commands:
            is_after = later.node.start_byte > command.node.end_byte
            if is_after and later.function == command.function and _validates(roles, later):
                yield Signal("validation", text_of(later.node), line_of(later.node))
        pending.extend(roles.influences.calls(command.function))


def _validates(roles: Roles, command: Command) -> bool:
    return roles.asks(command, "health") or command.runs("kubectl", "rollout", "status")
