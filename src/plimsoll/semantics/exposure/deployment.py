"""Where a metric comes from in the deployed world: exported, exported by nobody, or not known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from plimsoll.facts.exposure import Exposure
from plimsoll.semantics.exposure.exporters import owner
from plimsoll.semantics.exposure.samples import label_sets, sample_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plimsoll.facts.alert_rule import RecordingRule
    from plimsoll.facts.exposure import ExposedMetric, ScrapedTarget
    from plimsoll.semantics.exposure.supply import Supply

OF_EVERY_TARGET = frozenset(
    (
        "up",
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling",
        "scrape_series_added",
        "scrape_timeout_seconds",
        "scrape_sample_limit",
        "scrape_body_size_bytes",
    )
)
"""What the server itself writes of each scrape, with the target's labels alone.

Source: Prometheus documentation, "Jobs and instances"; relabeling of metrics never sees them.
"""

OF_RULES = frozenset(("ALERTS", "ALERTS_FOR_STATE"))
"""What the server itself writes of each alert."""


class Standing(Enum):
    """What is known of a metric."""

    EXPORTED = "exported"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """A target that exposes a metric; `sets` are the labels of its samples beside the target's.

    `sets` is None where the labels of the metric itself are not known.
    """

    supply: Supply
    sets: tuple[Mapping[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a metric comes from.

    Attributes:
        standing: whether somebody exports it.
        reason: why nobody does, or why it is not known.
        sources: the targets that expose it.
        recordings: the rules that record it.
        untested: whether it is unknown only because nobody looked.

    """

    standing: Standing
    reason: str = ""
    sources: tuple[Source, ...] = ()
    recordings: tuple[RecordingRule, ...] = ()
    untested: bool = False


class Deployment:
    """What a Prometheus scrapes, records, and attaches to what it sends."""

    def __init__(
        self,
        supplies: Iterable[Supply],
        recordings: Iterable[RecordingRule] = (),
        external_labels: Mapping[str, str] | None = None,
    ) -> None:
        self.supplies = tuple(supplies)
        self.external_labels = dict(external_labels or {})
        self._exposed: dict[str, list[tuple[Supply, ExposedMetric]]] = defaultdict(list)
        for supply in self.supplies:
            for metric in supply.target.metrics:
                for name in sample_names(metric):
                    self._exposed[name].append((supply, metric))
        self._recorded: dict[str, list[RecordingRule]] = defaultdict(list)
        for rule in recordings:
            self._recorded[rule.name].append(rule)

    @property
    def targets(self) -> tuple[ScrapedTarget, ...]:
        """The scraped targets with what is known of each."""
        return tuple(supply.target for supply in self.supplies)

    def exposure(self, asked: Iterable[str]) -> Exposure:
        """Return what is exposed, for whoever asks for these metrics alone.

        A target counts as complete where none of them that nobody is known to expose may come from
        it: what else it may expose does not matter to them.
        """
        known = {one: self.provenance(one) for one in asked}
        standing = {one: told.standing for one, told in known.items()}
        open_ones = [one for one, told in standing.items() if told is Standing.UNKNOWN]
        return Exposure(
            tuple(
                replace(
                    supply.target, complete=not any(supply.may_expose(one) for one in open_ones)
                )
                for supply in self.supplies
            ),
            frozenset(one for one, told in standing.items() if told is Standing.NOBODY),
            frozenset(one for one, told in known.items() if told.sources and self._is_partial(one)),
        )

    def _is_partial(self, metric: str) -> bool:
        """Tell whether a target may expose a metric, too, that was not seen or may not show it."""
        return metric not in OF_EVERY_TARGET and any(
            (supply.is_unseen or metric in supply.withheld) and supply.may_expose(metric)
            for supply in self.supplies
        )

    def provenance(self, metric: str) -> Provenance:
        """Return where a metric comes from; a recorded one is exported where its rule is alive.

        Whether the expression of a recording rule has data is for whoever reads it to follow.
        """
        if metric in OF_RULES:
            return Provenance(Standing.EXPORTED)
        if metric in OF_EVERY_TARGET:
            every = tuple(Source(supply, ({},)) for supply in self.supplies)
            nothing = "no scrape job has a target"
            return Provenance(Standing.EXPORTED if every else Standing.NOBODY, nothing, every)
        sources = tuple(
            Source(supply, self._sets(supply, one, metric))
            for supply, one in self._exposed.get(metric, ())
        )
        recorded = tuple(self._recorded.get(metric, ()))
        if sources or recorded:
            return Provenance(Standing.EXPORTED, "", sources, recorded)
        return self._absent(metric)

    def _sets(
        self, supply: Supply, metric: ExposedMetric, name: str
    ) -> tuple[Mapping[str, str], ...] | None:
        if metric.name in supply.flexible or not metric.label_sets:
            return None
        return label_sets(metric, name)

    def _absent(self, metric: str) -> Provenance:
        unseen = [supply for supply in self.supplies if supply.may_expose(metric)]
        if unseen:
            untested = all(supply.untested for supply in unseen)
            reasons = dict.fromkeys(supply.reason_for(metric) for supply in unseen)
            return Provenance(Standing.UNKNOWN, "; ".join(reasons), untested=untested)
        exporter = owner(metric)
        if exporter is None:
            return Provenance(Standing.NOBODY, "no scraped target exposes it")
        return Provenance(
            Standing.NOBODY, f"it is a metric of {exporter.name}, of which none is scraped"
        )
