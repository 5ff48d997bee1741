"""What one target gives: the metrics that are known of it, and what else it may expose."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from plimsoll.semantics.exposure.exporters import owner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.exposition import Exposition
    from plimsoll.facts.exposure import ScrapedTarget


class Reach(Enum):
    """Which metrics a target may expose beyond those that are known of it."""

    NOTHING = "nothing"
    """All that it exposes is known."""
    OWN = "own"
    """Further metrics of the exporter that it is."""
    APPLICATION = "application"
    """Any metric that belongs to no exporter."""
    ANYTHING = "anything"
    """Nobody knows what it is."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Why what a target exposes was not seen; `untested` where the look was not taken at all."""

    reason: str
    untested: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a service exposes, as seen at an endpoint: its path, and one exposition a region.

    A region of which none was seen has the reason; the empty region is the same for all.
    """

    path: str
    regions: dict[str, Exposition | Unseen]


@dataclass(frozen=True, slots=True)
class Supply:
    """A scraped target with what is not known of it.

    Attributes:
        target: the target; its metrics are those that are known.
        reach: what else it may expose.
        prefixes: what the names of an exporter's own metrics begin with.
        reason: why more may be exposed, or why nothing is.
        untested: whether the rest was not seen because nobody looked.
        flexible: metrics that may have further labels.
        has_known_labels: whether the labels that are attached are known.
        withheld: the names of metrics that it has and may not show, each with the reason.

    """

    target: ScrapedTarget
    reach: Reach = Reach.NOTHING
    prefixes: tuple[str, ...] = ()
    reason: str = ""
    untested: bool = False
    flexible: frozenset[str] = frozenset()
    has_known_labels: bool = True
    withheld: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_unseen(self) -> bool:
        """Whether nothing of what it exposes is known, though something may be."""
        may_be = self.reach is not Reach.NOTHING or bool(self.withheld)
        return not self.target.metrics and may_be

    def may_expose(self, metric: str) -> bool:
        """Tell whether a metric that is not known of it may be exposed all the same."""
        if metric in self.withheld:
            return True
        if metric.startswith(self.prefixes) and self.reach is not Reach.NOTHING:
            return True
        if self.reach is Reach.APPLICATION:
            return owner(metric) is None
        return self.reach is Reach.ANYTHING

    def reason_for(self, metric: str) -> str:
        """Return why a metric that is not known of it may be exposed all the same."""
        return self.withheld.get(metric, self.reason)
