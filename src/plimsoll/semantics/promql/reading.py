"""Read expressions: their syntax trees, as one version of the language has them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.errors import PromqlError

if TYPE_CHECKING:
    from plimsoll.semantics.promql.dialect import Dialect

_LONGEST_EXPRESSION = 20_000
_DEEPEST_NESTING = 200
_TEXT = r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\#[^\n]*)"""
_TOKENS = re.compile(
    _TEXT + r"|(?P<matchers>\{)|(?P<sign>[-+*/%^()}]|[=!<>]=|[<>]|\b(?:and|or|unless|atan2)\b)",
    re.DOTALL | re.IGNORECASE,
)
_SMOOTHING = re.compile(
    _TEXT + r"|\b(?P<name>holt_winters|double_exponential_smoothing)(?=\s*\()", re.DOTALL
)


@lru_cache(maxsize=1024)
def tree_of(expression: str, dialect: Dialect) -> parser.Expr:
    """Return the syntax tree.

    Raises:
        PromqlError: Prometheus would refuse the expression, in this version.

    """
    for name in smoothing_names(expression):
        if name != dialect.smoothing:
            raise PromqlError(f"Prometheus {dialect.major} does not know {name}")
    return parse(expression)


def bare(node: parser.Expr) -> parser.Expr:
    """Return a part of a tree without the brackets around it."""
    while isinstance(node, parser.ParenExpr):
        node = node.expr
    return node


def parse(expression: str) -> parser.Expr:
    """Return the syntax tree of an expression.

    The grammar is that of Prometheus 3, which renamed `holt_winters`; that name is read as well,
    and stands in the tree as `double_exponential_smoothing`.

    Raises:
        PromqlError: Prometheus would refuse it, or it is unreasonably large.

    """
    if len(expression) > _LONGEST_EXPRESSION or nesting(expression) > _DEEPEST_NESTING:
        raise PromqlError("the expression is unreasonably large")
    try:
        tree: parser.Expr = parser.parse(_SMOOTHING.sub(_renamed, expression))
    except ValueError as error:
        raise PromqlError(str(error)) from error
    return tree


def smoothing_names(expression: str) -> frozenset[str]:
    """Return under which names double exponential smoothing is called."""
    found = _SMOOTHING.finditer(expression)
    return frozenset(match["name"] for match in found if match["name"])


def _renamed(found: re.Match[str]) -> str:
    return "double_exponential_smoothing" if found["name"] else found[0]


def nesting(expression: str) -> int:
    """Return how deep the tree of an expression can be: brackets in one another, and operators.

    A chain of operators is as deep as it is long, and the parser follows it down on the stack.
    """
    depth = deepest = operators = 0
    within_matchers = False
    for token in _TOKENS.finditer(expression):
        sign = token["sign"]
        if token["matchers"] or sign == "}":
            within_matchers = sign != "}"
        elif sign is None or within_matchers:
            continue
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            deepest = max(deepest, depth)
        else:
            operators += 1
    return deepest + operators
