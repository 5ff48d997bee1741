"""What is wrong with the parts of a histogram: its buckets, and what they add up to.

prometheus.io/docs/instrumenting/exposition_formats: each bucket counts what lies at or below its
bound, the bucket +Inf is there and is equal to `_count`.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Gravity, Problem
from plimsoll.semantics.exposition import buckets, series_of
from plimsoll.semantics.exposition_line import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.exposition import Family


def histogram_problems(family: Family) -> Iterator[Problem]:
    """Yield what is wrong with a family that is declared a histogram."""
    counted = {
        series_of(sample): sample.value
        for sample in family.samples
        if sample.name == f"{family.name}_count"
    }
    series = buckets(family)
    for labels, ordered in series.items():
        where = f"{family.name}{{{', '.join(f'{k}={v}' for k, v in sorted(labels))}}}"
        for gravity, what in _series_problems(ordered, counted.get(labels)):
            yield Problem(gravity, f"{where}{what}", family.line)
    if not series:
        message = f"{family.name} is declared a histogram and has no _bucket sample"
        yield Problem(Gravity.ERROR, message, family.line)
    yield from _part_problems(family)


def _series_problems(
    ordered: list[tuple[float, float]], counted: float | None
) -> Iterator[tuple[Gravity, str]]:
    values = [value for _, value in ordered]
    if not ordered or ordered[-1][0] != math.inf:
        yield Gravity.ERROR, " has no +Inf bucket"
    elif counted is not None and counted != values[-1]:
        yield Gravity.ERROR, ": +Inf is not equal to _count"
    if any(not low <= high for low, high in pairwise(values)):
        yield Gravity.ERROR, ": buckets are not cumulative"
    if any(not value >= 0 for value in values):
        yield Gravity.ERROR, ": a bucket counts less than nothing, or no number"
    elif any(not value.is_integer() for value in values):
        yield Gravity.WARNING, ": a bucket counts parts of an observation"
    twice = [bound for bound, times in Counter(bound for bound, _ in ordered).items() if times > 1]
    if twice:
        yield Gravity.ERROR, f" has two buckets for {twice[0]:g}, one series to Prometheus 3"


def _part_problems(family: Family) -> Iterator[Problem]:
    """Yield the samples that no quantile is computed from, and the parts that are missing."""
    for sample in family.samples:
        bound = sample.labels.get("le", "")
        is_number = bool(NUMBER.fullmatch(bound)) and not math.isnan(float(bound))
        if sample.name == f"{family.name}_bucket" and not is_number:
            message = f"{family.name}: the bucket le={bound!r} has no number for a bound"
            yield Problem(Gravity.ERROR, message, sample.line)
        elif sample.name == family.name:
            message = f"{family.name} is a histogram with a sample that is none of its parts"
            yield Problem(Gravity.ERROR, message, sample.line)
    names = {sample.name for sample in family.samples}
    if not {f"{family.name}_sum", f"{family.name}_count"} <= names:
        message = f"{family.name} is a histogram without _sum and _count"
        yield Problem(Gravity.WARNING, message, family.line)
