"""A status on its way out of a shell script, and the answers it can come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.script import Answer, Consequence
from plimsoll.semantics.shell.script import line_of

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Flow:
    """Where the reader stands: a construct that has just failed, or succeeded by negation."""

    node: Node
    failed: bool = True
    exempt: bool = False


def unknown(reason: str, node: Node) -> Consequence:
    """Answer that it cannot be told."""
    return Consequence(Answer.UNKNOWN, reason, line_of(node))


def swallowed(reason: str, node: Node) -> Consequence:
    """Answer that the failure has no effect on the exit status."""
    return Consequence(Answer.NO, reason, line_of(node))


def reaches(reason: str, node: Node) -> Consequence:
    """Answer that the failure ends in a status that is not zero."""
    return Consequence(Answer.YES, reason, line_of(node))
