"""Which functions an expression calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.errors import PromqlError
from plimsoll.semantics.promql.reading import parse

if TYPE_CHECKING:
    from collections.abc import Iterator


def called(expression: str) -> frozenset[str]:
    """Return the functions that an expression calls; none for one that does not parse."""
    try:
        return frozenset(_called(parse(expression)))
    except PromqlError:
        return frozenset()


def _called(node: parser.Expr) -> Iterator[str]:
    if isinstance(node, parser.Call):
        yield node.func.name
        for argument in node.args:
            yield from _called(argument)
    elif isinstance(node, parser.BinaryExpr):
        yield from _called(node.lhs)
        yield from _called(node.rhs)
    elif isinstance(node, parser.AggregateExpr):
        yield from _called(node.expr)
        if node.param is not None:
            yield from _called(node.param)
    elif isinstance(node, parser.ParenExpr | parser.UnaryExpr | parser.SubqueryExpr):
        yield from _called(node.expr)
