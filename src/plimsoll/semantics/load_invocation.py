"""How a load test is called: by its runner, and by the jobs that call the runner or k6 itself.

What the callers set beats the script's own options, so a test is only what its callers leave of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from posixpath import basename
from typing import TYPE_CHECKING

from plimsoll.semantics.k6_call import hidden_calls, k6_call
from plimsoll.semantics.load_options import flags
from plimsoll.semantics.shell.script import ShellError, assignments, parse_script, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from plimsoll.facts.document import Document, Part
    from plimsoll.semantics.shell.script import Script

_WHOLE_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_ACTION = re.compile(r"grafana/(run-)?k6-action@.*")


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of k6: the words after `k6 run`, its environment, and where it stands.

    `undecided` says why its environment cannot be told.
    """

    where: str
    arguments: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    undecided: str = ""

    @property
    def handed(self) -> dict[str, str]:
        """Return what the script is handed to read as `__ENV`, by `-e` or by the environment."""
        told = [value.partition("=") for what, value in flags(self.arguments) if what == "env"]
        own = {name: value for name, value in self.variables.items() if name[:3] != "K6_"}
        return own | {name: value for name, _, value in told}


def script_invocations(text: str, path: str) -> tuple[Invocation, ...]:
    """Return every call of k6 in a shell script.

    Raises:
        ShellError: the text is none.

    """
    script = parse_script(text)
    variables = {
        name: _value(script, nodes[-1].child_by_field_name("value"))
        for name, nodes in assignments(script).items()
        if name.startswith("K6_")
    }
    return tuple(
        Invocation(
            f"{path}:{command.line}",
            tuple(_filled(script, one) for one in call.own),
            variables | {name: _filled(script, value) for name, value in call.variables.items()},
            call.undecided,
        )
        for command in script.commands
        if (call := k6_call(command)) is not None
    )


def hidden_invocation(text: str) -> str:
    """Return why a script that shows no call of k6 may call it; empty where it calls it or not.

    Raises:
        ShellError: the text is none.

    """
    script = parse_script(text)
    if any(k6_call(command) is not None for command in script.commands):
        return ""
    return next((f"line {one.line}: {one.text}" for one in hidden_calls(script)), "")


def _filled(script: Script, text: str) -> str:
    named = _WHOLE_VARIABLE.fullmatch(text)
    behind = assignments(script).get(named[1], ()) if named else ()
    return word(behind[0].child_by_field_name("value")) if len(behind) == 1 else text


def _value(script: Script, node: Node | None) -> str:
    return _filled(script, word(node)) if node is not None else ""


def workflow_invocations(
    workflow: Document, runner: str, within_runner: tuple[Invocation, ...]
) -> Iterator[Invocation]:
    """Yield every call in the steps of a workflow: of k6, of its action, and of the runner.

    A call of the runner is each call that the runner makes, in the environment of the step.
    """
    root = workflow.part()
    for job in root["jobs"]:
        for step in job["steps"]:
            around = _texts(root["env"]) | _texts(job["env"]) | _texts(step["env"])
            uses, run = step["uses"].text, step["run"].text
            if uses and _ACTION.fullmatch(uses):
                words = (step["with"]["flags"].text or "").split()
                yield Invocation(step["uses"].where, tuple(words), around)
            if run:
                yield from _step(run, step["run"].where, around, runner, within_runner)


def _step(
    run: str,
    where: str,
    around: Mapping[str, str],
    runner: str,
    within_runner: tuple[Invocation, ...],
) -> Iterator[Invocation]:
    try:
        script = parse_script(run)
    except ShellError:
        return
    for call in script_invocations(run, where):
        yield Invocation(where, call.arguments, {**around, **call.variables}, call.undecided)
    set_here = {
        n: _value(script, a[-1].child_by_field_name("value"))
        for n, a in assignments(script).items()
    }
    for command in script.commands:
        if any(basename(one) == basename(runner) for one in command.words):
            for call in within_runner:
                variables = {**around, **set_here, **call.variables}
                yield Invocation(where, call.arguments, variables, call.undecided)


def _texts(part: Part) -> dict[str, str]:
    """Return a mapping's values as the text that an environment holds."""
    found = {}
    for one in part:
        value = one.value
        if isinstance(value, bool):
            found[str(one.key)] = str(value).lower()
        elif isinstance(value, str | int | float):
            found[str(one.key)] = str(value)
    return found
