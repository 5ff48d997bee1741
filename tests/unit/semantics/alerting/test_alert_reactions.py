"""What a rule does in a scenario, or why that is not known."""

from math import inf

import pytest

from plimsoll.environment.alerting_model import Alerts, RequiredAlert, Route
from plimsoll.facts.document import parse_yaml_document
from plimsoll.facts.exposure import ExposedMetric, Exposure, ScrapedTarget
from plimsoll.semantics.alerting.conditions import case
from plimsoll.semantics.alerting.reaction import (
    Firing,
    Reaction,
    Setting,
    facts_read,
    reaction,
    reads_any,
)
from plimsoll.semantics.alerting.rule_set import setting_of, watches_of
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.synthesis import Synthesis
from plimsoll.semantics.alerting.watches import Recorded, Watch

SETTING = Setting(scrape_seconds=30, evaluation_seconds=30)
BROKEN = case("database-down", None)


def rule(expression, **more):
    """Return a rule on its own."""
    return Watch("A", expression, (("severity", "critical"),), 0.0, 0.0, **more)


def test_a_firing_tells_when_it_fires():
    """An alert fires from the beginning of a stretch to its end, both included."""
    one = Firing((("alertname", "A"),), ((60.0, 120.0), (300.0, 300.0)))
    assert one.first == 60
    moments = (0, 60, 90, 120, 121, 300, 301)
    assert [at for at in moments if one.fires_at(at)] == [60, 90, 120, 300]
    seen = Reaction((one, Firing((), ((30.0, 30.0),))))
    assert seen.first == 30
    assert seen.fires_at(30)
    assert not seen.fires_at(45)
    assert Reaction().first == inf


@pytest.mark.parametrize(
    ("expression", "words"),
    [("pg_up == (", "parse"), ("pg_up offset 2d == 0", "farther than is tried")],
)
def test_what_cannot_be_tried_is_unknown(expression, words):
    """A rule that does not parse, or looks back too far, has no reaction but a reason."""
    seen = reaction(rule(expression), BROKEN, 300.0, SETTING)
    assert seen.firings == ()
    assert words in seen.unknown or words == "parse"
    assert seen.unknown


def test_what_the_engine_cannot_evaluate_is_unknown():
    """A rule on a recording that cannot be evaluated is not known to be silent."""
    watch = rule("a:b == 0", recordings=(Recorded("a:b", "pg_up == ("),))
    assert reaction(watch, BROKEN, 300.0, SETTING).unknown


def test_a_trial_must_end():
    """Nobody waits forever."""
    with pytest.raises(ValueError, match="an end"):
        reaction(rule("pg_up == 0"), BROKEN, inf, SETTING)


def test_facts_are_read_through_recordings():
    """What a rule reads includes what its recording rules read; one that does not parse may."""
    watch = rule("a:b == 0", recordings=(Recorded("a:b", "pg_up"),))
    assert facts_read(watch, SETTING) == {"database_up"}
    assert reads_any(watch, frozenset({"database_up"}), SETTING)
    assert not reads_any(watch, frozenset({"cpu"}), SETTING)
    assert reads_any(rule("pg_up == ("), frozenset({"cpu"}), SETTING)


@pytest.mark.parametrize(
    "expression",
    ['a:b{service="shop"} == 0', 'a:b{service!~"x.*",datname="app"} == 0', 'a:b{job=~"x|y"} == 0'],
)
def test_what_is_asked_of_recorded_series_is_borne_by_those_they_stand_on(expression):
    """A rule that asks for a service's recorded series is tried on that service."""
    watch = rule(expression, recordings=(Recorded("a:b", "min without (x) (pg_up)"),))
    assert reaction(watch, BROKEN, 300.0, SETTING).firings


def test_a_label_that_a_recording_loses_is_missed():
    """What is aggregated away cannot be asked for: such a rule never fires."""
    watch = rule('a:b{service="shop"} == 0', recordings=(Recorded("a:b", "min(pg_up)"),))
    assert not reaction(watch, BROKEN, 300.0, SETTING).firings


def test_what_a_selector_asks_itself_goes_first():
    """A contradiction between a recording and whoever reads it is none of the metric."""
    made = Synthesis.of(['pg_up{datname="a"}', 'a:b{datname="b"} == 0'], recorded=["a:b"])
    assert {one.labels["datname"] for one in made.emitted} == {"a"}
    assert not made.unknown


def test_a_region_can_fail_where_no_label_tells_regions():
    """The targets of one region are not all: a rule that waits for all of them is silent."""
    region = case("region-down", None)
    assert not reaction(rule("avg(up) < 0.5"), region, 300.0, SETTING).firings
    assert reaction(rule("avg by (region) (up) < 0.5"), region, 300.0, SETTING).firings
    assert reaction(rule("up == 0"), region, 300.0, SETTING).firings


ALERTS = Alerts(
    required=(
        RequiredAlert(
            name="slow", condition="latency-p95", above=2, within_seconds=300, severity="critical"
        ),
        RequiredAlert(name="down", condition="down", within_seconds=300, severity="critical"),
    ),
    routes=(Route(name="all", severity="critical", channels=({"kind": "email"},)),),
)


def compose(image):
    """Return a Compose file with one service."""
    return parse_yaml_document(f"services: {{prometheus: {{image: {image}}}}}", "compose.yml")


@pytest.mark.parametrize(
    ("image", "is_open"),
    [
        ("prom/prometheus:v2.53.0", False),
        ("prom/prometheus:v3.1.0", True),
        ("prom/prometheus:3", True),
        ("prom/prometheus:latest", True),
        ("prom/prometheus", True),
        ("nginx:2.1", True),
    ],
)
def test_the_version_that_runs_decides(image, is_open):
    """Prometheus 2 and 3 differ; where nothing tells which runs, the latest does."""
    latest = setting_of(ALERTS, None, compose("prom/prometheus:v3.0.0")).dialect
    assert (setting_of(ALERTS, None, compose(image)).dialect == latest) is is_open


def test_the_rhythm_is_that_of_the_server():
    """Intervals are read from the configuration; without one they are Prometheus' own."""
    config = parse_yaml_document("global: {scrape_interval: 15s}", "prometheus.yml")
    setting = setting_of(ALERTS, config, None)
    assert (setting.scrape_seconds, setting.evaluation_seconds) == (15, 60)
    assert setting.bounds == (2,)
    assert setting_of(ALERTS, None, None).scrape_seconds == 60


def exposure(value):
    """Return what one target exposes."""
    metric = ExposedMetric("pg_up", "gauge", ({"datname": value},), "m:1")
    return Exposure((ScrapedTarget("db", {"job": "db", "instance": "db:1"}, (metric,), "p:1"),))


def test_two_deployments_are_the_same_if_they_show_the_same():
    """What is exposed with other labels is another deployment; a copy is none."""
    one, same, other = (
        setting_of(ALERTS, None, None, exposure(value)) for value in ("a", "a", "b")
    )
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert reaction(rule("pg_up == 0"), BROKEN, 300.0, one).firings


def test_a_recording_serves_the_alerts_of_every_file():
    """Rules of several files make one server."""
    records = parse_yaml_document(
        "groups: [{name: r, rules: [{record: 'a:b', expr: pg_up, labels: {x: y}}]}]", "r.yml"
    )
    alerts = parse_yaml_document(
        "groups: [{name: a, rules: [{alert: A, expr: 'a:b == 0'}]}]", "a.yml"
    )
    (watch,) = watches_of((alerts, records))
    assert watch.recordings == (Recorded("a:b", "pg_up", (("x", "y"),)),)
    (fired,) = {one.labels for one in reaction(watch, BROKEN, 300.0, SETTING).firings[:1]}
    assert ("x", "y") in fired
    quiet = reaction(watch, Scenario("well"), 300.0, SETTING)
    assert quiet == Reaction()


def test_a_function_that_is_not_known_here_makes_a_rule_unknown():
    """What the engine cannot evaluate is said with its reason, and is not silence."""
    seen = reaction(rule("histogram_avg(pg_up) == 0"), BROKEN, 300.0, SETTING)
    assert "histogram_avg is not known here" in seen.unknown
    assert not seen.firings


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("scrape_configs: [{job_name: a, scrape_interval: 5m}]", 300),
        ("scrape_configs: [{job_name: a, scrape_interval: 5m}, {job_name: b}]", 60),
        ("global: {scrape_interval: 20s}\nscrape_configs: [{job_name: a}, {job_name: b}]", 20),
        (
            "global: {scrape_interval: 20s}\n"
            "scrape_configs: [{job_name: a, scrape_interval: 10s}, {job_name: b}]",
            20,
        ),
    ],
)
def test_what_all_jobs_say_is_the_rhythm_of_scraping(text, seconds):
    """Where they differ, that of the whole server is taken."""
    assert setting_of(ALERTS, parse_yaml_document(text, "p.yml"), None).scrape_seconds == seconds


def test_a_server_may_evaluate_all_rules_late():
    """Groups that do not say for how long ago take it from the configuration."""
    config = parse_yaml_document("global: {rule_query_offset: 1m}", "p.yml")
    assert setting_of(ALERTS, config, None).offset_seconds == 60
    assert setting_of(ALERTS, None, None).offset_seconds == 0
