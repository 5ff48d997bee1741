"""Why an expression answers nothing: the first part of it that is silent, and what was compared.

The tree is followed down through whatever is empty, leftmost first, to the part whose operands all
answer: that part is to blame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.arithmetic import COMPARISONS
from plimsoll.semantics.promql.columns import Scalar, Vector, Windows
from plimsoll.semantics.promql.evaluation import answer
from plimsoll.semantics.promql.operation import Operation
from plimsoll.semantics.promql.reading import tree_of
from plimsoll.semantics.promql.scope import Scope
from plimsoll.semantics.promql.selection import selected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.semantics.promql.columns import Answer
    from plimsoll.semantics.promql.dialect import Dialect
    from plimsoll.semantics.promql.store import SeriesStore

_LONGEST_TEXT = 200
_MOST_PAIRS = 3
_NO_MATCHERS = re.compile(r'("(?:\\.|[^"\\])*")|(?<=[\w:])\{\}|(?<= ) +', re.DOTALL)
_TWO_SAMPLES = (
    "delta",
    "deriv",
    "double_exponential_smoothing",
    "idelta",
    "increase",
    "irate",
    "predict_linear",
    "rate",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values that were compared, and the labels of the series that they belong to."""

    labels: Mapping[str, str]
    left: float
    operator: str
    right: float

    def __str__(self) -> str:
        return f"{self.left:.6g} {self.operator} {self.right:.6g} is false"


@dataclass(frozen=True, slots=True)
class Silence:
    """The part of an expression that answered nothing.

    Attributes:
        text: the part, as PromQL.
        reason: why it answered nothing.
        compared: where it is a comparison, the values that were compared.

    """

    text: str
    reason: str
    compared: tuple[Pair, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}: {self.reason}"


def first_silent(
    expression: str,
    store: SeriesStore,
    at: float,
    dialect: Dialect,
    *,
    subquery_step_seconds: float = 60.0,
) -> Silence | None:
    """Return the innermost, leftmost part that answered nothing at a moment (in seconds).

    None where the expression answers something then.

    Raises:
        PromqlError: Prometheus would refuse the expression.
        UnsupportedError: it cannot be answered here.

    """
    moments = (round(at * 1000),)
    search = _Search(Scope(store, dialect, moments, round(subquery_step_seconds * 1000)))
    tree = tree_of(expression, dialect)
    return search.silence(tree) if search.is_silent(tree) else None


def written(node: parser.Expr) -> str:
    """Write a part of an expression as PromQL, shortened where it is long."""
    text = _NO_MATCHERS.sub(lambda found: found[1] or "", str(node))
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


@dataclass(frozen=True, slots=True)
class _Search:
    scope: Scope

    def is_silent(self, node: parser.Expr) -> bool:
        found = answer(self.scope, node)
        if isinstance(found, Windows):
            return all(first == behind for one in found.windows for first, behind in one.bounds)
        return isinstance(found, Vector) and not _present(found)

    def silence(self, node: parser.Expr) -> Silence:
        """Return what is to blame for a part that answers nothing."""
        if isinstance(node, parser.ParenExpr | parser.UnaryExpr):
            return self.silence(node.expr)
        if isinstance(node, parser.BinaryExpr):
            return self._operator(node)
        if isinstance(node, parser.VectorSelector | parser.MatrixSelector):
            return self._selector(node)
        if isinstance(node, parser.AggregateExpr):
            return self._within(node, [node.expr])
        if isinstance(node, parser.Call):
            return self._call(node)
        return Silence(written(node), "it answered nothing in that time")

    def _within(self, node: parser.Expr, operands: list[parser.Expr]) -> Silence:
        silent = next((operand for operand in operands if self.is_silent(operand)), None)
        if silent is not None:
            return self.silence(silent)
        return Silence(written(node), "it answers nothing")

    def _selector(self, node: parser.VectorSelector | parser.MatrixSelector) -> Silence:
        plain = node.vector_selector if isinstance(node, parser.MatrixSelector) else node
        selector = selected(plain)
        store, dialect = self.scope.store, self.scope.dialect
        found = store.select(selector.metric, selector.matchers, dialect)
        if any(True for _ in found):
            return Silence(written(node), "its series have no sample at that time")
        return Silence(written(node), "no series is selected")

    def _call(self, node: parser.Call) -> Silence:
        name = node.func.name
        if name in ("absent", "absent_over_time"):
            return Silence(written(node), "what it asks for is there")
        series = [one for one in node.args if not isinstance(one, parser.StringLiteral)]
        if name in _TWO_SAMPLES and not self.is_silent(series[0]):
            return Silence(written(node), "fewer than two samples are in its range")
        return self._within(node, series)

    def _operator(self, node: parser.BinaryExpr) -> Silence:
        operation = Operation.of(node, self.scope.dialect)
        if operation.operator == "or":
            left, right = self.silence(node.lhs), self.silence(node.rhs)
            return Silence(left.text, f"{left.reason}; and {right}", left.compared)
        operands = [node.lhs] if operation.operator == "unless" else [node.lhs, node.rhs]
        silent = next((operand for operand in operands if self.is_silent(operand)), None)
        if silent is not None:
            return self.silence(silent)
        if operation.operator == "unless":
            return Silence(written(node), "every series of the left side is on the right side too")
        return self._unmatched(node, operation)

    def _unmatched(self, node: parser.BinaryExpr, operation: Operation) -> Silence:
        if operation.operator in COMPARISONS:
            compared = tuple(self._pairs(node, operation))
            if compared:
                return Silence(written(node), _told(compared), compared)
        reason = "no series of one side has the labels of one on the other"
        return Silence(written(node), reason)

    def _pairs(self, node: parser.BinaryExpr, operation: Operation) -> Iterator[Pair]:
        ours = _values(answer(self.scope, node.lhs))
        theirs = _values(answer(self.scope, node.rhs))
        for labels, left in ours:
            for others, right in theirs:
                same = operation.signature(labels or {}) == operation.signature(others or {})
                if labels is None or others is None or same:
                    yield Pair(labels or others or {}, left, operation.operator, right)


def _told(compared: tuple[Pair, ...]) -> str:
    told = list(dict.fromkeys(map(str, compared)))
    more = len(told) - _MOST_PAIRS
    return ", ".join(told[:_MOST_PAIRS]) + (f", and {more} more" if more > 0 else "")


def _values(found: Answer) -> list[tuple[Mapping[str, str] | None, float]]:
    """Return the values of one moment; a number belongs to no series."""
    if isinstance(found, Scalar):
        return [(None, value) for value in found.values]
    return _present(found) if isinstance(found, Vector) else []


def _present(found: Vector) -> list[tuple[Mapping[str, str] | None, float]]:
    return [
        (column.labels, value)
        for column in found.columns
        for value in column.values
        if value is not None
    ]
