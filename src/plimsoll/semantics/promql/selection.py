"""Read PromQL expressions: which series they read, and through which functions.

The grammar is Prometheus' own (promql-parser). Only structure is told here: what an expression
answers for given series takes an engine, which can walk the same tree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.errors import PromqlError
from plimsoll.semantics.promql.patterns import matches
from plimsoll.semantics.promql.reading import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

__all__ = [
    "Matcher",
    "PromqlError",
    "Selector",
    "Step",
    "constant",
    "parse",
    "selected",
    "selectors",
    "selectors_of",
]

_OPERATORS = {
    "MatchOp.Equal": "=",
    "MatchOp.NotEqual": "!=",
    "MatchOp.Re": "=~",
    "MatchOp.NotRe": "!~",
}
_NAME = "__name__"


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one label: `operator` is `=`, `!=`, `=~` or `!~`."""

    label: str
    operator: str
    value: str

    def accepts(self, value: str) -> bool:
        """Tell whether the label may have this value; an absent label has the empty one.

        Raises:
            UnsupportedError: the regular expression is beyond what can be evaluated here.

        """
        if self.operator in ("=", "!="):
            return (value == self.value) is (self.operator == "=")
        return matches(self.value, value) is (self.operator == "=~")


@dataclass(frozen=True, slots=True)
class Step:
    """A function or aggregation around a selector; `by` is None where the labels are not listed."""

    name: str
    by: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector in context.

    Attributes:
        metric: the metric's name; None where the selector does not fix it.
        matchers: the conditions on labels, the name's own left out unless it is not a plain `=`.
        range_seconds: how far back it looks; None for the latest sample only.
        offset_seconds: by how much its window is moved into the past.
        steps: the functions and aggregations around it, outermost first.
        quantile: what an enclosing `histogram_quantile` or `quantile` asks for, from 0 to 1.

    """

    metric: str | None
    matchers: tuple[Matcher, ...]
    range_seconds: float | None = None
    offset_seconds: float = 0.0
    steps: tuple[Step, ...] = ()
    quantile: float | None = None

    @property
    def functions(self) -> tuple[str, ...]:
        """Return the names of what encloses the selector, outermost first."""
        return tuple(step.name for step in self.steps)

    def keeps(self, label: str) -> bool:
        """Tell whether the label survives every aggregation around the selector."""
        return all(
            label in step.by if step.by is not None else label not in step.without
            for step in self.steps
        )

    def accepts(self, label: str, value: str) -> bool:
        """Tell whether a series with this label value may be read.

        Raises:
            UnsupportedError: a regular expression is beyond what can be evaluated here.

        """
        return all(matcher.accepts(value) for matcher in self.matchers if matcher.label == label)


_BARE = Selector(None, ())


@lru_cache(maxsize=4096)
def selectors(expression: str) -> tuple[Selector, ...]:
    """Return every selector of an expression, in the order of the text.

    Raises:
        PromqlError: Prometheus would refuse the expression.

    """
    return selectors_of(parse(expression))


def selectors_of(tree: parser.Expr) -> tuple[Selector, ...]:
    """Return every selector of a syntax tree, in the order of the text.

    Raises:
        PromqlError: Prometheus would refuse a selector.

    """
    return tuple(_read(tree, _BARE))


def _read(node: parser.Expr, context: Selector) -> Iterator[Selector]:
    if isinstance(node, parser.VectorSelector):
        yield selected(node, context)
    elif isinstance(node, parser.MatrixSelector):
        yield from _read(node.vector_selector, _back(context, node.range, None))
    elif isinstance(node, parser.SubqueryExpr):
        yield from _read(node.expr, _back(context, node.range, node.offset))
    elif isinstance(node, parser.Call):
        yield from _call(node, context)
    elif isinstance(node, parser.AggregateExpr):
        yield from _aggregate(node, context)
    elif isinstance(node, parser.BinaryExpr):
        yield from _read(node.lhs, context)
        yield from _read(node.rhs, context)
    elif isinstance(node, parser.ParenExpr | parser.UnaryExpr):
        yield from _read(node.expr, context)


def selected(node: parser.VectorSelector, context: Selector = _BARE) -> Selector:
    """Return what a selector of a tree reads, in the context around it.

    Raises:
        PromqlError: its matchers are joined by `or`.

    """
    if node.matchers.or_matchers:
        raise PromqlError("Prometheus knows no `or` between matchers")
    matchers = [Matcher(m.name, _OPERATORS[str(m.op)], m.value) for m in node.matchers.matchers]
    named = next((m for m in matchers if m.label == _NAME and m.operator == "="), None)
    return replace(
        context,
        metric=node.name or (named.value if named else None),
        matchers=tuple(matcher for matcher in matchers if matcher != named),
        offset_seconds=context.offset_seconds + (_seconds(node.offset) or 0.0),
    )


def _back(context: Selector, window: timedelta | None, offset: timedelta | None) -> Selector:
    return replace(
        context,
        range_seconds=(context.range_seconds or 0.0) + (_seconds(window) or 0.0),
        offset_seconds=context.offset_seconds + (_seconds(offset) or 0.0),
    )


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _call(node: parser.Call, context: Selector) -> Iterator[Selector]:
    name = node.func.name
    inside = replace(context, steps=(*context.steps, Step(name)))
    if name == "histogram_quantile":
        inside = replace(inside, quantile=constant(node.args[0]))
    for argument in node.args:
        yield from _read(argument, inside)


def _aggregate(node: parser.AggregateExpr, context: Selector) -> Iterator[Selector]:
    name = str(node.op).strip()
    listed = tuple(node.modifier.labels) if node.modifier is not None else ()
    excluded = node.modifier is not None and node.modifier.type == parser.AggModifierType.Without
    keeps_all = name in ("topk", "bottomk", "limitk", "limit_ratio")
    step = Step(name, None if excluded or keeps_all else listed, listed if excluded else ())
    quantile = constant(node.param) if name == "quantile" else context.quantile
    inside = replace(context, steps=(*context.steps, step), quantile=quantile)
    yield from _read(node.expr, inside)
    if node.param is not None:
        yield from _read(node.param, context)


def constant(node: parser.Expr | None) -> float | None:
    """Return the number that a tree always gives; None where it depends on series."""
    if isinstance(node, parser.NumberLiteral):
        return node.val
    if isinstance(node, parser.ParenExpr):
        return constant(node.expr)
    if isinstance(node, parser.UnaryExpr):
        value = constant(node.expr)
        return None if value is None else -value
    if isinstance(node, parser.BinaryExpr):
        left, right = constant(node.lhs), constant(node.rhs)
        return None if left is None or right is None else _folded(str(node.op).strip(), left, right)
    return None


def _folded(operator: str, left: float, right: float) -> float | None:
    if operator == "/" and right:
        return left / right
    return {"+": left + right, "-": left - right, "*": left * right}.get(operator)
