"""Series of a world in which every metric exists whose role is known, with the labels asked for."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.emitted import (
    Emitted,
    Made,
    Question,
    accepted,
    emitted,
    told_once,
    unheard,
)
from plimsoll.semantics.alerting.labels import (
    DEFAULTS,
    MOST_ASSIGNMENTS,
    MULTIPLE,
    Unsatisfiable,
    assignments,
)
from plimsoll.semantics.alerting.partitions import PARTITION_LABELS, parts
from plimsoll.semantics.alerting.places import (
    INSTANCES,
    PLACE_LABELS,
    REACHED,
    REGIONS,
    Layout,
    is_beside,
    places,
)
from plimsoll.semantics.dashboard_signals import REGION_LABELS
from plimsoll.semantics.promql import PromqlError, selectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plimsoll.semantics.alerting.role import Role

_NOT_OF_SERIES = frozenset(("__name__", "alertname", "alertstate"))
MOST_SERIES = 4000
"""Of one metric; more are not made, and the metric is reported as unknown."""

_Sets = tuple["Mapping[str, str]", ...]


def imagined_series(
    question: Question, roles: Mapping[str, Role], unknown: Mapping[str, str]
) -> Made:
    """Return the series of every metric with a role.

    `unknown` says of which metrics nothing is told already.
    """
    reasons = dict(unknown)
    own: dict[str, _Sets] = {}
    for metric, role in roles.items():
        try:
            own[metric], left = assignments(question.read[metric], _special(role))
        except PromqlError as error:
            own[metric], left = (), str(error)
        if left:
            reasons[metric] = left
    made: list[Emitted] = []
    shared = _shared(question, own)
    for metric, role in roles.items():
        sets = _completed(own[metric], shared.get(metric, {}), question.used)
        try:
            found = _series(metric, role, question, sets)
            left = unheard(question.read[metric], found)
        except (Unsatisfiable, PromqlError) as error:
            found, left = (), str(error)
        if left:
            reasons.setdefault(metric, left)
        made.extend(found)
    return Made(tuple(made), roles, reasons)


def _special(role: Role) -> frozenset[str]:
    return PLACE_LABELS | frozenset(role.partition)


def _shared(question: Question, own: Mapping[str, _Sets]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each metric the labels that others have which one expression reads beside it.

    Operators match series by all their labels: what one selector asks for, the other side has too.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for expression in question.expressions:
        try:
            read = {one.metric or "" for one in selectors(expression)} & own.keys()
        except PromqlError:
            continue
        for metric in sorted(read):
            for other in sorted(read - {metric}):
                for label, values in _values(own[other]).items():
                    if label not in PARTITION_LABELS:
                        found.setdefault(metric, {}).setdefault(label, values)
    return found


def _values(sets: _Sets) -> dict[str, tuple[str, ...]]:
    labels = {label for one in sets for label in one}
    return {
        label: tuple(dict.fromkeys(value for one in sets if (value := one.get(label))))
        for label in sorted(labels)
    }


def _completed(
    own: _Sets, shared: Mapping[str, tuple[str, ...]], used: frozenset[str]
) -> Iterator[dict[str, str]]:
    """Yield the sets of labels with all that other metrics have and that rules group by."""
    wanted = sorted(used - PARTITION_LABELS - PLACE_LABELS - _NOT_OF_SERIES | {"job"})
    for labels in own:
        free = {label: values for label, values in shared.items() if label not in labels and values}
        choices = [values if label in MULTIPLE else values[:1] for label, values in free.items()]
        for chosen in islice(product(*choices), MOST_ASSIGNMENTS):
            full = {**labels, **dict(zip(free, chosen, strict=True))}
            yield {label: DEFAULTS.get(label, "some") for label in wanted} | full


def _series(
    metric: str, role: Role, question: Question, sets: Iterator[dict[str, str]]
) -> tuple[Emitted, ...]:
    read = question.read[metric]
    split = tuple(parts(role, read, question.bounds, question.compared))
    asked = tuple(m for one in read for m in one.matchers if m.label in PLACE_LABELS)
    used = (question.used | {m.label for m in asked}) & PLACE_LABELS
    if question.regions and not used & REGION_LABELS:
        used |= {"region"}
    layout = Layout(
        asked,
        used,
        question.regions or REGIONS,
        REACHED if role.name == "up" else INSTANCES,
    )
    found: dict[frozenset[tuple[str, str]], Emitted] = {}
    every = list(sets)
    first = _first_job(every)
    for labels in every:
        for place in places(labels, layout, is_first=labels["job"] == first):
            for part in split:
                one = emitted(metric, {**labels, **place.labels, **part}, role, place)
                if any(accepted(selector, one.labels) for selector in read):
                    found.setdefault(frozenset(one.labels.items()), one)
        if len(found) > MOST_SERIES:
            raise Unsatisfiable(f"it would take more than {MOST_SERIES} series")
    return told_once(found.values())


def _first_job(sets: Sequence[Mapping[str, str]]) -> str:
    jobs = [labels["job"] for labels in sets]
    return next((job for job in jobs if not is_beside(job)), jobs[0] if jobs else "")
