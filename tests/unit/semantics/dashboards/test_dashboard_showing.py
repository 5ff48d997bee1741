"""A panel shows a signal when its answer moves with it, and only then."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.dashboard_signals import SIGNALS
from plimsoll.semantics.dashboards.reading import parse_dashboard
from plimsoll.semantics.dashboards.sensitivity import Surroundings
from plimsoll.semantics.dashboards.showing import MOST_QUERIES, Showing, showing
from plimsoll.semantics.dashboards.surroundings import surroundings_of

ALL = {"name": "region", "type": "query", "includeAll": True, "current": {"value": "$__all"}}
BUCKETS = "http_request_duration_seconds_bucket"
REQUESTS = "http_requests_total"


def surroundings(rules: str | None = None, *business: str) -> Surroundings:
    """Return what stands beside the dashboard: rules as YAML, and metrics of the business."""
    documents = () if rules is None else (parse_yaml_document(rules, "rules.yml"),)
    return surroundings_of(
        alerts=None,
        config=None,
        compose=None,
        rules=documents,
        rules_known=rules is not None,
        business=business,
    )


def panel(*expressions: str, **more: Any) -> dict[str, Any]:
    """Return a panel of queries."""
    targets = [{"refId": "ABCDEF"[i], "expr": one} for i, one in enumerate(expressions)]
    return {"title": "x", "type": "timeseries", "targets": targets, **more}


def look(
    signal: str, *panels: dict[str, Any], around: Surroundings | None = None, metric: str = ""
) -> Showing:
    """Look for a signal in a dashboard."""
    model = {"title": "t", "panels": panels, "templating": {"list": [ALL]}}
    return showing(parse_dashboard(json.dumps(model)), signal, around or surroundings(), metric)


def seen(signal: str, expression: str, **more: Any) -> bool:
    """Tell whether one query shows a signal."""
    return bool(look(signal, panel(expression), **more).sights)


RATIO = f'sum(rate({REQUESTS}{{status=~"5.."}}[WINDOW])) / sum(rate({REQUESTS}[WINDOW]))'


@pytest.mark.parametrize(
    ("signal", "expression"),
    [
        ("p95", f"histogram_quantile(0.95, sum by (le) (rate({BUCKETS}[5m])))"),
        ("p95", f"histogram_quantile(0.95, rate({BUCKETS}[$__rate_interval])) * 1000"),
        ("p99", f"histogram_quantile(0.99, rate({BUCKETS}[$__rate_interval]))"),
        ("p50", 'http_request_duration_seconds{quantile="0.5"}'),
        ("errors_5xx", f'sum(rate({REQUESTS}{{status=~"5.."}}[5m]))'),
        ("errors_5xx", f'rate({REQUESTS}{{code!~"[1-4].."}}[5m])'),
        ("errors_5xx", f"sum by (status) (rate({REQUESTS}[5m]))"),
        ("errors_4xx", f"sum by (status) (rate({REQUESTS}[5m]))"),
        ("errors_4xx", "rate(http_errors_4xx_total[5m])"),
        ("cpu", "rate(process_cpu_seconds_total[5m])"),
        ("cpu", '100 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100'),
        ("memory", "process_resident_memory_bytes"),
        ("database_connections", "sum(database_connections)"),
        ("regional_comparison", f"sum by (region) (rate({REQUESTS}[5m]))"),
        ("regional_comparison", 'min by (region) (up{region=~"$region"})'),
        ("active_users", "app_active_users"),
        ("slo_status", "1 - " + RATIO.replace("WINDOW", "30d")),
        ("slo_status", f"1 - ({RATIO.replace('WINDOW', '1h')}) / 0.001"),
        ("slo_status", f"({RATIO.replace('WINDOW', '1h')}) / 0.001"),
        ("service_health", "up"),
        ("service_health", 'min by (job) (up{region=~"$region"})'),
    ],
)
def test_a_query_that_moves_with_the_signal_shows_it(signal: str, expression: str) -> None:
    """Behavior decides, not the panel's title, nor how the expression is written."""
    assert seen(signal, expression)


@pytest.mark.parametrize(
    ("signal", "expression"),
    [
        ("p95", f"histogram_quantile(0.99, sum by (le) (rate({BUCKETS}[5m])))"),
        ("p95", f"histogram_quantile(0.9, sum by (le) (rate({BUCKETS}[5m])))"),
        ("p95", f"histogram_quantile(0.97, sum by (le) (rate({BUCKETS}[5m])))"),
        ("p95", f"histogram_quantile(0.95, sum(rate({BUCKETS}[5m])))"),
        ("p95", "histogram_quantile(0.95, rate(k6_http_req_duration_bucket[5m]))"),
        ("p95", f'rate({BUCKETS}{{le="0.15"}}[5m])'),
        (
            "p50",
            "rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m])",
        ),
        ("errors_5xx", f"sum(rate({REQUESTS}[5m]))"),
        ("errors_5xx", f'sum(rate({REQUESTS}{{status=~"[45].."}}[5m]))'),
        ("errors_5xx", f'sum(rate({REQUESTS}{{status=~"5"}}[5m]))'),
        ("errors_5xx", f'sum(rate({REQUESTS}{{status=~"2.."}}[5m]))'),
        ("errors_5xx", f'rate({REQUESTS}{{status="500"}}[5m]) > 1'),
        ("regional_comparison", f"sum(rate({REQUESTS}[5m]))"),
        ("regional_comparison", 'min by (region) (up{region="fra1"})'),
        ("regional_comparison", 'sum(up{region=~"$region"})'),
        ("active_users", "increase(user_registrations_total[1h])"),
        ("database_connections", "redis_connected_clients"),
        ("database_connections", "pg_settings_max_connections"),
        ("cpu", "this is not PromQL"),
        ("cpu", "1"),
        ("cpu", 'rate(process_cpu_seconds_total{job="prometheus"}[5m])'),
        ("memory", "app_memory_limit_bytes"),
        ("memory", 'process_resident_memory_bytes{job=~"grafana|alertmanager"}'),
        ("slo_status", f"sum(rate({REQUESTS}[5m])) / 60"),
        ("slo_status", RATIO.replace("WINDOW", "5m") + " * 100"),
        ("slo_status", "1 - " + RATIO.replace("WINDOW", "5m") + " > 0.99"),
        ("service_health", "count(up)"),
        ("service_health", "up == 0"),
        ("service_health", 'up{job="prometheus"}'),
        ("service_health", 'up{region="$region"}'),
        ("service_health", 'up{region="$nowhere"}'),
    ],
)
def test_another_query_does_not_show_the_signal(signal: str, expression: str) -> None:
    """Neither a near miss nor a fitting title counts."""
    title = f"{signal} P95 CPU SLO regions active users"
    assert not look(signal, panel(expression, title=title)).sights


def test_what_answers_nothing_is_known_to_show_nothing() -> None:
    """It is told as a candidate, with the reason, and leaves nothing in doubt."""
    found = look(
        "p95",
        panel(
            f"histogram_quantile(0.95, sum(rate({BUCKETS}[5m])))",
            f"histogram_quantile(0.5, rate({BUCKETS}[5m]))",
            f'histogram_quantile(0.95, rate({BUCKETS}{{a="$nowhere"}}[5m]))',
            f'histogram_quantile(0.95, rate({BUCKETS}{{a="$region"}}[5m]))',
            "histogram_quantile(0.95, ",
        ),
    )
    assert (found.sights, found.unknown) == ((), ())
    told = " ".join(found.candidates)
    for reason in (
        "answers nothing",
        "answers to",
        "defined nowhere",
        "several values",
        "no PromQL",
    ):
        assert reason in told


@pytest.mark.parametrize(
    ("signal", "expression"),
    [
        ("cpu", "shop_cpu_pressure_level"),
        ("p95", "shop_duration_weird"),
        ("slo_status", "slo:availability:ratio"),
        ("p95", f"histogram_quantile(0.95, rate({BUCKETS}[$__unheard_of]))"),
        ("cpu", "rate(process_cpu_seconds_total[5m]) / shop_strange_thing"),
        ("regional_comparison", "sum by (region) (shop_strange_thing)"),
        ("regional_comparison", "sum by (region) (rate(up[$__unheard_of]))"),
    ],
)
def test_what_nobody_understands_is_unknown_and_never_shown(signal: str, expression: str) -> None:
    """A metric whose meaning is not known may be the one: the reason is told."""
    found = look(signal, panel(expression))
    assert not found.sights
    assert found.unknown


def test_a_strange_metric_of_something_else_leaves_no_doubt() -> None:
    """Its name has no word of the signal."""
    assert look("cpu", panel("shop_strange_thing")).unknown == ()


def test_a_library_panel_leaves_every_signal_in_doubt() -> None:
    """Its queries stand elsewhere."""
    found = look("cpu", {"title": "L", "libraryPanel": {"name": "CPU"}})
    assert "library panel CPU" in found.unknown[0]


def test_an_answer_that_may_not_be_seen_is_in_doubt() -> None:
    """A transformation may take it away."""
    filtered = panel("up", transformations=[{"id": "filterByValue"}])
    found = look("service_health", filtered)
    assert not found.sights
    assert "filterByValue" in found.unknown[0]


RULES = """
groups:
  - name: slo
    rules:
      - record: slo:availability:ratio
        expr: 1 - slo:errors:rate / sum(job:requests:rate)
      - record: job:requests:rate
        expr: sum by (job) (rate(http_requests_total[5m]))
      - record: slo:errors:rate
        expr: sum(rate(http_requests_total{status=~"5.."}[5m]))
      - record: job:requests:total
        expr: sum by (job) (http_requests_total)
        labels: {team: shop}
      - record: round:about
        expr: round:about + 1
"""


@pytest.mark.parametrize(
    "expression",
    ["slo:availability:ratio", "avg_over_time(slo:availability:ratio[30d])"],
)
def test_recording_rules_are_followed(expression: str) -> None:
    """In whatever order the file has them, and however far back they are read."""
    assert seen("slo_status", expression, around=surroundings(RULES))


def test_a_recorded_counter_can_be_rated() -> None:
    """What a rule records goes on as it went, so that its rate is the right one."""
    found = look(
        "service_health",
        panel('rate(job:requests:total{team="shop"}[5m])', title="up"),
        around=surroundings(RULES),
    )
    assert found.candidates == ("x A answers to requests",) or "requests" in found.candidates[0]


def test_a_name_that_no_rule_records_answers_nothing() -> None:
    """Where the rule files are known, that is certain; a circle of rules is not."""
    found = look("slo_status", panel("slo:budget:left"), around=surroundings(RULES))
    assert not found.unknown
    assert "no rule records slo:budget:left" in found.candidates[0]
    circle = look("slo_status", panel("round:about", title="SLO"), around=surroundings(RULES))
    assert not circle.sights


def test_business_is_the_declared_metric_that_a_panel_reads() -> None:
    """Each metric is looked for by itself; without a declaration there is none."""
    around = surroundings(None, "shop_baskets_total", "booking_success_total")
    share = "rate(booking_success_total[1h]) / rate(booking_attempts_total[1h])"
    for expression in ("increase(shop_baskets_total[1h])", share):
        read = {
            metric: seen("business", expression, around=around, metric=metric)
            for metric in around.business
        }
        assert read == {metric: metric in expression for metric in around.business}
    assert not seen("business", "increase(shop_baskets_total[1h])", metric="shop_baskets_total")


@pytest.mark.parametrize(
    ("signal", "expression", "unit", "fits"),
    [
        ("cpu", "rate(process_cpu_seconds_total[5m])", "percentunit", True),
        ("cpu", "rate(process_cpu_seconds_total[5m])", "percent", False),
        ("cpu", "rate(process_cpu_seconds_total[5m]) * 100", "percent", True),
        ("cpu", "rate(process_cpu_seconds_total[5m]) * 100", "percentunit", False),
        ("cpu", "rate(process_cpu_seconds_total[5m])", "short", True),
        ("errors_5xx", RATIO.replace("WINDOW", "5m"), "percent", False),
        ("errors_5xx", f"100 * {RATIO.replace('WINDOW', '5m')}", "percentunit", False),
        ("errors_5xx", f"100 * {RATIO.replace('WINDOW', '5m')}", "percent", True),
        ("memory", "process_resident_memory_bytes", "bytes", True),
        ("memory", "process_resident_memory_bytes", "percentunit", False),
        (
            "memory",
            "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
            "bytes",
            False,
        ),
        ("p95", f"histogram_quantile(0.95, rate({BUCKETS}[5m]))", "s", True),
        ("p95", f"histogram_quantile(0.95, rate({BUCKETS}[5m]))", "ms", False),
        ("p95", f"histogram_quantile(0.95, rate({BUCKETS}[5m])) * 1000", "ms", True),
        ("p95", f"histogram_quantile(0.95, rate({BUCKETS}[5m])) * 1000", "s", False),
        ("p95", f"histogram_quantile(0.95, rate({BUCKETS}[5m])) * 7", "s", True),
    ],
)
def test_the_unit_must_be_that_of_the_answer(
    signal: str, expression: str, unit: str, *, fits: bool
) -> None:
    """Shares, percentages, bytes and times are told apart by what is answered."""
    found = look(signal, panel(expression, fieldConfig={"defaults": {"unit": unit}}))
    (sight,) = found.sights
    assert (sight.misfit is None) is fits


def test_collapsed_rows_count_and_hidden_queries_do_not() -> None:
    """One click opens a row; a hidden query draws nothing."""
    row = {"type": "row", "title": "R", "collapsed": True, "panels": [panel("up")]}
    assert look("service_health", row).sights
    hidden = panel()
    hidden["targets"] = [{"refId": "A", "expr": "up", "hide": True}]
    found = look("service_health", hidden)
    assert (found.sights, found.unknown) == ((), ())


def test_of_more_queries_than_are_tried_nobody_can_tell() -> None:
    """A signal that is not among those tried is in doubt."""
    found = look("cpu", panel(*["up"] * 6), *(panel("up") for _ in range(MOST_QUERIES)))
    assert f"only {MOST_QUERIES} were tried" in found.unknown[0]


EXPRESSIONS = (
    "up",
    "rate(process_cpu_seconds_total[5m])",
    'rate(process_cpu_seconds_total{job="prometheus"}[5m])',
    f"histogram_quantile(0.95, sum by (le, region) (rate({BUCKETS}[1m])))",
    f'sum by (region) (rate({REQUESTS}{{status=~"5.."}}[1m]))',
    "shop_cpu_pressure_level",
    "nonsense(",
    "app_active_users",
)
PANELS = st.lists(st.sampled_from(EXPRESSIONS), max_size=2).map(lambda all_: panel(*all_))


@settings(max_examples=30, deadline=None)
@given(st.lists(PANELS, max_size=2), PANELS, st.sampled_from(SIGNALS))
def test_one_more_panel_hides_nothing(
    panels: list[dict[str, Any]], added: dict[str, Any], signal: str
) -> None:
    """What was shown stays shown; and without a query nothing is."""
    before, after = look(signal, *panels), look(signal, *panels, added)
    assert len(before.sights) <= len(after.sights)
    assert {sight.panel for sight in before.sights} <= {sight.panel for sight in after.sights}
    assert before.sights == () or any(one["targets"] for one in panels)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.sampled_from(SIGNALS))
def test_any_text_as_a_query_is_judged(expression: str, signal: str) -> None:
    """Whatever stands there, there is an answer; and what reads no known metric shows nothing."""
    assert look(signal, panel(expression)).sights == ()
