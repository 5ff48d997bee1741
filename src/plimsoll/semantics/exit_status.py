"""Tell what becomes of a failing command: whether its script ends with a status that says so.

Follows POSIX shell rules (XCU 2.8.1, `set -e` and its exceptions, pipelines, lists). The answer is
yes, no, or unknown where the script is cleverer than the reader; unknown is never taken for yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.script import Answer, Consequence
from plimsoll.semantics.shell import (
    Command,
    Script,
    ancestors,
    assignments,
    text_of,
    variables_read,
    walk,
    word,
)
from plimsoll.semantics.shell_options import errexit_acts, option_in_force, overriding_trap
from plimsoll.semantics.shell_structure import (
    BLOCKS,
    CONDITIONAL,
    LOOPS,
    SUBSHELLS,
    always_succeeds,
    between,
    branch_on_failure,
    conditions,
    else_branch,
    failure_flag,
    looks_back,
    next_statement,
    runs_first,
    then_branch,
)
from plimsoll.semantics.status_flow import Flow, reaches, swallowed, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_DEEPEST_CALL = 8
_TRANSPARENT = ("redirected_statement", "variable_assignment", "case_statement")
_QUIET = frozenset(("true", ":", "echo", "printf"))


def failure_reaches_exit(script: Script, command: Command) -> Consequence:
    """Tell whether the script can end with a non-zero status because this command failed."""
    try:
        end = _Reader(script, {}).after(Flow(command.node), 0)
    except RecursionError:
        return unknown("it is nested too deeply", command.node)
    if end.answer is Answer.YES and (trap := overriding_trap(script)) is not None:
        return unknown("a trap may change the exit status", trap.node)
    return end


@dataclass(frozen=True, slots=True)
class _Reader:
    script: Script
    called: dict[tuple[int, bool], Consequence]

    def after(self, flow: Flow, depth: int) -> Consequence:
        """Follow a status outwards, construct by construct, until something settles it."""
        node, parent = flow.node, flow.node.parent
        if parent is None:
            return self._at_the_end(flow)
        if node.next_sibling is not None and node.next_sibling.type == "&":
            return unknown("it runs in the background", node)
        steps: dict[str, Callable[[Flow, Node, int], Consequence]] = {
            **dict.fromkeys(BLOCKS, self._in_block),
            **dict.fromkeys(LOOPS, self._in_loop),
            **dict.fromkeys(_TRANSPARENT, self._through),
            "negated_command": self._negated,
            "if_statement": self._in_if,
            "pipeline": self._in_pipeline,
            "list": self._in_list,
            "function_definition": self._at_calls,
        }
        step = steps.get(parent.type)
        if step is not None:
            return step(flow, parent, depth)
        if node.type == "command_substitution" or parent.type == "declaration_command":
            return swallowed("another command's status takes its place", parent)
        return unknown(f"it stands in a {parent.type.replace('_', ' ')}", node)

    def _through(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        return self.after(Flow(parent, flow.failed, flow.exempt), depth)

    def _negated(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        return self.after(Flow(parent, not flow.failed, exempt=True), depth)

    def _in_loop(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        del depth
        place = "condition" if flow.node in conditions(parent) else "last command"
        return unknown(f"it is the {place} of a loop", flow.node)

    def _at_the_end(self, flow: Flow) -> Consequence:
        if flow.failed:
            return reaches("it is the script's last status", flow.node)
        return swallowed("the script ends with success", flow.node)

    def _in_pipeline(self, flow: Flow, pipeline: Node, depth: int) -> Consequence:
        is_last = flow.node == pipeline.named_children[-1]
        if is_last or option_in_force(self.script, "pipefail", pipeline):
            return self.after(Flow(pipeline, flow.failed, flow.exempt), depth)
        following = next_statement(pipeline)
        if following is not None and "PIPESTATUS" in text_of(following):
            return self._captured(following, depth)
        return swallowed("a pipeline without pipefail has the status of its last command", pipeline)

    def _in_list(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        left, right = parent.named_children[0], parent.named_children[-1]
        if flow.node == right:
            return self.after(Flow(parent, flow.failed, flow.exempt), depth)
        joins_on_failure = any(child.type == "||" for child in parent.children)
        if flow.failed != joins_on_failure:
            return self.after(Flow(parent, flow.failed, exempt=True), depth)
        if right.type == "variable_assignment" and "?" in variables_read(right):
            return self._captured(right, depth)
        settled = self._ran((right,), depth)
        if settled is not None:
            return settled
        names = [c.name for c in self.script.within(right)]
        if flow.failed and names and all(name in _QUIET for name in names):
            return swallowed(f"|| {names[-1]} turns the failure into success", left)
        return unknown("what follows || or && decides the status", right)

    def _in_if(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        is_condition = flow.node in conditions(parent)
        return (self._in_condition if is_condition else self._in_block)(flow, parent, depth)

    def _in_condition(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        """Read the branch that a failing, or negated, condition leads to."""
        branch = then_branch(parent) if not flow.failed else else_branch(parent)
        if branch and branch[0].type == "elif_clause":
            return unknown("an elif decides", branch[0])
        return self._ran(branch, depth) or self._unsettled(branch, parent)

    def _unsettled(self, branch: tuple[Node, ...], statement: Node) -> Consequence:
        """Answer for a branch in which nothing certain happens."""
        commands = [command for node in branch for command in self.script.within(node)]
        leaving = next((c for c in commands if c.name in ("exit", "return")), None)
        calling = next((c for c in commands if c.name in self.script.functions), None)
        if leaving is not None or calling is not None:
            return unknown("whether it ends the script depends on more", statement)
        if commands and commands[-1].name not in _QUIET and next_statement(statement) is None:
            return unknown(f"{commands[-1].name} decides the status", statement)
        return swallowed("what runs on failure goes on as if nothing had happened", statement)

    def _ran(self, statements: tuple[Node, ...], depth: int, held: str = "") -> Consequence | None:
        """Return what running these statements settles; None where nothing is certain."""
        for index, node in enumerate(statements):
            for command in self.script.within(node):
                if not any(p.type in CONDITIONAL for p in between(command.node, node)):
                    is_first = index == 0 and command.node.start_byte == node.start_byte
                    settled = self._left(command, depth, "$?" if is_first else held)
                    if settled is not None:
                        return settled
            for part in walk(node):
                is_certain = not any(p.type in CONDITIONAL for p in between(part, node))
                if part.type == "variable_assignment" and failure_flag(part) and is_certain:
                    name = text_of(part.child_by_field_name("name"))
                    return self._carried(name, part, depth, flag=failure_flag(part))
        return None

    def _left(self, command: Command, depth: int, held: str) -> Consequence | None:
        """Return what `exit` or `return`, or a function that always exits, settles."""
        if command.name in ("exit", "return"):
            status = command.arguments[0] if command.arguments else "$?"
            if status == "0":
                return swallowed(f"{command.name} 0 follows the failure", command.node)
            if status.isdigit() or status in (held, f"${held}", f"${{{held}}}"):
                return self._leave(command, depth)
            return unknown(f"the status {status} is not known", command.node)
        body = self.script.functions.get(command.name)
        block = body.child_by_field_name("body") if body is not None else None
        if block is None or depth >= _DEEPEST_CALL:
            return None
        settled = self._ran(tuple(block.named_children), depth + 1)
        exits = settled is not None and settled.reason.startswith("exit")
        return settled if exits else None

    def _leave(self, command: Command, depth: int) -> Consequence:
        if command.name == "exit":
            if any(parent.type in SUBSHELLS for parent in ancestors(command.node)):
                return unknown("the exit leaves a subshell only", command.node)
            return reaches(f"exit {' '.join(command.arguments)}".strip(), command.node)
        function = self.script.functions.get(command.function)
        if function is None:
            return unknown("it returns from no function", command.node)
        return self._at_calls(Flow(command.node), function, depth)

    def _at_calls(self, flow: Flow, function: Node, depth: int) -> Consequence:
        """Follow a function's status to every call of it."""
        name = text_of(function.child_by_field_name("name"))
        key = (function.id, flow.failed)
        if key not in self.called:
            self.called[key] = unknown(f"{name} calls itself", flow.node)
            self.called[key] = self._worst_call(name, flow, depth)
        return self.called[key]

    def _worst_call(self, name: str, flow: Flow, depth: int) -> Consequence:
        ends = [self.after(Flow(c.node, flow.failed), depth + 1) for c in self.script.calls(name)]
        if not ends:
            return unknown(f"no call of {name} that can be followed", flow.node)
        return next((end for end in ends if end.answer is not Answer.YES), ends[0])

    def _in_block(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        following = next_statement(flow.node)
        if flow.failed and not flow.exempt and errexit_acts(self.script, flow.node):
            return self._stopped(flow, depth)
        if flow.failed and following is not None and looks_back(following):
            return self._captured(following, depth)
        if following is None:
            block = parent.parent if parent.type == "else_clause" else parent
            owner = block if block is not None else parent
            if owner.type == "program":
                return self._at_the_end(flow)
            # `set -e` takes no notice of a tested command, but of a subshell that fails by it.
            exempt = flow.exempt and owner.type not in SUBSHELLS
            return self.after(Flow(owner, flow.failed, exempt), depth)
        if flow.failed:
            return swallowed("a later command's status takes its place", following)
        return swallowed("the script goes on", following)

    def _stopped(self, flow: Flow, depth: int) -> Consequence:
        outer = next((p for p in ancestors(flow.node) if p.type in SUBSHELLS), None)
        if outer is None:
            return reaches("set -e ends the script", flow.node)
        if outer.type == "pipeline":
            return unknown("set -e ends a part of a pipeline only", flow.node)
        return self.after(Flow(outer), depth + 1)

    def _captured(self, following: Node, depth: int) -> Consequence:
        """Read the statement after the failure, which looks at its status."""
        if following.type == "declaration_command":
            following = following.named_children[0]
        if following.type == "variable_assignment":
            name = text_of(following.child_by_field_name("name"))
            return self._carried(name, following, depth, flag="")
        if following.type in ("if_statement", "list"):
            return self._tested(following, depth, flag="")
        for command in self.script.within(following):
            if command.name in ("exit", "return") and command.arguments in ((), ("$?",)):
                return self._leave(command, depth)
        return unknown("its status is looked at in a way not understood", following)

    def _tested(self, test: Node, depth: int, *, flag: str, held: str = "") -> Consequence:
        """Read an `if`, or a list with && or ||, that tests the failure's status."""
        branch = branch_on_failure(test, flag)
        if branch is None:
            return unknown("the test of its status is not understood", test)
        return self._ran(branch, depth, held) or self._unsettled(branch, test)

    def _carried(self, name: str, start: Node, depth: int, *, flag: str) -> Consequence:
        """Follow a variable that holds the failure to the statement that acts on it."""
        later = [node for node in walk(self.script.root) if node.start_byte > start.end_byte]
        for node in assignments(self.script).get(name, ()):
            harmless = failure_flag(node) or "?" in variables_read(node)
            if node.start_byte > start.end_byte and not harmless:
                return unknown(f"{name} is assigned again", node)
        for node in later:
            if node.type not in ("if_statement", "list", "command") or self._is_idle(node, name):
                continue
            called = word(node.child_by_field_name("name"))
            if called not in _QUIET and name in variables_read(runs_first(node)):
                nested = [p for p in ancestors(node) if p.start_byte > start.end_byte]
                if any(parent.type in CONDITIONAL for parent in nested):
                    return unknown("what acts on it depends on more", node)
                return self._acted(name, node, depth, flag=flag)
            if node.type == "command" and text_of(node).startswith("exit"):
                if always_succeeds(self.script, node, name):
                    return swallowed(f"the script ends with success, whatever {name} holds", node)
                return unknown("the script may have ended before", node)
        return swallowed(f"{name} keeps the failure and nothing acts on it", start)

    def _is_idle(self, node: Node, name: str) -> bool:
        """Tell whether a test runs nothing, and at most raises the same variable again."""
        assigned = [n for n in walk(node) if n.type == "variable_assignment"]
        return (
            node.type != "command"
            and all(text_of(n.child_by_field_name("name")) == name for n in assigned)
            and all(command.name in _QUIET for command in self.script.within(node))
        )

    def _acted(self, name: str, node: Node, depth: int, *, flag: str) -> Consequence:
        """Read the first statement that looks at a variable which holds the failure."""
        if node.type != "command":
            return self._tested(node, depth, flag=flag, held=name)
        command = next(c for c in self.script.commands if c.node == node)
        if command.name in ("exit", "return"):
            return self._leave(command, depth)
        return unknown(f"{command.name} looks at {name}", node)
