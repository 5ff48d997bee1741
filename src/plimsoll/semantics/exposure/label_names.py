"""The labels that some series can have, as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.semantics.exposure.supply import Unseen

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Names:
    """Labels of series.

    Attributes:
        known: those that some of the series have.
        unseen: why they may have others as well; empty where they have no others.
        is_void: whether there are no series at all, so that nothing can be lacking on them.

    """

    known: frozenset[str] = _NOTHING
    unseen: frozenset[Unseen] = frozenset()
    is_void: bool = False

    def __or__(self, other: Names) -> Names:
        """Return the labels of both."""
        return Names(
            self.known | other.known, self.unseen | other.unseen, self.is_void or other.is_void
        )

    def lacks(self, label: str) -> bool:
        """Tell whether it is certain that no series has a label."""
        return label not in self.known and not self.unseen and not self.is_void

    def doubts(self, label: str) -> frozenset[Unseen]:
        """Return why it is not known whether a series has a label; nothing where it is."""
        return frozenset() if label in self.known or self.is_void else self.unseen

    def only(self, labels: frozenset[str]) -> Names:
        """Return what an aggregation `by` these leaves; what is not known is taken to be there."""
        is_certain = not self.unseen and not self.is_void
        return Names(labels & self.known if is_certain else labels)

    def without(self, labels: frozenset[str]) -> Names:
        """Return the labels but for these."""
        return Names(self.known - labels, self.unseen, self.is_void)


def union(names: Iterable[Names]) -> Names:
    """Return the labels of all."""
    return reduce(Names.__or__, names, Names())
