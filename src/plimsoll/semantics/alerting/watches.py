"""An alerting rule with everything it stands on: the recording rules it reads, directly or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.promql import PromqlError, selectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Labels = tuple[tuple[str, str], ...]

LONGEST_CHAIN = 10
"""Recording rules on recording rules, so many deep; more is a circle."""
LOOKBACK_SECONDS = 300.0
"""How old a sample may be to count as the latest: Prometheus' default."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording rule, as a value."""

    name: str
    expression: str
    labels: Labels = ()
    interval_seconds: float | None = None
    offset_seconds: float | None = None
    limit: int = 0

    def rule(self) -> RecordingRule:
        """Return it as a rule of a file."""
        return RecordingRule(self.name, self.expression, "", self.name, dict(self.labels))


@dataclass(frozen=True, slots=True)
class Watch:
    """One alerting rule on its own, equal to another that says the same at another place."""

    name: str
    expression: str
    labels: Labels
    for_seconds: float
    keep_firing_for_seconds: float
    recordings: tuple[Recorded, ...] = ()
    interval_seconds: float | None = None
    offset_seconds: float | None = None
    limit: int = 0
    where: str = field(default="", compare=False)

    @property
    def severity(self) -> str:
        """Its label `severity`; empty where it has none."""
        return dict(self.labels).get("severity", "")

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every expression that is evaluated for it, its own last."""
        return (*(one.expression for one in self.recordings), self.expression)

    @property
    def recorded(self) -> frozenset[str]:
        """The names of the series that its recording rules write."""
        return frozenset(one.name for one in self.recordings)

    def rule(self) -> AlertRule:
        """Return it as a rule of a file."""
        return AlertRule(
            self.name,
            self.expression,
            "",
            self.where,
            self.for_seconds,
            self.keep_firing_for_seconds,
            self.interval_seconds,
            dict(self.labels),
        )


def watches(alerts: Iterable[AlertRule], recordings: Sequence[RecordingRule]) -> tuple[Watch, ...]:
    """Return every alerting rule with the recording rules it stands on, in the order of the file.

    Of several recording rules with one name all are taken: they write different series of it.
    """
    by_name: dict[str, list[int]] = {}
    for index, one in enumerate(recordings):
        by_name.setdefault(one.name, []).append(index)
    return tuple(_watch(alert, recordings, by_name) for alert in alerts)


def may_bear(watch: Watch, severity: str) -> bool:
    """Tell whether alerts of a rule may have this severity: its own, or one not known before.

    A template decides when the alert fires, and a rule without one may leave it to its series.
    """
    if watch.severity:
        return watch.severity == severity or "{{" in watch.severity
    return not severity or "severity" in watch.expression


def metrics_of(expression: str) -> frozenset[str]:
    """Return the metrics an expression names; none for one that does not parse."""
    try:
        return frozenset(one.metric for one in selectors(expression) if one.metric)
    except PromqlError:
        return frozenset()


def reach_seconds(watch: Watch) -> float:
    """Return how far back a rule looks, through its recording rules.

    A window, its offset, and for what is recorded the reach of the recording itself; the latest
    sample counts as `LOOKBACK_SECONDS`.
    """
    own = {one.name: one.expression for one in watch.recordings}
    return _reach(watch.expression, own, LONGEST_CHAIN)


def _reach(expression: str, recorded: Mapping[str, str], depth: int) -> float:
    if depth == 0:
        return 0.0
    farthest = 0.0
    try:
        read = selectors(expression)
    except PromqlError:
        return LOOKBACK_SECONDS
    for one in read:
        back = (one.range_seconds or LOOKBACK_SECONDS) + max(0.0, one.offset_seconds)
        recording = recorded.get(one.metric or "")
        if recording is not None:
            back += _reach(recording, recorded, depth - 1)
        farthest = max(farthest, back)
    return farthest


def _watch(
    alert: AlertRule, recordings: Sequence[RecordingRule], by_name: Mapping[str, list[int]]
) -> Watch:
    needed: set[int] = set()
    names, depth = metrics_of(alert.expression), 0
    while names and depth < LONGEST_CHAIN:
        found = {index for name in names for index in by_name.get(name, ())} - needed
        needed |= found
        names = frozenset().union(*(metrics_of(recordings[index].expression) for index in found))
        depth += 1
    return Watch(
        name=alert.name,
        expression=alert.expression,
        labels=tuple(sorted(alert.labels.items())),
        for_seconds=alert.for_seconds or 0.0,
        keep_firing_for_seconds=alert.keep_firing_for_seconds or 0.0,
        recordings=tuple(_recorded(recordings[index]) for index in sorted(needed)),
        interval_seconds=alert.interval_seconds,
        offset_seconds=alert.offset_seconds,
        limit=alert.limit,
        where=alert.where,
    )


def _recorded(rule: RecordingRule) -> Recorded:
    return Recorded(
        rule.name,
        rule.expression,
        tuple(sorted(rule.labels.items())),
        rule.interval_seconds,
        rule.offset_seconds,
        rule.limit,
    )
