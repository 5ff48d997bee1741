"""Variables are filled in as Grafana fills them in for Prometheus."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.dashboard import Query
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.dashboards.reading import parse_dashboard
from plimsoll.semantics.dashboards.variables import Variable, fill_in
from plimsoll.semantics.grafana_provisioning import scrape_interval_seconds

SEVERAL = Variable((), any_of=True)


def query(expression: str, *variables: dict[str, object]) -> Query:
    """Read a query of a dashboard with these variables."""
    panel = {"targets": [{"expr": expression}]}
    model = {"title": "t", "panels": [panel], "templating": {"list": variables}}
    return parse_dashboard(json.dumps(model)).panels[0].queries[0]


def test_every_spelling_is_understood_and_unknown_variables_stay() -> None:
    """What is defined nowhere is left as Grafana leaves it, and reported."""
    filled = fill_in(
        'rate(a{r="$region", s="${svc:regex}", t="[[t]]", u="${region.text}"}[$__rate_interval])',
        {"region": Variable(("fra1",))},
    )
    assert filled.text == 'rate(a{r="fra1", s="${svc:regex}", t="[[t]]", u="fra1"}[60s])'
    assert filled.unknown == ["svc", "t"]


def test_a_group_of_label_replace_is_no_variable() -> None:
    """`$1` means the first group to Prometheus, and nothing to Grafana."""
    expression = 'label_replace(up, "a", "$1-${2}", "b", "(.*)")'
    filled = fill_in(expression, {})
    assert (filled.text, filled.unknown) == (expression, [])


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ({"type": "interval"}, "5m"),
        ({"type": "interval", "query": "1m,10m"}, "1m"),
        ({"type": "interval", "current": {"value": "$__auto_interval_v"}}, "5m"),
        ({"type": "query", "multi": True}, ".+"),
        ({"type": "query", "includeAll": True, "allValue": "fra.*|nyc.*"}, "fra.*|nyc.*"),
        ({"type": "custom", "query": "fra1, nyc1"}, "fra1"),
        ({"type": "custom", "query": "Frankfurt : fra1,New York : nyc1"}, "fra1"),
        ({"type": "constant", "query": "live"}, "live"),
        ({"type": "textbox", "current": {"value": "shop"}}, "shop"),
        ({"type": "query", "current": {"value": "nyc1"}}, "nyc1"),
        ({"type": "query", "current": {"value": ["nyc1", "fra1"]}}, "nyc1"),
        ({"type": "query"}, "selected"),
    ],
)
def test_a_variable_stands_for_one_value_or_for_any(
    variable: dict[str, object], value: str
) -> None:
    """Both schemas declare variables; only a choice of several becomes a pattern."""
    named = {"name": "v", **variable}
    written = {"spec": {"query": {"spec": {"expr": "$v"}}}}
    panel = {"spec": {"data": {"spec": {"queries": [written]}}}}
    kind = f"{str(variable['type']).title()}Variable"
    newer = {
        "apiVersion": "dashboard.grafana.app/v2",
        "spec": {"elements": {"p": panel}, "variables": [{"kind": kind, "spec": named}]},
    }
    assert parse_dashboard(json.dumps(newer)).panels[0].queries[0].resolved == value
    assert query("$v", named).resolved == value


def test_values_may_name_further_variables() -> None:
    """A chain is followed; one that leads back to itself ends."""
    chained = query(
        'up{a="$v"}',
        {"name": "v", "type": "constant", "query": "x-$w"},
        {"name": "w", "type": "constant", "query": "y"},
    )
    assert chained.resolved == 'up{a="x-y"}'
    looping = query("$v", {"name": "v", "type": "constant", "query": "$v$v$v$v"})
    assert len(looping.resolved) < 10_000


@pytest.mark.parametrize(
    ("expression", "literal"),
    [
        ('up{a=~"$v"}', ()),
        ('up{a=~"x-${v:regex}-y"}', ()),
        ('up{a=~"${v:pipe}"}', ()),
        ('up{a="$v"}', ("v",)),
        ("up{a = 'x-$v'}", ("v",)),
        ('up{a!="$v"}', ()),
        ('up{a=~"${v:csv}"}', ("v",)),
        ('up{b="1", a=~"$v"}', ()),
        ("up == $v", ()),
    ],
)
def test_several_values_need_a_pattern(expression: str, literal: tuple[str, ...]) -> None:
    """Grafana never turns `=` into `=~`: a choice of several then matches nothing."""
    everything = {"name": "v", "type": "query", "includeAll": True, "current": {"value": "$__all"}}
    assert query(expression, everything).literal_variables == literal


@pytest.mark.parametrize(
    ("selected", "literal"),
    [("nyc1", ()), (["nyc1"], ()), (["nyc1", "fra1"], ("v",)), ("10.0.0.1:80", ("v",))],
)
def test_one_selected_value_needs_none(selected: object, literal: tuple[str, ...]) -> None:
    """Unless it has characters that Grafana escapes for a pattern."""
    several = {"name": "v", "type": "query", "multi": True, "current": {"value": selected}}
    found = query('up{a="$v"}', several)
    assert found.literal_variables == literal
    assert literal or found.resolved == 'up{a="nyc1"}'


def test_intervals_follow_from_what_the_datasource_is_told() -> None:
    """A rate looks back over four scrapes."""
    expression = "rate(a[$__rate_interval]) + rate(a[${__interval}]) * $__interval_ms"
    assert fill_in(expression, {}, 30.0).text == "rate(a[120s]) + rate(a[30s]) * 30000"


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_expression_can_be_filled_in(expression: str, value: str) -> None:
    """No text breaks it, and what is unknown was written there."""
    filled = fill_in(expression, {"v": Variable((value,)), "w": SEVERAL})
    assert all(name in expression + value for name in filled.unknown)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("datasources: [{type: prometheus, jsonData: {timeInterval: 1m}}]", 60.0),
        ("datasources: [{type: loki, jsonData: {timeInterval: 1m}}, {type: prometheus}]", None),
        ("datasources: [{type: prometheus, jsonData: {timeInterval: often}}]", None),
        ("{}", None),
    ],
)
def test_the_datasource_tells_how_often_is_scraped(text: str, seconds: float | None) -> None:
    """Only that of metrics does."""
    document = parse_yaml_document(text, "datasource.yml")
    assert scrape_interval_seconds([document]) == seconds
