"""Where series come from: instances in regions, of which a fault may strike one or all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.labels import values_of
from plimsoll.semantics.alerting.role import words
from plimsoll.semantics.dashboard_signals import REGION_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plimsoll.semantics.alerting.scenario import Scenario, Target
    from plimsoll.semantics.promql import Matcher

INSTANCES = 2
REACHED = 3
"""Of what is scraped there are so many, that one that is down is not half of all."""
REGIONS = ("region-1", "region-2")

INSTANCE_LABELS = frozenset(
    ("instance", "pod", "pod_name", "node", "nodename", "host", "hostname", "server")
)
"""Labels that are different for each instance."""
PLACE_LABELS = INSTANCE_LABELS | REGION_LABELS

_BESIDE = words(
    "exporter crowdsec prometheus alertmanager grafana apiserver apiservers "
    "etcd coredns kubelet cadvisor postgres redis blackbox loki pushgateway"
)
_BESIDE_BY_NAME = words(
    "node nodes kubernetes-nodes kube-state-metrics kube-proxy kube-scheduler "
    "kube-controller-manager kube-dns rabbitmq minio kafka zookeeper elasticsearch opensearch "
    "mysql mysqld mariadb mongo mongodb valkey memcached otelcol otel-collector promtail tempo "
    "thanos cortex mimir jaeger vault consul statsd vector fluentd fluent-bit"
)
"""Whole names: `kubernetes-pods` scrapes applications, and `node-app` is one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a series comes from: whether from the first instance, and the first region."""

    labels: Mapping[str, str]
    first_instance: bool
    first_region: bool

    @property
    def target(self) -> Target:
        """The labels as a value, by which scenarios name the places that they strike."""
        return tuple(sorted(self.labels.items()))

    @property
    def region(self) -> str:
        """The name of its region; empty where no label tells it."""
        return region_of(self.labels)

    def is_struck(self, scenario: Scenario) -> bool:
        """Whether the scenario's fault hits it."""
        if scenario.only:
            return self.target in scenario.only
        if scenario.one_instance and not self.first_instance:
            return False
        return self.first_region or not scenario.one_region


def region_of(labels: Mapping[str, str]) -> str:
    """Return the region that labels tell; empty where they tell none."""
    return next((labels[one] for one in sorted(REGION_LABELS & labels.keys())), "")


def is_beside(job: str) -> bool:
    """Tell whether a scrape job's name is that of a tool beside the application."""
    name = job.lower().replace("_", "-").replace(".", "-")
    return name in _BESIDE_BY_NAME or not _BESIDE.isdisjoint(name.split("-"))


@dataclass(frozen=True, slots=True)
class Layout:
    """Which instances and regions there are.

    Attributes:
        asked: what selectors ask of labels of instances and regions.
        used: the labels by which the rules tell instances and regions apart.
        regions: their names.
        instances: how many there are in a region.

    """

    asked: Sequence[Matcher]
    used: frozenset[str]
    regions: Sequence[str] = REGIONS
    instances: int = INSTANCES


def places(labels: Mapping[str, str], layout: Layout, *, is_first: bool) -> Iterator[Place]:
    """Yield the places of the series with these labels.

    Args:
        labels: what they bear otherwise.
        layout: which instances and regions there are.
        is_first: whether the first of them is the one that a fault of one instance strikes.

    Raises:
        Unsatisfiable: no value of such a label is known that is accepted.

    """
    by_label: dict[str, list[Matcher]] = {}
    for matcher in layout.asked:
        by_label.setdefault(matcher.label, []).append(matcher)
    names = layout.regions if layout.used & REGION_LABELS else ("",)
    seen: set[tuple[tuple[str, str], ...]] = set()
    for region_index, region in enumerate(names):
        for index in range(layout.instances):
            place = {
                label: values_of(label, by_label.get(label, ()), (value,))[0]
                for label, value in _names(labels, region, index, layout.used)
            }
            key = tuple(sorted(place.items()))
            if key not in seen:
                seen.add(key)
                is_one = is_first and index == 0 and region_index == 0
                # Where no label tells regions apart there are still some, or one could not fail.
                is_near = region_index == 0 and (len(names) > 1 or index == 0)
                yield Place(place, is_one, is_near)


def _names(
    labels: Mapping[str, str], region: str, index: int, used: frozenset[str]
) -> Iterator[tuple[str, str]]:
    name = "-".join(filter(None, (labels.get("job", "app"), region, str(index + 1))))
    yield "instance", f"{name}:8080"
    for label in sorted(used & INSTANCE_LABELS - {"instance"}):
        yield label, name
    for label in sorted(used & REGION_LABELS):
        yield label, region
