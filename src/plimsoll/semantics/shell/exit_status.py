"""Tell what becomes of a failing command: whether its script ends with a status that says so.

Follows POSIX shell rules (XCU 2.8.1, `set -e` and its exceptions, pipelines, lists). The answer is
yes, no, or unknown where the script is cleverer than the reader; unknown is never taken for yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.script import Answer, Consequence
from plimsoll.semantics.shell.doubts import doubt
from plimsoll.semantics.shell.held_readers import (
    QUIET,
    is_idle,
    is_read_elsewhere,
    later_looks,
    surely_comes,
)
from plimsoll.semantics.shell.held_status import (
    LAST_STATUS,
    branch_on_failure,
    is_on_failure,
    kept_flag,
    of_pipeline,
    overwritten,
    stays_behind,
    value_of,
    written_as,
)
from plimsoll.semantics.shell.leaving import (
    command_at,
    exit_of,
    fails,
    is_zero,
    may_end,
    may_end_well,
)
from plimsoll.semantics.shell.options import errexit_acts, option_state
from plimsoll.semantics.shell.reaching import is_left_before, never_reached
from plimsoll.semantics.shell.rewriting import rewriter
from plimsoll.semantics.shell.script import (
    Command,
    Script,
    function_around,
    text_of,
    variables_read,
    walk,
    word,
)
from plimsoll.semantics.shell.status_flow import Flow, reaches, swallowed, unknown
from plimsoll.semantics.shell.structure import (
    BLOCKS,
    CONDITIONAL,
    LOOPS,
    SUBSHELLS,
    always_succeeds,
    between,
    branches,
    conditions,
    else_branch,
    failure_flag,
    is_in_background,
    looks_back,
    next_statement,
    own_shell,
    runs_first,
    then_branch,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_DEEPEST_CALL = 8
_TRANSPARENT = ("redirected_statement", "variable_assignment", "case_statement")
_CAPTURE = "command_substitution"


def failure_reaches_exit(script: Script, command: Command) -> Consequence:
    """Tell whether the script can end with a non-zero status because this command failed."""
    try:
        if (before := never_reached(script, command.node)) is not None:
            return swallowed(f"it is never reached, {text_of(before)} comes before it", before)
        end = _Reader(script, {}).from_command(command)
    except RecursionError:
        return unknown("it is nested too deeply", command.node)
    return (doubt(script, command) or end) if end.answer is Answer.YES else end


@dataclass(frozen=True, slots=True)
class _Reader:
    script: Script
    called: dict[tuple[int, bool], Consequence]

    def from_command(self, command: Command) -> Consequence:
        """Follow the failure of a command; one behind `exec` takes the place of its shell."""
        if command.name == "exec":
            return self._ended(command.node, "exec leaves the rest to it", command.node, 0)
        return self.after(Flow(command.node), 0)

    def after(self, flow: Flow, depth: int) -> Consequence:
        """Follow a status outwards, construct by construct, until something settles it."""
        node, parent = flow.node, flow.node.parent
        if parent is None:
            return self._at_the_end(flow)
        if is_in_background(node):
            return unknown("it runs in the background", node)
        steps: dict[str, Callable[[Flow, Node, int], Consequence]] = {
            **dict.fromkeys(BLOCKS, self._in_block),
            **dict.fromkeys(LOOPS, self._in_loop),
            **dict.fromkeys(_TRANSPARENT, self._through),
            "negated_command": self._negated,
            "if_statement": self._in_if,
            "pipeline": self._in_pipeline,
            "list": self._in_list,
            "string": self._in_string,
            "function_definition": self._at_calls,
        }
        step = steps.get(parent.type)
        if step is not None:
            return step(flow, parent, depth)
        if node.type == _CAPTURE or parent.type == "declaration_command":
            return swallowed("another command's status takes its place", parent)
        return unknown(f"it stands in a {parent.type.replace('_', ' ')}", node)

    def _through(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        return self.after(Flow(parent, flow.failed, flow.exempt), depth)

    def _negated(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        return self.after(Flow(parent, not flow.failed, exempt=True), depth)

    def _in_string(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        """Follow `x="$(…)"`: an assignment has the status of its last command substitution."""
        holder, captures = parent.parent, [n for n in walk(parent) if n.type == _CAPTURE]
        is_last = bool(captures) and flow.node == captures[-1]
        if is_last and holder is not None and holder.type == "variable_assignment":
            return self.after(Flow(parent, flow.failed, flow.exempt), depth)
        return swallowed("another command's status takes its place", parent)

    def _in_loop(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        del depth
        place = "condition" if flow.node in conditions(parent) else "last command"
        return unknown(f"it is the {place} of a loop", flow.node)

    def _at_the_end(self, flow: Flow) -> Consequence:
        if flow.failed:
            return reaches("it is the script's last status", flow.node)
        return swallowed("the script ends with success", flow.node)

    def _in_pipeline(self, flow: Flow, pipeline: Node, depth: int) -> Consequence:
        parts = [part for part in pipeline.named_children if part.type != "comment"]
        index = parts.index(flow.node)
        settles = flow.node == parts[-1] or option_state(self.script, "pipefail", pipeline)
        whole, following = pipeline, next_statement(pipeline)
        if pipeline.parent is not None and pipeline.parent.type == "redirected_statement":
            whole, following = pipeline.parent, next_statement(pipeline.parent)
        looks = following is not None and "PIPESTATUS" in text_of(runs_first(following))
        if following is not None and looks and not (settles and self._stops(whole)):
            return self._captured(following, depth, of_pipeline(index))
        if settles is None:
            return unknown("whether pipefail is on depends on more", pipeline)
        if settles:
            return self.after(Flow(pipeline, flow.failed, flow.exempt), depth)
        return swallowed("a pipeline without pipefail has the status of its last command", pipeline)

    def _stops(self, node: Node) -> bool:
        return errexit_acts(self.script, node) is True

    def _in_list(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        left, right = parent.named_children[0], parent.named_children[-1]
        if flow.node == right:
            return self.after(Flow(parent, flow.failed, flow.exempt), depth)
        joins_on_failure = any(child.type == "||" for child in parent.children)
        if flow.failed != joins_on_failure:
            return self.after(Flow(parent, flow.failed, exempt=True), depth)
        settled = self._ran((right,), depth, follows=flow.failed)
        if settled is not None:
            return settled
        names = [c.name for c in self.script.within(right)]
        if flow.failed and names and all(name in QUIET for name in names):
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
        settled = self._ran(branch, depth, follows=flow.failed)
        return settled or self._unsettled(branch, parent)

    def _unsettled(self, branch: tuple[Node, ...], statement: Node) -> Consequence:
        """Answer for a branch in which nothing certain happens."""
        commands = [command for node in branch for command in self.script.within(node)]
        leaving = next((c for c in commands if c.name in ("exit", "return")), None)
        calling = next((c for c in commands if c.name in self.script.functions), None)
        if leaving is not None or calling is not None:
            return unknown("whether it ends the script depends on more", statement)
        if commands and commands[-1].name not in QUIET and next_statement(statement) is None:
            return unknown(f"{commands[-1].name} decides the status", statement)
        return swallowed("what runs on failure goes on as if nothing had happened", statement)

    def _ran(
        self,
        statements: tuple[Node, ...],
        depth: int,
        held: tuple[str, ...] = (),
        *,
        follows: bool,
    ) -> Consequence | None:
        """Return what running these statements settles; None where nothing is certain.

        `held` is how to write what holds the failure; `follows` tells whether they run right after
        a status that is not 0.
        """
        known = LAST_STATUS if follows else ()
        for node in statements:
            for part in walk(node):
                if _sets_status(part):
                    known = ()
                if part.type not in ("command", "variable_assignment"):
                    continue
                is_sure = not any(p.type in CONDITIONAL for p in between(part, node))
                settled = self._settled(part, depth, (*held, *known), is_sure=is_sure)
                if settled is not None:
                    return settled
                known = ()
        return None

    def _settled(
        self, part: Node, depth: int, known: tuple[str, ...], *, is_sure: bool
    ) -> Consequence | None:
        """Return what one command or assignment on the way settles."""
        if part.type == "command":
            command = command_at(self.script, part)
            return self._left(command, depth, known) if is_sure else self._escape(command, known)
        flag, value = failure_flag(part), value_of(part)
        is_status = value in LAST_STATUS and value in known
        if not is_sure or not (flag or is_status):
            return None
        name = text_of(part.child_by_field_name("name"))
        return self._carried(name, part, depth, flag=flag)

    def _escape(self, command: Command, known: tuple[str, ...]) -> Consequence | None:
        """Return unknown for a command that may end things well before what is certain comes."""
        if own_shell(command.node) is not None:
            return None
        leaves = command.name in ("exit", "return")
        ends_well = not fails(command, known) if leaves else may_end_well(self.script, command)
        if not ends_well:
            return None
        return unknown("whether it ends the script depends on more", command.node)

    def _left(self, command: Command, depth: int, known: tuple[str, ...]) -> Consequence | None:
        """Return what `exit` or `return`, or a function that always exits, settles."""
        if command.name in ("exit", "return"):
            if fails(command, known):
                return self._leave(command, depth)
            if command.arguments and is_zero(command.arguments[0]):
                return swallowed(f"{command.name} 0 follows the failure", command.node)
            status = command.arguments[0] if command.arguments else "$?"
            return unknown(f"the status {status} is not known", command.node)
        return self._called(command, depth, known)

    def _called(self, command: Command, depth: int, known: tuple[str, ...]) -> Consequence | None:
        """Return what a command settles that may be a function, and may exit."""
        ending = exit_of(self.script, command.name, frozenset())
        if ending is None:
            return self._escape(command, known)
        if ending.name == "return":
            return unknown(f"{command.name} may return before it ends", ending.node)
        body = self.script.functions[command.name].child_by_field_name("body")
        is_first = body is not None and body.named_children[0] == ending.node
        if not fails(ending, known if is_first else ()):
            told = bool(ending.arguments) and is_zero(ending.arguments[0])
            end = swallowed if told and ending.name == "exit" else unknown
            return end(f"{command.name} ends with {text_of(ending.node)}", ending.node)
        return self._ended(command.node, text_of(ending.node), ending.node, depth)

    def _leave(self, command: Command, depth: int) -> Consequence:
        if command.name == "exit":
            reason = f"exit {' '.join(command.arguments)}".strip()
            end = self._ended(command.node, reason, command.node, depth)
            if end.answer is Answer.NO and own_shell(command.node) is not None:
                return unknown("the exit leaves a subshell only", command.node)
            return end
        function = self.script.functions.get(command.function)
        shell = own_shell(command.node)
        if function is None:
            return unknown("it returns from no function", command.node)
        if shell is not None:
            return unknown("the return leaves a shell of its own only", command.node)
        return self._at_calls(Flow(command.node), function, depth)

    def _ended(
        self, node: Node, reason: str, at: Node, depth: int, entered: frozenset[str] = frozenset()
    ) -> Consequence:
        """Follow the end of the shell that a node runs in: the script's, or one of its own."""
        shell, function = own_shell(node), function_around(node)
        if shell is not None:
            return self._outside(shell, depth)
        if not function:
            return reaches(reason, at)
        within = entered | {function}
        calls = [c for c in self.script.calls(function) if c.function not in within]
        ends = [self._ended(call.node, reason, at, depth, within) for call in calls]
        return _worst(ends) or unknown(f"no call of {function} that can be followed", at)

    def _outside(self, shell: Node, depth: int) -> Consequence:
        """Follow the status of a shell of its own that has just ended with a failure."""
        parent = shell.parent
        if is_in_background(shell):
            return unknown("it runs in the background", shell)
        if depth >= _DEEPEST_CALL:
            return unknown("it is called too deeply", shell)
        is_part = parent is not None and parent.type == "pipeline"
        if is_part and parent is not None and shell == parent.named_children[-1]:
            return unknown("it ends a part of a pipeline only", shell)
        return self.after(Flow(shell), depth + 1)

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
        return _worst(ends) or unknown(f"no call of {name} that can be followed", flow.node)

    def _in_block(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        if not flow.failed or flow.exempt:
            return self._onwards(flow, parent, depth)
        acts = errexit_acts(self.script, flow.node)
        if acts:
            return self._ended(parent, "set -e ends the script", flow.node, depth)
        end = self._onwards(flow, parent, depth)
        if acts is None and end.answer is Answer.NO:
            return unknown("whether set -e is on depends on more", flow.node)
        return end

    def _onwards(self, flow: Flow, parent: Node, depth: int) -> Consequence:
        """Follow a status to what comes after it in its block, or out of the block."""
        following = next_statement(flow.node)
        if flow.failed and following is not None and looks_back(following):
            return self._captured(following, depth, LAST_STATUS)
        if following is None:
            block = parent.parent if parent.type == "else_clause" else parent
            owner = block if block is not None else parent
            if owner.type == "program":
                return self._at_the_end(flow)
            # `set -e` takes no notice of a tested command, but of a subshell that fails by it.
            exempt = flow.exempt and owner.type not in SUBSHELLS
            return self.after(Flow(owner, flow.failed, exempt), depth)
        if not flow.failed:
            return swallowed("the script goes on", following)
        if "PIPESTATUS" in text_of(runs_first(following)):
            return self._captured(following, depth, of_pipeline(0))
        return swallowed("a later command's status takes its place", following)

    def _captured(self, following: Node, depth: int, known: tuple[str, ...]) -> Consequence:
        """Read the statement after the failure, which looks at its status."""
        held = [n for n in (following, *following.named_children) if _holds(n, known)]
        is_list = following.type in ("variable_assignments", "declaration_command")
        if held and (is_list or following.type == "variable_assignment"):
            name = text_of(held[0].child_by_field_name("name"))
            return self._carried(name, held[0], depth, flag="")
        if following.type in ("if_statement", "list"):
            return self._tested(following, depth, known, flag="")
        if following.type == "command":
            command = command_at(self.script, following)
            if command.name in ("exit", "return") and fails(command, known):
                return self._leave(command, depth)
        return unknown("its status is looked at in a way not understood", following)

    def _tested(
        self, test: Node, depth: int, subjects: tuple[str, ...], *, flag: str
    ) -> Consequence:
        """Read an `if`, or a list with && or ||, that tests the failure's status."""
        is_choice = test.type in ("if_statement", "list")
        branch = branch_on_failure(test, subjects, flag) if is_choice else None
        if branch is None or any(node.type == "elif_clause" for node in branch):
            return unknown("the test of its status is not understood", test)
        held = tuple(text for text in subjects if text not in LAST_STATUS)
        follows = branch == branches(test)[0]
        settled = self._ran(branch, depth, held, follows=follows)
        return settled or self._unsettled(branch, test)

    def _carried(self, name: str, start: Node, depth: int, *, flag: str) -> Consequence:
        """Follow a variable that holds the failure to the statement that acts on it."""
        home = function_around(start)
        for node in later_looks(self.script, start):
            called = word(node.child_by_field_name("name"))
            if called not in QUIET and name in variables_read(runs_first(node)):
                if not is_idle(self.script, node, name):
                    end = self._acted(name, start, node, depth, flag=flag)
                    is_called = function_around(node) not in ("", home)
                    if end.answer is Answer.NO and is_called:
                        return unknown(f"which call acts on {name} depends on more", node)
                    return end
            elif node.type == "command" and may_end(
                self.script, called, node, function_around(start)
            ):
                if always_succeeds(self.script, node, name):
                    return swallowed(f"the script ends with success, whatever {name} holds", node)
                return unknown("the script may have ended before", node)
        if is_read_elsewhere(self.script, name, start):
            return unknown(f"whether anything acts on {name} depends on more", start)
        return swallowed(f"{name} keeps the failure and nothing acts on it", start)

    def _acted(self, name: str, start: Node, node: Node, depth: int, *, flag: str) -> Consequence:
        """Read the first statement that looks at a variable which holds the failure."""
        others = [o for o in overwritten(self.script, name, start, node) if o != start]
        kept = kept_flag(flag, others)
        if kept is None:
            return unknown(f"{name} is assigned again", start)
        lost = self._lost(name, start, node, flag=flag)
        if lost is not None:
            return lost
        if node.type != "command":
            return self._tested(node, depth, written_as(name), flag=kept)
        command = command_at(self.script, node)
        if command.name in ("exit", "return") and fails(command, written_as(name)):
            end = self._leave(command, depth)
            is_lost = end.answer is Answer.NO and is_read_elsewhere(self.script, name, start)
            return unknown(f"{name} is read again elsewhere", node) if is_lost else end
        return unknown(f"{command.name} looks at {name}", node)

    def _lost(self, name: str, start: Node, node: Node, *, flag: str) -> Consequence | None:
        """Return why what looks at a variable may not see the failure that was put into it."""
        is_repeated = start in overwritten(self.script, name, start, node)
        if is_repeated and not flag and not is_on_failure(start):
            return unknown(f"only the last run decides what {name} holds", start)
        if (other := rewriter(self.script, name, start, node)) is not None:
            return unknown(f"{text_of(other).splitlines()[0]} may change {name}", other)
        if is_left_before(self.script, node, function_around(start)):
            return unknown(f"whether anything looks at {name} depends on more", node)
        if stays_behind(self.script, name, start, node) or not surely_comes(
            self.script, start, node
        ):
            return unknown(f"whether it is seen what {name} holds depends on more", node)
        return None


def _worst(ends: list[Consequence]) -> Consequence | None:
    """Return the first end that is not a yes, or else the first."""
    return next((end for end in ends if end.answer is not Answer.YES), ends[0] if ends else None)


def _holds(node: Node, known: tuple[str, ...]) -> bool:
    """Tell whether an assignment takes over a status, as it is."""
    return node.type == "variable_assignment" and value_of(node) in known


def _sets_status(part: Node) -> bool:
    """Tell whether something that is no command leaves a status of its own in `$?`."""
    is_bare = part.type == "declaration_command" and not any(
        child.type == "variable_assignment" for child in part.named_children
    )
    is_arithmetic = part.type == "compound_statement" and text_of(part).startswith("((")
    return is_bare or is_arithmetic or part.type in ("test_command", "unset_command", *LOOPS)
