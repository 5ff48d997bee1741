"""How the statements of a shell script hang together: branches, order, what encloses what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.shell.script import ancestors, text_of, variables_read, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from plimsoll.semantics.shell.script import Command, Script

LOOPS = frozenset(("while_statement", "until_statement", "for_statement", "c_style_for_statement"))
BLOCKS = frozenset(
    (
        "program",
        "compound_statement",
        "subshell",
        "do_group",
        "if_statement",
        "elif_clause",
        "else_clause",
        "case_item",
        "command_substitution",
    )
)
CONDITIONAL = frozenset(
    (
        "if_statement",
        "case_statement",
        "list",
        "while_statement",
        "until_statement",
        "for_statement",
        "c_style_for_statement",
        "elif_clause",
        "subshell",
        "command_substitution",
        "pipeline",
    )
)
SUBSHELLS = frozenset(("subshell", "command_substitution", "pipeline"))
_OWN_SHELLS = frozenset(("subshell", "command_substitution", "process_substitution"))
_SILENT = frozenset(("true", ":", "echo", "printf"))
_BRANCHING = frozenset(("if_statement", "case_statement")) | LOOPS


def failure_flag(assignment: Node) -> str:
    """Return the constant that marks a failure, where the assignment sets one."""
    value = word(assignment.child_by_field_name("value"))
    raised = value in ("true", "yes", "failed") or (value.isdigit() and value != "0")
    return value if raised else ""


def between(node: Node, outer: Node) -> Iterator[Node]:
    """Yield what encloses a node up to and with an outer one."""
    while node != outer and node.parent is not None:
        node = node.parent
        yield node


def encloses(outer: Node, node: Node) -> bool:
    """Tell whether a node stands inside another, or is it."""
    return outer.start_byte <= node.start_byte < outer.end_byte


def is_in_background(node: Node) -> bool:
    """Tell whether the shell starts this and goes on at once: `… &`."""
    return node.next_sibling is not None and node.next_sibling.type == "&"


def own_shell(node: Node) -> Node | None:
    """Return the innermost part around a node that runs in a shell of its own, in its function.

    What happens in it stays in it: variables, options and `exit`.
    """
    for part in (node, *ancestors(node)):
        if part.type == "function_definition":
            return None
        parent = part.parent
        in_pipeline = parent is not None and parent.type == "pipeline"
        if part.type in _OWN_SHELLS or in_pipeline or is_in_background(part):
            return part
    return None


def surely_ran(node: Node, at: Node) -> bool:
    """Tell whether each run that comes to a place after a node, in its function, came past it."""
    child = node
    for parent in ancestors(node):
        if encloses(parent, at) or parent.type == "function_definition":
            return True
        is_right = parent.type == "list" and child == parent.named_children[-1]
        if is_right or (parent.type in _BRANCHING and child not in conditions(parent)):
            return False
        child = parent
    return True


def never_meet(node: Node, at: Node) -> bool:
    """Tell whether two places stand in two branches of which only one runs."""
    child = node
    for parent in ancestors(node):
        if encloses(parent, at):
            others = ("else_clause", "elif_clause", "case_item")
            elsewhere = any(n.type in others and encloses(n, at) for n in parent.named_children)
            return elsewhere and not encloses(child, at) and child not in conditions(parent)
        child = parent
    return False


def is_tested(node: Node) -> bool:
    """Tell whether a list, a negation or a condition looks at the status of this command.

    Within its function only. While one does, `set -e` takes no notice (POSIX XCU, `set -e`).
    """
    child = node
    for parent in ancestors(node):
        if parent.type == "function_definition":
            return False
        in_front = parent.type == "list" and child == parent.named_children[0]
        has_condition = parent.type in ("if_statement", *LOOPS)
        asked = has_condition and child in parent.children_by_field_name("condition")
        if in_front or asked or parent.type == "negated_command":
            return True
        child = parent
    return False


def is_certain(command: Command) -> bool:
    """Tell whether every run that has not failed comes past a command, within its function.

    What stands to the right of `||`, or in a branch, a loop or a case, runs only sometimes.
    """
    child = command.node
    for parent in ancestors(command.node):
        if parent.type == "function_definition":
            return True
        asked = parent.type == "if_statement" and child in conditions(parent)
        is_last = parent.type == "list" and child == parent.named_children[-1]
        if is_last and any(token.type == "||" for token in parent.children):
            return False
        if parent.type in _BRANCHING and not asked:
            return False
        child = parent
    return True


def is_passed_over(command: Command) -> bool:
    """Tell whether a failure of the command is passed over on purpose: `… || true`.

    Not where its output is captured: then what is looked at is the output.
    """
    child, is_silenced = command.node, False
    for parent in ancestors(command.node):
        if parent.type == "command_substitution":
            return False
        if parent.type == "function_definition":
            break
        if parent.type == "list" and child == parent.named_children[0]:
            other = text_of(parent.named_children[-1]).split()
            is_either = any(token.type == "||" for token in parent.children)
            is_silenced |= is_either and other[0] in _SILENT
        child = parent
    return is_silenced


def next_statement(node: Node) -> Node | None:
    """Return the statement that runs after this one in the same block."""
    following = node.next_named_sibling
    while following is not None and following.type in ("comment", "heredoc_body"):
        following = following.next_named_sibling
    if following is not None and following.type in ("else_clause", "elif_clause"):
        return None
    return following


def branches(test: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return what runs when a test fails and when it succeeds; the test is an `if` or a list."""
    if test.type == "if_statement":
        return else_branch(test), then_branch(test)
    right = (test.named_children[-1],)
    return (right, ()) if any(child.type == "||" for child in test.children) else ((), right)


def runs_first(statement: Node) -> Node:
    """Return the part of a statement that runs first: an `if`'s condition, a list's left side."""
    if statement.type == "list":
        return statement.named_children[0]
    condition = statement.child_by_field_name("condition")
    return condition if statement.type == "if_statement" and condition is not None else statement


def then_branch(statement: Node) -> tuple[Node, ...]:
    """Return the statements that an `if` runs when its condition succeeds."""
    conditions = statement.children_by_field_name("condition")
    return tuple(
        child
        for child in statement.named_children
        if child not in conditions and child.type not in ("else_clause", "elif_clause", "comment")
    )


def else_branch(statement: Node) -> tuple[Node, ...]:
    """Return what an `if` runs when its condition fails: statements, or its `elif`."""
    for child in statement.named_children:
        if child.type == "elif_clause":
            return (child,)
        if child.type == "else_clause":
            return tuple(child.named_children)
    return ()


def looks_back(statement: Node) -> bool:
    """Tell whether a statement starts from the status of the one before it."""
    name = word(statement.child_by_field_name("name"))
    leaves = statement.type == "command" and name in ("exit", "return")
    plain = leaves and not any(c.isdigit() for c in text_of(statement))
    return plain or "?" in variables_read(runs_first(statement))


def conditions(statement: Node) -> list[Node]:
    """Return what an `if` or a loop tests."""
    return statement.children_by_field_name("condition")


def always_succeeds(script: Script, end: Node, variable: str) -> bool:
    """Tell whether an `exit` ends the script well, where nothing out of sight reads a variable."""
    elsewhere = any(variable in variables_read(body) for body in script.functions.values())
    hidden = elsewhere or any(script.calls("trap"))
    return text_of(end) == "exit 0" and end.parent == script.root and not hidden
