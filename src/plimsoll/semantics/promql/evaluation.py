"""What an expression answers, at every moment of a grid.

The tree is walked once for the whole grid, not once per moment: every part answers in columns, one
value per moment. Prometheus' own rules are kept to, edge cases included; whatever is not known here
is refused, never guessed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql import matching
from plimsoll.semantics.promql.aggregation import (
    AGGREGATIONS,
    aggregated,
    grouped,
    quantiles,
    ranked,
    value_counts,
)
from plimsoll.semantics.promql.call import Call
from plimsoll.semantics.promql.columns import (
    Answer,
    Column,
    Scalar,
    Text,
    Vector,
    Windows,
    merged,
    without_name,
)
from plimsoll.semantics.promql.errors import UnsupportedError
from plimsoll.semantics.promql.functions import BY_BOUNDS, answered
from plimsoll.semantics.promql.operation import Operation
from plimsoll.semantics.promql.reading import bare, tree_of
from plimsoll.semantics.promql.scope import Scope
from plimsoll.semantics.promql.selecting import (
    instant_vector,
    milliseconds,
    range_vector,
    sample_time_vector,
    spans,
)
from plimsoll.semantics.promql.subqueries import MOST_MOMENTS, aligned, windowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.semantics.promql.aggregation import Groups
    from plimsoll.semantics.promql.dialect import Dialect
    from plimsoll.semantics.promql.series import Grid
    from plimsoll.semantics.promql.store import SeriesStore


def evaluate(
    expression: str,
    store: SeriesStore,
    grid: Grid,
    dialect: Dialect,
    *,
    subquery_step_seconds: float = 60.0,
) -> tuple[Column, ...]:
    """Return what an expression answers: one column per series, with one value per moment.

    A number is one column without labels. `subquery_step_seconds` is the step of subqueries that
    name none (Prometheus takes its global evaluation interval).

    Raises:
        PromqlError: Prometheus would refuse the expression.
        UnsupportedError: it cannot be answered here, and why.
        EvaluationError: Prometheus has no answer for these series.

    """
    step = round(subquery_step_seconds * 1000)
    return evaluate_within(Scope(store, dialect, grid_moments(grid), step), expression)


def evaluate_within(scope: Scope, expression: str) -> tuple[Column, ...]:
    """Return what an expression answers within a scope.

    Raises:
        PromqlError: as `evaluate` does.

    """
    found = answer(scope, tree_of(expression, scope.dialect))
    if isinstance(found, Scalar):
        return (Column({}, tuple(found.values)),)
    if isinstance(found, Vector):
        return tuple(Column(column.labels, tuple(column.values)) for column in found.columns)
    raise UnsupportedError("a rule needs an expression that answers series or a number")


def grid_moments(grid: Grid) -> tuple[int, ...]:
    """Return the moments of a grid in milliseconds.

    Raises:
        UnsupportedError: there are unreasonably many.

    """
    if grid.count > MOST_MOMENTS:
        raise UnsupportedError(f"{grid.count} moments are unreasonably many")
    return tuple(round(grid.at(index) * 1000) for index in range(grid.count))


def answer(scope: Scope, node: parser.Expr) -> Answer:
    """Return what a part of an expression answers within a scope.

    Raises:
        UnsupportedError: it cannot be answered here.

    """
    handler = _NODES.get(type(node))
    if handler is None:
        raise UnsupportedError(f"{type(node).__name__} is not known here")
    found = handler(scope, node)
    columns = len(found.columns) if isinstance(found, Vector) else 1
    scope.budget.spend(columns * len(scope.moments))
    return found


def _number(scope: Scope, node: parser.NumberLiteral) -> Scalar:
    return Scalar([float(node.val)] * len(scope.moments))


def _text(_: Scope, node: parser.StringLiteral) -> Text:
    return Text(node.val)


def _paren(scope: Scope, node: parser.ParenExpr) -> Answer:
    return answer(scope, node.expr)


def _unary(scope: Scope, node: parser.UnaryExpr) -> Answer:
    found = answer(scope, node.expr)
    if isinstance(found, Scalar):
        return Scalar([-value for value in found.values])
    if not isinstance(found, Vector):
        raise UnsupportedError("only numbers and instant vectors can be negated")
    return merged(
        Column(
            without_name(column.labels),
            [None if value is None else -value for value in column.values],
        )
        for column in found.columns
    )


def _subquery(scope: Scope, node: parser.SubqueryExpr) -> Windows:
    starts, ends = spans(scope, node.at, node.offset, node.range)
    step = milliseconds(node.step) or scope.subquery_step
    moments = aligned(scope.dialect, starts, ends, step)
    found = answer(replace(scope, moments=moments, within_subquery=True), node.expr)
    if not isinstance(found, Vector):
        raise UnsupportedError("a subquery of something that is not an instant vector")
    windows = [windowed(scope.dialect, column, moments, (starts, ends)) for column in found.columns]
    return Windows(windows, starts, ends)


def _call(scope: Scope, node: parser.Call) -> Answer:
    nodes = [bare(argument) for argument in node.args]
    name = node.func.name
    if name == "timestamp" and isinstance(nodes[0], parser.VectorSelector):
        return sample_time_vector(scope, nodes[0])
    arguments = [answer(scope, argument) for argument in nodes]
    for argument in arguments:
        if isinstance(argument, Windows) and name not in BY_BOUNDS:
            for found in argument.windows:
                scope.budget.spend(sum(behind - first for first, behind in found.bounds))
    return answered(Call(name, nodes, arguments, scope.moments, scope.dialect))


def _aggregate(scope: Scope, node: parser.AggregateExpr) -> Vector:
    name = str(node.op).strip()
    found = answer(scope, node.expr)
    parameter = answer(scope, node.param) if node.param is not None else None
    if not isinstance(found, Vector):
        raise UnsupportedError(f"{name} of something that is not an instant vector")
    modifier = node.modifier
    labels = tuple(modifier.labels) if modifier is not None else ()
    without = modifier is not None and modifier.type == parser.AggModifierType.Without
    if name == "count_values" and isinstance(parameter, Text):
        label, budget = parameter.value, scope.budget
        return merged(value_counts(found.columns, label, labels, budget, without=without), name)
    groups = grouped(found.columns, labels, without=without)
    if name in AGGREGATIONS:
        return merged(aggregated(groups, name, scope.dialect), name)
    return _grouped(name, groups, parameter)


def _grouped(name: str, groups: Groups, parameter: Answer | None) -> Vector:
    if name in ("topk", "bottomk") and isinstance(parameter, Scalar):
        return merged(ranked(groups, parameter.values, top=name == "topk"), name)
    if name == "quantile" and isinstance(parameter, Scalar):
        return merged(quantiles(groups, parameter.values), name)
    raise UnsupportedError(f"the aggregation {name} is not known here")


def _binary(scope: Scope, node: parser.BinaryExpr) -> Answer:
    operation = Operation.of(node, scope.dialect)
    left, right = answer(scope, node.lhs), answer(scope, node.rhs)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return matching.scalars(operation, left, right)
    if isinstance(left, Vector) and isinstance(right, Vector):
        if operation.operator in ("and", "or", "unless"):
            return merged(matching.set_operation(operation, left, right))
        return merged(matching.vectors(operation, left, right, scope.budget))
    if isinstance(left, Vector) and isinstance(right, Scalar):
        return merged(matching.vector_with_scalar(operation, left, right, swapped=False))
    if isinstance(left, Scalar) and isinstance(right, Vector):
        return merged(matching.vector_with_scalar(operation, right, left, swapped=True))
    raise UnsupportedError(f"{operation.operator} cannot stand between such operands")


_NODES: dict[type, Callable[..., Answer]] = {
    parser.AggregateExpr: _aggregate,
    parser.BinaryExpr: _binary,
    parser.Call: _call,
    parser.MatrixSelector: range_vector,
    parser.NumberLiteral: _number,
    parser.ParenExpr: _paren,
    parser.StringLiteral: _text,
    parser.SubqueryExpr: _subquery,
    parser.UnaryExpr: _unary,
    parser.VectorSelector: instant_vector,
}
