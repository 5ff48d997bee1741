"""No document of any shape makes a reader or a validator of configuration raise."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document, Problem, parse_json, parse_yaml_document
from plimsoll.semantics import (
    app_spec,
    compose,
    file_kinds,
    kubernetes,
    monitoring_wiring,
    prometheus_config,
    rule_file,
)
from plimsoll.semantics.alertmanager import config as alertmanager
from plimsoll.semantics.alertmanager.channels import channels_of
from plimsoll.semantics.alertmanager.inhibition import InhibitionError, inhibit_rules
from plimsoll.semantics.alertmanager.routing import RoutingError, routes_of
from plimsoll.semantics.alertmanager.timing import told_times

if TYPE_CHECKING:
    from collections.abc import Callable

APP_SPEC = """
name: shop
region: fra
domains: [{domain: shop.test, type: PRIMARY}]
databases: [{name: db, engine: PG, production: true, cluster_name: c}]
services:
  - name: api
    image: {registry_type: DOCR, repository: api, tag: 1.2.3}
    instance_size_slug: apps-d-1vcpu-1gb
    autoscaling: {min_instance_count: 2, max_instance_count: 4, metrics: {cpu: {percent: 80}}}
    health_check: {http_path: /health}
    envs: [{key: DATABASE_URL, type: SECRET, value: "${db.DATABASE_URL}"}]
"""
COMPOSE = """
services:
  api: &api
    image: api:1.2.3
    extends: {service: base}
    environment: {A: 1, B: null}
    ports: ["127.0.0.1:80:8080/tcp", {target: 1, published: "2"}]
    volumes: ["./a:/a:ro", "data:/data", {type: bind, source: ./b, target: /b}]
    healthcheck: {test: [CMD, curl, -f, "http://localhost/"], interval: 10s, retries: 3}
    command: run --config.file=/a/x "quoted
    configs: [{source: c, target: /c}]
    networks: {n: {aliases: [x]}}
  base: {image: "postgres:${V:-15}", profiles: [dev], environment: [A=1, B], expose: [5432]}
  prometheus: {image: "prom/prometheus:v3.1.0", volumes: ["./p.yml:/etc/prometheus/prometheus.yml"]}
configs: {c: {file: ./c.txt}}
volumes: {data: {}}
networks: {n: {}}
"""
KUBERNETES = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec:
  scaleTargetRef: {kind: Deployment, name: api}
  minReplicas: 2
  maxReplicas: 4
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
  behavior: {scaleUp: {stabilizationWindowSeconds: 60}}
  template: {spec: {containers: [{name: a, image: b, env: [{name: A}], ports: [{containerPort: 1}],
    livenessProbe: {httpGet: {path: /, port: 1}}}]}}
"""
PROMETHEUS = """
global: {scrape_interval: 15s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ["alertmanager:9093"]}]}]}
scrape_configs:
  - job_name: api
    metrics_path: /metrics
    static_configs: [{targets: ["api:8080"], labels: {service: api}}]
    relabel_configs: [{target_label: __address__, replacement: "api:1"}]
    dns_sd_configs: [{names: [a]}]
"""
ALERTMANAGER = """
global: {slack_api_url_file: /s}
route: {receiver: a, routes: [{receiver: a, matchers: ["x=y"], group_wait: 5s}]}
receivers: [{name: a, slack_configs: [{channel: c}], email_configs: [{to: a@b.test}]}]
inhibit_rules: [{equal: [a]}]
time_intervals: [{name: t}]
"""
RULES = """
groups:
  - name: g
    interval: 15s
    rules:
      - {alert: A, expr: "up == 0", for: 5m, labels: {severity: critical}, annotations: {summary: s}}
      - {record: a:b, expr: "sum(up)"}
"""
DASHBOARD = '{"title": "t", "panels": [{"title": "p"}], "spec": {"elements": {}}}'
VALID = {
    "app-spec": APP_SPEC,
    "compose": COMPOSE,
    "kubernetes": KUBERNETES,
    "prometheus": PROMETHEUS,
    "alertmanager": ALERTMANAGER,
    "prometheus-rules": RULES,
    "grafana-dashboard": DASHBOARD,
}


def _services(document: Document) -> object:
    return [
        (compose.mounts(service), compose.command_variables(service), service.flags())
        for service in compose.services(document)
    ]


def _wiring_with_itself(document: Document) -> object:
    return monitoring_wiring.wiring(document, document, files=["a"])


def _delivery(document: Document) -> object:
    """Read how alerts are delivered; what cannot be told is said so, in its own words."""
    with contextlib.suppress(InhibitionError):
        inhibit_rules(document)
    with contextlib.suppress(RoutingError):
        for routed in routes_of(document, {"severity": "critical"}):
            told_times(document, routed)
    return [channels_of(document, name) for name in alertmanager.receivers(document)]


READERS: dict[str, tuple[Callable[[Document], object], ...]] = {
    "app-spec": (
        app_spec.components,
        app_spec.autoscalers,
        app_spec.health_checks,
        app_spec.variables,
        app_spec.images,
        app_spec.notes,
    ),
    "compose": (
        _services,
        compose.published_database_ports,
        compose.variable_uses,
        _wiring_with_itself,
    ),
    "kubernetes": (kubernetes.autoscalers, kubernetes.containers, kubernetes.replicas),
    "prometheus": (
        prometheus_config.scrape_jobs,
        prometheus_config.rule_files,
        prometheus_config.alertmanager_targets,
        prometheus_config.alertmanager_discoveries,
    ),
    "alertmanager": (alertmanager.receivers, _delivery),
    "prometheus-rules": (rule_file.alert_rules, rule_file.recording_rules),
    "grafana-dashboard": (),
}
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["${", "${A:-${B}}", "$", "a:b:c", "[::1]:80:80", "::", "/", ".", "1h", "-"]),
)
TREES = st.recursive(
    STRANGE,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def _paths(tree: object) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(tree, dict):
        inner = list(tree.items())
    elif isinstance(tree, list):
        inner = list(enumerate(tree))
    return [()] + [(key, *rest) for key, value in inner for rest in _paths(value)]


def _replaced(tree: object, path: tuple[str | int, ...], value: object) -> object:
    if not path:
        return value
    changed = copy.deepcopy(tree)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]  # type: ignore[index]
    parent[path[-1]] = value  # type: ignore[index]
    return changed


def _judge(kind: str, tree: object) -> None:
    text = json.dumps(tree)
    for problem in file_kinds.problems(kind, text, "any.json"):
        assert isinstance(problem, Problem)
    document = parse_json(text, "any.json")
    for reader in READERS[kind]:
        assert reader(document) is not None


@pytest.mark.parametrize("kind", sorted(VALID))
@given(data=st.data())
def test_a_valid_document_with_one_strange_value_is_read_and_judged(
    kind: str, data: st.DataObject
) -> None:
    """Replace one value, anywhere, by anything."""
    tree = parse_yaml_document(VALID[kind], "valid.yaml").data
    path = data.draw(st.sampled_from(_paths(tree)))
    _judge(kind, _replaced(tree, path, data.draw(TREES)))


@pytest.mark.parametrize("kind", sorted(VALID))
@given(tree=TREES)
def test_an_arbitrary_document_is_read_and_judged(kind: str, tree: object) -> None:
    """Read documents that were never meant to be of the kind."""
    _judge(kind, tree)


@pytest.mark.parametrize("kind", sorted(file_kinds.KINDS))
@given(text=st.text(max_size=60))
def test_arbitrary_text_gives_problems_and_never_an_exception(kind: str, text: str) -> None:
    """Validate arbitrary text as each kind of file."""
    assert all(problem.where for problem in file_kinds.problems(kind, text, "any"))
