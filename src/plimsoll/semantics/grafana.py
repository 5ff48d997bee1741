"""Read Grafana dashboard JSON: every panel, wherever it is nested, and what it queries.

Understands classic dashboards with rows, legacy `rows`, and the v2 schema. Reports what file
provisioning refuses (`pkg/services/provisioning/dashboards`): it wants the bare dashboard.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from plimsoll.facts.dashboard import Dashboard, Panel, Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARIABLE = re.compile(r"\$\{(\w+)(?:\.\w+)?(?::[^}]*)?\}|\$(\w+)|\[\[(\w+)(?::[^\]]*)?\]\]")
_BUILT_IN = {
    "__rate_interval": "1m",
    "__interval": "15s",
    "__interval_ms": "15000",
    "__range": "1h",
    "__range_s": "3600",
    "__range_ms": "3600000",
    "__from": "0",
    "__to": "0",
    "__dashboard": "dashboard",
    "__org": "1",
    "__user": "user",
}
_ANYTHING = ".*"
_INTERVAL = "5m"
_SELECTED = "selected"
_DEEPEST_NESTING = 10


class DashboardError(ValueError):
    """The text is not a dashboard."""


def parse_dashboard(text: str) -> Dashboard:
    """Read a dashboard from its JSON text.

    Raises:
        DashboardError: the text is not JSON, or not an object.

    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DashboardError(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise DashboardError("a dashboard is a JSON object")
    model, path, refusals = _unwrapped(document)
    title = _string(model.get("title"))
    if not title and not refusals:
        refusals = ("the title is empty",)
    variables = _variables(model)
    panels = tuple(
        _panel(panel, where, row, variables) for panel, where, row in _flattened(model, path)
    )
    return Dashboard(title, _string(model.get("uid")), panels, refusals)


def substitute_variables(
    expression: str, variables: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Fill in Grafana's variables; return the expression and the names defined nowhere."""
    unknown: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[3]
        known = _BUILT_IN.get(name) or variables.get(name)
        if known is None:
            unknown.append(name)
        return _ANYTHING if known is None else known

    return _VARIABLE.sub(value, expression), tuple(dict.fromkeys(unknown))


def _unwrapped(document: dict[str, object]) -> tuple[dict[str, object], str, tuple[str, ...]]:
    inner = document.get("dashboard")
    if isinstance(inner, dict) and "panels" not in document and "rows" not in document:
        reason = (
            'the dashboard is wrapped in {"dashboard": …}: that is what the API takes; file '
            "provisioning finds no title and refuses it"
        )
        return inner, "$.dashboard", (reason,)
    if _string(document.get("apiVersion")).startswith("dashboard.grafana.app/"):
        return _object(document.get("spec")), "$.spec", ()
    return document, "$", ()


def _flattened(
    model: dict[str, object], path: str, row: str = "", depth: int = 0
) -> Iterator[tuple[dict[str, object], str, str]]:
    """Yield every panel that draws, its JSON path and the row it is in."""
    if depth > _DEEPEST_NESTING:
        return
    for index, panel in enumerate(_objects(model.get("panels"))):
        where = f"{path}.panels[{index}]"
        if panel.get("type") == "row":
            row = _string(panel.get("title"))
        else:
            yield panel, where, row
        yield from _flattened(panel, where, row, depth + 1)
    for index, legacy in enumerate(_objects(model.get("rows"))):
        yield from _flattened(legacy, f"{path}.rows[{index}]", _string(legacy.get("title")), 1)
    for name, element in _object(model.get("elements")).items():
        yield _object(_object(element).get("spec")), f"{path}.elements.{name}", ""


def _panel(panel: dict[str, object], path: str, row: str, variables: Mapping[str, str]) -> Panel:
    config = _object(panel.get("vizConfig"))
    fields = _object(panel.get("fieldConfig") or _object(config.get("spec")).get("fieldConfig"))
    kind = panel.get("type") or config.get("group") or config.get("kind")
    queries = tuple(_query(target, variables) for target in _targets(panel))
    return Panel(
        title=_string(panel.get("title")),
        kind=_string(kind),
        path=path,
        queries=tuple(query for query in queries if query.expression),
        row=row,
        unit=_string(_object(fields.get("defaults")).get("unit")),
    )


def _targets(panel: dict[str, object]) -> Iterator[dict[str, object]]:
    yield from (
        target for target in _objects(panel.get("targets")) if target.get("hide") is not True
    )
    data = _object(_object(panel.get("data")).get("spec"))
    for query in _objects(data.get("queries")):
        spec = _object(query.get("spec"))
        if spec.get("hidden") is not True:
            yield _object(_object(spec.get("query")).get("spec"))


def _query(target: dict[str, object], variables: Mapping[str, str]) -> Query:
    expression = _string(target.get("expr"))
    resolved, unknown = substitute_variables(expression, variables)
    return Query(expression, resolved, _string(target.get("legendFormat")), unknown)


def _variables(model: dict[str, object]) -> dict[str, str]:
    declared = [*_objects(_object(model.get("templating")).get("list"))]
    for variable in _objects(model.get("variables")):
        kind = _string(variable.get("kind")).removesuffix("Variable").lower()
        declared.append({"type": kind, **_object(variable.get("spec"))})
    return {_string(v.get("name")): _value(v) for v in declared}


def _value(variable: dict[str, object]) -> str:
    """Return what stands for a variable: many values as a pattern, one value as itself."""
    if variable.get("type") == "interval":
        return _INTERVAL
    if variable.get("multi") is True or variable.get("includeAll") is True:
        return _ANYTHING
    current = _object(variable.get("current")).get("value")
    if not current and variable.get("type") != "query":
        current = _string(variable.get("query")).partition(",")[0].strip()
    return current if isinstance(current, str) and current else _SELECTED


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
