"""Targets are those that Prometheus ends up with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.exposure.targets import discoveries, external_labels, static_targets

CONFIG = """\
global: {external_labels: {cluster: eu, empty: ""}}
scrape_configs:
  - job_name: plain
    static_configs: [{targets: ["api:8080", null], labels: {region: fra1, job: renamed}}]
  - job_name: probes
    metrics_path: /probe
    params: {module: [http, tcp], none: []}
    static_configs: [{targets: ["https://shop.example"]}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {source_labels: [__param_module], target_label: module}
      - {target_label: __address__, replacement: "blackbox:9115"}
  - job_name: dropped
    static_configs: [{targets: ["api:1"]}]
    relabel_configs: [{source_labels: [job], regex: dropped, action: drop}]
  - job_name: nowhere
    static_configs: [{targets: ["api:1"]}]
    relabel_configs: [{target_label: __address__, replacement: ""}]
  - job_name: unclear
    static_configs: [{targets: ["api:2"]}]
    relabel_configs: [{action: invented}]
  - job_name: found
    kubernetes_sd_configs: [{role: pod}]
  - static_configs: [{targets: ["nameless:1"]}]
"""


def config(text: str = CONFIG) -> Document:
    """Parse a configuration."""
    return parse_yaml_document(text, "prometheus.yml")


def test_targets_have_the_labels_that_relabeling_leaves() -> None:
    """Fixed labels come first, instance is the address, and what begins with __ is gone."""
    plain, probe, unclear = static_targets(config())
    assert dict(plain.labels) == {"job": "renamed", "region": "fra1", "instance": "api:8080"}
    assert (probe.address, probe.path) == ("blackbox:9115", "/probe")
    assert probe.labels["instance"] == "https://shop.example"
    assert probe.labels["module"] == "http"
    assert plain.where == "prometheus.yml:4"
    assert unclear.labels["instance"] == "api:2"


def test_a_rule_that_cannot_be_evaluated_is_a_doubt() -> None:
    """The target stays, with the labels it had before."""
    assert [bool(target.doubt) for target in static_targets(config())] == [False, False, True]


def test_discoveries_and_external_labels_are_read() -> None:
    """A label without a value is none."""
    assert dict(external_labels(config())) == {"cluster": "eu"}
    jobs = list(config().part("scrape_configs"))
    assert [discoveries(job) for job in jobs if discoveries(job)] == [("kubernetes_sd_configs",)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 9) | st.text(alphabet="ab:$_", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["job_name", "static_configs", "targets", "labels", "params", "relabel_configs"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_data_gives_targets(data: object) -> None:
    """Whatever stands there, nothing is raised."""
    document = Document("p.yml", {"scrape_configs": data, "global": data})
    assert isinstance(static_targets(document), tuple)
    assert isinstance(external_labels(document), dict)
