"""Series of the world as it is deployed: what targets expose, with their labels, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.emitted import (
    UNNAMED,
    Emitted,
    Made,
    Question,
    accepted,
    emitted,
    told_once,
)
from plimsoll.semantics.alerting.partitions import ENDING_LABELS, PARTITION_LABELS, endings
from plimsoll.semantics.alerting.places import Place, is_beside, region_of
from plimsoll.semantics.alerting.roles import role_of, why_unknown
from plimsoll.semantics.exposure.samples import label_sets, sample_names
from plimsoll.semantics.promql import PromqlError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plimsoll.environment.alerting_model import MetricRole
    from plimsoll.facts.exposure import ExposedMetric, Exposure, ScrapedTarget
    from plimsoll.semantics.alerting.role import Role
    from plimsoll.semantics.promql import Selector

MOST_ALIKE = 2
"""Of sets of labels that no selector tells apart so many are made."""
_NOBODY = "no scraped target exposes it"
_UNSEEN = "whether a scraped target exposes it was not observed"
_PARTIAL = "a scraped target that may expose it, too, was not observed"
_BARE = "it is declared, but no sample of it was seen: its labels are not known"


def deployed_series(
    question: Question, exposure: Exposure, signals: Mapping[str, MetricRole]
) -> Made:
    """Return the series of what is exposed and read; types are those of the expositions."""
    places = _places(exposure, question.read.keys())
    made: list[Emitted] = []
    answers: dict[str, dict[str, str]] = {"unknown": {}, "missing": {}}
    roles: dict[str, Role] = {}
    for metric, read in question.read.items():
        found = tuple(_exposed(metric, exposure)) if metric else ()
        if metric in exposure.partial:
            answers["unknown"][metric] = _PARTIAL
            continue
        reason = _unmade(metric, found)
        if reason or not found:
            is_known = exposure.is_complete or metric in exposure.absent
            gone = bool(metric) and not found and is_known
            nobody = _NOBODY if gone else _UNSEEN
            answers["missing" if gone else "unknown"][metric or UNNAMED] = reason or nobody
            continue
        role = role_of(metric, read, signals.get(metric), found[0].kind, _labels(found))
        if role is None:
            answers["unknown"][metric] = why_unknown(metric)
            continue
        roles[metric] = role
        try:
            made.extend(told_once(_series(metric, role, read, found, places)))
        except PromqlError as error:
            answers["unknown"][metric] = str(error)
    return Made(tuple(made), roles, answers["unknown"], answers["missing"])


@dataclass(frozen=True, slots=True)
class _Found:
    """A metric as one target exposes it."""

    target: ScrapedTarget
    kind: str
    sets: tuple[Mapping[str, str], ...]


def _unmade(metric: str, found: Sequence[_Found]) -> str:
    """Return why nothing can be made of a metric as it is exposed; empty where something can."""
    if not metric:
        return "a selector that names no metric"
    if len({one.kind for one in found}) > 1:
        return f"it is exposed as {' and as '.join(sorted({one.kind for one in found}))}"
    return _BARE if found and not any(one.sets for one in found) else ""


def _labels(found: Iterable[_Found]) -> frozenset[str]:
    return frozenset(label for one in found for labels in one.sets for label in labels)


def _series(
    metric: str,
    role: Role,
    read: Sequence[Selector],
    found: Iterable[_Found],
    places: Mapping[int, Place],
) -> Iterator[Emitted]:
    """Yield each series that a selector finds, once: of two scrapes a server keeps one."""
    seen: set[frozenset[tuple[str, str]]] = set()
    asked = {matcher.label for selector in read for matcher in selector.matchers}
    for one in found:
        for labels in _extended(one.target, _told_apart(one.sets, asked)):
            place, pace = places[id(one.target)], one.target.scrape_seconds
            made = emitted(metric, labels, role, place, pace)
            key = frozenset(made.labels.items())
            if key not in seen and any(accepted(selector, made.labels) for selector in read):
                seen.add(key)
                yield made


def _exposed(metric: str, exposure: Exposure) -> Iterator[_Found]:
    """Yield the targets that expose a metric, as what, and with which labels."""
    for target in exposure.targets:
        if metric == "up":
            yield _Found(target, "gauge", ({},))
        for one in target.metrics:
            if metric in sample_names(one):
                yield _Found(target, _kind(one, metric), label_sets(one, metric))


def _kind(metric: ExposedMetric, name: str) -> str:
    """Return how the samples of one name behave: those of a histogram or summary mostly count."""
    if metric.kind == "histogram" or (metric.kind == "summary" and name != metric.name):
        return "counter"
    return metric.kind


def _told_apart(sets: Sequence[Mapping[str, str]], asked: set[str]) -> Iterator[Mapping[str, str]]:
    """Yield the sets of labels, of those that rules do not tell apart a few only.

    Routes that no selector names all fare the same: two of them show whatever a hundred would.
    """
    kept: dict[frozenset[tuple[str, str]], dict[frozenset[tuple[str, str]], None]] = {}
    for labels in sets:
        told = asked | PARTITION_LABELS
        named = frozenset(pair for pair in labels.items() if pair[0] in asked - PARTITION_LABELS)
        rest = frozenset(pair for pair in labels.items() if pair[0] not in told)
        alike = kept.setdefault(named, {})
        if rest in alike or len(alike) < MOST_ALIKE:
            alike[rest] = None
            yield labels


def _extended(target: ScrapedTarget, sets: Iterable[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """Yield the labels of every series of a target: with each ending that requests can have.

    What was seen are the endings that happened; a fault brings others, in the same style.
    """
    groups: dict[tuple[tuple[str, str], ...], dict[str, list[str]]] = {}
    for labels in sets:
        rest = tuple(sorted((k, v) for k, v in labels.items() if k not in ENDING_LABELS))
        seen = groups.setdefault(rest, {})
        for label in labels.keys() & ENDING_LABELS:
            seen.setdefault(label, []).append(labels[label])
    for rest, seen in groups.items():
        styles = {label: endings(label, values) for label, values in sorted(seen.items())}
        for chosen in product(*styles.values()):
            yield {**target.labels, **dict(rest), **dict(zip(styles, chosen, strict=True))}


def _places(exposure: Exposure, read: Iterable[str]) -> dict[int, Place]:
    """Return the place of each target.

    The first of the application, that exposes most of what is read, is the first instance: a fault
    of one instance strikes one that the rules can see. What the application does not expose, what
    is beside it may.
    """
    asked = frozenset(read)
    ordered = sorted(
        exposure.targets,
        key=lambda one: (
            not _exposed_of(one, asked),
            is_beside(one.job),
            -_exposed_of(one, asked),
            _region(one),
            sorted(one.labels.items()),
        ),
    )
    regions = [region for one in ordered if (region := _region(one))]
    first_region = regions[0] if regions else ""
    first = _instance(ordered[0]) if ordered else ""
    return {
        id(one): Place(one.labels, _instance(one) == first, _region(one) in ("", first_region))
        for one in ordered
    }


def _exposed_of(target: ScrapedTarget, asked: frozenset[str]) -> int:
    return sum(not asked.isdisjoint(sample_names(one)) for one in target.metrics)


def _instance(target: ScrapedTarget) -> str:
    return target.labels.get("instance", target.job)


def _region(target: ScrapedTarget) -> str:
    return region_of(target.labels)
