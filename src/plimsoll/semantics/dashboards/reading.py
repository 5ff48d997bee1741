"""Read Grafana dashboard JSON: every panel, wherever it is nested, and what it queries.

Understands classic dashboards with rows, legacy `rows`, and the v2 schema. Reports what file
provisioning refuses (`pkg/services/provisioning/dashboards`): it wants the bare dashboard.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.facts.dashboard import Dashboard, Panel
from plimsoll.semantics.dashboards.nesting import placed_panels
from plimsoll.semantics.dashboards.targets import queries, unread
from plimsoll.semantics.dashboards.untyped import mapping, string
from plimsoll.semantics.dashboards.variables import (
    GRAFANA_INTERVAL_SECONDS,
    declared_variables,
    referred,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.semantics.dashboards.nesting import Placed
    from plimsoll.semantics.dashboards.variables import Variable

_LARGEST = 10_000_000


class DashboardError(ValueError):
    """The text is not a dashboard."""


@lru_cache(maxsize=64)
def parse_dashboard(text: str, interval_seconds: float = GRAFANA_INTERVAL_SECONDS) -> Dashboard:
    """Read a dashboard from its JSON text.

    Args:
        text: of the file.
        interval_seconds: how often is scraped, as far as Grafana's datasource knows: its own
            variables for intervals follow from it.

    Raises:
        DashboardError: the text is not JSON, not an object, or unreasonably large.

    """
    if len(text) > _LARGEST:
        raise DashboardError("unreasonably large")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DashboardError(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise DashboardError("a dashboard is a JSON object")
    model, path, refusals = unwrapped(document)
    title = string(model.get("title"))
    if not title and not refusals:
        refusals = ("the title is empty",)
    variables = declared_variables(model)
    panels = tuple(
        _panel(placed, variables, interval_seconds) for placed in placed_panels(model, path)
    )
    unused = tuple(sorted(variables.keys() - referred(_texts(model)) - _repeated(model)))
    return Dashboard(title, string(model.get("uid")), panels, refusals, unused)


def unwrapped(document: dict[str, object]) -> tuple[dict[str, object], str, tuple[str, ...]]:
    """Return a dashboard's own model, its JSON path, and why file provisioning refuses it."""
    inner = document.get("dashboard")
    if isinstance(inner, dict) and "panels" not in document and "rows" not in document:
        reason = (
            'the dashboard is wrapped in {"dashboard": …}: that is what the API takes; file '
            "provisioning finds no title and refuses it"
        )
        return inner, "$.dashboard", (reason,)
    if string(document.get("apiVersion")).startswith("dashboard.grafana.app/"):
        return mapping(document.get("spec")), "$.spec", ()
    return document, "$", ()


def _panel(placed: Placed, variables: Mapping[str, Variable], interval_seconds: float) -> Panel:
    panel = placed.panel
    config = mapping(panel.get("vizConfig"))
    fields = mapping(panel.get("fieldConfig") or mapping(config.get("spec")).get("fieldConfig"))
    return Panel(
        title=string(panel.get("title")),
        kind=placed.kind,
        path=placed.path,
        queries=queries(placed, variables, interval_seconds),
        row=placed.row,
        unit=string(mapping(fields.get("defaults")).get("unit")),
        unread=unread(placed),
    )


def _texts(value: object) -> Iterator[str]:
    """Yield every text of a document, whatever it stands for."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _repeated(value: object) -> frozenset[str]:
    """Return the variables that panels or rows are repeated for, which are named without a `$`."""
    if isinstance(value, list):
        return frozenset[str]().union(*(_repeated(inner) for inner in value))
    if not isinstance(value, dict):
        return frozenset()
    repeat = value.get("repeat")
    named = repeat if isinstance(repeat, str) else string(mapping(repeat).get("value"))
    return frozenset((named,)).union(*(_repeated(inner) for inner in value.values()))
