"""The alerts that rule files can raise, and what is known of their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.alert_labels import alert_shapes
from plimsoll.semantics.alertmanager.surroundings import surroundings
from plimsoll.semantics.rule_file import alert_rules, recording_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.alert_rule import AlertRule
    from plimsoll.facts.document import Document
    from plimsoll.semantics.alertmanager.labels import LabelSet


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """A rule, and the shapes of the labels that its alerts are sent with."""

    rule: AlertRule
    shapes: tuple[LabelSet, ...]


def raised_alerts(
    rule_files: Iterable[Document], prometheus: Document | None
) -> tuple[RaisedAlert, ...]:
    """Return every alert of the rule files, as Prometheus sends it.

    Raises:
        PromqlError: Prometheus would refuse an expression.
        RelabeledError: Prometheus rewrites the labels of alerts.

    """
    documents = tuple(rule_files)
    recorded = frozenset(rule.name for one in documents for rule in recording_rules(one))
    around = surroundings(prometheus, recorded)
    return tuple(
        RaisedAlert(rule, alert_shapes(rule, around))
        for one in documents
        for rule in alert_rules(one)
    )


def by_name(alerts: Iterable[RaisedAlert]) -> dict[str, tuple[LabelSet, ...]]:
    """Return the shapes of the alerts of each name."""
    found: dict[str, tuple[LabelSet, ...]] = {}
    for alert in alerts:
        found[alert.rule.name] = (*found.get(alert.rule.name, ()), *alert.shapes)
    return found
