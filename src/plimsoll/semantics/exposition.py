"""Read what a metrics endpoint answers, as a Prometheus server would.

The text format 0.0.4 and OpenMetrics 1.0 (prometheus.io/docs/instrumenting/exposition_formats,
OpenMetrics specification). Any text gives a value: an exposition, or the reason why it is none.
What a server reads and the strict parser of the format (prometheus/common, expfmt) refuses, is
told beside the exposition.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Exposition, Family, ParseFailure, Sample
from plimsoll.semantics.exposition_line import (
    NAME,
    NUMBER,
    Declaration,
    Dialect,
    RefusedError,
    read_comment,
    read_sample,
    unknown_escapes,
)
from plimsoll.semantics.exposition_type import dialect_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_BODY_CHARACTERS = 16_000_000
_TEXT_KINDS = frozenset(("counter", "gauge", "histogram", "summary", "untyped"))
_OPEN_KINDS = (_TEXT_KINDS - {"untyped"}) | {"unknown", "info", "stateset", "gaugehistogram"}
_SUFFIXES = {
    "counter": ("_total", "_created", ""),
    "histogram": ("_bucket", "_sum", "_count", "_created"),
    "gaugehistogram": ("_bucket", "_gsum", "_gcount"),
    "summary": ("_sum", "_count", "_created", ""),
    "info": ("_info",),
}
_SAMPLE_LINE = re.compile(
    rf"(?m)^[ \t]*(?P<name>{NAME})(?:\{{[^\n]*\}})?"
    r"[ \t]+[+-]?(?:\d[\w.+-]*|\.\d+|Inf|NaN)(?:[ \t]|\r?$)"
)
_DOCUMENT = re.compile(r"\s*(?:(?P<markup><)|\[|\{\s*(?:\}|\"(?:[^\"\\\n]|\\.)*\"\s*:))")
"""How HTML, XML and JSON begin; a sample may begin with `{` as well, and then names its metric."""


def parse_exposition(text: str, content_type: str = "text/plain") -> Exposition | ParseFailure:
    """Read a body; `content_type` tells OpenMetrics from the text format."""
    try:
        return _Reader(dialect_of(content_type)).read(text)
    except RefusedError as refusal:
        return ParseFailure(refusal.reason, refusal.line)


class _Reader:
    """Reads one body, line by line."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._kinds: dict[str, tuple[str, int]] = {}
        self._helped: set[str] = set()
        self._named: set[str] = set()
        self._samples: list[Sample] = []
        self._strict: list[tuple[str, int]] = []

    def read(self, text: str) -> Exposition:
        if len(text) > LARGEST_BODY_CHARACTERS:
            raise RefusedError(f"the body is larger than {LARGEST_BODY_CHARACTERS:,} characters")
        document = _DOCUMENT.match(text)
        if document is not None:
            kind = "HTML or XML" if document["markup"] else "JSON"
            raise RefusedError(f"the body is {kind}, not metrics", 1)
        self._lines(text)
        if not self._samples:
            raise RefusedError("the body holds no sample")
        _refuse_duplicates(self._samples)
        families = tuple(_families(self._kinds, self._samples))
        return Exposition(families, text.endswith("\n"), tuple(self._strict))

    def _lines(self, text: str) -> None:
        ended = False
        for number, line in enumerate(text.split("\n"), 1):
            if ended and line:
                raise RefusedError("the body goes on after # EOF", number)
            if line.endswith("\r"):
                raise RefusedError("the line ends with a carriage return", number)
            ended = ended or (self._dialect.is_open and line == "# EOF")
            self._line(line, number)
        if self._dialect.is_open and not ended:
            raise RefusedError("an OpenMetrics body ends with # EOF; this one was cut off")

    def _line(self, line: str, number: int) -> None:
        stripped = line.strip(" \t")
        if stripped.startswith("#"):
            declared = read_comment(stripped, number)
            if declared is not None:
                self._declare(declared, number)
        elif stripped:
            if line.endswith((" ", "\t")):
                self._strict.append(("blanks follow the sample", number))
            sample = read_sample(stripped, number, self._dialect)
            self._escapes(stripped, 'n"\\', "a label", number)
            self._named.update((sample.name, _owner(sample.name, self._kinds)))
            self._samples.append(sample)

    def _declare(self, declared: Declaration, number: int) -> None:
        name = declared.name
        if declared.keyword == "TYPE":
            kind = declared.text.strip()
            if kind not in (_OPEN_KINDS if self._dialect.is_open else _TEXT_KINDS):
                raise RefusedError(f"{kind!r} is not a type of metric", number)
            if name in self._kinds:
                raise RefusedError(f"{name} is given a type twice", number)
            if name in self._named:
                self._strict.append((f"{name} is given its type after its samples", number))
            self._kinds[name] = (kind, number)
        elif declared.keyword == "HELP":
            if name in self._helped:
                self._strict.append((f"{name} is described twice", number))
            self._helped.add(name)
            self._escapes(declared.text, "n\\", "a description", number)

    def _escapes(self, text: str, known: str, where: str, number: int) -> None:
        """Note the sequences that the text format does not have; OpenMetrics lets them be."""
        for escape in () if self._dialect.is_open else unknown_escapes(text, known):
            self._strict.append((f"{escape} escapes nothing in {where}", number))


def _refuse_duplicates(samples: list[Sample]) -> None:
    seen = Counter((s.name, frozenset(s.labels.items()), s.timestamp) for s in samples)
    for sample in samples:
        if seen[sample.name, frozenset(sample.labels.items()), sample.timestamp] > 1:
            raise RefusedError(f"{sample.name} has two samples with the same labels", sample.line)


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
            if NUMBER.fullmatch(bound) and not math.isnan(float(bound)):
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
