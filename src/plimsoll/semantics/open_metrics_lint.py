"""What OpenMetrics asks for beyond the text format.

OpenMetrics 1.0 (github.com/prometheus/OpenMetrics, specification/OpenMetrics.md, "ABNF" and
"Metric Types"): one blank between parts and no other line, names by type, values by type.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Gravity, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.exposition import Exposition, Family

_COMMENT = re.compile(r"# (?:TYPE|HELP|UNIT) (?P<name>\S+) ?.*|# EOF", re.DOTALL)
_SAMPLE = re.compile(
    r"(?P<name>[^\s{]+|(?=\{))(?:\{(?:[^\"}]|\"(?:[^\"\\]|\\.)*\")*\})? [^\s#]+(?: [^\s#]+)?"
    r"(?P<exemplar> # \{.*)?"
)
_EXEMPLARS = {"counter": "_total", "histogram": "_bucket", "gaugehistogram": "_bucket"}
_ENDINGS = {"counter": ("_total", "_created"), "info": ("_info",)}
_VALUES = {"info": (1.0,), "stateset": (0.0, 1.0)}


def open_metrics_problems(text: str, parsed: Exposition) -> Iterator[Problem]:
    """Yield where a body that a server reads is not what the specification asks for."""
    kinds = {sample.line: family.kind for family in parsed.families for sample in family.samples}
    for number, line in enumerate(text.split("\n"), 1):
        if not line and number <= text.count("\n"):
            yield Problem(Gravity.ERROR, "OpenMetrics has no empty lines", number)
        elif line.lstrip().startswith("#"):
            if not _COMMENT.fullmatch(line):
                message = "OpenMetrics has no comments but TYPE, HELP and UNIT"
                yield Problem(Gravity.ERROR, message, number)
        elif line:
            yield from _line_problems(line, number, kinds.get(number, ""))
    yield from _order_problems(text, parsed)
    for family in parsed.families:
        yield from _family_problems(family)


def _order_problems(text: str, parsed: Exposition) -> Iterator[Problem]:
    """Yield the metrics whose lines are scattered, or described after their samples."""
    owners = {sample.line: family.name for family in parsed.families for sample in family.samples}
    met: set[str] = set()
    sampled: set[str] = set()
    last = ""
    for number, line in enumerate(text.split("\n"), 1):
        comment = _COMMENT.fullmatch(line)
        name = owners.get(number) or (comment["name"] if comment else None)
        if name is None:
            continue
        if name in met and name != last:
            message = f"the lines of {name} do not stand together"
            yield Problem(Gravity.ERROR, message, number)
        elif comment and name in sampled:
            yield Problem(Gravity.ERROR, f"{name} is described after its samples", number)
        if number in owners:
            sampled.add(name)
        met.add(name)
        last = name


def _line_problems(line: str, number: int, kind: str) -> Iterator[Problem]:
    sample = _SAMPLE.fullmatch(line)
    if sample is None:
        message = "OpenMetrics has one blank between the parts of a sample, and no other"
        yield Problem(Gravity.ERROR, message, number)
    elif sample["exemplar"] and not sample["name"].endswith(_EXEMPLARS.get(kind, "\n")):
        message = f"{sample['name']} has an exemplar, which counters and buckets alone have"
        yield Problem(Gravity.ERROR, message, number)


def _family_problems(family: Family) -> Iterator[Problem]:
    endings, values = _ENDINGS.get(family.kind), _VALUES.get(family.kind)
    if len({sample.timestamp is None for sample in family.samples}) > 1:
        message = f"some samples of {family.name} have a time and some have none"
        yield Problem(Gravity.ERROR, message, family.line)
    for sample in family.samples:
        if endings and not sample.name.endswith(endings):
            message = (
                f"{sample.name}: the name of a sample of a {family.kind} ends with {endings[0]}"
            )
            yield Problem(Gravity.ERROR, message, sample.line)
        if family.kind == "stateset" and family.name not in sample.labels:
            message = f"{sample.name} is a state set without the label {family.name}"
            yield Problem(Gravity.ERROR, message, sample.line)
        if values and sample.value not in values:
            message = f"{sample.name} is a {family.kind} and stands at {sample.value:g}"
            yield Problem(Gravity.ERROR, message, sample.line)
