"""Rules that Prometheus evaluates: alerts, and recordings that alerts may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alerting rule; ``for_seconds`` is None where none is stated (it fires at once)."""

    name: str
    expression: str
    group: str
    where: str
    for_seconds: float | None = None
    keep_firing_for_seconds: float | None = None
    interval_seconds: float | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """A recording rule: the series ``name`` holds what the expression answers."""

    name: str
    expression: str
    group: str
    where: str
    labels: Mapping[str, str] = field(default_factory=dict)
