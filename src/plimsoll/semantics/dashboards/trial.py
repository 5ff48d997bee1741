"""Try a query in a world: its samples, what rules record of them, and the answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.watches import metrics_of
from plimsoll.semantics.dashboards.changes import HEALTH
from plimsoll.semantics.promql import PromqlError
from plimsoll.semantics.promql.evaluation import evaluate
from plimsoll.semantics.promql.series import Grid, Series
from plimsoll.semantics.promql.store import SeriesStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.synthesis import Synthesis
    from plimsoll.semantics.alerting.watches import Recorded, Watch
    from plimsoll.semantics.dashboards.answers import Values
    from plimsoll.semantics.dashboards.history import History
    from plimsoll.semantics.promql.dialect import Dialect

_NAME = "__name__"


@dataclass(slots=True)
class Trial:
    """A query in its world. An answer leaves out what is not there, and what is NaN."""

    watch: Watch
    world: Synthesis
    history: History
    dialect: Dialect
    _health: tuple[Series, ...] = ()

    def values(self, scenario: Scenario, *, only: str | None = None) -> Values:
        """Return the answer in a world; with `only`, a single metric is not as in health."""
        series = self._series(scenario, only)
        for recorded in _in_order(self.watch.recordings):
            series = (*series, *self._recorded(recorded, series))
        grid = Grid(start=0.0, step=self.history.step, count=1)
        found = evaluate(self.watch.expression, SeriesStore(series), grid, self.dialect)
        values = {
            tuple(sorted(column.labels.items())): value
            for column in found
            if (value := column.values[0]) is not None and not math.isnan(value)
        }
        return MappingProxyType(values)

    def _series(self, scenario: Scenario, only: str | None) -> tuple[Series, ...]:
        """Return the samples of a world: those of health, but for the metrics that it touches."""
        if not self._health:
            self._health = self.history.samples(self.world, HEALTH, None)
        if scenario == HEALTH:
            return self._health
        roles = self.world.roles
        touched = frozenset(
            metric
            for metric, role in roles.items()
            if only in (None, metric) and not scenario.touches.isdisjoint(role.facts)
        )
        spared = (one for one in self._health if one.labels[_NAME] not in touched)
        return (*spared, *self.history.samples(self.world, scenario, touched))

    def _recorded(self, recorded: Recorded, series: tuple[Series, ...]) -> Iterator[Series]:
        """Yield what a rule records: where nothing changes with time, straight lines."""
        step = self.history.step
        grid = Grid(start=-step, step=step, count=2)
        found = evaluate(recorded.expression, SeriesStore(series), grid, self.dialect)
        times = sorted({time for one in series for time in one.times})
        for column in found:
            earlier, now = column.values
            if now is None or earlier is None:
                continue
            slope = (now - earlier) / step
            labels = {**column.labels, **dict(recorded.labels), _NAME: recorded.name}
            yield Series(labels, times, [now + slope * time for time in times])


def _in_order(recordings: tuple[Recorded, ...]) -> Iterator[Recorded]:
    """Yield recording rules so that each stands after those that it reads."""
    waiting = list(recordings)
    while waiting:
        names = {one.name for one in waiting}
        ready = [one for one in waiting if not metrics_of(one.expression) & names]
        if not ready:
            raise PromqlError(f"recording rules read each other: {', '.join(sorted(names))}")
        yield from ready
        waiting = [one for one in waiting if one not in ready]
