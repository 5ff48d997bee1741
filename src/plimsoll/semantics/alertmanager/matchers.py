"""Matchers: conditions on an alert's labels, in the syntaxes that Alertmanager has had.

Sources: `pkg/labels/parse.go` (the classic syntax), `matcher/parse` (UTF-8, since 0.27) and
`matcher/compat`, which since 0.27 takes the classic reading of a text wherever there is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.utf8_matchers import Triple, Utf8MatcherError, read
from plimsoll.semantics.pattern import PatternError, RefusedPatternError, compiled
from plimsoll.semantics.version_number import is_at_least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Part, Problem

_MATCHER = re.compile(
    r"[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)[\t\n\f\r ]*(.*?)[\t\n\f\r ]*",
    re.DOTALL,
)
_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}
_UTF8_SINCE = "0.27.0"
_WRITTEN = 'label="value", label=~"pattern", or the same with != and !~'


class Syntax(Enum):
    """Which texts are matchers: those of before 0.27, those of UTF-8 mode, or either."""

    CLASSIC = "classic"
    UTF8 = "utf8"
    FALLBACK = "fallback"

    @classmethod
    def of_version(cls, version: str | None) -> Syntax:
        """Return what a version reads; the present one's where the version is not known."""
        is_present = version is None or is_at_least(version, _UTF8_SINCE)
        return cls.FALLBACK if is_present else cls.CLASSIC


class MatcherError(ValueError):
    """A matcher that Alertmanager refuses."""


class UnclearMatcherError(ValueError):
    """A matcher of which it cannot be told here what it accepts."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one label: `operator` is `=`, `!=`, `=~` or `!~`."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f'{self.label}{self.operator}"{self.value}"'

    def accepts(self, value: str) -> bool:
        """Tell whether the label may have this value; an absent label has the empty one.

        Raises:
            UnclearMatcherError: the regular expression is beyond what is read here.

        """
        if self.operator in ("=", "!="):
            return (value == self.value) is (self.operator == "=")
        try:
            return compiled(self.value).matches(value) is (self.operator == "=~")
        except PatternError as error:
            raise UnclearMatcherError(f"cannot tell what {self} accepts: {error}") from error


def parse_matchers(text: str, syntax: Syntax = Syntax.FALLBACK) -> tuple[Matcher, ...]:
    """Return the matchers of a text, which may hold several, in braces or without.

    Raises:
        MatcherError: Alertmanager refuses it.

    """
    if syntax is Syntax.UTF8:
        return _utf8(text)
    try:
        return tuple(_checked(_classic(token)) for token in _tokens(text))
    except MatcherError:
        if syntax is Syntax.CLASSIC:
            raise
        return _utf8(text)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a mapping that hold its matchers."""

    plain: str = "match"
    pattern: str = "match_re"
    listed: str = "matchers"


ROUTE = Fields()
SOURCE = Fields("source_match", "source_match_re", "source_matchers")
TARGET = Fields("target_match", "target_match_re", "target_matchers")


def matchers_of(
    part: Part, fields: Fields = ROUTE, syntax: Syntax = Syntax.FALLBACK
) -> tuple[Matcher, ...]:
    """Return every matcher of a route, or of one side of an inhibition.

    Raises:
        MatcherError: Alertmanager refuses one.
        UnclearMatcherError: a value is no text, and which text stands there is not known here.

    """
    found = [Matcher(str(one.key), "=", _text(one)) for one in part[fields.plain]]
    found += [_checked((str(one.key), "=~", _text(one))) for one in part[fields.pattern]]
    for line in part[fields.listed]:
        found += parse_matchers(_text(line), syntax)
    return tuple(found)


def matcher_problems(
    part: Part, fields: Fields = ROUTE, syntax: Syntax = Syntax.FALLBACK
) -> Iterator[Problem]:
    """Yield a problem for every matcher that Alertmanager refuses."""
    for one in (*part[fields.plain], *part[fields.pattern]):
        if not _LABEL_NAME.fullmatch(str(one.key)):
            yield one.problem(f"{one.key!r} is no name of a label", "a label's name")
    for one in part[fields.pattern]:
        if isinstance(one.value, str) and (refusal := _refusal(one.value)):
            yield one.problem(f"the pattern {one.value!r} is refused: {refusal}", "an RE2 pattern")
    for line in part[fields.listed]:
        try:
            parse_matchers(line.text or "", syntax)
        except MatcherError as error:
            yield line.problem(str(error), _WRITTEN)


def _text(part: Part) -> str:
    """Return the text of a scalar; Alertmanager takes numbers as they are written."""
    if part.value is None:
        return ""
    text = part.text if part.integer is None else str(part.integer)
    if text is None:
        raise UnclearMatcherError(f"{part.where}: {part.key} is no text, and not told as written")
    return text


def _tokens(text: str) -> list[str]:
    """Split at commas outside of double quotes, as the classic parser does."""
    tokens, begin, is_quoted, is_escaped = [], 0, False, False
    text = text.removeprefix("{").removesuffix("}")
    for at, character in enumerate(text):
        if character == "," and not is_quoted:
            tokens.append(text[begin:at])
            begin = at + 1
        elif character == '"' and not is_escaped:
            is_quoted = not is_quoted
        is_escaped = character == "\\" and not is_escaped
    return [*tokens, text[begin:]] if text[begin:].strip() else tokens


def _classic(text: str) -> Triple:
    parts = _MATCHER.fullmatch(text)
    if parts is None:
        raise MatcherError(f"{text.strip()!r} is no matcher")
    label, operator, raw = parts.groups()
    is_quoted = raw.startswith('"')
    value, is_closed = _unescaped(raw[1:] if is_quoted else raw, is_quoted)
    if is_quoted and not is_closed:
        raise MatcherError(f"{text.strip()!r} has an unescaped double quote")
    return label, operator, value


def _unescaped(raw: str, is_quoted: bool) -> tuple[str, bool]:  # noqa: FBT001 (a state of the text)
    """Return the value and whether its closing quote was met; a lone backslash is itself."""
    value, at, is_closed = [], 0, False
    while at < len(raw):
        character, is_last = raw[at], at == len(raw) - 1
        if character == "\\" and not is_last:
            value.append(_ESCAPES.get(raw[at + 1], raw[at : at + 2]))
            at += 1
        elif character == '"':
            if not is_quoted or not is_last:
                raise MatcherError(f"{raw!r} has an unescaped double quote")
            is_closed = True
        else:
            value.append(character)
        at += 1
    return "".join(value), is_closed


def _utf8(text: str) -> tuple[Matcher, ...]:
    try:
        return tuple(_checked(one) for one in read(text))
    except Utf8MatcherError as error:
        raise MatcherError(f"{text.strip()!r} is no matcher: {error}") from error


def _checked(parts: Triple) -> Matcher:
    made = Matcher(*parts)
    refusal = _refusal(made.value) if "~" in made.operator else None
    if refusal:
        raise MatcherError(f"the pattern {made.value!r} is refused: {refusal}")
    return made


def _refusal(pattern: str) -> str | None:
    """Return why RE2 refuses a pattern; None where it does not, or where that is not known."""
    try:
        compiled(pattern)
    except RefusedPatternError as error:
        return str(error)
    except PatternError:
        return None
    return None
