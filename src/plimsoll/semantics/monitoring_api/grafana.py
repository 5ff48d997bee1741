"""Facts from the answers of a Grafana."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.grafana_content import HeldDashboard, HeldDatasource
from plimsoll.semantics.monitoring_api.answer import UntoldError, items, text
from plimsoll.semantics.monitoring_api.reads import MOST_DASHBOARDS

if TYPE_CHECKING:
    from plimsoll.facts.document import Document


def dashboards(document: Document) -> tuple[HeldDashboard, ...]:
    """Return every dashboard that it lists. Raises UntoldError, also for more than it can list."""
    listed = items(document)
    if len(listed) >= MOST_DASHBOARDS:
        message = f"it holds {MOST_DASHBOARDS} dashboards or more, and lists no further"
        raise UntoldError(message)
    return tuple(
        HeldDashboard(text(part["uid"]), text(part["title"]), part.where) for part in listed
    )


def datasources(document: Document) -> tuple[HeldDatasource, ...]:
    """Return every datasource. Raises UntoldError."""
    return tuple(
        HeldDatasource(
            uid=text(part["uid"]),
            name=text(part["name"]),
            kind=text(part["type"]),
            url=part["url"].text or "",
            where=part.where,
        )
        for part in items(document)
    )
