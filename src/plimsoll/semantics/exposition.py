"""Read what a metrics endpoint answers, as a Prometheus server would.

The text format 0.0.4 and OpenMetrics 1.0 (prometheus.io/docs/instrumenting/exposition_formats,
OpenMetrics specification). Any text gives a value: an exposition, or the reason why it is none.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Exposition, Family, ParseFailure, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_BODY_CHARACTERS = 16_000_000
_TEXT_KINDS = frozenset(("counter", "gauge", "histogram", "summary", "untyped"))
_OPEN_KINDS = frozenset(
    (
        "counter",
        "gauge",
        "histogram",
        "summary",
        "unknown",
        "info",
        "stateset",
        "gaugehistogram",
    )
)
_SUFFIXES = {
    "counter": ("_total", "_created", ""),
    "histogram": ("_bucket", "_sum", "_count", "_created"),
    "gaugehistogram": ("_bucket", "_gsum", "_gcount"),
    "summary": ("_sum", "_count", "_created", ""),
    "info": ("_info",),
}
_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_SAMPLE_LINE = re.compile(
    rf"(?m)^[ \t]*(?P<name>{_NAME})(?:\{{[^\n]*\}})?"
    r"[ \t]+[+-]?(?:\d[\w.+-]*|\.\d+|Inf|NaN)(?:[ \t]|\r?$)"
)
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_LABEL = re.compile(rf"\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*({_STRING})\s*")
_SAMPLE = re.compile(
    rf"(?P<name>{_NAME})\s*(?:\{{(?P<labels>(?:[^\"}}]|{_STRING})*)\}})?\s*"
    r"(?P<value>[^\s{#]+)(?:\s+(?P<time>-?[0-9.]+))?\s*(?P<exemplar>#.*)?"
)
_COMMENT = re.compile(rf"#\s*(TYPE|HELP|UNIT)\s+({_NAME})(?:\s+(.*))?", re.DOTALL)
_NUMBER = re.compile(
    r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|nan)", re.IGNORECASE | re.ASCII
)
_ESCAPE = re.compile(r"\\(.)")


class _RefusedError(Exception):
    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def parse_exposition(text: str, content_type: str = "text/plain") -> Exposition | ParseFailure:
    """Read a body; `content_type` tells OpenMetrics from the text format."""
    try:
        return _parse(text, is_open="openmetrics" in content_type.lower())
    except _RefusedError as refusal:
        return ParseFailure(refusal.reason, refusal.line)


def _parse(text: str, *, is_open: bool) -> Exposition:
    if len(text) > LARGEST_BODY_CHARACTERS:
        raise _RefusedError(f"the body is larger than {LARGEST_BODY_CHARACTERS:,} characters")
    start = text.lstrip()[:1]
    if start in ("{", "[", "<"):
        kind = "HTML or XML" if start == "<" else "JSON"
        raise _RefusedError(f"the body is {kind}, not metrics", 1)
    if is_open and not text.rstrip("\n").endswith("# EOF"):
        raise _RefusedError("an OpenMetrics body ends with # EOF; this one was cut off")
    kinds: dict[str, tuple[str, int]] = {}
    samples: list[Sample] = []
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip(" \t\r")
        if stripped.startswith("#"):
            _declare(stripped, number, kinds, is_open=is_open)
        elif stripped:
            samples.append(_sample(stripped, number, is_open=is_open))
    if not samples:
        raise _RefusedError("the body holds no sample")
    _refuse_duplicates(samples)
    return Exposition(tuple(_families(kinds, samples)), text.endswith("\n"))


def _declare(line: str, number: int, kinds: dict[str, tuple[str, int]], *, is_open: bool) -> None:
    comment = _COMMENT.fullmatch(line)
    if comment is None or comment[1] != "TYPE":
        return
    name, kind = comment[2], (comment[3] or "").strip()
    if kind not in (_OPEN_KINDS if is_open else _TEXT_KINDS):
        raise _RefusedError(f"{kind!r} is not a type of metric", number)
    if name in kinds:
        raise _RefusedError(f"{name} is given a type twice", number)
    kinds[name] = (kind, number)


def _sample(line: str, number: int, *, is_open: bool) -> Sample:
    match = _SAMPLE.fullmatch(line)
    if match is None or (match["exemplar"] and not is_open):
        raise _RefusedError(f"not a sample: {line[:80]!r}", number)
    if not _NUMBER.fullmatch(match["value"]):
        raise _RefusedError(f"{match['value'][:40]!r} is not a value", number)
    labels = _labels(match["labels"] or "", number)
    return Sample(match["name"], labels, float(match["value"]), match["time"], number)


def _labels(text: str, number: int) -> dict[str, str]:
    labels: dict[str, str] = {}
    text, position = text.strip(), 0
    while position < len(text):
        match = _LABEL.match(text, position)
        if match is None:
            raise _RefusedError(
                f"labels that cannot be read: {text[position : position + 40]!r}", number
            )
        if match[1] in labels:
            raise _RefusedError(f"the label {match[1]} stands there twice", number)
        labels[match[1]] = _ESCAPE.sub(_unescaped, match[2][1:-1])
        position = match.end()
        if position < len(text) and text[position] != ",":
            raise _RefusedError(
                f"a comma is missing before {text[position : position + 40]!r}", number
            )
        position += 1
    return labels


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1] if match[1] in '"\\' else match[0]


def _refuse_duplicates(samples: list[Sample]) -> None:
    seen = Counter((s.name, frozenset(s.labels.items()), s.timestamp) for s in samples)
    for sample in samples:
        if seen[sample.name, frozenset(sample.labels.items()), sample.timestamp] > 1:
            raise _RefusedError(f"{sample.name} has two samples with the same labels", sample.line)


def _families(kinds: dict[str, tuple[str, int]], samples: list[Sample]) -> Iterator[Family]:
    owned: dict[str, list[Sample]] = {name: [] for name in kinds}
    for sample in samples:
        owned.setdefault(_owner(sample.name, kinds), []).append(sample)
    for name, members in owned.items():
        kind, line = kinds.get(name, ("untyped", members[0].line if members else 1))
        yield Family(name, kind, tuple(members), line)


def _owner(name: str, kinds: dict[str, tuple[str, int]]) -> str:
    """Return the declared metric that a sample's name belongs to, else the name itself."""
    if name in kinds:
        return name
    for kind, suffixes in _SUFFIXES.items():
        for suffix in suffixes:
            base = name.removesuffix(suffix)
            if suffix and base != name and kinds.get(base, ("", 0))[0] == kind:
                return base
    return name


def buckets(family: Family) -> dict[frozenset[tuple[str, str]], list[tuple[float, float]]]:
    """Return each series of a histogram: its labels, and (upper bound, count) in order."""
    series: dict[frozenset[tuple[str, str]], list[tuple[float, float]]] = defaultdict(list)
    for sample in family.samples:
        bound = sample.labels.get("le", "")
        if sample.name == f"{family.name}_bucket":
            if _NUMBER.fullmatch(bound) and not math.isnan(float(bound)):
                series[series_of(sample)].append((float(bound), sample.value))
            else:
                series[series_of(sample)] += []
    return {labels: sorted(pairs) for labels, pairs in series.items()}


def series_of(sample: Sample) -> frozenset[tuple[str, str]]:
    """Return the labels of a sample, without the bucket's bound."""
    return frozenset((key, value) for key, value in sample.labels.items() if key != "le")


def sample_names(text: str) -> frozenset[str]:
    """Return the names of all lines that look like samples, whatever stands around them.

    One broken line makes a server refuse a whole exposition; it hides nothing from a reader.
    """
    return frozenset(match["name"] for match in _SAMPLE_LINE.finditer(text))
