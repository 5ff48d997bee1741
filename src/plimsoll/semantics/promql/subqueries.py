"""Subqueries: expressions that are evaluated at steps of their own, and read as a range.

The steps are multiples of the step's length, whenever the rule is evaluated.
Source of the rules: promql/engine.go of Prometheus (`SubqueryExpr`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import Window
from plimsoll.semantics.promql.errors import UnsupportedError
from plimsoll.semantics.promql.store import falls
from plimsoll.semantics.promql.windows import ranged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plimsoll.semantics.promql.columns import Column
    from plimsoll.semantics.promql.dialect import Dialect

MOST_MOMENTS = 200_000
"""At so many moments an expression may be evaluated."""


def aligned(
    dialect: Dialect, starts: Sequence[int], ends: Sequence[int], step: int
) -> Sequence[int]:
    """Return the multiples of the step that any of the ranges contains, in milliseconds.

    Raises:
        UnsupportedError: there are unreasonably many.

    """
    if not starts:
        return ()
    if step < 1 or (ends[-1] - starts[0]) // step > MOST_MOMENTS:
        raise UnsupportedError("a subquery has unreasonably many steps")
    first = starts[0] + (1 if dialect.left_open else 0)
    return range(-(-first // step) * step, ends[-1] + 1, step)


def windowed(
    dialect: Dialect,
    column: Column,
    moments: Sequence[int],
    ranges: tuple[Sequence[int], Sequence[int]],
) -> Window:
    """Return what a subquery's series holds in every range (their starts, and their ends)."""
    present = [
        (moment, value)
        for moment, value in zip(moments, column.values, strict=True)
        if value is not None
    ]
    times = [moment for moment, _ in present]
    values = [value for _, value in present]
    bounds = ranged(times, *ranges, left_open=dialect.left_open)
    return Window(column.labels, times, values, bounds, falls(values))
