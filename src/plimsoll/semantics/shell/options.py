"""Which options of the shell are in force at a place in a script, and what its traps may do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plimsoll.semantics.shell.script import (
    Command,
    Script,
    ShellError,
    ancestors,
    function_around,
    parse_script,
)
from plimsoll.semantics.shell.structure import (
    encloses,
    is_tested,
    never_meet,
    own_shell,
    surely_ran,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

_LETTERS = {"errexit": "e"}
_OVERRIDING = frozenset(("exit", "exec", "eval"))
_AT_THE_END = frozenset(("EXIT", "0", "ERR", "DEBUG", "RETURN"))


def option_in_force(script: Script, option: str, at: Node) -> bool:
    """Tell whether `errexit` or `pipefail` is certainly on where a node stands.

    Within a function it is on when every call finds it on, or the function turns it on itself.
    """
    return option_state(script, option, at) is True


def option_state(script: Script, option: str, at: Node) -> bool | None:
    """Tell whether an option is on where a node stands; None where it is on in some runs only."""
    inherits = option != "errexit" or any(
        "inherit_errexit" in command.arguments for command in script.calls("shopt")
    )
    return _Options(script, option, inherits).state(at)


@dataclass(frozen=True, slots=True)
class _Options:
    script: Script
    option: str
    inherits: bool
    known: dict[str, bool | None] = field(default_factory=dict)
    """What has been found at the beginning of each function."""

    def state(self, at: Node) -> bool | None:
        """Follow the option from the beginning of the script, or function, to a node."""
        here = function_around(at)
        captured = None if self.inherits else _captured_in(at)
        before = [
            command
            for command in self.script.commands
            if command.function == here
            and command.node.start_byte < at.start_byte
            and (captured is None or encloses(captured, command.node))
        ]
        # bash turns errexit off in a command substitution, unless inherit_errexit is set.
        on = self._on_entry(here) if captured is None else False
        return self._after(before, at, frozenset((here,)), on=on)

    def _on_entry(self, function: str) -> bool | None:
        if not function:
            letter = _LETTERS.get(self.option)
            flags = [p for p in self.script.shebang.split()[1:] if re.fullmatch(r"-[a-z]+", p)]
            return letter is not None and any(letter in part for part in flags)
        if function not in self.known:
            self.known[function] = None
            found = {self.state(call.node) for call in self.script.calls(function)}
            self.known[function] = (found.pop() if len(found) == 1 else None) if found else False
        return self.known[function]

    def _after(
        self, commands: Iterable[Command], at: Node, entered: frozenset[str], *, on: bool | None
    ) -> bool | None:
        """Return the state that commands of one function leave behind for a node after them."""
        for command in commands:
            shell = own_shell(command.node)
            if (shell is not None and not encloses(shell, at)) or never_meet(command.node, at):
                continue
            changed = self._changed(command, entered, on=on)
            if changed is not on:
                on = changed if surely_ran(command.node, at) else None
        return on

    def _changed(
        self, command: Command, entered: frozenset[str], *, on: bool | None
    ) -> bool | None:
        """Return the state after one command: a `set`, or a function in which one stands."""
        if command.name == "set":
            return _switched(command.arguments, self.option, on=on)
        function = self.script.functions.get(command.name)
        if function is None or command.name in entered:
            return on
        inside = [c for c in self.script.within(function) if c.function == command.name]
        return self._after(inside, function, entered | {command.name}, on=on)


def _captured_in(node: Node) -> Node | None:
    """Return the command substitution around a node, within its function."""
    for parent in ancestors(node):
        if parent.type == "function_definition":
            return None
        if parent.type == "command_substitution":
            return parent
    return None


def _switched(words: tuple[str, ...], option: str, *, on: bool | None) -> bool | None:
    """Return the state after `set` with these words; what stands behind `--` is no option."""
    letter, rest = _LETTERS.get(option), list(words)
    while rest:
        first = rest.pop(0)
        if "$" in first and first[:1] in "-+$":
            return None
        if first in ("-", "--") or first[:1] not in ("-", "+"):
            return on
        named = "o" in first[1:] and bool(rest) and rest.pop(0) == option
        if named or (letter is not None and letter in first[1:]):
            on = first[0] == "-"
    return on


def errexit_acts(script: Script, node: Node) -> bool | None:
    """Tell whether `set -e` ends the shell where this fails: not while anything tests it.

    None where that is so in some runs only.
    """
    pending, entered, acts = [node], set(), option_state(script, "errexit", node)
    while pending:
        current = pending.pop()
        if is_tested(current):
            return False
        function = function_around(current)
        if function and function not in entered:
            entered.add(function)
            pending.extend(call.node for call in script.calls(function))
    return acts


def overriding_trap(script: Script) -> Command | None:
    """Return a trap that may end the script with a status of its own."""
    return next((c for c in script.calls("trap") if _overrides(script, c.arguments)), None)


def _overrides(script: Script, arguments: tuple[str, ...]) -> bool:
    words = arguments[1:] if arguments[:1] == ("--",) else arguments
    if not words or not any(_ends(signal) for signal in words[1:]):
        return False
    try:
        pending = list(parse_script(words[0]).commands)
    except ShellError:
        return True
    entered: set[str] = set()
    while pending:
        name = pending.pop().name
        if name in _OVERRIDING or name.startswith("$"):
            return True
        if name in script.functions and name not in entered:
            entered.add(name)
            pending.extend(script.within(script.functions[name]))
    return False


def _ends(signal: str) -> bool:
    """Tell whether a trap for this runs where a command fails or the script ends."""
    return "$" in signal or signal.upper().removeprefix("SIG") in _AT_THE_END
