"""Rules that Prometheus evaluates: alerts, and recordings that alerts may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alerting rule; ``for_seconds`` is None where none is stated (it fires at once).

    Its group says how often it is evaluated, for how long ago, and how many alerts it may raise
    (0 for any number); what is None is as the server's default.
    """

    name: str
    expression: str
    group: str
    where: str
    for_seconds: float | None = None
    keep_firing_for_seconds: float | None = None
    interval_seconds: float | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    offset_seconds: float | None = None
    limit: int = 0


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """A recording rule: the series ``name`` holds what the expression answers.

    Its group says how often, for how long ago, and how many series it may write (0 for any number).
    """

    name: str
    expression: str
    group: str
    where: str
    labels: Mapping[str, str] = field(default_factory=dict)
    interval_seconds: float | None = None
    offset_seconds: float | None = None
    limit: int = 0
