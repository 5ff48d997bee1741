"""Queries are tried on samples that reach as far back as they look, and on what rules record."""

from __future__ import annotations

import pytest

from plimsoll.environment.alerting_model import Alerts
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.dashboard_signals import is_foreign, is_titled, may_tell, tokens
from plimsoll.semantics.dashboards.nesting import place_keys
from plimsoll.semantics.dashboards.sensitivity import Surroundings, answer
from plimsoll.semantics.dashboards.showing import told, wanted
from plimsoll.semantics.dashboards.surroundings import surroundings_of
from plimsoll.semantics.promql import selectors

REQUESTS = "http_requests_total"
AROUND = surroundings_of(
    alerts=None, config=None, compose=None, rules=(), rules_known=False, business=()
)


def value(expression: str, around: Surroundings = AROUND) -> float:
    """Return the one number that a query answers in health."""
    (found,) = answer(expression, around).healthy.values()
    return found


def moving(expression: str) -> set[str]:
    """Return the facts that move a query's answer."""
    found = answer(expression, AROUND)
    return {f for f in found.moved for labels in found.healthy if found.moves(labels, f)}


@pytest.mark.parametrize("window", ["1m", "5m", "2h", "6h", "1d", "30d"])
def test_a_rate_is_the_same_however_far_it_looks_back(window: str) -> None:
    """Sparse samples tell as much as dense ones where nothing changes."""
    near = value(f"sum(rate({REQUESTS}[1m]))")
    assert value(f"sum(rate({REQUESTS}[{window}]))") == pytest.approx(near, rel=0.03)


@pytest.mark.parametrize(
    "expression",
    [
        f"sum(rate({REQUESTS}[30d])) / sum(rate({REQUESTS}[5m]))",
        f"sum(rate({REQUESTS}[5m] offset 1d)) / sum(rate({REQUESTS}[5m]))",
        "sum(up offset 6h) / sum(up)",
    ],
)
def test_near_and_far_windows_stand_in_one_query(expression: str) -> None:
    """Each finds the samples that it needs."""
    assert value(expression) == pytest.approx(1.0, rel=0.03)


def test_what_looks_back_for_too_long_is_unknown() -> None:
    """A short window a month ago would take too many samples, and a far subquery closer ones."""
    far = answer("sum(up offset 30d)", AROUND)
    assert "30.0 days" in far.unknown
    sparse = answer(f"max_over_time(sum(rate({REQUESTS}[1m]))[30d:1h] offset 1d)", AROUND)
    assert sparse.unknown
    assert not sparse.healthy


def test_the_facts_that_move_an_answer_are_told() -> None:
    """Each by itself."""
    assert moving(f"sum(rate({REQUESTS}[5m]))") == {"requests"}
    assert moving(f'sum(rate({REQUESTS}{{status=~"5.."}}[5m]))') == {"errors", "requests"}
    assert moving("pg_settings_max_connections") == set()
    assert told(answer("up", AROUND)) == "answers to up"
    assert told(answer("pg_settings_max_connections", AROUND)) == "answers to nothing of the system"
    assert told(answer("shop_strange_thing", AROUND)).startswith("cannot be told: ")


def test_a_store_beside_the_system_tells_only_of_itself() -> None:
    """The memory of a cache is no memory of the application."""
    found = answer("redis_memory_used_bytes / redis_memory_max_bytes", AROUND)
    assert set(found.moved) == {"cache_memory"}


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "no PromQL"),
        ("1 + 1", "reads no metric"),
        ("grafana_http_request_duration_seconds", "another system"),
        (f'{REQUESTS}{{status=~"5"}}', 'status=~"5"'),
        (f'sum(rate({REQUESTS}{{status=~"5"}}[30d]))', 'status=~"5"'),
        ("up > 2", "in a healthy system"),
    ],
)
def test_what_answers_nothing_says_why(expression: str, reason: str) -> None:
    """It is certain: nobody will see anything there."""
    found = answer(expression, AROUND)
    assert reason in found.nothing
    assert not found.unknown


def test_a_selector_that_matches_nothing_leaves_the_rest_of_a_query() -> None:
    """It is simply empty there."""
    deaf = f'sum(rate({REQUESTS}{{status=~"5"}}[5m]))'
    assert value(f"{deaf} or vector(0)") == 0
    assert moving(f"{deaf} or sum(up)") == {"up"}
    assert moving(f'{deaf} or sum(rate({REQUESTS}{{status=~"5.."}}[5m]))') == {"errors", "requests"}


def test_a_word_for_a_status_is_not_taken_for_a_number() -> None:
    """Which words a system uses is not known here."""
    assert "no status" not in answer(f'rate({REQUESTS}{{status="weird"}}[5m])', AROUND).nothing


def test_what_is_declared_beside_dashboards_decides() -> None:
    """The scrape interval of Prometheus' configuration, and what metrics mean."""
    required = {
        "name": "a",
        "condition": "cpu",
        "above": 0.8,
        "within_seconds": 60,
        "severity": "page",
    }
    signals = {"shop_load": {"role": "cpu", "unit": "share"}}
    alerts = Alerts.model_validate({"required": [required], "signals": signals})
    config = parse_yaml_document("global: {scrape_interval: 60s}", "prometheus.yml")
    slow = surroundings_of(
        alerts=alerts,
        config=config,
        compose=None,
        rules=(),
        rules_known=True,
        business=("shop_load", "shop_baskets", "shop_sold_total"),
    )
    assert slow.setting.scrape_seconds == 60
    assert value("avg(shop_load)", slow) == pytest.approx(0.3)
    assert {name: one.kind for name, one in slow.setting.signals} == {
        "shop_load": "gauge",
        "shop_baskets": "gauge",
        "shop_sold_total": "counter",
    }
    assert not answer(f"sum(rate({REQUESTS}[1m]))", slow).healthy


def test_business_asks_for_each_declared_metric() -> None:
    """Every other signal is one question."""
    assert wanted("cpu", ("a", "b")) == (("cpu", ""),)
    assert wanted("business", ()) == (("business", ""),)
    assert wanted("business", ("a", "b")) == (("business: a", "a"), ("business: b", "b"))


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("$.panels[3].panels[0]", ("panels", 3, "panels", 0)),
        ("$.spec.elements.panel-1", ("spec", "elements", "panel-1")),
        ("$", ()),
    ],
)
def test_the_path_of_a_panel_leads_to_its_line(path: str, keys: tuple[object, ...]) -> None:
    """It is taken apart into keys."""
    assert place_keys(path) == keys


@pytest.mark.parametrize(
    ("expression", "foreign"),
    [
        ("up", False),
        ('up{job="prometheus"}', True),
        ('up{job=~"prometheus|grafana"}', True),
        ('up{job=~"prometheus|api"}', False),
        ('up{job!="prometheus"}', False),
        ('up{job="app-prometheus"}', False),
        ('up{service="redis-exporter"}', True),
        ('up{job=""}', False),
        ("redis_up", True),
    ],
)
def test_tools_beside_the_application_are_told_by_name_and_job(
    expression: str, *, foreign: bool
) -> None:
    """Their requests and memory are not the application's."""
    assert is_foreign(selectors(expression)[0]) is foreign


def test_words_are_told_apart_from_their_parts() -> None:
    """Names and titles are taken apart at whatever is no letter and no digit."""
    assert tokens("http_response_time_ms") == {"http", "responsetime", "ms"}
    assert tokens(None) == {""}
    assert may_tell("slo:availability:ratio", "slo_status")
    assert may_tell("http_request_weird", "errors_5xx")
    assert is_titled("Response time (P95)", "p95")
    assert not is_titled("Requests", "errors_5xx")
    assert not may_tell("upper_bound", "service_health")
