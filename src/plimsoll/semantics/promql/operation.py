"""A binary operator, with all that stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.arithmetic import ARITHMETIC, COMPARISONS
from plimsoll.semantics.promql.columns import NAME, without_name
from plimsoll.semantics.promql.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from plimsoll.semantics.promql.dialect import Dialect

    Signature = Hashable


@dataclass(frozen=True, slots=True)
class Operation:
    """A binary operator with all that stands beside it.

    Attributes:
        operator: such as `+`, `>=` or `unless`.
        returns_bool: whether a comparison answers 0 or 1 and filters nothing.
        labels: those that are listed for matching.
        on: whether only these must agree, or else all but these.
        many: the side of which several series may meet one of the other; None for neither.
        included: labels that are taken over from the other side.
        major: the version of Prometheus.

    """

    operator: str
    returns_bool: bool = False
    labels: tuple[str, ...] = ()
    on: bool = False
    many: str | None = None
    included: tuple[str, ...] = ()
    major: int = 3

    @classmethod
    def of(cls, node: parser.BinaryExpr, dialect: Dialect) -> Operation:
        """Read the operator of a tree.

        Raises:
            UnsupportedError: values are filled in for series without a match (an experiment).

        """
        modifier = node.modifier
        name = str(node.op).strip()
        if modifier is None:
            return cls(name, major=dialect.major)
        fill = modifier.fill_values
        if fill is not None and (fill.lhs is not None or fill.rhs is not None):
            raise UnsupportedError("fill values of a binary operator are not known here")
        matching = modifier.matching
        return cls(
            name,
            modifier.return_bool,
            tuple(matching.labels) if matching is not None else (),
            matching is not None and matching.type == parser.LabelModifierType.Include,
            _many_side(modifier.card),
            tuple(modifier.group_labels or ()),
            dialect.major,
        )

    @property
    def filters(self) -> bool:
        """Whether it leaves out what does not compare."""
        return self.operator in COMPARISONS and not self.returns_bool

    @property
    def keeps_name(self) -> bool:
        """Whether the result is still called as the operand; Prometheus 2 forgets about atan2."""
        return self.filters or (self.operator == "atan2" and self.major < 3)

    def apply(self, left: float, right: float) -> float | None:
        """Return the value for a pair; None where the comparison is false."""
        compare = COMPARISONS.get(self.operator)
        if compare is None:
            return ARITHMETIC[self.operator](left, right)
        holds = compare(left, right)
        if self.returns_bool:
            return float(holds)
        return left if holds else None

    def named(self, labels: Mapping[str, str]) -> Mapping[str, str]:
        """Return the labels of an operand, without the name where the result is no such metric."""
        return labels if self.keeps_name else without_name(labels)

    def signature(self, labels: Mapping[str, str]) -> Signature:
        """Return what must be equal for two series to meet."""
        if self.on:
            return tuple(labels.get(label, "") for label in self.labels)
        return frozenset(
            item for item in labels.items() if item[0] != NAME and item[0] not in self.labels
        )

    def result_labels(self, many: Mapping[str, str], one: Mapping[str, str]) -> Mapping[str, str]:
        """Return the labels of what a pair makes."""
        labels = dict(self.named(many))
        if self.many is None:
            labels = {
                label: value for label, value in labels.items() if (label in self.labels) is self.on
            }
        for label in self.included:
            value = one.get(label, "")
            labels.pop(label, None)
            if value:
                labels[label] = value
        return labels


def _many_side(card: parser.VectorMatchCardinality) -> str | None:
    if card == parser.VectorMatchCardinality.ManyToOne:
        return "left"
    return "right" if card == parser.VectorMatchCardinality.OneToMany else None
