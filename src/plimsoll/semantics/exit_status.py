"""Tell what becomes of a failing command: whether its script ends with a status that says so.

Follows POSIX shell rules (XCU 2.8.1, `set -e` and its exceptions, pipelines, lists). The answer is
yes, no, or unknown where the script is cleverer than the reader; unknown is never taken for yes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.script import Answer, Consequence
from plimsoll.semantics.shell import (
    Command,
    Script,
    ancestors,
    assignments,
    function_around,
    line_of,
    text_of,
    variables_read,
    walk,
    word,
)
from plimsoll.semantics.shell_options import option_in_force
from plimsoll.semantics.shell_structure import (
    BLOCKS,
    CONDITIONAL,
    LOOPS,
    SUBSHELLS,
    between,
    else_branch,
    failure_flag,
    is_tested,
    next_statement,
    runs_first,
    then_branch,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST_CALL = 8
_QUIET = frozenset(("true", ":", "echo", "printf"))
_FAILURE_TEST = re.compile(r"-ne\s+0|-gt\s+0|!=\s*\"?0\b|>\s*0")
_SUCCESS_TEST = re.compile(r"-eq\s+0|==?\s*\"?0\b")


@dataclass(frozen=True, slots=True)
class _Flow:
    """Where the reader stands: a construct that has just failed, or succeeded by negation."""

    node: Node
    failed: bool = True
    exempt: bool = False


def failure_reaches_exit(script: Script, command: Command) -> Consequence:
    """Tell whether the script can end with a non-zero status because this command failed."""
    end = _Reader(script).after(_Flow(command.node), 0)
    if end.answer is Answer.YES and (trap := _overriding_trap(script)) is not None:
        return _unknown("a trap may change the exit status", trap.node)
    return end


def _overriding_trap(script: Script) -> Command | None:
    for command in script.commands:
        if command.name != "trap" or not command.arguments:
            continue
        body = script.functions.get(command.arguments[0])
        exits = body is not None and any(c.name == "exit" for c in script.within(body))
        if exits or "exit" in command.arguments[0].split():
            return command
    return None


def _unknown(reason: str, node: Node) -> Consequence:
    return Consequence(Answer.UNKNOWN, reason, line_of(node))


def _swallowed(reason: str, node: Node) -> Consequence:
    return Consequence(Answer.NO, reason, line_of(node))


def _reaches(reason: str, node: Node) -> Consequence:
    return Consequence(Answer.YES, reason, line_of(node))


@dataclass(frozen=True, slots=True)
class _Reader:
    script: Script

    def after(self, flow: _Flow, depth: int) -> Consequence:
        """Follow a status outwards, construct by construct, until something settles it."""
        node, parent = flow.node, flow.node.parent
        if parent is None:
            return self._at_the_end(flow)
        if node.next_sibling is not None and node.next_sibling.type == "&":
            return _unknown("it runs in the background", node)
        if parent.type in ("redirected_statement", "variable_assignment"):
            return self.after(_Flow(parent, flow.failed, flow.exempt), depth)
        if parent.type == "negated_command":
            return self.after(_Flow(parent, not flow.failed, exempt=True), depth)
        if parent.type == "pipeline":
            return self._in_pipeline(flow, parent, depth)
        if parent.type == "list":
            return self._in_list(flow, parent, depth)
        if parent.type == "if_statement" and node in parent.children_by_field_name("condition"):
            return self._in_condition(flow, parent, depth)
        if parent.type in LOOPS and node in parent.children_by_field_name("condition"):
            return _unknown("it is the condition of a loop", node)
        if parent.type == "function_definition":
            return self._at_calls(flow, text_of(parent.child_by_field_name("name")), depth)
        if parent.type in BLOCKS:
            return self._in_block(flow, parent, depth)
        if parent.type in ("while_statement", "for_statement", "c_style_for_statement"):
            return _unknown("it is the last command of a loop", node)
        if parent.type == "case_statement":
            return self.after(_Flow(parent, flow.failed, flow.exempt), depth)
        if parent.type == "declaration_command":
            return _swallowed("the declaration's own status hides it", parent)
        if parent.type == "command_substitution":
            return self._in_block(flow, parent, depth)
        if node.type == "command_substitution":
            return _swallowed("its status is lost inside another command's words", node)
        return _unknown(f"it stands in a {parent.type.replace('_', ' ')}", node)

    def _at_the_end(self, flow: _Flow) -> Consequence:
        if flow.failed:
            return _reaches("it is the script's last status", flow.node)
        return _swallowed("the script ends with success", flow.node)

    def _in_pipeline(self, flow: _Flow, pipeline: Node, depth: int) -> Consequence:
        is_last = flow.node == pipeline.named_children[-1]
        if is_last or option_in_force(self.script, "pipefail", pipeline):
            return self.after(_Flow(pipeline, flow.failed, flow.exempt), depth)
        following = next_statement(pipeline)
        if following is not None and "PIPESTATUS" in text_of(following):
            return self._captured(following, depth)
        return _swallowed(
            "a pipeline without pipefail has the status of its last command", pipeline
        )

    def _in_list(self, flow: _Flow, parent: Node, depth: int) -> Consequence:
        left, right = parent.named_children[0], parent.named_children[-1]
        if flow.node == right:
            return self.after(_Flow(parent, flow.failed, flow.exempt), depth)
        joins_on_failure = any(child.type == "||" for child in parent.children)
        if flow.failed != joins_on_failure:
            return self.after(_Flow(parent, flow.failed, exempt=True), depth)
        if right.type == "variable_assignment" and "?" in variables_read(right):
            return self._captured(right, depth)
        settled = self._ran((right,), depth)
        if settled is not None:
            return settled
        names = [c.name for c in self.script.within(right)]
        if flow.failed and names and all(name in _QUIET for name in names):
            return _swallowed(f"|| {names[-1]} turns the failure into success", left)
        return _unknown("what follows || or && decides the status", right)

    def _in_condition(self, flow: _Flow, parent: Node, depth: int) -> Consequence:
        """Read the branch that a failing, or negated, condition leads to."""
        branch = then_branch(parent) if not flow.failed else else_branch(parent)
        if branch and branch[0].type == "elif_clause":
            return _unknown("an elif decides", branch[0])
        return self._ran(branch, depth) or self._unsettled(branch, parent)

    def _unsettled(self, branch: tuple[Node, ...], statement: Node) -> Consequence:
        """Answer for a branch in which nothing certain happens."""
        commands = [command for node in branch for command in self.script.within(node)]
        leaving = next((c for c in commands if c.name in ("exit", "return")), None)
        calling = next((c for c in commands if c.name in self.script.functions), None)
        if leaving is not None or calling is not None:
            return _unknown("whether it ends the script depends on more", statement)
        return _swallowed("what runs on failure goes on as if nothing had happened", statement)

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
                return _swallowed(f"{command.name} 0 follows the failure", command.node)
            if status.isdigit() or status in (held, f"${held}", f"${{{held}}}"):
                return self._leave(command, depth)
            return _unknown(f"the status {status} is not known", command.node)
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
                return _unknown("the exit leaves a subshell only", command.node)
            return _reaches(f"exit {' '.join(command.arguments)}".strip(), command.node)
        return self._at_calls(_Flow(command.node), command.function, depth)

    def _at_calls(self, flow: _Flow, function: str, depth: int) -> Consequence:
        calls = tuple(self.script.calls(function))
        if not calls or depth >= _DEEPEST_CALL:
            return _unknown(f"no call of {function} that can be followed", flow.node)
        ends = [self.after(_Flow(c.node, flow.failed, flow.exempt), depth + 1) for c in calls]
        return next((end for end in ends if end.answer is not Answer.YES), ends[0])

    def _in_block(self, flow: _Flow, parent: Node, depth: int) -> Consequence:
        following = next_statement(flow.node)
        if flow.failed and following is not None and "?" in variables_read(runs_first(following)):
            return self._captured(following, depth)
        if flow.failed and not flow.exempt and self._errexit(flow.node, 0):
            return self._stopped(flow, depth)
        if following is None:
            block = parent.parent if parent.type == "else_clause" else parent
            owner = block if block is not None else parent
            if owner.type == "program":
                return self._at_the_end(flow)
            return self.after(_Flow(owner, flow.failed, flow.exempt), depth)
        if flow.failed:
            return _swallowed("a later command's status takes its place", following)
        return _swallowed("the script goes on", following)

    def _errexit(self, node: Node, depth: int) -> bool:
        """Tell whether `set -e` acts here: it does not while a caller tests the status."""
        if not option_in_force(self.script, "errexit", node):
            return False
        function = function_around(node)
        return depth < _DEEPEST_CALL and all(
            not is_tested(call.node) and self._errexit(call.node, depth + 1)
            for call in (self.script.calls(function) if function else ())
        )

    def _stopped(self, flow: _Flow, depth: int) -> Consequence:
        outer = next((p for p in ancestors(flow.node) if p.type in SUBSHELLS), None)
        if outer is None:
            return _reaches("set -e ends the script", flow.node)
        if outer.type == "pipeline":
            return _unknown("set -e ends a part of a pipeline only", flow.node)
        return self.after(_Flow(outer), depth + 1)

    def _captured(self, following: Node, depth: int) -> Consequence:
        """Read the statement after the failure, which looks at its status."""
        if following.type == "declaration_command":
            following = following.named_children[0]
        if following.type == "variable_assignment":
            name = text_of(following.child_by_field_name("name"))
            return self._carried(name, following, depth, flag="")
        if following.type == "if_statement":
            return self._tested(following, depth, flag="")
        for command in self.script.within(following):
            if command.name in ("exit", "return"):
                return self._leave(command, depth)
        return _unknown("its status is looked at in a way not understood", following)

    def _tested(self, statement: Node, depth: int, *, flag: str, held: str = "") -> Consequence:
        condition = " ".join(text_of(n) for n in statement.children_by_field_name("condition"))
        is_raised = flag and re.search(rf"(==?|-eq)\s*\"?{re.escape(flag)}\b", condition)
        if "&&" in condition or "||" in condition or statement.parent is None:
            return _unknown("the test of its status asks for more", statement)
        if _FAILURE_TEST.search(condition) or is_raised:
            branch = then_branch(statement)
        elif _SUCCESS_TEST.search(condition):
            branch = else_branch(statement)
        else:
            return _unknown("the test of its status is not understood", statement)
        return self._ran(branch, depth, held) or self._unsettled(branch, statement)

    def _carried(self, name: str, start: Node, depth: int, *, flag: str) -> Consequence:
        """Follow a variable that holds the failure to the statement that acts on it."""
        later = [n for n in assignments(self.script).get(name, ()) if n.start_byte > start.end_byte]
        spoiled = next(
            (n for n in later if not failure_flag(n) and "?" not in variables_read(n)), None
        )
        if spoiled is not None:
            return _unknown(f"{name} is assigned again", spoiled)
        for node in walk(self.script.root):
            is_exit = word(node.child_by_field_name("name")) in ("exit", "return")
            acts = node.type == "if_statement" or (node.type == "command" and is_exit)
            read = variables_read(runs_first(node)) if acts else ()
            if node.start_byte <= start.end_byte or name not in read:
                continue
            if any(
                p.type in CONDITIONAL and p.start_byte > start.end_byte for p in ancestors(node)
            ):
                return _unknown("what acts on it depends on more", node)
            if node.type == "if_statement":
                return self._tested(node, depth, flag=flag, held=name)
            return self._leave(next(c for c in self.script.commands if c.node == node), depth)
        return _swallowed(f"{name} keeps the failure and nothing acts on it", start)
