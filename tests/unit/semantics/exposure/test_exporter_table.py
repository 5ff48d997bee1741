"""The bundled table of exporters is sound, and says what they expose."""

from __future__ import annotations

import re

import pytest

from plimsoll.facts.exposure import ExposedMetric
from plimsoll.semantics.exposure import exporters
from plimsoll.semantics.exposure.exporters import Exporter, exporter_of_image, owner

KINDS = {"counter", "gauge", "histogram", "summary", "untyped"}
EVERY = list(exporters._exporters().values())


@pytest.mark.parametrize("exporter", EVERY, ids=lambda one: one.name)
def test_every_exporter_has_sound_families_and_a_source(exporter: Exporter) -> None:
    """Names, kinds and labels are such as Prometheus takes, and none is there twice."""
    assert re.search(r"\d|README|documentation", exporter.source)
    assert exporter.prefixes
    assert exporter.paths
    for metric in (*exporter.metrics, *exporter.probed):
        assert re.fullmatch(r"[a-zA-Z_:][\w:]*", metric.name), metric.name
        assert metric.kind in KINDS, metric.name
        assert metric.label_sets, metric.name
        assert all(value for one in metric.label_sets for value in one.values()), metric.name
        has_bounds = all("le" in one for one in metric.label_sets)
        assert has_bounds is (metric.kind == "histogram"), metric.name
    names = [metric.name for metric in exporter.metrics]
    assert len(names) == len(set(names))


def test_no_prefix_belongs_to_two_exporters() -> None:
    """A metric has one owner at most."""
    prefixes = [prefix for exporter in EVERY for prefix in exporter.prefixes]
    pairs = [(a, b) for a in prefixes for b in prefixes if a != b and a.startswith(b)]
    assert len(prefixes) == len(set(prefixes))
    assert pairs == []


def test_an_image_is_known_by_the_last_part_of_its_name() -> None:
    """Both spellings of a name are."""
    for name in ("node-exporter", "node_exporter"):
        found = exporter_of_image(name)
        assert found is not None
        assert found.name == "node-exporter"
    assert exporter_of_image("shop-api") is None


def test_metrics_have_owners_by_their_prefix() -> None:
    """What any application may export has none."""
    found = owner("redis_up")
    assert found is not None
    assert found.name == "redis-exporter"
    assert owner("process_cpu_seconds_total") is None
    assert owner("http_requests_total") is None


def names(found: tuple[ExposedMetric, ...]) -> set[str]:
    """Return the names of metrics."""
    return {metric.name for metric in found}


def test_a_prober_exposes_other_metrics_where_it_probes() -> None:
    """And none at a path that it does not serve."""
    blackbox = exporter_of_image("blackbox-exporter")
    assert blackbox is not None
    assert "probe_success" in names(blackbox.at("/probe?module=http"))
    assert "probe_success" not in names(blackbox.at("/metrics/"))
    assert blackbox.at("/health") == ()
    assert not blackbox.serves("/health")


@pytest.mark.parametrize("exporter", EVERY, ids=lambda one: one.name)
def test_every_collector_has_families_and_every_switch_an_option(exporter: Exporter) -> None:
    """A collector of which the table has nothing would be named in vain."""
    used = {name for metric in exporter.metrics for name in exporter.collectors_of(metric.name)}
    assert used == set(exporter.collectors)
    for prefixes in exporter.collectors.values():
        assert all(prefix.startswith(exporter.prefixes) for prefix in prefixes)
    assert all(exporter.switched_on.values())


def test_the_collector_with_most_of_a_name_has_the_metric() -> None:
    """What belongs to none is always there."""
    node = exporter_of_image("node-exporter")
    assert node is not None
    assert node.collectors_of("node_network_receive_bytes_total") == ("netdev",)
    assert node.collectors_of("node_network_up") == ("netclass",)
    assert node.collectors_of("node_exporter_build_info") == ()
