"""The series that follow from a scenario."""

from dataclasses import replace
from math import inf
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.environment.alerting_model import MetricRole
from plimsoll.semantics.alerting.roles_requests import QUANTILES
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.synthesis import Synthesis
from plimsoll.semantics.alerting.system import HEALTHY
from plimsoll.semantics.promql import PromqlError, selectors
from plimsoll.semantics.promql.dialect import PROMETHEUS_2
from plimsoll.semantics.promql.evaluation import evaluate
from plimsoll.semantics.promql.series import Grid
from plimsoll.semantics.promql.store import SeriesStore

RULES = Path(__file__).parents[4] / "fixtures/app-oint/repository/monitoring/alerting-rules.yml"
HEALTH = Scenario("health")


def answers(expression, scenario=HEALTH, at=600.0, history=4500.0, **asked):
    """What an expression answers at a moment of a scenario: labels and value."""
    world = Synthesis.of([expression], **asked)
    store = SeriesStore(world.series(scenario, -history, at, 15.0))
    columns = evaluate(expression, store, Grid(at, 15.0, 1), PROMETHEUS_2)
    return [(dict(c.labels), c.values[0]) for c in columns if c.values[0] is not None]


def values(expression, scenario=HEALTH, **asked):
    """Only the values, in order."""
    return sorted(value for _, value in answers(expression, scenario, **asked))


def fault(**changes):
    """A scenario in which these facts are other than in health."""
    flags = {k: changes.pop(k) for k in ("one_instance", "one_region", "vanishes") if k in changes}
    return Scenario("fault", replace(HEALTHY, **changes), frozenset(changes), **flags)


ERROR_RATIO = (
    'sum(rate(http_requests_total{status=~"5.."}[1m])) / sum(rate(http_requests_total[1m]))'
)
P95 = "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))"


@pytest.mark.parametrize(
    ("expression", "scenario", "value"),
    [
        (ERROR_RATIO, HEALTH, HEALTHY.errors),
        (ERROR_RATIO, fault(errors=0.2), 0.2),
        (ERROR_RATIO, fault(unavailable=0.3, errors=0.0), 0.3),
        ("time() - max(backup_last_success_timestamp_seconds)", fault(backup_age=99.0), 99.0),
        ('1 - avg(rate(node_cpu_seconds_total{mode="idle"}[1m]))', fault(cpu=0.9), 0.9),
        (
            "1 - avg(node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
            fault(memory=0.8),
            0.8,
        ),
        ("sum(rate(auth_failures_total[1m]))", fault(login_failures=3.0), 3.0),
        ("sum by (region) (rate(auth_failures_total[1m])) > 1", fault(login_failures=3.0), 3.0),
        ("avg(up)", fault(up=0.0), 0.0),
        ("count(up == 0)", fault(up=0.0, one_instance=True), 1.0),
        (P95, fault(p50=2.0, p95=6.0, p99=6.3), 6.0),
    ],
)
def test_an_expression_answers_what_the_system_is(expression, scenario, value):
    """The fact of the scenario comes out of the usual expression for it."""
    assert values(expression, scenario, bounds=(6.0,)) == [pytest.approx(value, rel=1e-3)]


def test_one_region_is_struck_alone():
    """Where rules tell regions apart, there are two, and a fault may strike one."""
    told = answers("avg by (region) (up)", fault(up=0.0, one_region=True))
    assert {labels["region"]: value for labels, value in told} == {"region-1": 0, "region-2": 1}


def test_every_listed_job_has_its_targets():
    """A rule that counts on several jobs meets all of them; tools beside them are spared."""
    told = answers('avg by (job) (up{job=~"api|web|node-exporter"})', fault(up=0.0))
    assert {labels["job"]: value for labels, value in told} == {
        "api": 0,
        "web": 0,
        "node-exporter": 1,
    }


def test_series_that_vanish_leave_nothing():
    """Where the scenario takes the series away, absent() is true."""
    gone = Scenario("gone", touches=frozenset({"health"}), vanishes=True)
    assert values("absent(health_check_status)", gone) == [1.0]
    assert values("absent(health_check_status)") == []


def test_a_target_that_is_down_has_its_up():
    """What vanishes with a target that is down is not the series that says so."""
    scenario = Scenario("down", replace(HEALTHY, up=0.0), frozenset({"up"}), vanishes=True)
    assert values("max(up)", scenario) == [0.0]


def test_a_counter_that_restarts_begins_at_nought():
    """After a restart, resets counts one for each series, and rates go on as before."""
    restart = Scenario("restart", restarts=True)
    assert set(values("resets(http_requests_total[20m])", restart)) == {1.0}
    assert values("avg(rate(http_requests_total[5m]))", restart, at=900.0) == [pytest.approx(20.0)]


def test_a_gap_has_no_samples():
    """While nothing is scraped there is no sample at all."""
    series = Synthesis.of(["up"]).series(Scenario("gap", gap_seconds=90.0), -60.0, 120.0, 15.0)
    assert all(list(one.times) == [-60, -45, -30, -15, 90, 105, 120] for one in series)


def test_the_clock_may_show_another_time():
    """Times of samples, and metrics that tell a time, count from what the clock shows."""
    world = Synthesis.of(["backup_last_success_timestamp_seconds"])
    series = world.series(HEALTH, 0.0, 15.0, 15.0, epoch=1e6)[0]
    assert list(series.times) == [1e6, 1e6 + 15]
    assert list(series.values) == [1e6 - HEALTHY.backup_age, 1e6 + 15 - HEALTHY.backup_age]


def test_only_what_is_asked_for_is_made():
    """A subset of metrics can be asked for."""
    world = Synthesis.of(["up", "pg_up"])
    made = world.series(HEALTH, 0.0, 15.0, 15.0, only=frozenset({"pg_up"}))
    assert {one.labels["__name__"] for one in made} == {"pg_up"}


def test_a_span_without_end_is_refused():
    """Samples are finite in number."""
    world = Synthesis.of(["up"])
    for start, end, step in ((0.0, inf, 15.0), (0.0, 1.0, 0.0), (0.0, 1e9, 1.0)):
        with pytest.raises(ValueError, match=r"span|samples"):
            world.series(HEALTH, start, end, step)


@pytest.mark.parametrize(
    "expression",
    [
        "node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1 and node_odd_flag == 0",
        "node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1 unless node_odd_flag == 1",
        "(max(node_odd_flag) < 1) and on() (node_filesystem_avail_bytes < 1)",
        "node_filesystem_avail_bytes < 1 and 0 == max_over_time(node_odd_flag[5m])",
    ],
)
def test_a_side_condition_is_met(expression):
    """A metric of which nothing is known does not keep a rule from applying."""
    world = Synthesis.of([expression])
    assert not world.unknown
    assert {one.role.level(HEALTHY, {}) for one in world.emitted if "odd" in one.name} == {0.0}


def test_what_is_not_known_is_not_emitted():
    """A metric without a role, and a selector without a metric, are reported with a reason."""
    world = Synthesis.of(["strange_thing > 1", '{job="x"}', "rate("])
    assert set(world.unknown) == {"strange_thing", "{__name__=…}"}
    assert all(world.unknown.values())
    assert world.emitted == ()
    assert world.series(HEALTH, 0.0, 60.0, 15.0) == ()


@pytest.mark.parametrize(
    "expression",
    [
        'up{job=~"\\\\pL"}',
        'pg_up{datname=~"a\\\\pL"}',
        'up{job="a",job="b"}',
        'kube_pod_container_resource_limits{resource="gpu"}',
        'up{instance=~"\\\\pL"}',
        'http_requests_total{status=~"\\\\pL"}',
    ],
)
def test_a_selector_that_cannot_be_met_is_reported(expression):
    """Where no label value is known that a selector accepts, its metric is unknown."""
    assert Synthesis.of([expression]).unknown


def test_what_is_recorded_is_not_emitted():
    """Series that rules write are theirs, and so are alerts."""
    world = Synthesis.of(["job:up > 1", "ALERTS"], recorded=["job:up"])
    assert world.emitted == ()
    assert not world.unknown


def test_a_declared_metric_needs_no_telling_name():
    """The environment file says what a metric tells."""
    signals = {"odd": MetricRole(role="errors", unit="percent")}
    assert values("max(odd)", fault(errors=0.5), signals=signals) == [50.0]


def test_selectors_that_exclude_each_other_are_each_met():
    """One set of labels for each, where none satisfies both."""
    world = Synthesis.of(['pg_up{env="a"} or pg_up{env="b"} or pg_up{env!="a"}'])
    assert {one.labels["env"] for one in world.emitted} == {"a", "b"}


def test_both_sides_of_an_operator_bear_the_same_labels():
    """What one selector asks for, the other side has too."""
    expression = 'node_filesystem_avail_bytes{fstype!~"tmpfs"} / node_filesystem_size_bytes'
    assert values(expression) == [0.5, 0.5]
    grouped = "process_resident_memory_bytes / on (pod) group_left (team) app_memory_limit_bytes"
    assert len(values(grouped)) == 2
    assert all("team" in one.labels for one in Synthesis.of([grouped]).emitted)


@pytest.mark.parametrize(
    ("expression", "label", "found"),
    [
        (
            'http_requests_total{outcome=~"SUCCESS|SERVER_ERROR"}',
            "outcome",
            {"SUCCESS", "SERVER_ERROR"},
        ),
        ("sum by (outcome) (http_requests_total)", "outcome", {"success", "error"}),
        ("sum by (status_class) (http_requests_total)", "status_class", {"2xx", "4xx", "5xx"}),
        ('http_requests_total{status!="ERROR"}', "status", {"SUCCESS"}),
        ('http_requests_total{status!="ok"}', "status", {"error"}),
        ('http_requests_total{status="429"}', "status", {"429"}),
        (
            'sum by (code) (http_requests_total{status_class="5xx"})',
            "code",
            {"500", "502", "503", "504"},
        ),
        ('http_request_duration_seconds{quantile="0.95"}', "quantile", {"0.95"}),
        ('kube_pod_container_resource_limits{resource="memory"}', "resource", {"memory"}),
    ],
)
def test_parts_are_spelled_as_the_rules_spell_them(expression, label, found):
    """Statuses are codes, families or words, as the matchers have them."""
    world = Synthesis.of([expression])
    assert not world.unknown
    assert {one.labels[label] for one in world.emitted} == found


def test_a_metric_with_too_many_series_is_unknown():
    """A rule file cannot make the world boundless."""
    jobs = "|".join(f"job{index}" for index in range(12))
    expression = (
        f'http_request_duration_seconds_bucket{{job=~"{jobs}",service=~"{jobs}",status=~"5.."}}'
    )
    world = Synthesis.of([f"sum by (region, le) ({expression})"])
    assert "more than" in world.unknown["http_request_duration_seconds_bucket"]


def test_regions_may_be_declared():
    """Where rules do not tell regions apart, the environment may."""
    world = Synthesis.of(["up"], regions=("fra1", "nyc3"))
    assert {one.labels["region"] for one in world.emitted} == {"fra1", "nyc3"}


def test_the_edges_of_buckets_are_those_that_are_asked_about():
    """A bound that people or a rule names is the edge of a bucket, in the metric's unit."""
    world = Synthesis.of(
        ["histogram_quantile(0.9, rate(http_request_duration_ms_bucket[1m])) > 777"], bounds=(3.3,)
    )
    edges = {one.labels["le"] for one in world.emitted}
    assert {"777", "3300", "+Inf"} <= edges
    assert world.roles["http_request_duration_ms_bucket"].facts >= QUANTILES


def test_what_is_read_and_assumed_is_told_by_expression():
    """The facts an expression reads are those of its metrics, guesses likewise."""
    world = Synthesis.of(["up", "cpu_usage > 80"])
    assert world.facts_read("up == 0") == {"up"}
    assert world.facts_read("other") == frozenset()
    assert world.assumptions("up") == ()
    assert "percent" in world.assumptions("cpu_usage")[0]
    with pytest.raises(PromqlError):
        world.facts_read("rate(")


def test_an_exporter_serves_the_same_world():
    """Counters have added up, times are told by the clock, and `up` is the server's own."""
    world = Synthesis.of(["up", "http_requests_total", "backup_last_success_timestamp_seconds"])
    served = {one.name: one for one in world.exposition(HEALTHY, 10.0, now=1e6)}
    assert set(served) == {"http_requests_total", "backup_last_success_timestamp_seconds"}
    assert served["http_requests_total"].value == pytest.approx(200.0)
    assert served["http_requests_total"].labels == {}
    assert served["backup_last_success_timestamp_seconds"].value == 1e6 - HEALTHY.backup_age


def _expressions():
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def test_every_metric_of_the_fixture_has_a_role():
    """Nothing in our own rule file is unknown, and nothing about it is guessed."""
    world = Synthesis.of(_expressions())
    assert not world.unknown
    assert not any(world.assumptions(one) for one in _expressions())


_PARTS = st.sampled_from(
    [
        'http_requests_total{status=~"5.."}',
        'http_requests_total{status="429"}',
        "http_requests_total",
        'up{job=~"a|b"}',
        'up{job!="a"}',
        'up{job="k",region="x"}',
        'node_cpu_seconds_total{mode!="idle"}',
        'http_request_duration_seconds{quantile="0.95"}',
        'pg_up{instance=~"db.+"}',
        'strange{x="y"}',
        "sum by (pod, region) (up)",
        "sum by (status) (http_requests_total)",
    ]
)


@settings(max_examples=40)
@given(st.lists(_PARTS, min_size=1, max_size=4))
def test_every_series_is_one_that_a_selector_finds(expressions):
    """Nothing is emitted that nobody reads, and each selector finds something or is reported."""
    world = Synthesis.of(expressions)
    read = [one for expression in expressions for one in selectors(expression)]
    for series in world.emitted:
        assert any(_finds(one, series) for one in read)
    for one in read:
        assert one.metric in world.unknown or any(_finds(one, series) for series in world.emitted)


def _finds(selector, series):
    return selector.metric == series.name and all(
        matcher.accepts(series.labels.get(matcher.label, "")) for matcher in selector.matchers
    )


@settings(max_examples=40)
@given(st.text(max_size=30), st.sampled_from(["up", "pg_up", "http_requests_total"]))
def test_any_label_pattern_is_met_or_reported(pattern, metric):
    """No pattern of a rule file makes the synthesis fail."""
    escaped = pattern.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    expression = f'{metric}{{x=~"{escaped}"}}'
    world = Synthesis.of([expression])
    assert world.emitted or world.unknown or not _parses(expression)


def _parses(expression):
    try:
        return bool(selectors(expression))
    except PromqlError:
        return False
