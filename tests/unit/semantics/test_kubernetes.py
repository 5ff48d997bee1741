"""Kubernetes manifests give autoscalers and containers, and faults with their lines."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import kubernetes

V2 = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api-hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
    - type: Resource
      resource: {name: memory, target: {type: Utilization, averageUtilization: 75}}
  behavior:
    scaleUp: {stabilizationWindowSeconds: 120}
    scaleDown: {stabilizationWindowSeconds: 300}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: app
          image: shop/api:1.2.3
          args: [serve, --port=1]
          env:
            - {name: PORT, value: "1"}
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: s, key: t}}
          ports: [{containerPort: 8080}]
          volumeMounts: [{name: data, mountPath: /data, readOnly: true}]
          readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5}
          livenessProbe: {exec: {command: [check]}}
"""


def manifest(text: str) -> Document:
    """Parse a manifest of one document."""
    return parse_yaml_document(text, "k8s/hpa.yaml")


def test_a_v2_autoscaler_is_read_with_its_places() -> None:
    """Read every field of a sound autoscaler."""
    (found,) = kubernetes.autoscalers(manifest(V2))
    assert (found.component, found.kind) == ("api", "hpa")
    assert (found.minimum, found.maximum) == (2, 10)
    assert (found.cpu_percent, found.memory_percent) == (80, 75)
    assert (found.scale_out_window_seconds, found.scale_in_window_seconds) == (120, 300)
    assert found.where["maximum"] == "k8s/hpa.yaml:7"
    assert kubernetes.problems(manifest(V2)) == ()


def test_a_v1_autoscaler_is_read() -> None:
    """Read the CPU target where version 1 states it; the rest stays absent."""
    text = (
        "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"
        "spec: {scaleTargetRef: {kind: Deployment, name: api}, maxReplicas: 4, "
        "targetCPUUtilizationPercentage: 70}\n"
    )
    (found,) = kubernetes.autoscalers(manifest(text))
    assert (found.minimum, found.maximum, found.cpu_percent) == (None, 4, 70)
    assert found.memory_percent is None
    assert kubernetes.problems(manifest(text)) == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("maxReplicas: 10", "maxReplica: 10", "unknown field spec.maxReplica"),
        ("maxReplicas: 10", "maxReplica: 10", "spec has no maxReplicas"),
        ("maxReplicas: 10", "maxReplicas: 1", "maxReplicas 1 is below minReplicas 2"),
        ("averageUtilization: 80", 'averageUtilization: "80"', "averageUtilization is text"),
        ("stabilizationWindowSeconds: 300", "stabilizationWindowSeconds: 4000", "is 4000"),
        ("type: Resource", "type: Resources", 'type is "Resources"'),
        ("autoscaling/v2", "autoscaling/v9", 'apiVersion is "autoscaling/v9"'),
        ("scaleTargetRef:", "scaleTarget:", "spec has no scaleTargetRef"),
        ("metadata: {name: api-hpa}", "metadata: {}", "metadata has no name"),
    ],
)
def test_a_faulty_autoscaler_is_reported(old: str, new: str, what: str) -> None:
    """Break one field."""
    found = kubernetes.problems(manifest(V2.replace(old, new, 1)))
    assert any(what in problem.what for problem in found), found


def test_containers_are_read_with_probes_variables_and_images() -> None:
    """Read the container of a deployment."""
    (found,) = kubernetes.containers(manifest(DEPLOYMENT))
    assert found.name == "api/app"
    assert found.image is not None
    assert found.image.reference == "shop/api:1.2.3"
    assert found.flags() == {"--port": "1"}
    assert [(item.name, item.value, item.is_secret) for item in found.variables] == [
        ("PORT", "1", False),
        ("TOKEN", None, True),
    ]
    readiness, liveness = found.health_checks
    assert (readiness.kind, readiness.path, readiness.port) == ("readiness", "/ready", 8080)
    assert readiness.timeout_seconds is None
    assert (liveness.kind, liveness.command) == ("liveness", ("check",))
    assert found.mounts[0].is_read_only
    assert found.is_long_running


def test_replicas_of_a_workload_are_a_fixed_number() -> None:
    """Read the replica count of a deployment, and none from an autoscaler."""
    (found,) = kubernetes.replicas(manifest(DEPLOYMENT))
    assert (found.component, found.kind, found.minimum, found.maximum) == (
        "api",
        "deployment",
        3,
        3,
    )
    assert kubernetes.replicas(manifest(V2)) == ()


def test_objects_of_a_list_are_read() -> None:
    """Wrap the autoscaler in a List."""
    indented = "".join(f"    {line}\n" for line in V2.splitlines())
    text = f"apiVersion: v1\nkind: List\nitems:\n  -\n{indented}"
    (found,) = kubernetes.autoscalers(manifest(text))
    assert found.component == "api"


@pytest.mark.parametrize("text", ["kind: Service\nmetadata: {name: a}", "[]", "apiVersion: v1"])
def test_what_is_no_object_is_a_problem(text: str) -> None:
    """Validate documents that lack what every object has."""
    assert kubernetes.problems(manifest(text))


def test_an_empty_document_between_separators_is_no_problem() -> None:
    """Validate a document without content."""
    assert kubernetes.problems(Document("k8s/hpa.yaml", None)) == ()
