"""From an exposition that was read to the metrics of a target, relabeled as the server keeps them.

Source: `mutateSampleLabels` and `resolveConflictingExposedLabels` of Prometheus 3 (`scrape/`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.exposure import ExposedMetric
from plimsoll.semantics.relabeling import RelabelRule, relabeled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plimsoll.facts.exposition import Exposition

_NAME = "__name__"
_PARTS = {
    "histogram": ("_bucket", "_sum", "_count"),
    "summary": ("_sum", "_count", ""),
}
_OWN = {"histogram": "le", "summary": "quantile"}
"""The label that only a histogram's buckets, or a summary's quantiles, have."""


def exposed_metrics(exposition: Exposition, where: str) -> tuple[ExposedMetric, ...]:
    """Return the metrics of an exposition as they are exposed, before anything is attached."""
    found: list[ExposedMetric] = []
    for family in exposition.families:
        samples = ((sample.name, sample.labels) for sample in family.samples)
        found += _grouped(samples, family.kind, where)
        if not family.samples:
            found.append(ExposedMetric(family.name, family.kind, (), where))
    return tuple(found)


def scraped_metrics(
    metrics: Iterable[ExposedMetric],
    target: Mapping[str, str],
    rules: tuple[RelabelRule, ...],
    *,
    honor_labels: bool = False,
) -> tuple[ExposedMetric, ...]:
    """Return what a server keeps of exposed metrics, their labels told as differences.

    A label of a metric stands beside those of the target, or in their place; one that a rule has
    taken away from the target's own is there with an empty value, which is no label.

    Raises:
        RelabelError: a rule of `metric_relabel_configs` cannot be evaluated.

    """
    found: dict[str, ExposedMetric] = {}
    for metric in metrics:
        if not metric.label_sets and _is_kept(metric, target, rules):
            found.setdefault(metric.name, metric)
        kept = _kept(metric, target, rules, honor_labels=honor_labels)
        for one in _grouped(kept, metric.kind, metric.where):
            before = found.get(one.name)
            sets = (*before.label_sets, *one.label_sets) if before else one.label_sets
            found[one.name] = ExposedMetric(one.name, one.kind, sets, one.where)
    return tuple(found.values())


def sample_names(metric: ExposedMetric) -> tuple[str, ...]:
    """Return the names by which expressions read a metric."""
    return tuple(f"{metric.name}{part}" for part in _PARTS.get(metric.kind, ("",)))


def sample_count(metrics: Iterable[ExposedMetric]) -> int:
    """Return how many samples metrics have; one of a name whose labels are not known."""
    return sum(
        len({frozenset(one.items()) for one in label_sets(metric, name)}) or 1
        for metric in metrics
        for name in sample_names(metric)
    )


def label_sets(metric: ExposedMetric, name: str) -> tuple[Mapping[str, str], ...]:
    """Return the labels of the samples of one name: `le` is on buckets alone, for one."""
    own = _OWN.get(metric.kind)
    carrier = f"{metric.name}{_PARTS[metric.kind][0]}" if own == "le" else metric.name
    if own is None or name == carrier:
        return metric.label_sets
    return tuple(
        {label: value for label, value in one.items() if label != own} for one in metric.label_sets
    )


def _kept(
    metric: ExposedMetric,
    target: Mapping[str, str],
    rules: tuple[RelabelRule, ...],
    *,
    honor_labels: bool,
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name in sample_names(metric):
        for labels in label_sets(metric, name):
            full = {**_merged(labels, target, honor_labels=honor_labels), _NAME: name}
            after = relabeled(full, rules) if rules else full
            if after is not None and after.get(_NAME):
                yield after[_NAME], _difference(after, target)


def _is_kept(
    metric: ExposedMetric, target: Mapping[str, str], rules: tuple[RelabelRule, ...]
) -> bool:
    """Tell whether some sample of a metric without samples would be kept, as far as names tell."""
    named = ({**target, _NAME: name} for name in sample_names(metric))
    return any(relabeled(labels, rules) is not None for labels in named)


def _merged(
    labels: Mapping[str, str], target: Mapping[str, str], *, honor_labels: bool
) -> dict[str, str]:
    """Attach a target's labels; an exposed label of the same name is renamed, or honored."""
    if honor_labels:
        return {**target, **labels}
    found = {name: value for name, value in labels.items() if name not in target}
    for name in labels.keys() & target.keys():
        renamed = f"exported_{name}"
        while renamed in target or renamed in labels:
            renamed = f"exported_{renamed}"
        found[renamed] = labels[name]
    return {**found, **target}


def _difference(labels: Mapping[str, str], target: Mapping[str, str]) -> dict[str, str]:
    own = {
        name: value for name, value in labels.items() if name != _NAME and target.get(name) != value
    }
    return {**own, **{name: "" for name in target if name not in labels}}


def _grouped(
    samples: Iterable[tuple[str, Mapping[str, str]]], kind: str, where: str
) -> Iterator[ExposedMetric]:
    """Gather samples to metrics: the parts of a histogram or summary are one."""
    found: dict[str, dict[frozenset[tuple[str, str]], Mapping[str, str]]] = {}
    for name, labels in samples:
        sets = found.setdefault(_family(name, kind, labels), {})
        sets.setdefault(frozenset(labels.items()), labels)
    for name, sets in found.items():
        yield ExposedMetric(name, kind, _without_bare(tuple(sets.values()), kind), where)


def _family(name: str, kind: str, labels: Mapping[str, str]) -> str:
    if kind == "summary" and "quantile" in labels:
        return name
    for part in _PARTS.get(kind, ()):
        if part and name.endswith(part):
            return name.removesuffix(part)
    return name


def _without_bare(sets: tuple[Mapping[str, str], ...], kind: str) -> tuple[Mapping[str, str], ...]:
    """Leave out the labels of `_sum` and `_count`, where buckets or quantiles have them too."""
    own = _OWN.get(kind)
    return tuple(one for one in sets if own in one) or sets
