"""Which rules read what other rules record, and in which order they can be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.promql.columns import NAME
from plimsoll.semantics.promql.store import accepts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plimsoll.semantics.promql.dialect import Dialect
    from plimsoll.semantics.promql.selection import Selector

    Rule = AlertRule | RecordingRule

ALERTS = "ALERTS"
SINCE = "ALERTS_FOR_STATE"
"""The series that tell the state of alerts, and since when they are active (unix seconds)."""


def written(rule: Rule) -> tuple[Mapping[str, str], ...]:
    """Return what is certain of the labels of the series that a rule writes."""
    fixed = {label: value for label, value in rule.labels.items() if "{{" not in value}
    if isinstance(rule, RecordingRule):
        return ({**fixed, NAME: rule.name},)
    alert = {**fixed, "alertname": rule.name}
    return ({**alert, NAME: ALERTS}, {**alert, NAME: SINCE})


class Dependencies:
    """Which rules each rule reads, by their place among the rules."""

    def __init__(self, rules: Sequence[Rule], dialect: Dialect) -> None:
        self._dialect = dialect
        self._writers: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
        for place, rule in enumerate(rules):
            for labels in written(rule):
                self._writers.setdefault(labels[NAME], []).append((place, labels))

    def read_by(self, selectors: Sequence[Selector]) -> tuple[int, ...]:
        """Return the places of the rules that record what any of the selectors may read.

        Raises:
            UnsupportedError: a pattern cannot be evaluated.

        """
        found = {place for selector in selectors for place in self._read(selector)}
        return tuple(sorted(found))

    def _read(self, selector: Selector) -> Iterator[int]:
        names = self._writers if selector.metric is None else (selector.metric,)
        for name in names:
            for place, labels in self._writers.get(name, ()):
                certain = [m for m in selector.matchers if m.label in labels]
                if all(accepts(matcher, labels, self._dialect) for matcher in certain):
                    yield place


def in_order(reads: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], frozenset[int]]:
    """Return an order in which every rule comes after what it reads, and those in a circle.

    A rule that only reads from a circle has an order, after the circle's members.
    """
    order: list[int] = []
    circular: set[int] = set()
    done: set[int] = set()
    path: dict[int, int] = {}
    for root in range(len(reads)):
        stack = [(root, iter(reads[root]))] if root not in done else []
        if stack:
            path[root] = 0
        while stack:
            place, remaining = stack[-1]
            following = next((one for one in remaining if one not in done), None)
            if following is None:
                stack.pop()
                del path[place]
                done.add(place)
                order.append(place)
            elif following in path:
                circular.update(one for one, depth in path.items() if depth >= path[following])
            else:
                path[following] = len(stack)
                stack.append((following, iter(reads[following])))
    return tuple(order), frozenset(circular)
