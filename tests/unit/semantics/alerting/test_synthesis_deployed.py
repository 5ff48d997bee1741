"""The series of the world as it is deployed."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.exposure import ExposedMetric, Exposure, ScrapedTarget
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.synthesis import Synthesis
from plimsoll.semantics.alerting.system import HEALTHY

COUNTED = ExposedMetric(
    "http_requests_total", "counter", ({"method": "GET", "status": "200"},), "app:1"
)
LATENCY = ExposedMetric(
    "http_request_duration_seconds", "histogram", ({"le": "1"}, {"le": "+Inf"}), "app:2"
)


def target(*metrics, job="app", complete=True, **labels):
    """A scraped target that exposes these metrics."""
    attached = {"job": job, "instance": f"{job}:80", **labels}
    return ScrapedTarget(job, attached, metrics, f"prometheus.yml ({job})", complete)


def deployed(expression, *targets, **asked):
    """The synthesis of one expression in a deployed world."""
    return Synthesis.of([expression], exposed=Exposure(targets), **asked)


def test_what_nobody_exposes_is_missing():
    """A metric that no target exposes is missing where all that they expose was seen."""
    world = deployed("pg_up == 0", target(COUNTED))
    assert set(world.missing) == {"pg_up"}
    assert not world.unknown
    assert not world.emitted


def test_what_was_not_seen_is_unknown():
    """A target of which not all was observed may expose anything."""
    assert set(deployed("pg_up == 0", target(COUNTED, complete=False)).unknown) == {"pg_up"}
    assert set(deployed("pg_up == 0").unknown) == {"pg_up"}
    assert not deployed("pg_up == 0").missing


def test_what_is_known_in_part_is_unknown():
    """The series of a target that was not seen would answer, too."""
    known = deployed("http_requests_total", target(COUNTED))
    assert not known.unknown
    seen = Exposure((target(COUNTED),), partial=frozenset({"http_requests_total"}))
    in_part = Synthesis.of(["http_requests_total"], exposed=seen)
    assert "too, was not observed" in in_part.unknown["http_requests_total"]
    assert not in_part.missing
    assert not in_part.emitted


def test_labels_are_those_exposed_and_attached():
    """Series have the exposed labels and the target's; statuses that a fault brings are added."""
    world = deployed("http_requests_total", target(COUNTED, region="fra1"))
    labels = [dict(one.labels) for one in world.emitted]
    assert {one["status"] for one in labels} >= {"200", "500", "503", "404"}
    assert all(
        (one["job"], one["instance"], one["region"], one["method"])
        == ("app", "app:80", "fra1", "GET")
        for one in labels
    )


def test_an_exposed_label_that_was_taken_away_is_none():
    """An empty value is no label."""
    metric = ExposedMetric("pg_up", "gauge", ({"region": ""},), "x")
    world = deployed("pg_up", target(metric, region="fra1"))
    assert "region" not in world.emitted[0].labels


def test_a_type_is_the_exposed_one():
    """A gauge stays a gauge under rate()."""
    gauge = replace(COUNTED, kind="gauge")
    assert deployed("rate(http_requests_total[1m])", target(gauge)).emitted[0].role.kind == "gauge"
    both = deployed("rate(http_requests_total[1m])", target(gauge), target(COUNTED, job="b"))
    assert "counter and as gauge" in both.unknown["http_requests_total"]


def test_buckets_are_those_exposed():
    """No bucket is added where people ask for one."""
    world = deployed("http_request_duration_seconds_bucket", target(LATENCY), bounds=(5.0,))
    assert [one.labels["le"] for one in world.emitted] == ["1", "+Inf"]
    summed = deployed("http_request_duration_seconds_sum", target(LATENCY))
    assert [set(one.labels) for one in summed.emitted] == [{"job", "instance"}]
    assert summed.emitted[0].role.kind == "counter"


def test_a_summary_has_quantiles_that_are_gauges():
    """Quantiles tell latencies, the count counts."""
    summary = ExposedMetric("http_request_duration_seconds", "summary", ({"quantile": "0.95"},), "")
    quantiles = deployed("http_request_duration_seconds", target(summary)).emitted
    assert [one.role.level(HEALTHY, one.labels) for one in quantiles] == [HEALTHY.p95]
    count = deployed("http_request_duration_seconds_count", target(summary)).emitted
    assert count[0].role.kind == "counter"


def test_a_metric_without_samples_has_no_known_labels():
    """What is declared only may have any labels."""
    bare = replace(COUNTED, label_sets=())
    assert (
        "no sample" in deployed("http_requests_total", target(bare)).unknown["http_requests_total"]
    )


def test_what_is_exposed_and_not_understood_is_unknown():
    """A metric without a role, a selector without a metric."""
    odd = ExposedMetric("odd_thing", "gauge", ({},), "")
    world = deployed('odd_thing > 1 or {job="x"}', target(odd))
    assert set(world.unknown) == {"odd_thing", "{__name__=…}"}


def test_labels_that_nobody_asks_for_find_nothing():
    """A rule that asks for a label that is not there finds no series, and that is known."""
    world = deployed('http_requests_total{service="api"}', target(COUNTED))
    assert not world.emitted
    assert not world.unknown


def test_a_pattern_that_cannot_be_evaluated_makes_its_metric_unknown():
    """Whether a series is selected is then not known."""
    world = deployed('http_requests_total{method=~"a\\\\pL"}', target(COUNTED))
    assert "pattern" in world.unknown["http_requests_total"]


def test_every_target_has_its_up():
    """The server writes `up` for each; tools beside the application are spared its faults."""
    world = deployed("up", target(), target(job="node-exporter"))
    down = Scenario("down", replace(HEALTHY, up=0.0), frozenset({"up"}))
    ends = {one.labels["job"]: one.values[-1] for one in world.series(down, -15.0, 15.0, 15.0)}
    assert ends == {"app": 0.0, "node-exporter": 1.0}


def test_a_fault_of_one_instance_or_region_strikes_the_first():
    """Of several targets one is struck, or those of one region."""
    targets = [
        target(job="app", region="a"),
        replace(target(job="app", region="a"), labels={"instance": "z", "region": "a"}),
        target(job="web", region="b"),
    ]
    world = deployed("up", *targets)
    for flags, struck in (({"one_instance": True}, 1), ({"one_region": True}, 2), ({}, 3)):
        down = Scenario("down", replace(HEALTHY, up=0.0), frozenset({"up"}), **flags)
        assert [one.values[-1] for one in world.series(down, -15, 15, 15)].count(0.0) == struck


def test_two_targets_with_equal_labels_make_one_series():
    """Of two scrapes of the same series a server keeps one."""
    assert len(deployed("up", target(), target()).emitted) == 1


@settings(max_examples=30)
@given(
    st.lists(
        st.builds(
            ExposedMetric,
            st.sampled_from(["up", "pg_up", "http_requests_total", "odd"]),
            st.sampled_from(["counter", "gauge", "histogram", "summary", "untyped", "?"]),
            st.lists(
                st.dictionaries(
                    st.sampled_from(["status", "le", "quantile", "job"]), st.text(max_size=4)
                ),
                max_size=3,
            ).map(tuple),
            st.just("x"),
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_no_exposition_makes_it_fail_or_certain(metrics, complete):
    """Whatever targets expose: each metric that is read is emitted, unknown, missing or unselected."""
    world = deployed("http_requests_total + pg_up", target(*metrics, complete=complete))
    for metric in ("http_requests_total", "pg_up"):
        names = {one.name for one in world.emitted}
        assert metric in {*names, *world.unknown, *world.missing}
        assert not (metric in world.missing and not complete)
