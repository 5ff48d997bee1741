"""Within what an expression is evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import Budget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plimsoll.semantics.promql.dialect import Dialect
    from plimsoll.semantics.promql.store import SeriesStore


@dataclass(frozen=True, slots=True)
class Scope:
    """The series, the moments and the rules for the parts of one expression.

    Attributes:
        store: the series that can be read.
        dialect: the version of the language.
        moments: of evaluation, in milliseconds, ascending.
        subquery_step: the step of subqueries that name none, in milliseconds.
        budget: what may still be computed.
        within_subquery: whether the moments are those of a subquery.

    """

    store: SeriesStore
    dialect: Dialect
    moments: Sequence[int]
    subquery_step: int = 60_000
    budget: Budget = field(default_factory=Budget)
    within_subquery: bool = False
