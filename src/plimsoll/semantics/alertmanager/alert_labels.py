"""Which labels an alert will carry: those of its rule, and those that survive its expression.

Source: Prometheus' `promql/engine.go` (what each operator and aggregation keeps) and the rule's own
labels, which win. An expression with `or` gives alerts of several shapes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.alertmanager.labels import LabelSet, Unknown
from plimsoll.semantics.alertmanager.matchers import Matcher, UnclearMatcherError
from plimsoll.semantics.alertmanager.surroundings import Surroundings
from plimsoll.semantics.promql import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.alert_rule import AlertRule

ALONE = Surroundings()
"""Rules of which nothing but themselves is known."""
_ATTACHED = frozenset({"job", "instance"})
"""What Prometheus attaches to everything that it scrapes."""
_NAME = "__name__"
_MADE = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
"""Series that Prometheus makes itself."""
_MOST_SHAPES = 64
_EMPTY = LabelSet()
_ANYTHING = LabelSet(is_open=True)
_KEEPING = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_SCALARS = frozenset({"time", "pi", "scalar"})
_ABSENT = frozenset({"absent", "absent_over_time"})
_REWRITING = frozenset({"label_replace", "label_join"})
_SET_OPERATORS = frozenset({"and", "unless"})
_TEMPLATE = "{{"

Shapes = tuple[LabelSet, ...]


def alert_shapes(rule: AlertRule, around: Surroundings = ALONE) -> Shapes:
    """Return what is known of the labels of every alert that a rule can raise.

    Raises:
        PromqlError: Prometheus would refuse the expression, or it is unreasonably large.

    """
    shapes = (_labelled(shape, rule) for shape in _surviving(rule.expression, around))
    return _distinct(_sent(shape, around) for shape in shapes)


@lru_cache(maxsize=1024)
def _surviving(expression: str, around: Surroundings) -> Shapes:
    shapes = _Reading(around).shapes(parse(expression))
    return (_EMPTY,) if shapes is None else shapes


def _labelled(shape: LabelSet, rule: AlertRule) -> LabelSet:
    for name, value in rule.labels.items():
        shape = shape.having(name, Unknown.ANY if _TEMPLATE in value else value)
    return shape.having(_NAME, "").having("alertname", rule.name)


def _sent(shape: LabelSet, around: Surroundings) -> LabelSet:
    for name, value in around.external:
        told = shape.of(name)
        if told and told is not Unknown.ANY:
            continue
        if isinstance(value, Unknown):
            shape = replace(shape, expanded=shape.expanded | {name})
        if not told:
            shape = shape.having(name, value)
        elif value and value is not Unknown.ANY:
            shape = shape.having(name, Unknown.PRESENT)
    return shape


class _Reading:
    """What is left of labels at each place of an expression; None for a number without any."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def shapes(self, node: parser.Expr) -> Shapes | None:
        if isinstance(node, parser.VectorSelector):
            return self._selected(node)
        if isinstance(node, parser.MatrixSelector):
            return self._selected(node.vector_selector)
        if isinstance(node, parser.ParenExpr | parser.UnaryExpr | parser.SubqueryExpr):
            return self.shapes(node.expr)
        if isinstance(node, parser.Call):
            return self._called(node)
        if isinstance(node, parser.AggregateExpr):
            return self._aggregated(node)
        return self._combined(node) if isinstance(node, parser.BinaryExpr) else None

    def _selected(self, node: parser.VectorSelector) -> Shapes:
        found = []
        for stored in self._stored(node.name or ""):
            shape: LabelSet | None = stored
            for matcher in _matchers(node):
                shape = _narrowed(shape, matcher) if shape else None
            found += [replace(shape, assumed=())] if shape else []
        return _distinct(found)

    def _stored(self, metric: str) -> Shapes:
        """Return what is known of the labels of a metric's series."""
        is_made = ":" in metric or metric in self._around.recorded or metric in _MADE
        if not metric or is_made:
            return (_ANYTHING,)
        targets = self._around.targets
        is_own = metric == "up" or metric.startswith("scrape_")
        if not is_own or targets is None:
            return (LabelSet(present=_ATTACHED, is_open=True),)
        return tuple(
            LabelSet(
                {"job": one.job} if one.job else {},
                one.present - ({"job"} if one.job else set()),
                one.unsure,
            )
            for one in targets
        )

    def _called(self, node: parser.Call) -> Shapes | None:
        name, arguments = node.func.name, list(node.args)
        if name in _SCALARS:
            return None
        if name in _ABSENT:
            return (_absent(arguments[0]),)
        read = [shapes for one in arguments if (shapes := self.shapes(one)) is not None]
        found = read[0] if read else (_EMPTY,)
        if name in _REWRITING:
            written = arguments[1]
            if not isinstance(written, parser.StringLiteral):
                return (_ANYTHING,)
            return tuple(shape.having(written.val, Unknown.ANY) for shape in found)
        if name == "histogram_quantile":
            return tuple(shape.having("le", "") for shape in found)
        return found

    def _aggregated(self, node: parser.AggregateExpr) -> Shapes:
        name, inner = str(node.op).strip(), self.shapes(node.expr) or (_EMPTY,)
        if name in _KEEPING:
            return inner
        listed = tuple(node.modifier.labels) if node.modifier else ()
        kind = node.modifier.type if node.modifier else None
        is_without = kind == parser.AggModifierType.Without
        found = [_less(one, listed) if is_without else _only(one, listed) for one in inner]
        if name == "count_values" and isinstance(node.param, parser.StringLiteral):
            found = [one.having(node.param.val, Unknown.PRESENT) for one in found]
        return _distinct(found)

    def _combined(self, node: parser.BinaryExpr) -> Shapes | None:
        left, right = self.shapes(node.lhs), self.shapes(node.rhs)
        if left is None or right is None:
            return right if left is None else left
        operator = str(node.op).strip()
        if operator in _SET_OPERATORS:
            return left
        if operator == "or":
            return _distinct((*left, *right))
        pairs = (_matched(node.modifier, one, other) for one, other in product(left, right))
        return _distinct(one for one in pairs if one is not None)


def _matched(
    modifier: parser.BinModifier | None, one: LabelSet, other: LabelSet
) -> LabelSet | None:
    """Return the labels of what an operator makes of two series; None where they never match."""
    card = modifier.card if modifier else parser.VectorMatchCardinality.OneToOne
    if modifier and card == parser.VectorMatchCardinality.ManyToOne:
        return _with(one, other, modifier.group_labels or ())
    if modifier and card == parser.VectorMatchCardinality.OneToMany:
        return _with(other, one, modifier.group_labels or ())
    if modifier is None or modifier.matching is None:
        return one.united(other)
    listed = tuple(modifier.matching.labels)
    is_on = modifier.matching.type == parser.LabelModifierType.Include
    keep = _only if is_on else _less
    return keep(one, listed).united(keep(other, listed))


def _with(many: LabelSet, one: LabelSet, listed: Iterable[str]) -> LabelSet:
    for label in listed:
        many = many.having(label, one.of(label))
    return many


def _only(shape: LabelSet, listed: tuple[str, ...]) -> LabelSet:
    return _with(_EMPTY, shape, listed)


def _less(shape: LabelSet, listed: tuple[str, ...]) -> LabelSet:
    for label in listed:
        shape = shape.having(label, "")
    return shape


def _matchers(node: parser.VectorSelector) -> list[Matcher]:
    operators = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
    return [
        Matcher(one.name, operators[str(one.op).rpartition(".")[2]], one.value)
        for one in node.matchers.matchers
        if one.name != _NAME
    ]


def _narrowed(shape: LabelSet, matcher: Matcher) -> LabelSet | None:
    try:
        narrowed = shape.assuming(matcher, holds=True)
        is_there = not matcher.accepts("")
    except UnclearMatcherError:
        return shape
    if narrowed and is_there and narrowed.of(matcher.label) is Unknown.ANY:
        return narrowed.having(matcher.label, Unknown.PRESENT)
    return narrowed


def _absent(node: parser.Expr) -> LabelSet:
    """Return the labels of `absent`: those that its selector fixes, each of them once."""
    while isinstance(node, parser.ParenExpr):
        node = node.expr
    if isinstance(node, parser.MatrixSelector):
        node = node.vector_selector
    if not isinstance(node, parser.VectorSelector):
        return _EMPTY
    matchers = _matchers(node)
    names = [one.label for one in matchers]
    fixed = [one for one in matchers if one.operator == "=" and names.count(one.label) == 1]
    return LabelSet({one.label: one.value for one in fixed})


def _distinct(shapes: Iterable[LabelSet]) -> Shapes:
    """Return each shape once; where there are too many, one of which nothing is known."""
    found: list[LabelSet] = []
    for shape in shapes:
        if shape not in found:
            found.append(shape)
        if len(found) > _MOST_SHAPES:
            return (_ANYTHING,)
    return tuple(found)
