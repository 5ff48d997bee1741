"""What a query answered in health, and in worlds that differ from it in one fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.semantics.alerting.watches import Labels

    Values = Mapping[Labels, float]

_SMALLEST_SHARE = 1e-5
"""By which share of its value a series must move to be said to move: more than rounding does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query answered.

    Attributes:
        healthy: its series in health.
        moved: fact → the answer in the world where only that fact differs, where it differs.
        regional: the same, where the fact differs in one region only.
        business: metric of the business → the answer in a world where only that metric differs.
        reads: the facts that its metrics tell.
        own: those that it reads of the system itself, not of a tool beside it.
        guessed: whether the unit of a metric was guessed.
        nothing: why it answers nothing; empty where it answers something.
        unknown: why that cannot be told; empty where it can.
        strange: the metrics of which nobody knows what they tell.

    """

    healthy: Values = field(default_factory=dict)
    moved: Mapping[str, Values] = field(default_factory=dict)
    regional: Mapping[str, Values] = field(default_factory=dict)
    business: Mapping[str, Values] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    guessed: bool = False
    nothing: str = ""
    unknown: str = ""
    strange: frozenset[str] = frozenset()

    def moves(self, labels: Labels, fact: str) -> bool:
        """Tell whether a series of the answer moves when only this fact changes."""
        return fact in self.moved and is_moved(self.healthy[labels], self.moved[fact].get(labels))

    def rises(self, labels: Labels, fact: str) -> bool:
        """Tell whether a series of the answer rises when only this fact changes."""
        after = self.moved.get(fact, self.healthy).get(labels)
        return after is not None and self.moves(labels, fact) and after > self.healthy[labels]


def is_moved(before: float, after: float | None) -> bool:
    """Tell whether a value is another, or gone."""
    return after is None or abs(after - before) > _SMALLEST_SHARE * max(abs(before), abs(after))
