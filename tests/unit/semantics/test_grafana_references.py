"""A panel shows something only where what it asks is provisioned and speaks PromQL."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.dashboard import Datasource
from plimsoll.facts.document import Document, parse_json
from plimsoll.semantics.grafana_references import generated_uid, reference_problems

PROMETHEUS = Datasource("Prom", "p1", "prometheus", "http://prometheus:9090", "p.yml:1")
LOKI = Datasource("Logs", "l1", "loki", "http://loki:3100", "p.yml:2")
BOTH = (Datasource("Prom", "p1", "prometheus", "", "p.yml:1", is_default=True), LOKI)
LOKI_FIRST = (PROMETHEUS, Datasource("Logs", "l1", "loki", "", "p.yml:2", is_default=True))
ERRORS = 'sum(rate(http_requests_total{status=~"5.."}[5m]))'
MIXED = {"type": "datasource", "uid": "-- Mixed --"}


def dashboard(content: object) -> Document:
    """Build a dashboard document."""
    return parse_json(json.dumps(content), "d.json")


def problems(content: object, *declared: Datasource) -> list[str]:
    """Return what is wrong with the datasources of a dashboard."""
    return [problem.what for problem in reference_problems(dashboard(content), declared)]


def asking(of_panel: object, of_target: object = None, **target: object) -> dict[str, object]:
    """Return a dashboard with one query."""
    query = {"refId": "A", "expr": "up", "datasource": of_target, **target}
    return {"panels": [{"type": "stat", "datasource": of_panel, "targets": [query]}]}


def newer(query: dict[str, object], version: str = "v2beta1", **spec: object) -> dict[str, object]:
    """Return a dashboard of the schema v2 with one query."""
    queries = [{"kind": "PanelQuery", "spec": {"refId": "A", **query}}]
    data = {"kind": "QueryGroup", "spec": {"queries": queries}}
    elements = {"a": {"kind": "Panel", "spec": {"data": data}}}
    return wrapped({"elements": elements, **spec}, version)


def wrapped(spec: dict[str, object], version: str) -> dict[str, object]:
    """Return a dashboard as Grafana's newer API has it."""
    return {"apiVersion": f"dashboard.grafana.app/{version}", "kind": "Dashboard", "spec": spec}


def query(group: str, name: str | None = None, expression: str = "up") -> dict[str, object]:
    """Return a query as the schema v2beta1 has it."""
    named = {"datasource": {"name": name}} if name is not None else {}
    return {"query": {"kind": "DataQuery", "group": group, **named, "spec": {"expr": expression}}}


@pytest.mark.parametrize(
    "reference",
    [
        "Prom",
        "p1",
        {"uid": "p1"},
        None,
        "default",
        {"type": "prometheus"},
        {"uid": "-- Grafana --"},
    ],
)
def test_a_provisioned_datasource_may_be_named(reference: object) -> None:
    """By name, by uid, as the default, or built in."""
    assert problems(asking(reference), *BOTH) == []


@pytest.mark.parametrize("reference", ["other", {"uid": "p2"}, {"uid": "${DS}"}, "$DS", "[[DS]]"])
def test_a_datasource_that_nobody_provisions_is_a_problem(reference: object) -> None:
    """Also where a variable that is defined nowhere stands for it; once, however often named."""
    panels = {"panels": [{"datasource": reference}, {"datasource": reference}]}
    assert len(problems(panels, *BOTH)) == 1


def test_a_problem_tells_its_line() -> None:
    """Of the reference, or of the panel where there is none."""
    text = '{"panels": [\n{"title": "x"},\n{"targets": [{"expr": "up"}]},\n{"datasource": "y"}]}'
    found = reference_problems(parse_json(text, "d.json"), (PROMETHEUS,))
    assert [problem.where for problem in found] == ["d.json:4", "d.json:3"]


@pytest.mark.parametrize("uid", ["__expr__", "-100"])
def test_grafana_computes_expressions_itself(uid: str) -> None:
    """Nobody provisions what does so, in a panel of any datasource, nor needs a default for it."""
    computed = {"refId": "B", "datasource": {"type": "__expr__", "uid": uid}, "expression": "$A"}
    content = asking(MIXED, {"type": "prometheus", "uid": "p1"})
    content["panels"][0]["targets"].append(computed)  # type: ignore[index]
    assert problems(content, PROMETHEUS) == []
    assert problems(asking(None, {"type": "__expr__"}), PROMETHEUS) == []


@pytest.mark.parametrize(
    ("name", "uid"),
    [
        ("Prometheus", "PBFA97CFB590B2093"),
        ("Hello world", "P64EC88CA00B268E5"),
        ("Hello World", "PA591A6D40BF42040"),
        ("AAA", "PCB1AD2119D8FAFB6"),
    ],
)
@pytest.mark.parametrize("told", [None, ""])
def test_grafana_makes_a_uid_of_the_name(name: str, uid: str, told: str | None) -> None:
    """Source: `TestUIDFromNames` of Grafana."""
    assert generated_uid(name) == uid
    declared = Datasource(name, told, "prometheus", "", "p.yml:1")
    assert problems(asking({"type": "prometheus", "uid": uid}), declared) == []


def test_a_datasource_with_a_uid_has_no_other() -> None:
    """Grafana makes one up only where none is fixed."""
    assert problems(asking({"type": "prometheus", "uid": generated_uid("Prom")}), PROMETHEUS)


@pytest.mark.parametrize("nothing", [None, "default", "", {"type": "prometheus"}, {"uid": ""}])
def test_without_a_datasource_the_default_one_is_asked(nothing: object) -> None:
    """Grafana itself where there is none, which answers nothing; a mixed panel leaves it open."""
    expected = ["a query names no datasource, and none is the default"]
    assert problems(asking(nothing), PROMETHEUS, LOKI) == expected
    assert problems(asking(MIXED, nothing), PROMETHEUS, LOKI) == expected
    (found,) = problems(asking(nothing), *LOKI_FIRST)
    assert "the default one is of type loki" in found


def test_of_several_organizations_each_may_have_a_default() -> None:
    """Which of them the dashboard is in is not asked."""
    assert problems(asking(None), *LOKI_FIRST, *BOTH) == []


@pytest.mark.parametrize(
    "panel",
    [
        {"type": "text", "targets": [{"expr": "up"}]},
        {"type": "stat", "targets": [{"expr": "up", "hide": True}]},
        {"type": "stat", "targets": [{"expr": " "}]},
        {"type": "stat", "targets": [{"query": "x"}]},
        {"type": "row"},
    ],
)
def test_what_asks_nothing_needs_no_default(panel: object) -> None:
    """Texts, rows, queries that are switched off or empty."""
    assert problems({"panels": [panel]}, PROMETHEUS) == []


@pytest.mark.parametrize(
    ("of_panel", "of_target", "is_asked"),
    [
        ({"type": "prometheus", "uid": "l1"}, None, True),
        ({"uid": "l1"}, None, True),
        ("Logs", None, True),
        (MIXED, {"type": "prometheus", "uid": "l1"}, True),
        (None, {"type": "prometheus", "uid": "l1"}, True),
        ({"type": "prometheus", "uid": "l1"}, {"type": "prometheus", "uid": "p1"}, True),
        ({"type": "prometheus", "uid": "p1"}, {"type": "prometheus", "uid": "l1"}, False),
        ({"type": "loki", "uid": "p1"}, None, False),
        ({"type": "loki", "uid": "l1"}, None, False),
    ],
)
def test_the_uid_decides_and_not_the_type(
    of_panel: object, of_target: object, *, is_asked: bool
) -> None:
    """The datasource of a panel comes before those of its queries, unless it is mixed."""
    found = problems(asking(of_panel, of_target), *BOTH)
    assert bool(found) is is_asked
    assert all("is of type loki" in one for one in found)


@pytest.mark.parametrize(
    "expression",
    [
        '{job="page"}',
        '{job="page"} |= "error"',
        'sum by (level) (count_over_time({job="page"}[5m]))',
        '{job="page"} | json | status >= 500',
    ],
)
@pytest.mark.parametrize("reference", [None, "Logs", {"uid": "l1"}, {"type": "loki", "uid": "l1"}])
def test_queries_of_logs_are_asked_of_loki(expression: str, reference: object) -> None:
    """They stand at the same key, and never name a metric."""
    assert problems(asking(reference, expr=expression), *LOKI_FIRST) == []


@pytest.mark.parametrize("expression", [ERRORS, '{__name__=~"http_.+"}', "rate(x[$__interval])"])
def test_a_query_that_names_a_metric_is_one_of_prometheus(expression: str) -> None:
    """Whatever is said of its datasource."""
    assert len(problems(asking("Logs", expr=expression), *BOTH)) == 1


@pytest.mark.parametrize("reference", ["$ds", "${ds}", "[[ds]]", "${ds:raw}"])
@pytest.mark.parametrize("version", ["", "v1beta1", "v1"])
def test_a_variable_offers_datasources_of_one_type(reference: str, version: str) -> None:
    """In a bare dashboard, and in one as the newer API has it."""

    def found(offered: str) -> list[str]:
        variable = {"name": "ds", "type": "datasource", "query": offered}
        content = asking({"type": "prometheus", "uid": reference})
        content["templating"] = {"list": [variable]}
        return problems(wrapped(content, version) if version else content, *BOTH)

    assert found("prometheus") == []
    assert found("loki") == [f"the datasource {reference} is of type loki"]


@pytest.mark.parametrize("kind", [None, "custom", "textbox"])
def test_a_variable_of_another_kind_may_hold_the_uid(kind: str | None) -> None:
    """Grafana fills it in; what its choices are is not followed."""
    variable = {"name": "ds", "type": kind, "query": "p1"}
    content = {**asking("${ds}"), "templating": {"list": [variable]}}
    assert problems(content, *BOTH) == []


def test_variables_of_the_newer_schema_are_variables() -> None:
    """They stand elsewhere, and name the type as a plugin."""

    def found(offered: str) -> list[str]:
        spec = {"name": "ds", "pluginId": offered}
        variables = [{"kind": "DatasourceVariable", "spec": spec}]
        return problems(newer(query("prometheus", "${ds}"), variables=variables), *BOTH)

    assert found("prometheus") == []
    assert found("loki") == ["the datasource ${ds} is of type loki"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (query("prometheus", "p1"), 0),
        (query("prometheus", "nowhere"), 1),
        (query("prometheus", "l1"), 1),
        (query("prometheus"), 0),
        (query("loki", "l1", '{job="page"} |= "error"'), 0),
        (query("loki", expression='{job="page"}'), 0),
        (query("tempo"), 0),
        (query("__expr__", "__expr__"), 0),
    ],
)
def test_the_newer_schema_names_a_datasource_inside_of_the_query(
    asked: dict[str, object], count: int
) -> None:
    """Without a name one of the group is asked; the default one only where there is none such."""
    assert len(problems(newer(asked), *LOKI_FIRST)) == count


@pytest.mark.parametrize(("uid", "count"), [("p1", 0), ("nowhere", 1), ("l1", 1)])
def test_the_first_form_of_the_newer_schema_names_it_beside(uid: str, count: int) -> None:
    """With a type, as before."""
    beside = {"type": "prometheus", "uid": uid}
    asked = {"datasource": beside, "query": {"kind": "prometheus", "spec": {"expr": "up"}}}
    assert len(problems(newer(asked, "v2alpha1"), *BOTH)) == count


def test_an_element_that_is_not_drawn_asks_nothing() -> None:
    """No layout places it, so that it needs no default."""
    layout = {"kind": "GridLayout", "spec": {"items": []}}
    assert problems(newer(query(""), layout=layout), PROMETHEUS) == []
    assert len(problems(newer(query("")), PROMETHEUS)) == 1


def test_a_dashboard_wrapped_for_the_older_api_is_read_inside() -> None:
    """That it is refused is said elsewhere."""
    variable = {"name": "ds", "type": "datasource", "query": "prometheus"}
    inner = {**asking("${ds}"), "templating": {"list": [variable]}}
    assert problems({"dashboard": inner}, *BOTH) == []


KEYS = (
    *("datasource", "uid", "name", "type", "panels", "targets", "expr", "templating", "list"),
    *("spec", "elements", "data", "queries", "query", "variables"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=16,
)


@given(JSON, st.sampled_from(["", "v1", "v2"]))
def test_documents_of_any_shape_are_read(content: object, version: str) -> None:
    """They raise nothing, and what is the same is said once."""
    whole = {"apiVersion": f"dashboard.grafana.app/{version}", "spec": content}
    found = reference_problems(Document("any", whole if version else content), BOTH)
    assert len({problem.what for problem in found}) == len(found)


@given(st.text(min_size=1, max_size=12))
def test_no_query_is_asked_of_what_is_not_provisioned(name: str) -> None:
    """Whatever text stands for it, it is a problem, or Grafana has it by itself."""
    assert name in ("grafana", "-100", "__expr__") or problems(asking(name))
