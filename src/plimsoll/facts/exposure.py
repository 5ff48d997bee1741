"""What a monitoring server really gets to see: the targets it scrapes, and what each exposes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ExposedMetric:
    """A metric as a target exposes it.

    Attributes:
        name: of the family: for a histogram or summary without `_bucket`, `_sum` or `_count`.
        kind: what `# TYPE` declares: counter, gauge, histogram, summary or untyped.
        label_sets: the labels of its samples, each set once; those of a histogram's buckets with
            `le`, of a summary's quantiles with `quantile`; none where no sample was seen.
        where: where it was seen, for people.

    """

    name: str
    kind: str
    label_sets: tuple[Mapping[str, str], ...]
    where: str


@dataclass(frozen=True, slots=True)
class ScrapedTarget:
    """A target of a scrape job.

    Attributes:
        job: the job's name.
        labels: what the server attaches to every sample, relabeling done; job and instance too.
        metrics: what the target exposes.
        where: where the target is configured, for people.
        complete: whether all that it exposes was observed; or else a metric may be missing here.
        scrape_seconds: how often its job says it is scraped; None where it leaves that to all.

    """

    job: str
    labels: Mapping[str, str]
    metrics: tuple[ExposedMetric, ...]
    where: str
    complete: bool = True
    scrape_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """Everything that the server scrapes, as far as it was observed.

    `absent` are metrics that nobody exposes, though not all that targets expose was observed: they
    belong to an exporter, and none is scraped. `partial` are metrics that somebody exposes, and
    that a target which was not seen at all may expose too.
    """

    targets: tuple[ScrapedTarget, ...]
    absent: frozenset[str] = frozenset()
    partial: frozenset[str] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Whether a metric that is not here is exposed by nobody."""
        return bool(self.targets) and all(target.complete for target in self.targets)
