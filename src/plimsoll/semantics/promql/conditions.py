"""What an expression compares with what: thresholds, with everything around them folded away.

`100 - idle * 100 > 80` says that `idle` is below 0.2, whatever way it is written. Only structure is
read: conditions explain a rule and tell which values to try, and never prove anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.arithmetic import ARITHMETIC, COMPARISONS
from plimsoll.semantics.promql.explain import written
from plimsoll.semantics.promql.reading import bare
from plimsoll.semantics.promql.selection import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

FLIPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}
"""The operator that holds with the sides exchanged."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold for the expression to answer.

    Attributes:
        core: what is compared, as PromQL, without the arithmetic with constants around it.
        operator: how; `absent` for a presence that must be missing, "" for one that must be there.
        threshold: the constant for the kind `const`, the factor before `other` for `relative`;
            None where there is none.
        kind: `const` (with a constant), `relative` (with other series) or `presence`.
        negated: whether it must not hold (it stands to the right of `unless`).
        scale: by what the core is multiplied before it is compared; 100 tells of percent.
        other: for the kind `relative`, what the core is compared with, as PromQL.

    """

    core: str
    operator: str
    threshold: float | None
    kind: str
    negated: bool = False
    scale: float = 1.0
    other: str | None = None


@dataclass(frozen=True, slots=True)
class _Linear:
    """A part that is `factor` × core + `shift`."""

    core: parser.Expr
    factor: float = 1.0
    shift: float = 0.0

    def scaled(self, by: float) -> _Linear:
        return _Linear(self.core, self.factor * by, self.shift * by)

    def shifted(self, by: float) -> _Linear:
        return _Linear(self.core, self.factor, self.shift + by)


@lru_cache(maxsize=1024)
def conditions(expression: str) -> tuple[Condition, ...]:
    """Return the conditions of an expression, in the order of the text.

    Raises:
        PromqlError: Prometheus would refuse the expression.

    """
    return tuple(_conditions(parse(expression), negated=False))


def _conditions(node: parser.Expr, *, negated: bool) -> Iterator[Condition]:
    node = bare(node)
    if isinstance(node, parser.BinaryExpr):
        operator = str(node.op).strip()
        if operator in ("and", "or", "unless"):
            yield from _conditions(node.lhs, negated=negated)
            yield from _conditions(node.rhs, negated=negated is not (operator == "unless"))
            return
        if operator in COMPARISONS:
            yield _comparison(node, operator, negated=negated)
            yield from _inner(node.lhs, negated=negated)
            yield from _inner(node.rhs, negated=negated)
            return
    if isinstance(node, parser.Call) and node.func.name in ("absent", "absent_over_time"):
        yield Condition(written(bare(node.args[0])), "absent", None, "presence", negated)
        return
    inner = list(_inner(node, negated=negated))
    yield from inner or [Condition(written(node), "", None, "presence", negated)]


def _inner(node: parser.Expr, *, negated: bool) -> Iterator[Condition]:
    """Yield the conditions within a part, such as in `count(up == 0)`."""
    node = bare(node)
    if isinstance(node, parser.BinaryExpr):
        operator = str(node.op).strip()
        if operator in COMPARISONS or operator in ("and", "or", "unless"):
            yield from _conditions(node, negated=negated)
            return
    for child in children(node):
        yield from _inner(child, negated=negated)


def children(node: parser.Expr) -> list[parser.Expr]:
    """Return the parts of a part, in the order of the text."""
    if isinstance(node, parser.BinaryExpr):
        return [node.lhs, node.rhs]
    if isinstance(node, parser.Call):
        return list(node.args)
    if isinstance(node, parser.AggregateExpr):
        return [node.expr] if node.param is None else [node.param, node.expr]
    if isinstance(node, parser.ParenExpr | parser.UnaryExpr | parser.SubqueryExpr):
        return [node.expr]
    return []


def _comparison(node: parser.BinaryExpr, operator: str, *, negated: bool) -> Condition:
    left, right = number(node.lhs), number(node.rhs)
    if left is not None and right is None:
        return _constant(node.rhs, FLIPPED[operator], left, negated=negated)
    if right is not None:
        return _constant(node.lhs, operator, right, negated=negated)
    ours, theirs = _linear(node.lhs), _linear(node.rhs)
    if ours.factor < 0:
        operator = FLIPPED[operator]
    purely = ours.factor and not ours.shift and not theirs.shift
    return Condition(
        written(ours.core),
        operator,
        theirs.factor / ours.factor if purely else None,
        "relative",
        negated,
        abs(ours.factor),
        written(theirs.core),
    )


def _constant(node: parser.Expr, operator: str, threshold: float, *, negated: bool) -> Condition:
    side = _linear(node)
    if not side.factor:
        return Condition(written(side.core), operator, None, "const", negated)
    if side.factor < 0:
        operator = FLIPPED[operator]
    value = (threshold - side.shift) / side.factor
    return Condition(written(side.core), operator, value, "const", negated, abs(side.factor))


def _linear(node: parser.Expr) -> _Linear:
    """Peel off what is added to a part and what it is multiplied by."""
    node = bare(node)
    if isinstance(node, parser.UnaryExpr):
        return _linear(node.expr).scaled(-1)
    if isinstance(node, parser.BinaryExpr):
        operator = str(node.op).strip()
        left, right = number(node.lhs), number(node.rhs)
        if right is not None and left is None:
            return _peeled_right(_linear(node.lhs), operator, right) or _Linear(node)
        if left is not None and right is None:
            return _peeled_left(left, operator, _linear(node.rhs)) or _Linear(node)
    return _Linear(node)


def _peeled_right(side: _Linear, operator: str, value: float) -> _Linear | None:
    if operator == "*":
        return side.scaled(value)
    if operator == "/" and value:
        return side.scaled(1 / value)
    if operator in ("+", "-"):
        return side.shifted(value if operator == "+" else -value)
    return None


def _peeled_left(value: float, operator: str, side: _Linear) -> _Linear | None:
    if operator == "*":
        return side.scaled(value)
    if operator in ("+", "-"):
        return (side if operator == "+" else side.scaled(-1)).shifted(value)
    return None


def number(node: parser.Expr) -> float | None:
    """Return what a part always is; None where it depends on series or on time."""
    node = bare(node)
    if isinstance(node, parser.NumberLiteral):
        return float(node.val)
    if isinstance(node, parser.UnaryExpr):
        value = number(node.expr)
        return None if value is None else -value
    if isinstance(node, parser.Call) and node.func.name in ("vector", "scalar"):
        return number(node.args[0])
    if isinstance(node, parser.BinaryExpr):
        function = ARITHMETIC.get(str(node.op).strip())
        left, right = number(node.lhs), number(node.rhs)
        if function is not None and left is not None and right is not None:
            return function(left, right)
    return None
