"""Who asks Prometheus what: the alerts of a rule file, the panels of a dashboard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.exposure.templates import template_labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.alert_rule import AlertRule
    from plimsoll.facts.dashboard import Dashboard, Panel
    from plimsoll.facts.document import Document, Key

_STEP = re.compile(r"\.(\w+)|\[(\d{1,6})\]")


@dataclass(frozen=True, slots=True)
class Question:
    """An expression that somebody relies on.

    Attributes:
        name: of the alert or panel.
        kind: what asks: alert or panel.
        where: where it is written.
        expression: PromQL, variables filled in.
        has_variables: whether variables stood in it, so that what it compares with is made up.
        template_labels: labels that templates read of the answer.
        external_labels: labels that templates read of the server's external ones.

    """

    name: str
    kind: str
    where: str
    expression: str
    has_variables: bool = False
    template_labels: tuple[str, ...] = ()
    external_labels: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return what asks, for people."""
        return f"{self.kind} {self.name}"


def questions_of_alerts(alerts: Iterable[AlertRule]) -> tuple[Question, ...]:
    """Return what each alert asks, with the labels that its templates read."""
    return tuple(_of_alert(alert) for alert in alerts)


def questions_of_dashboard(dashboard: Dashboard, document: Document) -> tuple[Question, ...]:
    """Return every query of every panel of a dashboard file."""
    return tuple(
        Question(
            name=panel.title or panel.path,
            kind="panel",
            where=panel_place(panel, document),
            expression=query.resolved,
            has_variables=query.resolved != query.expression,
        )
        for panel in dashboard.panels
        for query in panel.queries
    )


def panel_place(panel: Panel, document: Document) -> str:
    """Return where a panel stands in its file: `path:line`."""
    keys: list[Key] = [
        int(match[2]) if match[2] else match[1] for match in _STEP.finditer(panel.path)
    ]
    return document.where(*keys)


def _of_alert(alert: AlertRule) -> Question:
    texts = (*alert.annotations.values(), *alert.labels.values())
    read = [label for text in texts for label in template_labels(text)]
    return Question(
        name=alert.name,
        kind="alert",
        where=alert.where,
        expression=alert.expression,
        template_labels=tuple(dict.fromkeys(name for name, is_external in read if not is_external)),
        external_labels=tuple(dict.fromkeys(name for name, is_external in read if is_external)),
    )
