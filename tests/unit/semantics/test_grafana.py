"""Grafana dashboards, and the signals that their queries read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.dashboard_signals import SIGNALS, panels_showing
from plimsoll.semantics.grafana import DashboardError, parse_dashboard, substitute_variables

REGION = {"name": "region", "type": "query", "multi": True, "includeAll": True}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["panels", "rows", "targets", "expr", "templating", "list", "type", "title"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def shown(expression: str, signal: str, *business: str, title: str = "") -> bool:
    """Tell whether one panel with one query shows the signal."""
    panel = {"title": title, "type": "timeseries", "targets": [{"expr": expression}]}
    model = {"title": "t", "panels": [panel], "templating": {"list": [REGION]}}
    return bool(panels_showing(parse_dashboard(json.dumps(model)), signal, business))


def test_panels_are_found_wherever_they_are() -> None:
    """Rows, panels inside rows and legacy rows are flattened, each with its JSON path."""
    inner = {"title": "inner", "type": "stat", "targets": [{"expr": "up"}]}
    model = {
        "title": "t",
        "panels": [
            {"type": "row", "title": "R", "panels": [inner]},
            {"title": "after", "type": "text"},
        ],
        "rows": [{"title": "L", "panels": [{"title": "old", "type": "graph"}]}],
    }
    found = [(p.title, p.path, p.row) for p in parse_dashboard(json.dumps(model)).panels]
    assert found == [
        ("inner", "$.panels[0].panels[0]", "R"),
        ("after", "$.panels[1]", "R"),
        ("old", "$.rows[0].panels[0]", "L"),
    ]


def test_the_newer_schema_is_read_too() -> None:
    """Elements of the v2 schema are panels with queries."""
    query = {"spec": {"query": {"kind": "prometheus", "spec": {"expr": "up"}}}}
    element = {"spec": {"title": "health", "data": {"spec": {"queries": [query]}}}}
    model = {
        "apiVersion": "dashboard.grafana.app/v2",
        "spec": {"title": "t", "elements": {"panel-1": element}},
    }
    dashboard = parse_dashboard(json.dumps(model))
    assert [panel.path for panel in panels_showing(dashboard, "service_health")] == [
        "$.spec.elements.panel-1"
    ]


@pytest.mark.parametrize(
    ("model", "reason"),
    [({"dashboard": {"title": "t", "panels": []}}, "wrapped"), ({"panels": []}, "title is empty")],
)
def test_what_file_provisioning_refuses_is_reported(model: object, reason: str) -> None:
    """A payload of the API, or a dashboard without a title, is not loaded from a file."""
    (refusal,) = parse_dashboard(json.dumps(model)).refusals
    assert reason in refusal


def test_variables_are_filled_in_and_unknown_ones_reported() -> None:
    """Every spelling of a variable is understood."""
    resolved, unknown = substitute_variables(
        'rate(a{r="$region", s="${svc:regex}", t="[[t]]"}[$__rate_interval])', {"region": "fra1"}
    )
    assert resolved == 'rate(a{r="fra1", s=".*", t=".*"}[1m])'
    assert unknown == ("svc", "t")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ({"type": "interval"}, "5m"),
        ({"type": "query", "multi": True}, ".*"),
        ({"type": "custom", "query": "fra1, nyc1"}, "fra1"),
        ({"type": "query", "current": {"value": "nyc1"}}, "nyc1"),
        ({"type": "query"}, "selected"),
    ],
)
def test_a_variable_stands_for_one_value_or_for_any(
    variable: dict[str, object], value: str
) -> None:
    """Both schemas declare variables; only a choice of several becomes a pattern."""
    named = {"name": "v", **variable}
    query = {"spec": {"query": {"spec": {"expr": "$v"}}}}
    panel = {"spec": {"data": {"spec": {"queries": [query]}}}}
    kind = f"{str(variable['type']).title()}Variable"
    newer = {
        "apiVersion": "dashboard.grafana.app/v2",
        "spec": {"elements": {"p": panel}, "variables": [{"kind": kind, "spec": named}]},
    }
    older = {"panels": [{"targets": [{"expr": "$v"}]}], "templating": {"list": [named]}}
    for model in (newer, older):
        assert parse_dashboard(json.dumps(model)).panels[0].queries[0].resolved == value


BUCKETS = "http_request_duration_seconds_bucket"


@pytest.mark.parametrize(
    ("signal", "expression"),
    [
        ("p95", f"histogram_quantile(0.95, sum by (le) (rate({BUCKETS}[5m])))"),
        ("p99", f"histogram_quantile(0.99, rate({BUCKETS}[$__rate_interval]))"),
        ("p50", 'http_request_duration_seconds{quantile="0.5"}'),
        ("errors_5xx", 'sum(rate(http_requests_total{status=~"5.."}[5m]))'),
        ("errors_5xx", 'rate(http_requests_total{code!~"[1-4].."}[5m])'),
        ("errors_4xx", "rate(http_errors_4xx_total[5m])"),
        ("cpu", "rate(process_cpu_seconds_total[5m])"),
        ("memory", "process_resident_memory_bytes"),
        ("database_connections", "sum(database_connections)"),
        ("regional_comparison", "sum by (region) (rate(http_requests_total[5m]))"),
        ("regional_comparison", 'up{region=~"$region"}'),
        ("active_users", "app_active_users"),
        ("slo_status", "slo:availability_ratio or slo_error_budget_remaining"),
        (
            "slo_status",
            '1 - sum(rate(http_requests_total{status=~"5.."}[30d])) / sum(rate(http_requests_total[30d]))',
        ),
        ("service_health", "up"),
    ],
)
def test_a_query_of_the_right_form_shows_the_signal(signal: str, expression: str) -> None:
    """Structure decides, not the panel's title."""
    assert shown(expression, signal)


@pytest.mark.parametrize(
    ("signal", "expression"),
    [
        ("p95", f"histogram_quantile(0.99, sum by (le) (rate({BUCKETS}[5m])))"),
        ("p95", f"histogram_quantile(0.95, sum(rate({BUCKETS}[5m])))"),
        ("p95", "histogram_quantile(0.95, rate(http_request_duration_seconds[5m]))"),
        ("p95", "histogram_quantile(0.95, rate(k6_http_req_duration_bucket[5m]))"),
        ("p95", "avg(http_request_duration_seconds_sum)"),
        ("errors_5xx", "sum(rate(http_requests_total[5m]))"),
        ("errors_5xx", 'sum(rate(http_requests_total{status=~"[45].."}[5m]))'),
        ("errors_5xx", 'sum(rate(http_requests_total{status=~"5"}[5m]))'),
        ("regional_comparison", "sum(rate(http_requests_total[5m]))"),
        ("regional_comparison", 'up{region="fra1"}'),
        ("regional_comparison", 'sum(up{region=~".*"})'),
        ("active_users", "increase(user_registrations_total[1h])"),
        ("database_connections", "redis_connected_clients"),
        ("cpu", "this is not PromQL"),
        ("slo_status", "sum(rate(http_requests_total[5m])) / 60"),
    ],
)
def test_a_query_of_another_form_does_not_show_the_signal(signal: str, expression: str) -> None:
    """Neither a near miss nor a fitting title counts."""
    assert not shown(expression, signal, title=f"{signal} P95 CPU SLO regions active users")


def test_business_metrics_count_by_their_declared_names() -> None:
    """Without a declaration nothing is a business metric."""
    assert shown("increase(booking_success_total[1h])", "business", "booking_success_total")
    assert not shown("increase(booking_success_total[1h])", "business")


def test_hidden_queries_show_nothing() -> None:
    """A target that is switched off draws nothing."""
    panel = {"title": "x", "type": "stat", "targets": [{"expr": "up", "hide": True}]}
    dashboard = parse_dashboard(json.dumps({"title": "t", "panels": [panel]}))
    assert panels_showing(dashboard, "service_health") == ()


@given(JSON)
def test_any_json_is_a_dashboard_or_the_declared_error(document: object) -> None:
    """Without a query no signal is shown."""
    try:
        dashboard = parse_dashboard(json.dumps(document))
    except DashboardError:
        return
    for signal in SIGNALS:
        assert all(panel.queries for panel in panels_showing(dashboard, signal))


@given(st.text())
def test_any_text_is_a_dashboard_or_the_declared_error(text: str) -> None:
    """Text that is no JSON object is refused."""
    try:
        dashboard = parse_dashboard(text)
    except DashboardError:
        return
    assert isinstance(json.loads(text), dict)
    assert dashboard.refusals or dashboard.title
