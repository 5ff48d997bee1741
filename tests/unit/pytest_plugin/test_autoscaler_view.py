"""Autoscalers are found at every declared vantage point, and never silently none."""

import pytest

from plimsoll.environment.model import Component
from plimsoll.environment.repository_model import RepositoryFiles
from plimsoll.findings import Verdict
from plimsoll.pytest_plugin.autoscaler_view import AutoscalerView
from plimsoll.pytest_plugin.repository_view import RepositoryView

SPEC = """\
name: ferry
services:
  - name: api
    instance_size_slug: apps-d-1vcpu-1gb
    autoscaling: {min_instance_count: 2, max_instance_count: 10, metrics: {cpu: {percent: 80}}}
"""
HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ferry-api}
  minReplicas: 3
  maxReplicas: 9
  metrics:
    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}
"""
DECLARED = RepositoryFiles(app_spec="app.yaml", hpa="hpa.yaml")
BOTH = Component(name="api", app_spec="api", hpa="ferry-api")


@pytest.fixture
def examination(examine):
    """The examination of a check that asks for autoscalers."""
    return examine()


@pytest.fixture
def find(examination, read):
    """Find the autoscalers of a component in these files."""

    def found(files, component=BOTH, kinds=(), **more):
        view = RepositoryView(examination, read(files, **more))
        return AutoscalerView(examination, view, DECLARED).of(component, *kinds)

    return found


def test_each_vantage_point_tells_its_own(find):
    """One fact, two places, each with its origin."""
    found = find({"app.yaml": SPEC, "hpa.yaml": HPA})
    assert [(one.origin.source, one.value.minimum, one.value.maximum) for one in found] == [
        ("repository:app-spec", 2, 10),
        ("repository:hpa", 3, 9),
    ]


def test_one_vantage_point_can_be_asked_alone(find, examination):
    """The other is then not consulted, and not missed."""
    (found,) = find({"hpa.yaml": HPA}, kinds=["hpa"])
    assert found.origin.source == "repository:hpa"
    assert not examination.expect.deviations


def test_a_component_that_scales_nowhere_in_a_file_is_a_deviation(find, examination):
    """Declared, looked for, and not there."""
    assert find({"app.yaml": "name: ferry\nservices: []\n", "hpa.yaml": HPA})
    assert [(one.what, one.source) for one in examination.expect.deviations] == [
        ("autoscaler for api", "repository:app-spec")
    ]


def test_an_absent_file_is_a_deviation_of_its_vantage_point(find, examination):
    """And the other vantage point is looked at all the same."""
    assert [one.origin.source for one in find({"hpa.yaml": HPA})] == ["repository:hpa"]
    assert [one.what for one in examination.expect.deviations] == ["file app.yaml"]


def test_an_unreadable_file_makes_its_vantage_point_unknown(find, examination):
    """Whatever the other one says, this is no pass."""
    for one in find({"app.yaml": "a: [", "hpa.yaml": HPA}):
        examination.expect.at_least(1, one.value.minimum, "minimum", at=one.origin)
    conclusion = examination.conclude()
    assert conclusion.verdict is Verdict.ERROR
    assert {seen.source: seen.verdict for seen in conclusion.vantage} == {
        "repository:app-spec": Verdict.ERROR,
        "repository:hpa": Verdict.PASS,
    }


def test_a_component_that_is_declared_nowhere_leaves_nothing_judged(find, examination):
    """Nothing found is then no pass."""
    assert find({"app.yaml": SPEC}, component=Component(name="api")) == []
    assert examination.conclude().verdict is Verdict.ERROR
