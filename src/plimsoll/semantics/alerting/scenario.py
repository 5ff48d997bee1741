"""How the imaginary system changes with time.

Time is in seconds since the fault began; what is before is history, in which the system is well.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from plimsoll.semantics.alerting.system import HEALTHY, System

Target = tuple[tuple[str, str], ...]
"""What is scraped, as the labels that it is given, sorted."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A system that is `before`, is `during` from `begins` until `ends`, and is `before` again.

    Attributes:
        name: how people call it.
        during: how it fares while the fault lasts; the same as before where there is none.
        touches: the facts that are not as before: only rules that read one of them can change.
        before: how it fares otherwise.
        begins: when the fault begins; -inf for one that was there before the history began.
        ends: when it ends.
        one_instance: whether only one of the instances is struck, or else all are.
        one_region: whether only one of the regions is struck, or else all are.
        only: the targets that alone are struck; where there are none, the two above say which.
        vanishes: whether, while the fault lasts, the series of the touched facts are gone.
        restarts: whether every counter begins at nought again at second 0.
        gap_seconds: for how long from second 0 nothing is scraped at all.

    """

    name: str
    during: System = HEALTHY
    touches: frozenset[str] = frozenset()
    before: System = HEALTHY
    begins: float = 0.0
    ends: float = inf
    one_instance: bool = False
    one_region: bool = False
    only: frozenset[Target] = frozenset()
    vanishes: bool = False
    restarts: bool = False
    gap_seconds: float = 0.0

    def is_struck(self, at: float) -> bool:
        """Whether the fault lasts at this moment."""
        return self.begins <= at < self.ends

    def system(self, at: float, *, struck: bool = True) -> System:
        """Return how the system fares at a moment; `struck` for an instance that the fault hits."""
        return self.during if struck and self.is_struck(at) else self.before
