"""The syntax of matchers since Alertmanager 0.27: any UTF-8 text may name a label, in quotes.

Source: the package `matcher/parse` of Alertmanager. Quoted texts are those of the language Go.
"""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(
    r'(?P<sign>\{|\}|,|=~|=|!=|!~)|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<plain>[^\s{}!=~,\\"\'`]+)',
    re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL
)
_CONTROLS = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
}
_OPERATORS = frozenset({"=", "!=", "=~", "!~"})
_LAST = 0x10FFFF

Triple = tuple[str, str, str]
"""A matcher's label, operator and value."""


class Utf8MatcherError(ValueError):
    """A text that holds no matchers in this syntax."""


def read(text: str) -> tuple[Triple, ...]:
    """Return label, operator and value of every matcher of a text.

    Raises:
        Utf8MatcherError: it holds something else.

    """
    tokens = _tokens(text)
    if tokens and tokens[0] == ("sign", "{"):
        if tokens[-1] != ("sign", "}") or len(tokens) == 1:
            raise Utf8MatcherError("a brace is not closed")
        tokens = tokens[1:-1]
    return tuple(_matchers(tokens))


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], _skipped(text, 0)
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise Utf8MatcherError(f"{text[at]!r} is not expected")
        found.append((token.lastgroup or "", token[0]))
        at = _skipped(text, token.end())
    return found


def _skipped(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _matchers(tokens: list[tuple[str, str]]) -> list[Triple]:
    found, at = [], 0
    while at < len(tokens):
        if len(tokens) < at + 3:
            raise Utf8MatcherError("it ends too early")
        label, operator, value = tokens[at : at + 3]
        if label[0] == "sign" or value[0] == "sign" or operator[1] not in _OPERATORS:
            raise Utf8MatcherError("a label, an operator and a value are expected")
        found.append((_unquoted(*label), operator[1], _unquoted(*value)))
        at += 3
        if at < len(tokens) and tokens[at] != ("sign", ","):
            raise Utf8MatcherError("a comma is expected between matchers")
        at += 1
    return found


def _unquoted(kind: str, text: str) -> str:
    if kind != "quoted":
        return text
    if "\n" in text:
        raise Utf8MatcherError("a quoted text runs over lines")
    return _ESCAPE.sub(_character, text[1:-1])


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    code = int(digits, 16) if digits else int(escape[4], 8) if escape[4] else None
    if code is None and escape[5] in _CONTROLS:
        return _CONTROLS[escape[5]]
    # Single bytes beyond ASCII may form a character together: nobody writes labels like that.
    is_byte = bool(escape[1] or escape[4])
    if code is None or code > _LAST or 0xD800 <= code <= 0xDFFF or (is_byte and code > 0x7F):
        raise Utf8MatcherError(f"{escape[0]} is no escape")
    return chr(code)
