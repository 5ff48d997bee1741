"""Side conditions on metrics of which nothing is known: they are held as the rule wants them.

`… and node_filesystem_readonly == 0` or `… unless maintenance == 1` say when a rule applies, not
what is wrong.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql import PromqlError, constant, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_SWAPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
_SAME = frozenset(("max", "min", "avg", "max_over_time", "min_over_time", "avg_over_time"))
"""What gives back a value that is always and everywhere the same."""


def guards(expressions: Iterable[str]) -> dict[str, float]:
    """Return the metrics of side conditions, each with a value that meets all of them."""
    wanted: dict[str, list[tuple[str, float, bool]]] = {}
    for expression in expressions:
        try:
            tree = parse(expression)
        except PromqlError:
            continue
        for metric, sign, bound, holds in _conditions(tree):
            wanted.setdefault(metric, []).append((sign, bound, holds))
    values = {metric: _value(conditions) for metric, conditions in wanted.items()}
    return {metric: value for metric, value in values.items() if value is not None}


def _value(conditions: list[tuple[str, float, bool]]) -> float | None:
    bounds = [bound for _, bound, _ in conditions]
    tried = (0.0, 1.0, *bounds, *(b + 1 for b in bounds), *(b - 1 for b in bounds))
    return next(
        (v for v in tried if all(_COMPARED[sign](v, b) is holds for sign, b, holds in conditions)),
        None,
    )


def _conditions(node: parser.Expr) -> Iterator[tuple[str, str, float, bool]]:
    """Yield metric, sign and bound of each side condition, and whether it must hold."""
    node = _bare(node)
    if not isinstance(node, parser.BinaryExpr):
        return
    sign = str(node.op).strip()
    if sign in ("and", "unless"):
        found = _compared(_bare(node.rhs))
        if found is not None:
            yield (*found, sign == "and")
        if sign == "and" and (other := _compared(_bare(node.lhs))) is not None:
            yield (*other, True)
    if sign in ("and", "or", "unless"):
        yield from _conditions(node.lhs)
        yield from _conditions(node.rhs)


def _compared(node: parser.Expr) -> tuple[str, str, float] | None:
    if not isinstance(node, parser.BinaryExpr):
        return None
    sign = str(node.op).strip()
    if sign not in _COMPARED:
        return None
    left, right = constant(node.lhs), constant(node.rhs)
    if right is not None and (metric := _metric(node.lhs)):
        return metric, sign, right
    if left is not None and (metric := _metric(node.rhs)):
        return metric, _SWAPPED.get(sign, sign), left
    return None


def _metric(node: parser.Expr) -> str | None:
    """Return the metric whose value a tree gives back unchanged."""
    node = _bare(node)
    if isinstance(node, parser.VectorSelector):
        return node.name
    if isinstance(node, parser.MatrixSelector):
        return node.vector_selector.name
    if isinstance(node, parser.AggregateExpr) and str(node.op).strip() in _SAME:
        return _metric(node.expr)
    if isinstance(node, parser.Call) and node.func.name in _SAME:
        return _metric(node.args[0])
    return None


def _bare(node: parser.Expr) -> parser.Expr:
    while isinstance(node, parser.ParenExpr):
        node = node.expr
    return node
