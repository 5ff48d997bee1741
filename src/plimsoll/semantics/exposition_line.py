"""One line of an exposition: a sample with its labels, or what a comment declares.

The text format 0.0.4 and OpenMetrics 1.0, with the quoted UTF-8 names of Prometheus 3
(prometheus.io/docs/instrumenting/exposition_formats, prometheus/proposals 2023-08-21-utf8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plimsoll.facts.exposition import Sample

NUMBER = re.compile(
    r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf(inity)?|nan)",
    re.IGNORECASE | re.ASCII,
)
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_LABEL = re.compile(rf"\s*([a-zA-Z_][a-zA-Z0-9_]*|{_STRING})\s*(?:=\s*({_STRING})\s*)?")
_SAMPLE = re.compile(
    rf"(?P<name>{NAME})?[ \t]*(?:\{{(?P<labels>(?:[^\"}}]|{_STRING})*)\}})?[ \t]*"
    r"(?P<value>[^\s{#]+)(?:[ \t]+(?P<time>-?[0-9.]+))?[ \t]*(?P<exemplar>#.*)?"
)
_COMMENT = re.compile(rf"#[ \t]*(TYPE|HELP|UNIT)[ \t]+({NAME}|{_STRING})(?:[ \t]+(.*))?", re.DOTALL)
_KEYWORD = re.compile(r"#[ \t]*(TYPE|HELP)[ \t]+\S")
_ESCAPE = re.compile(r"\\(.)")
_WHOLE = re.compile(r"-?\d+", re.ASCII)


class RefusedError(Exception):
    """No server reads the body; `line` is where that shows, None where it is about the whole."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the content type allows: the additions of OpenMetrics, and names in quotes."""

    is_open: bool = False
    has_quoted_names: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """A comment that means something: `keyword` is TYPE, HELP or UNIT."""

    keyword: str
    name: str
    text: str


def read_comment(line: str, number: int) -> Declaration | None:
    """Return what a comment declares; None for one that is for people only.

    Raises:
        RefusedError: it declares something of what is no name.

    """
    match = _COMMENT.fullmatch(line)
    if match is not None:
        return Declaration(match[1], _name(match[2]), match[3] or "")
    if _KEYWORD.match(line):
        raise RefusedError(f"{line[:80]!r} is about no name of a metric", number)
    return None


def read_sample(line: str, number: int, dialect: Dialect) -> Sample:
    """Return a sample.

    Raises:
        RefusedError: the line is none, by the dialect.

    """
    match = _SAMPLE.fullmatch(line)
    nameless = match is not None and match["name"] is None and match["labels"] is None
    if match is None or nameless or (match["exemplar"] and not dialect.is_open):
        raise RefusedError(f"not a sample: {line[:80]!r}", number)
    if not NUMBER.fullmatch(match["value"]):
        raise RefusedError(f"{match['value'][:40]!r} is not a value", number)
    if match["time"] and not dialect.is_open and not _WHOLE.fullmatch(match["time"]):
        raise RefusedError(f"{match['time'][:40]!r} is not a time in milliseconds", number)
    quoted, labels = _labels(match["labels"] or "", number, dialect)
    names = [name for name in (match["name"], quoted) if name]
    if len(names) != 1:
        raise RefusedError(f"not a sample: {line[:80]!r}", number)
    return Sample(names[0], labels, float(match["value"]), match["time"], number)


def _labels(text: str, number: int, dialect: Dialect) -> tuple[str, dict[str, str]]:
    """Return the metric's name, where it stands among the labels, and the labels."""
    labels: dict[str, str] = {}
    quoted, position = "", 0
    text = text.strip()
    while position < len(text):
        match = _LABEL.match(text, position)
        is_name = match is not None and match[2] is None and match[1].startswith('"')
        if match is None or (match[2] is None and not (is_name and position == 0)):
            raise RefusedError(
                f"labels that cannot be read: {text[position : position + 40]!r}", number
            )
        if match[1].startswith('"') and not dialect.has_quoted_names:
            message = (
                f"the name {match[1][:40]} in quotes, by a content type that has no such names"
            )
            raise RefusedError(message, number)
        name = _name(match[1])
        if is_name:
            quoted = name
        elif name in labels:
            raise RefusedError(f"the label {name} stands there twice", number)
        elif name == "__name__":
            raise RefusedError("the label __name__ is the name of the metric itself", number)
        else:
            labels[name] = _text(match[2])
        position = match.end()
        if position < len(text) and text[position] != ",":
            raise RefusedError(
                f"a comma is missing before {text[position : position + 40]!r}", number
            )
        position += 1
    return quoted, labels


def _name(text: str) -> str:
    return _text(text) if text.startswith('"') else text


def _text(quoted: str) -> str:
    return _ESCAPE.sub(_unescaped, quoted[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1] if match[1] in '"\\' else match[0]


def unknown_escapes(text: str, known: str) -> tuple[str, ...]:
    """Return the escape sequences of a text that are not among the known ones."""
    return tuple(match[0] for match in _ESCAPE.finditer(text) if match[1] not in known)
