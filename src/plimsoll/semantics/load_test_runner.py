"""Whether a script that runs a load test fails when the test does, and what it writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.script import Answer, LoadTestRunner, Signal
from plimsoll.semantics.k6_call import hidden_calls, k6_call
from plimsoll.semantics.load_options import flags
from plimsoll.semantics.shell.exit_status import failure_reaches_exit
from plimsoll.semantics.shell.script import Script, assignments, line_of, text_of, walk, word
from plimsoll.semantics.shell.status_flow import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.script import Consequence
    from plimsoll.semantics.k6_call import K6Call
    from plimsoll.semantics.shell.script import Command

    Run = tuple[Command, K6Call]

_REPORT_FLAGS = ("--summary-export", "--out", "-o")
# Command-line flags and K6_ variables beat the script's own options (k6: order of precedence); a
# configuration file does not.
_HARMLESS = frozenset(("env", "config"))
_OVERRIDING_VARIABLES = re.compile(
    r"K6_(VUS|DURATION|ITERATIONS|STAGES|NO_THRESHOLDS|EXECUTION_SEGMENT)"
)
_EXIT_ON_RUNNING = "K6_EXIT_ON_RUNNING"
_SCRIPTS = (".js", ".mjs", ".ts")
_WHOLE_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_REPORT_FILE = re.compile(r"report|summary|result", re.IGNORECASE)


def load_test_runner(script: Script) -> LoadTestRunner:
    """Return how the script runs k6.

    k6 ends with status 99 when a threshold is crossed; what that leads to is answered for every
    `k6 run`, also inside a container.
    """
    runs = [(one, call) for one in script.commands if (call := k6_call(one)) is not None]
    return LoadTestRunner(
        failures=tuple(_failure(script, *run) for run in runs),
        scripts=tuple(_scripts(script, runs)),
        reports=tuple(_reports(script, runs)),
        overrides=tuple(_overrides(script, runs)),
        undecided=tuple(_undecided(runs) if runs else hidden_calls(script)),
    )


def _failure(script: Script, command: Command, call: K6Call) -> Consequence:
    """Follow a failure of k6 to the exit, unless nobody waits for k6 to end."""
    end = failure_reaches_exit(script, command)
    set_here = assignments(script).keys() | call.variables.keys()
    leaves = call.unawaited or (_EXIT_ON_RUNNING if _EXIT_ON_RUNNING in set_here else "")
    if not leaves or end.answer is Answer.NO:
        return end
    return unknown(f"{leaves} does not wait for the end of the test", command.node)


def _scripts(script: Script, runs: list[Run]) -> Iterator[Signal]:
    assigned = assignments(script)
    for command, call in runs:
        for argument in call.own:
            named = _WHOLE_VARIABLE.fullmatch(argument)
            behind = assigned.get(named[1], ()) if named else ()
            values = [word(node.child_by_field_name("value")) for node in behind]
            for text in values or [_input(command) if argument == "-" else argument]:
                if text.endswith(_SCRIPTS):
                    yield Signal("script", text, command.line)


def _input(command: Command) -> str:
    """Return the file that a command reads as its standard input; empty where none is named."""
    around = command.node.parent
    if around is None or around.type != "redirected_statement":
        return ""
    for node in around.children_by_field_name("redirect"):
        if node.type == "file_redirect" and any(child.type == "<" for child in node.children):
            return word(node.child_by_field_name("destination"))
    return ""


def _reports(script: Script, runs: list[Run]) -> Iterator[Signal]:
    for command, call in runs:
        for flag in call.own:
            if flag.partition("=")[0] in _REPORT_FLAGS:
                yield Signal("k6", flag, command.line)
    for node in walk(script.root):
        if node.type == "file_redirect":
            target = word(node.child_by_field_name("destination"))
            if _REPORT_FILE.search(target):
                yield Signal("file", target, line_of(node))


def _overrides(script: Script, runs: list[Run]) -> Iterator[Signal]:
    for command, call in runs:
        for what, value in flags(call.own):
            if what not in _HARMLESS and (what, value) != ("no_thresholds", "false"):
                yield Signal("flag", f"{what}={value}", command.line)
        for name, value in call.variables.items():
            if _OVERRIDING_VARIABLES.fullmatch(name) and value != f"${name}":
                yield Signal("variable", f"{name}={value}", command.line)
    for node in walk(script.root):
        if node.type == "variable_name" and _OVERRIDING_VARIABLES.fullmatch(text_of(node)):
            parent = node.parent
            if parent is not None and parent.type == "variable_assignment":
                yield Signal("variable", text_of(parent), line_of(node))


def _undecided(runs: list[Run]) -> Iterator[Signal]:
    """Yield what is handed to k6 from elsewhere, where that can take the place of its options."""
    for command, call in runs:
        if call.undecided:
            yield Signal("environment", call.undecided, command.line)
        for name, value in call.variables.items():
            if _OVERRIDING_VARIABLES.fullmatch(name) and value == f"${name}":
                reason = f"{name} is handed on, and its value cannot be told"
                yield Signal("environment", reason, command.line)
