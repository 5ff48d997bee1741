"""The series that rules write: which labels they have, and what they tell of an alert's state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.alert_state import FIRING, PENDING, AlertState
from plimsoll.semantics.promql.columns import NAME, Column, merged
from plimsoll.semantics.promql.errors import UnsupportedError
from plimsoll.semantics.promql.rule_order import ALERTS, SINCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plimsoll.facts.alert_rule import AlertRule, RecordingRule

_REFERENCE = re.compile(r"\{\{-?\s*\$labels\.([a-zA-Z_]\w*)\s*-?\}\}", re.ASCII)


def recorded_columns(rule: RecordingRule, columns: Iterable[Column]) -> Sequence[Column]:
    """Return what a recording rule records.

    Raises:
        EvaluationError: with the rule's labels, two series are the same.

    """
    return merged(
        (
            Column(_labeled(column.labels, {**rule.labels, NAME: rule.name}), column.values)
            for column in columns
        ),
        f"record {rule.name}",
    ).columns


def alert_columns(rule: AlertRule, columns: Iterable[Column]) -> Sequence[Column]:
    """Return what an alerting rule answers, with the labels of the alert.

    Raises:
        EvaluationError: with the rule's labels, two alerts are the same.
        UnsupportedError: a label is made by a template that is not known here.

    """
    made = []
    for column in columns:
        added = {label: _filled(text, column.labels) for label, text in rule.labels.items()}
        labels = _labeled(column.labels, {NAME: "", **added, "alertname": rule.name})
        made.append(Column(labels, column.values))
    return merged(made, f"alert {rule.name}").columns


def _labeled(labels: Mapping[str, str], added: Mapping[str, str]) -> Mapping[str, str]:
    """Return the labels with others set; an empty value takes one away."""
    return {label: value for label, value in {**labels, **added}.items() if value}


def _filled(text: str, labels: Mapping[str, str]) -> str:
    """Fill in the labels that a template refers to."""
    filled = _REFERENCE.sub(lambda found: labels.get(found[1], ""), text)
    if "{{" in filled:
        raise UnsupportedError(f"the template {text!r} of a label is not known here")
    return filled


def state_columns(
    labels: Mapping[str, str], found: Sequence[AlertState | None]
) -> Iterable[Column]:
    """Yield the series that tell whether an alert is pending or firing, and since when."""
    for name in (PENDING, FIRING):
        values = [1.0 if state is not None and state.name == name else None for state in found]
        yield Column({**labels, NAME: ALERTS, "alertstate": name}, values)
    since = [None if state is None else float(state.since // 1000) for state in found]
    yield Column({**labels, NAME: SINCE}, since)
