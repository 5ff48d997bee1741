"""How the statements of a shell script hang together: branches, order, what encloses what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.shell import ancestors, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

LOOPS = frozenset(("while_statement", "until_statement"))
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
        "subshell",
        "command_substitution",
        "pipeline",
    )
)
SUBSHELLS = frozenset(("subshell", "command_substitution", "pipeline"))


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


def is_tested(node: Node) -> bool:
    """Tell whether a list, a negation or a condition looks at the status of this command."""
    for parent in ancestors(node):
        if parent.type in ("list", "negated_command"):
            return True
        if parent.type in ("if_statement", *LOOPS):
            return any(
                c.start_byte <= node.start_byte < c.end_byte
                for c in parent.children_by_field_name("condition")
            )
        if parent.type in ("program", "function_definition"):
            return False
    return False


def next_statement(node: Node) -> Node | None:
    """Return the statement that runs after this one in the same block."""
    following = node.next_named_sibling
    while following is not None and following.type in ("comment", "heredoc_body"):
        following = following.next_named_sibling
    if following is not None and following.type in ("else_clause", "elif_clause"):
        return None
    return following


def runs_first(statement: Node) -> Node:
    """Return the part of a statement that runs first: of an `if`, its condition."""
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
