"""What is wrong with a metrics body that a server would still read, or refuses."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Gravity, ParseFailure, Problem
from plimsoll.semantics.exposition import buckets, parse_exposition, series_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.exposition import Family


def lint(text: str, content_type: str | None = "text/plain; version=0.0.4") -> tuple[Problem, ...]:
    """Return what is wrong with a body and its content type; nothing for a flawless one."""
    problems = list(_content_type_problems(content_type))
    parsed = parse_exposition(text, content_type or "text/plain")
    if isinstance(parsed, ParseFailure):
        return (*problems, Problem(Gravity.ERROR, parsed.reason, parsed.line))
    if not parsed.final_newline:
        problems.append(Problem(Gravity.ERROR, "the last line does not end with a line feed"))
    for family in parsed.families:
        problems.extend(_family_problems(family))
    timed = next((s for f in parsed.families for s in f.samples if s.timestamp), None)
    if timed is not None:
        message = "explicit timestamps switch staleness off: values outlive a dead process"
        problems.append(Problem(Gravity.WARNING, message, timed.line))
    return tuple(problems)


def _content_type_problems(content_type: str | None) -> Iterator[Problem]:
    media = (content_type or "").partition(";")[0].strip().lower()
    if media not in ("text/plain", "application/openmetrics-text"):
        shown = content_type or "no content type"
        message = f"{shown}: Prometheus 3 refuses the scrape without a fallback protocol"
        yield Problem(Gravity.ERROR, message)
    elif "version=" not in (content_type or ""):
        yield Problem(Gravity.WARNING, f"{content_type}: the version of the format is missing")


def _family_problems(family: Family) -> Iterator[Problem]:
    if not family.samples:
        message = f"{family.name} is declared a {family.kind} and no sample carries that name"
        yield Problem(Gravity.ERROR, message, family.line)
    elif family.kind == "histogram":
        yield from _histogram_problems(family)
    elif family.kind == "summary":
        names = {sample.name for sample in family.samples}
        if not {f"{family.name}_sum", f"{family.name}_count"} <= names:
            message = f"{family.name} is a summary without _sum and _count"
            yield Problem(Gravity.WARNING, message, family.line)
    elif family.kind == "counter":
        for sample in family.samples:
            if sample.value < 0 or math.isnan(sample.value):
                message = f"{family.name} is a counter and stands at {sample.value:g}"
                yield Problem(Gravity.ERROR, message, sample.line)
    yield from _naming_problems(family)


def _naming_problems(family: Family) -> Iterator[Problem]:
    if family.kind == "untyped":
        yield Problem(Gravity.WARNING, f"{family.name} has no type", family.line)
    if family.kind == "gauge" and family.name.endswith("_total"):
        yield Problem(Gravity.WARNING, f"{family.name} is a gauge named _total", family.line)
    if family.kind == "gauge" and re.search(r"cpu\w*_seconds$", family.name):
        message = f"{family.name}: seconds of CPU add up; a gauge cannot be trusted to"
        yield Problem(Gravity.WARNING, message, family.line)


def _histogram_problems(family: Family) -> Iterator[Problem]:
    counts = {
        series_of(sample): sample.value
        for sample in family.samples
        if sample.name == f"{family.name}_count"
    }
    found = False
    for series, ordered in buckets(family).items():
        found = True
        where = f"{family.name}{{{', '.join(f'{k}={v}' for k, v in sorted(series))}}}"
        if not ordered or ordered[-1][0] != math.inf:
            yield Problem(Gravity.ERROR, f"{where} has no +Inf bucket", family.line)
        elif series in counts and counts[series] != ordered[-1][1]:
            yield Problem(Gravity.ERROR, f"{where}: +Inf is not equal to _count", family.line)
        values = [value for _, value in ordered]
        if any(not low <= high for low, high in pairwise(values)):
            yield Problem(Gravity.ERROR, f"{where}: buckets are not cumulative", family.line)
    if not found:
        message = f"{family.name} is declared a histogram and has no _bucket sample"
        yield Problem(Gravity.ERROR, message, family.line)
