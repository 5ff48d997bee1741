"""What is wrong with a metrics body that a server would still read, or refuses.

An error makes samples lost or wrong, for Prometheus itself or for the strict parser of the format
that promtool and the Pushgateway use; what only misleads is a warning.
"""

from __future__ import annotations

import math
import re
from itertools import groupby
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Gravity, ParseFailure, Problem
from plimsoll.semantics.exposition import parse_exposition
from plimsoll.semantics.exposition_line import NUMBER
from plimsoll.semantics.exposition_type import content_type_problems, dialect_of
from plimsoll.semantics.histogram_lint import histogram_problems
from plimsoll.semantics.open_metrics_lint import open_metrics_problems
from plimsoll.semantics.series_growth import growth_problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from plimsoll.facts.exposition import Exposition, Family

LOOKBACK_SECONDS = 300
"""How old a value may be that a query still sees (`--query.lookback-delta`)."""

AHEAD_SECONDS = 600
"""How far in the future a time may lie (prometheus/scrape, `maxAheadTime`)."""


def lint(
    text: str,
    content_type: str | None = "text/plain; version=0.0.4",
    now: datetime | None = None,
) -> tuple[Problem, ...]:
    """Return what is wrong with a body and its content type; nothing for a flawless one.

    `now` is when it was read: where it is given, explicit timestamps are compared with it.
    """
    problems = list(content_type_problems(content_type))
    parsed = parse_exposition(text, content_type or "text/plain")
    if isinstance(parsed, ParseFailure):
        return (*problems, Problem(Gravity.ERROR, parsed.reason, parsed.line))
    is_open = dialect_of(content_type or "").is_open
    if not parsed.final_newline and not is_open:
        problems.append(Problem(Gravity.ERROR, "the last line does not end with a line feed"))
    if "\ufffd" in text:
        problems.append(Problem(Gravity.ERROR, "the body holds bytes that are no UTF-8"))
    problems += [Problem(Gravity.ERROR, *complaint) for complaint in parsed.strict]
    for family in parsed.families:
        problems.extend(_family_problems(family, parsed))
    problems += open_metrics_problems(text, parsed) if is_open else _scattered(parsed)
    problems += growth_problems(parsed)
    problems += _time_problems(parsed, now, 1 if is_open else 1000)
    return tuple(problems)


def _scattered(parsed: Exposition) -> Iterator[Problem]:
    """Yield the metrics whose lines do not stand together: the format wants a single group."""
    lines = sorted((s.line, family.name) for family in parsed.families for s in family.samples)
    met = set()
    for name, group in groupby(lines, key=lambda one: one[1]):
        if name in met:
            message = f"the lines of {name} do not stand together"
            yield Problem(Gravity.WARNING, message, next(group)[0])
        met.add(name)


def _family_problems(family: Family, parsed: Exposition) -> Iterator[Problem]:
    if not family.samples:
        yield _unused(family, parsed)
    elif family.kind == "histogram":
        yield from histogram_problems(family)
    elif family.kind == "summary":
        yield from _summary_problems(family)
    elif family.kind == "counter":
        for sample in family.samples:
            if sample.value < 0 or math.isnan(sample.value):
                message = f"{family.name} is a counter and stands at {sample.value:g}"
                yield Problem(Gravity.ERROR, message, sample.line)
    yield from _label_problems(family)
    yield from _naming_problems(family)


def _unused(family: Family, parsed: Exposition) -> Problem:
    """Return what to say of a type without samples.

    A library may declare what has not happened yet; but where samples of a name next to it have no
    type, the type was meant for them, and they lost it.
    """
    message = f"{family.name} is declared a {family.kind} and no sample carries that name"
    names = (other.name for other in parsed.families if other.kind == "untyped")
    lost = [one for one in names if one.startswith(family.name) or family.name.startswith(one)]
    if lost:
        return Problem(Gravity.ERROR, f"{message}; {lost[0]} has no type", family.line)
    return Problem(Gravity.WARNING, message, family.line)


def _summary_problems(family: Family) -> Iterator[Problem]:
    names = {sample.name for sample in family.samples}
    if not {f"{family.name}_sum", f"{family.name}_count"} <= names:
        message = f"{family.name} is a summary without _sum and _count"
        yield Problem(Gravity.WARNING, message, family.line)
    for sample in family.samples:
        quantile = sample.labels.get("quantile", "")
        is_share = bool(NUMBER.fullmatch(quantile)) and 0 <= float(quantile) <= 1
        if sample.name == family.name and not is_share:
            message = f"{family.name} is a summary: {quantile!r} is no quantile from 0 to 1"
            yield Problem(Gravity.ERROR, message, sample.line)


def _label_problems(family: Family) -> Iterator[Problem]:
    for reserved in sorted({n for s in family.samples for n in s.labels if n.startswith("__")}):
        message = f"{family.name}: labels such as {reserved} are the server's own"
        yield Problem(Gravity.WARNING, message, family.line)
    if family.kind not in ("summary", "untyped"):
        named = next((s for s in family.samples if "quantile" in s.labels), None)
        if named is not None:
            message = f"{family.name}: quantiles of a {family.kind}, which only a summary has"
            yield Problem(Gravity.WARNING, message, named.line)


def _naming_problems(family: Family) -> Iterator[Problem]:
    if family.kind == "untyped":
        yield Problem(Gravity.WARNING, f"{family.name} has no type", family.line)
    if family.kind == "gauge" and family.name.endswith("_total"):
        yield Problem(Gravity.WARNING, f"{family.name} is a gauge named _total", family.line)
    if family.kind == "gauge" and re.search(r"cpu\w*_seconds$", family.name):
        message = f"{family.name}: seconds of CPU add up; a gauge cannot be trusted to"
        yield Problem(Gravity.WARNING, message, family.line)
    if family.kind == "counter" and any(
        not sample.name.endswith(("_total", "_created")) for sample in family.samples
    ):
        message = f"{family.name} is a counter not named _total"
        yield Problem(Gravity.WARNING, message, family.line)


def _time_problems(parsed: Exposition, now: datetime | None, unit: int) -> Iterator[Problem]:
    """Yield what is wrong with explicit times, given in so many parts of a second."""
    timed = [s for family in parsed.families for s in family.samples if s.timestamp]
    if timed:
        message = "explicit timestamps switch staleness off: values outlive a dead process"
        yield Problem(Gravity.WARNING, message, timed[0].line)
    for sample in timed if now else ():
        age = now.timestamp() - float(sample.timestamp or 0) / unit if now else 0.0
        if age > LOOKBACK_SECONDS:
            message = f"{sample.name} is {age:,.0f} s old: no query sees it"
            yield Problem(Gravity.ERROR, message, sample.line)
        elif age < -AHEAD_SECONDS:
            message = f"{sample.name} is of {-age:,.0f} s from now: it is refused"
            yield Problem(Gravity.ERROR, message, sample.line)
