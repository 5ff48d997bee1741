"""The parts of an expression of which any one is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.selection import parse

if TYPE_CHECKING:
    from collections.abc import Iterator


def alternatives(expression: str) -> tuple[str, ...]:
    """Return what stands between the outermost `or`s; the whole where none stands there.

    Whatever one of them answers is in the answer of the whole, with the same labels: an element is
    left out only for one before it that has those. Hence an `or` that compares some labels only,
    with `on` or `ignoring`, is not taken apart.

    Raises:
        PromqlError: Prometheus would refuse the expression.

    """
    return tuple(node.prettify() for node in _parts(parse(expression)))


def _parts(node: parser.Expr) -> Iterator[parser.Expr]:
    while isinstance(node, parser.ParenExpr):
        node = node.expr
    if isinstance(node, parser.BinaryExpr) and _is_plain_or(node):
        yield from _parts(node.lhs)
        yield from _parts(node.rhs)
    else:
        yield node


def _is_plain_or(node: parser.BinaryExpr) -> bool:
    modifier = node.modifier
    return str(node.op).strip() == "or" and (modifier is None or modifier.matching is None)
