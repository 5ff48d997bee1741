"""Which series of one side meet which of the other, and what they make.

Which labels match is settled once per pair of columns; only presence and values are looked at
moment by moment. Source of the rules: promql/engine.go of Prometheus (`VectorBinop`,
`VectorscalarBinop`, `VectorAnd`, `VectorOr`, `VectorUnless`, `resultMetric`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.promql.arithmetic import ARITHMETIC, COMPARISONS
from plimsoll.semantics.promql.columns import Column, Scalar, Vector
from plimsoll.semantics.promql.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from plimsoll.semantics.promql.columns import Budget
    from plimsoll.semantics.promql.operation import Operation

    Signature = Hashable
    Groups = dict[Signature, list[Column]]


def scalars(operation: Operation, left: Scalar, right: Scalar) -> Scalar:
    """Answer an operator between two numbers; comparisons answer 0 or 1."""
    compare = COMPARISONS.get(operation.operator)
    function = ARITHMETIC[operation.operator] if compare is None else compare
    return Scalar([float(function(*pair)) for pair in zip(left.values, right.values, strict=True)])


def vector_with_scalar(
    operation: Operation, vector: Vector, scalar: Scalar, *, swapped: bool
) -> list[Column]:
    """Answer an operator between series and a number; `swapped` where the number is on the left."""
    compare = COMPARISONS.get(operation.operator)
    found = []
    for column in vector.columns:
        labels = operation.named(column.labels)
        pairs = zip(column.values, scalar.values, strict=True)
        values: list[float | None]
        if compare is not None and operation.filters:
            values = [
                value
                if value is not None
                and (compare(other, value) if swapped else compare(value, other))
                else None
                for value, other in pairs
            ]
        else:
            values = [
                None
                if value is None
                else operation.apply(other, value)
                if swapped
                else operation.apply(value, other)
                for value, other in pairs
            ]
        found.append(Column(labels, values))
    return found


def set_operation(operation: Operation, left: Vector, right: Vector) -> list[Column]:
    """Answer `and`, `or` or `unless`."""
    if operation.operator == "or":
        present = _presence(operation, left.columns)
        return [*left.columns, *_where(operation, right.columns, present, wanted=False)]
    present = _presence(operation, right.columns)
    wanted = operation.operator == "and"
    return list(_where(operation, left.columns, present, wanted=wanted))


def _presence(operation: Operation, columns: Iterable[Column]) -> dict[Signature, list[bool]]:
    """Return for each signature the moments at which a series with it is there."""
    return {
        signature: [
            any(value is not None for value in row)
            for row in zip(*(member.values for member in members), strict=True)
        ]
        for signature, members in _by_signature(operation, columns).items()
    }


def _where(
    operation: Operation,
    columns: Iterable[Column],
    present: Mapping[Signature, Sequence[bool]],
    *,
    wanted: bool,
) -> Iterable[Column]:
    """Keep values at moments where the other side is present, or where it is not."""
    for column in columns:
        there = present.get(operation.signature(column.labels))
        if there is None:
            if not wanted:
                yield column
            continue
        yield Column(
            column.labels,
            [
                value if found is wanted else None
                for value, found in zip(column.values, there, strict=True)
            ],
        )


def _by_signature(operation: Operation, columns: Iterable[Column]) -> Groups:
    found: Groups = {}
    for column in columns:
        found.setdefault(operation.signature(column.labels), []).append(column)
    return found


def vectors(operation: Operation, left: Vector, right: Vector, budget: Budget) -> list[Column]:
    """Answer an arithmetic operator or a comparison between series.

    Raises:
        EvaluationError: the match is ambiguous at some moment.
        UnsupportedError: the budget is used up.

    """
    swapped = operation.many == "right"
    many, one = (right, left) if swapped else (left, right)
    ones = _ones(operation, many, one)
    found: list[Column] = []
    for signature, members in _by_signature(operation, many.columns).items():
        partners = ones.get(signature, ())
        budget.spend(len(members) * sum(len(partner.values) for partner in partners))
        made = [
            _met(operation, member, partner, swapped=swapped)
            for member in members
            for partner in partners
        ]
        if operation.many is None and len(members) > 1:
            _require_single(made)
        found += made
    return found


def _ones(operation: Operation, many: Vector, one: Vector) -> Groups:
    """Return the series of the side where each must be alone, and require that it is.

    A moment at which the other side is empty is not looked at, as in Prometheus.
    """
    groups = _by_signature(operation, one.columns)
    crowded = [members for members in groups.values() if len(members) > 1]
    if crowded:
        met = [
            any(value is not None for value in row)
            for row in zip(*(column.values for column in many.columns), strict=True)
        ]
        for members in crowded:
            for there, row in zip(
                met, zip(*(m.values for m in members), strict=True), strict=False
            ):
                if there and sum(value is not None for value in row) > 1:
                    raise EvaluationError(
                        "many-to-many matching is not allowed: several series of one side have"
                        f" the same matching labels, such as {dict(members[0].labels)}"
                    )
    return groups


def _require_single(columns: Sequence[Column]) -> None:
    for row in zip(*(column.values for column in columns), strict=True):
        if sum(value is not None for value in row) > 1:
            raise EvaluationError(
                "several series of one side match one of the other: many-to-one matching must be"
                " explicit (group_left or group_right)"
            )


def _met(operation: Operation, many: Column, one: Column, *, swapped: bool) -> Column:
    apply: Callable[[float, float], float | None] = operation.apply
    pairs = zip(many.values, one.values, strict=True)
    values = [
        None
        if value is None or other is None
        else apply(other, value)
        if swapped
        else apply(value, other)
        for value, other in pairs
    ]
    return Column(operation.result_labels(many.labels, one.labels), values)
