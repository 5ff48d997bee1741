"""Which series a scenario makes: for every metric that rules read and whose role is known.

What is told of no metric is not emitted: a rule that waits for it waits in vain, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.deployed import deployed_series
from plimsoll.semantics.alerting.emitted import UNNAMED, Emitted, Made, Question
from plimsoll.semantics.alerting.guards import guards
from plimsoll.semantics.alerting.imagined import imagined_series
from plimsoll.semantics.alerting.role import Role
from plimsoll.semantics.alerting.roles import role_of, why_unknown
from plimsoll.semantics.alerting.signal_values import Course, Span, counted_before, samples
from plimsoll.semantics.alerting.system import HEALTHY
from plimsoll.semantics.alerting.untried import STATE_METRICS
from plimsoll.semantics.promql import PromqlError, selectors
from plimsoll.semantics.promql.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plimsoll.environment.alerting_model import MetricRole
    from plimsoll.facts.exposure import Exposure
    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.system import System
    from plimsoll.semantics.promql import Matcher, Selector


SIDE_CONDITION = "side condition"
"""What a metric tells that is not known, and is held as a rule wants it."""


@dataclass(frozen=True, slots=True)
class ExposedSample:
    """A sample as an exporter serves it; job and instance are the scraping server's to add."""

    name: str
    kind: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Synthesis:
    """The series of a world that rules watch.

    Attributes:
        emitted: every series with what it tells.
        roles: what each metric tells.
        unknown: why nothing, or not all that is asked for, is emitted of a metric.
        missing: in a deployed world, the metrics that nobody exposes, and why that is known.

    """

    emitted: tuple[Emitted, ...]
    roles: Mapping[str, Role]
    unknown: Mapping[str, str]
    missing: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(  # noqa: PLR0913 (each says something else of the world)
        cls,
        expressions: Iterable[str],
        *,
        signals: Mapping[str, MetricRole] | None = None,
        bounds: Iterable[float] = (),
        recorded: Iterable[str] = (),
        exposed: Exposure | None = None,
        regions: Iterable[str] = (),
    ) -> Synthesis:
        """Return the series that the expressions read.

        Args:
            expressions: of all rules, recording rules too; one that does not parse reads nothing.
            signals: what metrics tell whose names do not.
            bounds: latencies in seconds that are asked about.
            recorded: the names of what recording rules write: followed, not emitted.
            exposed: what is really exposed; None where every metric exists.
            regions: the names of the regions, where they are known.

        """
        texts = tuple(dict.fromkeys(expressions))
        read = _read(texts, frozenset(recorded) | STATE_METRICS)
        question = Question.of(texts, read, tuple(bounds), tuple(regions))
        if exposed is not None:
            return _answered(deployed_series(question, exposed, signals or {}))
        roles, unknown = _roles(question, signals or {})
        question = replace(question, read=_read_through(texts, read, frozenset(recorded)))
        return _answered(imagined_series(question, roles, unknown))

    def series(  # noqa: PLR0913 (start, end and step are one span, told as callers have it)
        self,
        scenario: Scenario,
        start: float,
        end: float,
        step: float,
        *,
        only: frozenset[str] | None = None,
        epoch: float = 0.0,
    ) -> tuple[Series, ...]:
        """Return the samples while a scenario lasts.

        Args:
            scenario: what happens.
            start: when history begins, in seconds; the fault begins at the scenario's.
            end: of the last sample.
            step: between two samples.
            only: the metrics that are asked for; all where it is None.
            epoch: what the clock shows at second 0; times of samples, and metrics that tell a
                time, count from there.

        Raises:
            ValueError: start, end and step do not make a span.

        """
        span = Span(start, end, step, epoch)
        found = []
        for one in self.emitted:
            if only is None or one.name in only:
                times, values = samples(_course(one, scenario), _paced(span, one))
                if times:
                    found.append(Series(one.labels_with_name, times, values))
        return tuple(found)

    def exposition(
        self, system: System, elapsed_seconds: float, now: float = 0.0
    ) -> tuple[ExposedSample, ...]:
        """Return what an exporter serves that has been up for some time, in a system as it is.

        `now` is the time that the scraping server's clock shows. `up` is left out: the server
        itself writes it. Of samples with equal labels the first counts.
        """
        found: dict[tuple[str, frozenset[tuple[str, str]]], ExposedSample] = {}
        for one in self.emitted:
            if one.name == "up":
                continue
            labels = {k: v for k, v in one.labels.items() if k not in ("job", "instance")}
            level = one.role.level(system, one.labels)
            counts = one.role.kind != "gauge"
            value = max(0.0, level) * elapsed_seconds if counts else level
            value += now if one.role.follows_clock else 0.0
            sample = ExposedSample(one.name, one.role.kind, labels, value)
            found.setdefault((one.name, frozenset(labels.items())), sample)
        return tuple(found.values())

    def facts_read(self, expression: str) -> frozenset[str]:
        """Return the facts that an expression reads itself; what is recorded is not followed.

        Raises:
            PromqlError: Prometheus would refuse it.

        """
        read = (self.roles.get(one.metric or "") for one in selectors(expression))
        return frozenset().union(*(role.facts for role in read if role is not None))

    def assumptions(self, expression: str) -> tuple[str, ...]:
        """Return what was guessed about the metrics that an expression reads.

        Raises:
            PromqlError: Prometheus would refuse it.

        """
        read = (self.roles.get(one.metric or "") for one in selectors(expression))
        return tuple(dict.fromkeys(role.assumed for role in read if role and role.assumed))


def _read(expressions: Iterable[str], followed: frozenset[str]) -> dict[str, tuple[Selector, ...]]:
    """Return each metric with the selectors that read it; `` for those that name none."""
    found: dict[str, list[Selector]] = {}
    for expression in expressions:
        try:
            read = selectors(expression)
        except PromqlError:
            continue
        for one in read:
            if one.metric not in followed:
                found.setdefault(one.metric or "", []).append(one)
    return {metric: tuple(read) for metric, read in found.items()}


def _read_through(
    expressions: Iterable[str],
    read: Mapping[str, tuple[Selector, ...]],
    recorded: frozenset[str],
) -> dict[str, tuple[Selector, ...]]:
    """Return the selectors with what is asked of recorded series: what they stand on must bear it.

    What a selector asks of a label itself goes before what is asked of it later.
    """
    through = [
        one.matchers
        for selectors_of in _read(expressions, frozenset()).values()
        for one in selectors_of
        if one.metric in recorded and one.matchers
    ]
    return {
        metric: tuple(_asking(one, asked) for one in found for asked in through or ((),))
        for metric, found in read.items()
    }


def _asking(selector: Selector, asked: tuple[Matcher, ...]) -> Selector:
    own = {one.label for one in selector.matchers}
    more = tuple(one for one in asked if one.label not in own)
    return replace(selector, matchers=(*selector.matchers, *more)) if more else selector


def _roles(
    question: Question, signals: Mapping[str, MetricRole]
) -> tuple[dict[str, Role], dict[str, str]]:
    roles: dict[str, Role] = {}
    unknown: dict[str, str] = {}
    held = guards(question.expressions)
    for metric, read in question.read.items():
        role = role_of(metric, read, signals.get(metric)) if metric else None
        if role is None and metric in held:
            role = _held(held[metric])
        if role is None:
            unknown[metric or UNNAMED] = (
                why_unknown(metric) if metric else "a selector that names no metric"
            )
        else:
            roles[metric] = role
    return roles, unknown


def _held(value: float) -> Role:
    return Role(SIDE_CONDITION, "gauge", frozenset(), lambda _s, _l: value)


def _answered(made: Made) -> Synthesis:
    return Synthesis(
        made.emitted,
        MappingProxyType(dict(made.roles)),
        MappingProxyType(dict(made.unknown)),
        MappingProxyType(dict(made.missing)),
    )


def _paced(span: Span, one: Emitted) -> Span:
    """Return the same span in the steps in which a series is scraped."""
    return span if one.scrape_seconds is None else replace(span, step=one.scrape_seconds)


def _course(one: Emitted, scenario: Scenario) -> Course:
    """Return how a series fares in a scenario; a target that is down has its `up` all the same."""
    role = one.role
    struck = not one.is_spared and one.place.is_struck(scenario)
    before = role.level(scenario.before, one.labels)
    changes = struck and not role.facts.isdisjoint(scenario.touches)
    during = role.level(scenario.during, one.labels) if changes else before
    told = one.name == "up" and during != before
    return Course(
        before,
        during,
        begins=scenario.begins,
        ends=scenario.ends,
        counts=role.kind != "gauge",
        counted=counted_before(role.level(HEALTHY, one.labels)),
        follows_clock=role.follows_clock,
        vanishes=struck
        and scenario.vanishes
        and not told
        and not scenario.touches.isdisjoint(role.facts),
        restarts=struck and scenario.restarts,
        gap_seconds=scenario.gap_seconds,
    )
