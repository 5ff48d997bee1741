"""What the rules of a server do over time: what they record, and which alerts fire when.

All rules are evaluated on one grid, in the order they are given. A rule that reads what another
records sees the value of the same moment where the other stands before it, and that of the moment
before where it stands behind. Intervals of single groups are not told apart.
Source of the rules: rules/manager.go, recording.go and alerting.go of Prometheus.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.promql.alert_state import FIRING, spans, states
from plimsoll.semantics.promql.columns import NAME, Budget, Column
from plimsoll.semantics.promql.errors import PromqlError, UnsupportedError
from plimsoll.semantics.promql.evaluation import evaluate_within, grid_moments
from plimsoll.semantics.promql.reading import tree_of
from plimsoll.semantics.promql.rule_labels import alert_columns, recorded_columns, state_columns
from plimsoll.semantics.promql.rule_order import Dependencies, in_order
from plimsoll.semantics.promql.scope import Scope
from plimsoll.semantics.promql.selection import selectors_of
from plimsoll.semantics.promql.store import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plimsoll.semantics.promql.dialect import Dialect
    from plimsoll.semantics.promql.series import Grid
    from plimsoll.semantics.promql.store import SeriesStore

    Rule = AlertRule | RecordingRule


_MOST_COMPUTED = 60_000_000  # samples, for all rules together


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert that fired.

    Attributes:
        rule: the rule.
        labels: of the alert, with `alertname` and the labels that the rule adds.
        spans: of each uninterrupted stretch, the first and the last evaluation at which it fired,
            in seconds.

    """

    rule: AlertRule
    labels: Mapping[str, str]
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What rules did.

    Attributes:
        firings: every alert that fired, rule by rule.
        unsupported: by where a rule stands, why it could not be evaluated; nothing is known of it.
        stores: by where a rule stands, the series it was evaluated over, recorded ones included.

    """

    firings: tuple[Firing, ...]
    unsupported: Mapping[str, str]
    stores: Mapping[str, SeriesStore] = field(default_factory=dict)


def run_rules(
    rules: Sequence[Rule],
    store: SeriesStore,
    grid: Grid,
    dialect: Dialect,
    *,
    subquery_step_seconds: float = 60.0,
) -> RuleRun:
    """Evaluate rules, in the order of their files, at every moment of the grid.

    A rule that cannot be evaluated is reported with the reason, and so is every rule that reads
    what it records; none of them fires, and none is known to be silent.

    Raises:
        UnsupportedError: the grid has unreasonably many moments.

    """
    run = _Run(rules, store, grid, dialect, subquery_step_seconds)
    reads = [run.reads(place) for place in range(len(rules))]
    order, circular = in_order(reads)
    for place in circular:
        run.refuse(place, "it reads what it records itself, directly or through other rules")
    for place in order:
        run.evaluate(place, reads[place])
    firings = (firing for place in range(len(rules)) for firing in run.firings.get(place, ()))
    return RuleRun(
        tuple(firings),
        {rules[place].where: reason for place, reason in sorted(run.unsupported.items())},
        {rules[place].where: view for place, view in sorted(run.views.items())},
    )


class _Run:
    """The rules under way: what each recorded, whether it fired, or why nothing is known of it."""

    def __init__(
        self,
        rules: Sequence[Rule],
        store: SeriesStore,
        grid: Grid,
        dialect: Dialect,
        subquery_step_seconds: float,
    ) -> None:
        self.rules = rules
        self.dialect = dialect
        self.moments = grid_moments(grid)
        self.firings: dict[int, list[Firing]] = {}
        self.unsupported: dict[int, str] = {}
        self.views: dict[int, SeriesStore] = {}
        self._store = store
        self._work_left = _MOST_COMPUTED
        self._subquery_step = round(subquery_step_seconds * 1000)
        self._recorded: dict[int, list[Stored]] = {}
        self._dependencies = Dependencies(rules, dialect)

    def reads(self, place: int) -> tuple[int, ...]:
        """Return the places of the rules that a rule reads."""
        try:
            tree = tree_of(self.rules[place].expression, self.dialect)
            return self._dependencies.read_by(selectors_of(tree))
        except PromqlError as error:
            self.refuse(place, str(error))
            return ()

    def refuse(self, place: int, reason: str) -> None:
        """Note why nothing is known of a rule."""
        self.unsupported.setdefault(place, reason)

    def evaluate(self, place: int, reads: Iterable[int]) -> None:
        """Evaluate a rule; all that it reads has been."""
        for one in reads:
            if one in self.unsupported:
                other = self.rules[one]
                reason = f"it reads {other.name}, of which nothing is known: "
                self.refuse(place, reason + self.unsupported[one])
        if place in self.unsupported:
            return
        try:
            self._evaluate(place, reads)
        except PromqlError as error:
            self.refuse(place, str(error))

    def _evaluate(self, place: int, reads: Iterable[int]) -> None:
        rule = self.rules[place]
        store = self.views[place] = self._view(place, reads)
        columns = self._columns(rule, store)
        if isinstance(rule, AlertRule):
            self._alert(place, rule, columns)
        else:
            self._record(place, recorded_columns(rule, columns))

    def _columns(self, rule: Rule, store: SeriesStore) -> tuple[Column, ...]:
        """Evaluate a rule's expression, with what is left of the work for all rules."""
        granted = min(Budget().left, self._work_left)
        budget = Budget(granted)
        try:
            scope = Scope(store, self.dialect, self.moments, self._subquery_step, budget)
            return evaluate_within(scope, rule.expression)
        finally:
            self._work_left -= granted - max(0, budget.left)

    def _view(self, place: int, reads: Iterable[int]) -> SeriesStore:
        """Return the series that a rule can see: those given, and what it reads of other rules."""
        seen: list[Stored] = []
        keys: set[frozenset[tuple[str, str]]] = set()
        for one in reads:
            for stored in self._recorded.get(one, ()):
                key = frozenset(stored.labels.items())
                same = self._store.named(stored.labels[NAME])
                if key in keys or any(dict(other.labels) == dict(stored.labels) for other in same):
                    name = stored.labels[NAME]
                    raise UnsupportedError(f"it reads {name}, of which one series has two sources")
                keys.add(key)
                seen.append(replace(stored, recorded=True, written_late=one > place))
        return self._store.extended(seen) if seen else self._store

    def _record(self, place: int, columns: Iterable[Column]) -> None:
        recorded = (self._stored(column) for column in columns)
        self._recorded.setdefault(place, []).extend(recorded)

    def _stored(self, column: Column) -> Stored:
        """Make a series of what was recorded; where it disappears, a staleness marker tells."""
        times: list[int] = []
        values: list[float | None] = []
        for moment, value in zip(self.moments, column.values, strict=True):
            if value is not None or (values and values[-1] is not None):
                times.append(moment)
                values.append(value)
        return Stored.at(column.labels, times, values)

    def _alert(self, place: int, rule: AlertRule, columns: Iterable[Column]) -> None:
        hold = round((rule.for_seconds or 0) * 1000)
        keep = round((rule.keep_firing_for_seconds or 0) * 1000)
        fired = self.firings.setdefault(place, [])
        for column in alert_columns(rule, columns):
            answered = [value is not None for value in column.values]
            found = states(answered, self.moments, hold, keep)
            firing = [state is not None and state.name == FIRING for state in found]
            self._record(place, state_columns(column.labels, found))
            if any(firing):
                fired.append(Firing(rule, column.labels, spans(firing, self.moments)))
