"""Whether a script that runs a load test fails when the test does, and what it writes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from plimsoll.facts.script import LoadTestRunner, Signal
from plimsoll.semantics.exit_status import failure_reaches_exit
from plimsoll.semantics.load_options import flags
from plimsoll.semantics.shell import Script, assignments, line_of, text_of, walk, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.semantics.shell import Command

_REPORT_FLAGS = ("--summary-export", "--out", "-o")
# Command-line flags and K6_ variables beat the script's own options (k6: order of precedence); a
# configuration file does not.
_HARMLESS = frozenset(("env", "config"))
_OVERRIDING_VARIABLES = re.compile(
    r"K6_(VUS|DURATION|ITERATIONS|STAGES|NO_THRESHOLDS|EXECUTION_SEGMENT)"
)
_SCRIPTS = (".js", ".mjs", ".ts")
_WHOLE_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_REPORT_FILE = re.compile(r"report|summary|result", re.IGNORECASE)


def load_test_runner(script: Script) -> LoadTestRunner:
    """Return how the script runs k6.

    k6 ends with status 99 when a threshold is crossed; what that leads to is answered for every
    `k6 run`, also inside a container.
    """
    runs = [command for command in script.commands if runs_k6(command)]
    return LoadTestRunner(
        failures=tuple(failure_reaches_exit(script, command) for command in runs),
        scripts=tuple(_scripts(script, runs)),
        reports=tuple(_reports(script, runs)),
        overrides=tuple(_overrides(script, runs)),
    )


def runs_k6(command: Command) -> bool:
    """Tell whether a command starts a load test, also inside a container; to print it is not to."""
    words = [w.rpartition("/")[2].partition(":")[0] for w in command.words]
    if command.name in ("echo", "printf"):
        return False
    return any(a == "k6" and b in ("run", "cloud") for a, b in pairwise(words))


def _scripts(script: Script, runs: list[Command]) -> Iterator[Signal]:
    assigned = assignments(script)
    for command in runs:
        for argument in command.arguments:
            named = _WHOLE_VARIABLE.fullmatch(argument)
            behind = assigned.get(named[1], ()) if named else ()
            values = [word(node.child_by_field_name("value")) for node in behind]
            for text in values or [argument]:
                if text.endswith(_SCRIPTS):
                    yield Signal("script", text, command.line)


def _reports(script: Script, runs: list[Command]) -> Iterator[Signal]:
    for command in runs:
        for flag in command.arguments:
            if flag.partition("=")[0] in _REPORT_FLAGS:
                yield Signal("k6", flag, command.line)
    for node in walk(script.root):
        if node.type == "file_redirect":
            target = word(node.child_by_field_name("destination"))
            if _REPORT_FILE.search(target):
                yield Signal("file", target, line_of(node))


def _overrides(script: Script, runs: list[Command]) -> Iterator[Signal]:
    for command in runs:
        for what, value in flags(command.arguments):
            if what not in _HARMLESS and (what, value) != ("no_thresholds", "false"):
                yield Signal("flag", f"{what}={value}", command.line)
    for node in walk(script.root):
        if node.type == "variable_name" and _OVERRIDING_VARIABLES.fullmatch(text_of(node)):
            parent = node.parent
            if parent is not None and parent.type == "variable_assignment":
                yield Signal("variable", text_of(parent), line_of(node))
