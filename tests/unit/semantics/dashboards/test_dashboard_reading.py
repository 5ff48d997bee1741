"""Dashboards of every schema become panels with the queries that they show."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.dashboard import Dashboard, Panel
from plimsoll.semantics.dashboards.reading import DashboardError, parse_dashboard

KEYS = [
    "panels",
    "rows",
    "targets",
    "expr",
    "templating",
    "list",
    "type",
    "title",
    "spec",
    "elements",
    "layout",
    "items",
    "kind",
    "element",
    "name",
    "fieldConfig",
    "overrides",
    "transformations",
    "datasource",
    "variables",
    "current",
    "value",
    "repeat",
    "data",
    "queries",
    "query",
    "libraryPanel",
    "hide",
    "uid",
    "apiVersion",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(KEYS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=20,
)


def dashboard(*panels: dict[str, object], **model: object) -> Dashboard:
    """Read a classic dashboard of these panels."""
    return parse_dashboard(json.dumps({"title": "t", "panels": panels, **model}))


def panel(*targets: dict[str, object], **more: object) -> Panel:
    """Read a panel with these targets."""
    return dashboard({"title": "x", "type": "stat", "targets": targets, **more}).panels[0]


def newer(elements: dict[str, object], **spec: object) -> Dashboard:
    """Read a dashboard of the schema v2."""
    model = {
        "apiVersion": "dashboard.grafana.app/v2beta1",
        "spec": {"title": "t", "elements": elements, **spec},
    }
    return parse_dashboard(json.dumps(model))


def element(expression: str = "up", group: str = "prometheus", **spec: object) -> dict[str, object]:
    """Return an element with one query."""
    query = {"kind": "DataQuery", "group": group, "spec": {"expr": expression}}
    data = {"spec": {"queries": [{"spec": {"refId": "A", "query": query}}]}}
    return {"kind": "Panel", "spec": {"title": "e", "data": data, **spec}}


def placed(*names: str, **more: object) -> dict[str, object]:
    """Return a grid that shows these elements."""
    items = [{"spec": {"element": {"name": name}, **more}} for name in names]
    return {"kind": "GridLayout", "spec": {"items": items}}


def test_panels_are_found_wherever_they_are() -> None:
    """Rows, panels inside rows and legacy rows are flattened, each with its JSON path."""
    inner = {"title": "inner", "type": "stat", "targets": [{"expr": "up"}]}
    row = {"type": "row", "title": "R", "collapsed": True, "panels": [inner]}
    legacy = [{"title": "L", "panels": [{"title": "old", "type": "graph"}]}]
    read = dashboard(row, {"title": "after", "type": "text"}, rows=legacy)
    assert [(p.title, p.path, p.row) for p in read.panels] == [
        ("inner", "$.panels[0].panels[0]", "R"),
        ("after", "$.panels[1]", "R"),
        ("old", "$.rows[0].panels[0]", "L"),
    ]
    assert [len(p.queries) for p in read.panels] == [1, 0, 0]


def test_elements_of_the_newer_schema_are_panels() -> None:
    """Without a layout every element is taken; its unit stands in its configuration."""
    fields = {"defaults": {"unit": "s"}, "overrides": []}
    config = {"kind": "VizConfig", "group": "stat", "spec": {"fieldConfig": fields}}
    (found,) = newer({"panel-1": element(vizConfig=config)}).panels
    assert (found.path, found.kind, found.unit) == ("$.spec.elements.panel-1", "stat", "s")
    assert [(q.expression, q.reference, q.unit) for q in found.queries] == [("up", "A", "s")]


def test_rows_and_tabs_place_elements_and_the_rest_is_not_drawn() -> None:
    """An element that no layout names shows nothing."""
    tab = {"spec": {"title": "T", "layout": placed("b")}}
    row = {"spec": {"title": "R", "layout": {"kind": "TabsLayout", "spec": {"tabs": [tab]}}}}
    layout = {"kind": "RowsLayout", "spec": {"rows": [{"spec": {"layout": placed("a")}}, row]}}
    elements = {name: element() for name in "abc"}
    found = newer(elements, layout=layout).panels
    assert [(p.path[-1], p.row) for p in found] == [("a", ""), ("b", "T")]


def test_what_is_nested_beyond_reason_is_not_followed() -> None:
    """Ten levels are deeper than any row or tab that people make."""
    layout = placed("a")
    for _ in range(12):
        layout = {"spec": {"rows": [{"spec": {"layout": layout}}]}}
    assert newer({"a": element()}, layout=layout).panels == ()
    inner = {"title": "x", "type": "stat"}
    for _ in range(12):
        inner = {"type": "row", "panels": [inner]}
    assert dashboard(inner).panels == ()


def test_an_element_that_is_placed_twice_is_one_panel() -> None:
    """And one that is placed and does not exist is none."""
    assert len(newer({"a": element()}, layout=placed("a", "a", "b")).panels) == 1


def test_what_is_shown_only_under_a_condition_is_doubtful() -> None:
    """Nobody knows from the file whether the condition holds."""
    layout = placed("a", conditionalRendering={"kind": "ConditionalRenderingGroup"})
    (found,) = newer({"a": element()}, layout=layout).panels
    assert "condition" in found.queries[0].doubt


def test_library_panels_are_reported() -> None:
    """Their queries stand elsewhere, in either schema."""
    library = {"libraryPanel": {"uid": "u", "name": "Errors"}}
    (classic,) = dashboard({"title": "x", **library}).panels
    (later,) = newer({"a": {"kind": "LibraryPanel", "spec": {"title": "x", **library}}}).panels
    for found in (classic, later):
        assert "library panel Errors" in found.unread[0]
        assert found.queries == ()


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ({"dashboard": {"title": "t", "panels": []}}, "wrapped"),
        ({"panels": []}, "title is empty"),
    ],
)
def test_what_file_provisioning_refuses_is_reported(model: object, reason: str) -> None:
    """A payload of the API, or a dashboard without a title, is not loaded from a file."""
    (refusal,) = parse_dashboard(json.dumps(model)).refusals
    assert reason in refusal


def test_hidden_queries_show_nothing() -> None:
    """A target that is switched off draws nothing, in either schema."""
    assert panel({"expr": "up", "hide": True}).queries == ()
    hidden = element()
    hidden["spec"]["data"]["spec"]["queries"][0]["spec"]["hidden"] = True  # type: ignore[index]
    assert newer({"a": hidden}).panels[0].queries == ()


def test_a_hidden_query_that_another_is_computed_of_is_doubtful() -> None:
    """Grafana's own expressions are not followed."""
    computed = {"refId": "B", "datasource": {"type": "__expr__", "uid": "__expr__"}}
    found = panel({"refId": "A", "expr": "up", "hide": True}, computed, {"refId": "C", "expr": "x"})
    assert [(q.reference, bool(q.doubt)) for q in found.queries] == [("A", True), ("C", False)]


@pytest.mark.parametrize(
    ("of_panel", "of_target", "counts"),
    [
        (None, None, True),
        ("Prometheus", None, True),
        ({"type": "prometheus", "uid": "p"}, None, True),
        ({"type": "loki", "uid": "l"}, None, False),
        ({"uid": "-- Mixed --"}, {"type": "loki", "uid": "l"}, False),
        ({"uid": "-- Mixed --"}, {"type": "prometheus", "uid": "p"}, True),
        ("-- Mixed --", None, True),
        ({"type": "loki", "uid": "l"}, {"type": "prometheus", "uid": "p"}, False),
        ({"type": "prometheus", "uid": "p"}, {"type": "loki", "uid": "l"}, True),
        ({"type": "loki"}, {"type": "prometheus", "uid": "p"}, True),
        ({"type": "${ds}", "uid": "${ds}"}, None, True),
        ({"type": "prometheus", "uid": "$logs"}, None, False),
        ({"type": "loki", "uid": "${metrics}"}, None, True),
        ({"type": "prometheus", "uid": "__expr__"}, None, False),
        ({"type": "datasource", "uid": "-- Dashboard --"}, None, False),
    ],
)
def test_only_queries_of_a_prometheus_count(
    of_panel: object, of_target: object, *, counts: bool
) -> None:
    """The datasource of a panel comes first, unless it is mixed; a variable is what it offers."""
    offered = {"logs": "loki", "metrics": "prometheus", "any": ""}
    listed = [{"name": n, "type": "datasource", "query": kind} for n, kind in offered.items()]
    target = {"expr": "up", "datasource": of_target}
    shown = {"title": "x", "type": "stat", "targets": [target], "datasource": of_panel}
    found = dashboard(shown, templating={"list": listed}).panels[0]
    assert bool(found.queries) is counts


def test_queries_of_logs_do_not_count_in_the_newer_schema() -> None:
    """The group of a query names the type of its datasource."""
    assert newer({"a": element('{app="x"} |= "error"', group="loki")}).panels[0].queries == ()


@pytest.mark.parametrize(("offered", "counts"), [("loki", False), ("prometheus", True)])
def test_a_variable_of_the_newer_schema_names_a_plugin(offered: str, *, counts: bool) -> None:
    """That is the type of what a query is asked of, whatever its group."""
    variable = {"kind": "DatasourceVariable", "spec": {"name": "ds", "pluginId": offered}}
    asking = element()
    inner = asking["spec"]["data"]["spec"]["queries"][0]["spec"]["query"]  # type: ignore[index]
    inner["datasource"] = {"name": "${ds}"}
    assert bool(newer({"a": asking}, variables=[variable]).panels[0].queries) is counts


@pytest.mark.parametrize(
    ("transformation", "doubtful"),
    [
        ({"id": "merge"}, False),
        ({"id": "organize", "options": {"excludeByName": {"Time": False}}}, False),
        ({"id": "organize", "options": {"excludeByName": {"Value": True}}}, True),
        ({"id": "organize", "options": {"includeByName": {"Time": True}}}, True),
        ({"id": "organize", "options": {"includeByName": {}, "renameByName": {"a": "b"}}}, False),
        ({"id": "configFromData", "options": {"configRefId": "A"}}, True),
        ({"id": "filterFieldsByName", "options": {}}, True),
        ({"id": "filterByRefId", "disabled": True}, False),
        ({"kind": "Transformation", "group": "filterByValue", "spec": {"options": {}}}, True),
    ],
)
def test_what_a_transformation_may_take_away_is_doubtful(
    transformation: dict[str, object], *, doubtful: bool
) -> None:
    """Those that only rearrange take nothing away."""
    found = panel({"expr": "up"}, transformations=[transformation])
    assert bool(found.queries[0].doubt) is doubtful


HIDDEN = {"viz": True, "legend": True, "tooltip": True}


@pytest.mark.parametrize(
    ("matcher", "options", "hidden", "doubtful"),
    [
        ("byFrameRefID", "A", HIDDEN, ["A"]),
        ("byFrameRefID", "C", HIDDEN, []),
        ("byNames", {"mode": "exclude", "names": ["other"]}, HIDDEN, ["A", "B"]),
        ("byName", "5xx", HIDDEN, ["A", "B"]),
        ("byName", "Time", HIDDEN, []),
        ("byFrameRefID", "A", {**HIDDEN, "viz": False}, []),
        ("byFrameRefID", "A", None, []),
    ],
)
def test_series_that_an_override_hides_are_doubtful(
    matcher: str, options: object, hidden: object, doubtful: list[str]
) -> None:
    """Which they are depends on names that only the answer tells, or on the letter of a query."""
    given = [{"id": "unit", "value": "s"}, {"id": "custom.hideFrom", "value": hidden}]
    override = {"matcher": {"id": matcher, "options": options}, "properties": given}
    targets = ({"refId": "A", "expr": "x"}, {"refId": "B", "expr": "y"})
    found = panel(*targets, fieldConfig={"overrides": [override]})
    assert [query.reference for query in found.queries if query.doubt] == doubtful


def test_a_panel_that_draws_none_of_its_series_is_doubtful() -> None:
    """In either schema; hidden from the legend alone, they are still drawn."""
    fields = {"defaults": {"custom": {"hideFrom": HIDDEN}}}
    legend = {"defaults": {"custom": {"hideFrom": {"viz": False, "legend": True}}}}
    config = {"kind": "VizConfig", "group": "timeseries", "spec": {"fieldConfig": fields}}
    assert "hidden" in panel({"expr": "up"}, fieldConfig=fields).queries[0].doubt
    assert "hidden" in newer({"a": element(vizConfig=config)}).panels[0].queries[0].doubt
    assert not panel({"expr": "up"}, fieldConfig=legend).queries[0].doubt


def test_units_of_single_queries_come_first() -> None:
    """Where series have units by their names, nobody can tell which query has which."""

    def units(*overrides: dict[str, object]) -> list[str]:
        fields = {"defaults": {"unit": "s"}, "overrides": overrides}
        targets = ({"refId": "A", "expr": "x"}, {"refId": "B", "expr": "y"})
        return [query.unit for query in panel(*targets, fieldConfig=fields).queries]

    unit = [{"id": "unit", "value": "percentunit"}]
    assert units() == ["s", "s"]
    assert units({"matcher": {"id": "byFrameRefID", "options": "B"}, "properties": unit}) == [
        "s",
        "percentunit",
    ]
    assert units({"matcher": {"id": "byName", "options": "y"}, "properties": unit}) == ["", ""]
    assert units({"matcher": {"id": "byName", "options": "y"}, "properties": []}) == ["s", "s"]


def test_older_panels_have_their_unit_at_the_axis() -> None:
    """Graphs name it at the left axis, single values as their format."""
    assert panel({"expr": "up"}, yaxes=[{"format": "ms"}, {}]).queries[0].unit == "ms"
    assert panel({"expr": "up"}, format="percent").queries[0].unit == "percent"


def test_variables_that_nothing_reads_are_reported() -> None:
    """Queries, other variables, datasources and repeated panels read them."""
    declared = [
        {"name": "unused", "type": "query", "query": "label_values(up{env='$env'}, job)"},
        {"name": "env", "type": "constant", "query": "live"},
        {"name": "region", "type": "query"},
        {"name": "ds", "type": "datasource"},
    ]
    read = dashboard(
        {"title": "x", "repeat": "region", "datasource": {"uid": "${ds}"}},
        templating={"list": declared},
    )
    assert read.unused_variables == ("unused",)


def test_a_variable_that_the_newer_schema_repeats_for_is_read() -> None:
    """There the name stands in an object."""
    variable = {"kind": "QueryVariable", "spec": {"name": "region"}}
    layout = placed("a", repeat={"mode": "variable", "value": "region"})
    assert newer({"a": element()}, layout=layout, variables=[variable]).unused_variables == ()


def test_a_panel_is_called_as_a_person_would_look_for_it() -> None:
    """By its title and its place."""
    assert str(panel()) == "x ($.panels[0])"


@pytest.mark.parametrize("text", ["[]", "1", "", "{", "[" * 100_000, " " * 10_000_001])
def test_what_is_no_dashboard_is_refused(text: str) -> None:
    """A dashboard is an object of JSON, of a reasonable size."""
    with pytest.raises(DashboardError):
        parse_dashboard(text)


@settings(max_examples=150, deadline=None)
@given(JSON, st.booleans())
def test_any_json_is_a_dashboard_or_the_declared_error(document: object, later: bool) -> None:
    """Whatever has the wrong type is empty; nothing without an expression becomes a query."""
    whole = {"apiVersion": "dashboard.grafana.app/v2", "spec": document} if later else document
    try:
        read = parse_dashboard(json.dumps(whole))
    except DashboardError:
        return
    assert all(query.expression.strip() for one in read.panels for query in one.queries)


@settings(max_examples=50)
@given(st.text())
def test_any_text_is_a_dashboard_or_the_declared_error(text: str) -> None:
    """Text that is no JSON object is refused."""
    try:
        read = parse_dashboard(text)
    except DashboardError:
        return
    assert isinstance(json.loads(text), dict)
    assert read.refusals or read.title
