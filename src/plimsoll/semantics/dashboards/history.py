"""The samples that a query needs: recent ones as they are scraped, those before sparsely.

A dashboard may look back over 30 days, which would be 170,000 samples a series. Where nothing
changes with time, a few in every window tell as much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.watches import reach_seconds
from plimsoll.semantics.promql import PromqlError, selectors
from plimsoll.semantics.promql.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.synthesis import Synthesis
    from plimsoll.semantics.alerting.watches import Watch

RECENT_SECONDS = 2 * 3600.0
MOST_SAMPLES = 12_000
_SAMPLES_OF_A_WINDOW = 4
_SAMPLES_OF_A_LONG_WINDOW = 50
_SHORTEST_STEP_SECONDS = 60.0
_LOOKBACK_SECONDS = 300.0


class TooFarError(PromqlError):
    """A query looks back farther than is tried."""


@dataclass(frozen=True, slots=True)
class History:
    """When a query needs samples, up to second 0.

    Attributes:
        near: from how many seconds ago on they are dense.
        step: seconds between two of those.
        far: how many sparse ones there are before; 0 where none is needed.
        far_step: seconds between two of those.

    """

    near: float
    step: float
    far: int = 0
    far_step: float = 0.0

    @classmethod
    def of(cls, watch: Watch, scrape: float) -> History:
        """Return the history of a query that is scraped every so many seconds.

        Raises:
            TooFarError: it would take more than `MOST_SAMPLES` a series.
            PromqlError: an expression does not parse.

        """
        windows = [(window, window + offset) for window, offset in _windows(watch.expressions)]
        reach = reach_seconds(watch) if watch.recordings else max(back for _, back in windows)
        # Samples lie no farther apart than makes four in the shortest window, if scraped so often.
        step = max(scrape, min(window for window, _ in windows) / _SAMPLES_OF_A_WINDOW)
        if reach <= RECENT_SECONDS:
            return cls(_whole(reach + step, step), step)
        near = max((back for _, back in windows if back <= RECENT_SECONDS), default=step)
        long = (window for window, back in windows if back > RECENT_SECONDS)
        far_step = max(
            min(long, default=RECENT_SECONDS) / _SAMPLES_OF_A_LONG_WINDOW, _SHORTEST_STEP_SECONDS
        )
        far = int(reach // far_step) + 1
        if far > MOST_SAMPLES:
            raise TooFarError(f"it looks back {reach / 86_400:.1f} days, farther than is tried")
        return cls(_whole(near + step, step), step, far, far_step)

    def samples(
        self, world: Synthesis, scenario: Scenario, only: frozenset[str] | None
    ) -> tuple[Series, ...]:
        """Return the series of a world in which a scenario lasts since ever.

        `only` names the metrics that are asked for; all where it is None.
        """
        recent = world.series(scenario, start=-self.near, end=0.0, step=self.step, only=only)
        if not self.far:
            return recent
        start = -self.far * self.far_step
        distant = world.series(scenario, start=start, end=0.0, step=self.far_step, only=only)
        return _joined(distant, recent)


def _whole(seconds: float, step: float) -> float:
    """Return a time in whole steps, no shorter: the last sample is then at second 0."""
    return math.ceil(seconds / step) * step


def _windows(expressions: Iterable[str]) -> Iterator[tuple[float, float]]:
    """Yield for each selector how long its window is, and how far it is moved into the past."""
    for expression in expressions:
        for one in selectors(expression):
            yield one.range_seconds or _LOOKBACK_SECONDS, max(0.0, one.offset_seconds)


def _joined(distant: Iterable[Series], recent: Iterable[Series]) -> tuple[Series, ...]:
    by_labels = {frozenset(one.labels.items()): one for one in recent}
    pairs = ((one, by_labels.get(frozenset(one.labels.items()))) for one in distant)
    return tuple(one if near is None else _continued(one, near) for one, near in pairs)


def _continued(far: Series, near: Series) -> Series:
    """Return a series with the recent samples of another, lifted to where this one has got to.

    A counter that began later counted less; a gauge ends at the same value and is not lifted.
    """
    ended, reached = near.values[-1], far.values[-1]
    lift = reached - ended if reached is not None and ended is not None else 0.0
    before = [(t, v) for t, v in zip(far.times, far.values, strict=True) if t < near.times[0]]
    since = [
        (t, None if v is None else v + lift) for t, v in zip(near.times, near.values, strict=True)
    ]
    times, values = zip(*before, *since, strict=True)
    return Series(far.labels, times, values)
