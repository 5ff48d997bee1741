"""What a server keeps of an exposition has the labels that it would have there."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.facts.exposition import Exposition
from plimsoll.facts.exposure import ExposedMetric
from plimsoll.semantics.exposition import parse_exposition
from plimsoll.semantics.exposure.samples import (
    exposed_metrics,
    label_sets,
    sample_names,
    scraped_metrics,
)
from plimsoll.semantics.relabeling import RelabelRule, relabel_rules

BODY = """\
# TYPE requests_total counter
requests_total{status="200",job="inner"} 1
requests_total{status="500",job="inner"} 1
# TYPE latency histogram
latency_bucket{route="/",le="1"} 1
latency_bucket{route="/",le="+Inf"} 1
latency_sum{route="/"} 1
latency_count{route="/"} 1
# TYPE pause summary
pause{quantile="0.5"} 1
pause_sum 1
pause_count 1
# TYPE never_seen counter
untyped_thing 1
"""
TARGET = {"job": "api", "instance": "api:80", "region": "fra1"}


def exposed(body: str = BODY, content_type: str = "text/plain") -> tuple[ExposedMetric, ...]:
    """Read a body."""
    found = parse_exposition(body, content_type)
    assert isinstance(found, Exposition)
    return exposed_metrics(found, "here")


def rules(*written: dict[str, object]) -> tuple[RelabelRule, ...]:
    """Read rules as they stand in a file."""
    document = parse_yaml_document(yaml.safe_dump({"rules": list(written)}), "p.yml")
    return relabel_rules(document.part("rules"))


def kept(
    *written: dict[str, object], honor_labels: bool = False, body: str = BODY
) -> dict[str, ExposedMetric]:
    """Return what is kept of the body, by name."""
    found = scraped_metrics(exposed(body), TARGET, rules(*written), honor_labels=honor_labels)
    return {metric.name: metric for metric in found}


def test_families_are_told_by_name_kind_and_labels() -> None:
    """Parts of a histogram are one metric; one without samples is there without labels."""
    found = {metric.name: metric for metric in exposed()}
    assert list(found) == ["requests_total", "latency", "pause", "never_seen", "untyped_thing"]
    assert found["latency"].label_sets == (
        {"route": "/", "le": "1"},
        {"route": "/", "le": "+Inf"},
    )
    assert found["pause"].label_sets == ({"quantile": "0.5"},)
    assert found["never_seen"].label_sets == ()
    assert found["untyped_thing"].kind == "untyped"


def test_a_counter_of_openmetrics_goes_by_the_name_of_its_samples() -> None:
    """As the server stores it."""
    body = "# TYPE jobs counter\njobs_total 1\n# EOF\n"
    assert [one.name for one in exposed(body, "application/openmetrics-text")] == ["jobs_total"]


def test_samples_go_by_the_names_that_expressions_use() -> None:
    """le is on buckets alone, quantile on quantiles."""
    found = {metric.name: metric for metric in exposed()}
    assert sample_names(found["latency"]) == ("latency_bucket", "latency_sum", "latency_count")
    assert label_sets(found["latency"], "latency_sum") == ({"route": "/"}, {"route": "/"})
    assert label_sets(found["latency"], "latency_bucket")[0]["le"] == "1"
    assert sample_names(found["pause"]) == ("pause_sum", "pause_count", "pause")
    assert label_sets(found["pause"], "pause") == ({"quantile": "0.5"},)
    assert label_sets(found["pause"], "pause_count") == ({},)


def test_a_label_of_the_target_pushes_an_exposed_one_aside() -> None:
    """Unless labels are honored: then the exposed one stays."""
    assert kept()["requests_total"].label_sets[0] == {"status": "200", "exported_job": "inner"}
    honored = kept(honor_labels=True)["requests_total"].label_sets[0]
    assert honored == {"status": "200", "job": "inner"}


def test_a_name_that_is_taken_is_pushed_further() -> None:
    """As often as it takes."""
    body = '# TYPE a gauge\na{job="x",exported_job="y"} 1\n'
    found = kept(body=body)["a"].label_sets
    assert found == ({"exported_job": "y", "exported_exported_job": "x"},)


def test_relabeling_drops_renames_and_takes_labels() -> None:
    """A label of the target that is taken away shows as an empty one."""
    name = ["__name__"]
    assert "latency" not in kept({"source_labels": name, "regex": "lat.*", "action": "drop"})
    renamed = kept({"source_labels": name, "regex": "pause(.*)", "target_label": "__name__",
                    "replacement": "gc$1"})  # fmt: skip
    assert renamed["gc"].kind == "summary"
    gone = kept({"regex": "region", "action": "labeldrop"})
    assert gone["untyped_thing"].label_sets == ({"region": ""},)


def test_a_metric_without_samples_is_kept_unless_its_name_is_dropped() -> None:
    """A counter that never counted has no series yet."""
    assert kept()["never_seen"].label_sets == ()
    drop = {"source_labels": ["__name__"], "regex": "never.*", "action": "drop"}
    assert "never_seen" not in kept(drop)


NAMES = st.sampled_from(["a", "b", "job", "le", "exported_job"])


@given(
    st.lists(st.dictionaries(NAMES, st.text(max_size=3), max_size=3), max_size=3),
    st.sampled_from(["counter", "histogram", "summary"]),
    st.booleans(),
)
def test_without_rules_nothing_is_lost(
    sets: list[dict[str, str]], kind: str, honor_labels: bool
) -> None:
    """Every metric is kept, and every label value can still be found."""
    metric = ExposedMetric("m", kind, tuple(sets), "here")
    (found,) = scraped_metrics((metric,), TARGET, (), honor_labels=honor_labels)
    assert found.name == "m"
    assert bool(found.label_sets) is bool(sets)
