"""Samples of time series, as a Prometheus server holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series: its labels with `__name__`, and its samples.

    `times` are seconds, ascending and distinct; `values` has one value for each, None for a
    staleness marker (the series ended there, as when a target is gone).
    """

    labels: Mapping[str, str]
    times: Sequence[float]
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Grid:
    """The moments of evaluation: `start`, `start + step`, … in seconds, `count` of them."""

    start: float
    step: float
    count: int

    def at(self, index: int) -> float:
        """Return the moment with this index."""
        return self.start + index * self.step
