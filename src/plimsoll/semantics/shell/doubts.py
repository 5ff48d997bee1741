"""What stands apart from the way of a failure, and may still keep it from the exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.shell.options import overriding_trap
from plimsoll.semantics.shell.reaching import skipped, untaken
from plimsoll.semantics.shell.script import text_of
from plimsoll.semantics.shell.status_flow import unknown

if TYPE_CHECKING:
    from plimsoll.facts.script import Consequence
    from plimsoll.semantics.shell.script import Command, Script

_SETTLING = ("exit", "return", "set", "test", "[")
"""What the reader takes for the shell's own."""


def doubt(script: Script, command: Command) -> Consequence | None:
    """Return why a failure that seems to end the script may not do so in every run."""
    for name in (*_SETTLING, command.name):
        if name in script.functions:
            return unknown(f"{name} is a function of the script", script.functions[name])
    if (trap := overriding_trap(script)) is not None:
        return unknown("a trap may change the exit status", trap.node)
    if (early := skipped(script, command.node)) is not None:
        return unknown(f"in some runs {text_of(early)} comes before it", early)
    if (other := untaken(script, command)) is not None:
        condition = text_of(other).partition("\n")[0]
        return unknown(f"in some runs it is not run at all: {condition}", other)
    return None
