"""Regular expressions of rule files, matched as RE2 would.

They come from untrusted files. Whether a text matches is told by an engine that never goes back.
What a group captured is told by Python's `re`, which searches by trial: such a pattern is read
first, and what means something else in RE2, or could take more than linear time in an unreasonable
degree, is refused, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from plimsoll.semantics.pattern import PatternError, compiled
from plimsoll.semantics.promql.errors import UnsupportedError

_LONGEST_PATTERN = 2_000
_LONGEST_VALUE = 4_096
_MOST_WAYS = 1_000_000
_MOST_REPEATS = 1_000
_DEEPEST_GROUP = 50
_ESCAPED_LETTERS = frozenset("dDwWsSbBAtnrfvax")
_REPEAT = re.compile(r"[*+?]|\{(\d+)(?:(,)(\d*))?\}")
_GROUP = re.compile(r"\((?:\?(?:P<[A-Za-z_]\w*>|:))?", re.ASCII)
_SET = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_SET_SURPRISES = ("--", "&&", "||", "~~")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that is safe to use.

    Attributes:
        program: the pattern for Python.
        ways: in how many ways its parts can match, whatever the value.
        degree: how many parts in a row repeat without end: by each, the effort grows with the
            length of the value.

    """

    program: re.Pattern[str]
    ways: int
    degree: int

    def match(self, value: str) -> re.Match[str] | None:
        """Match the whole value.

        Raises:
            UnsupportedError: this could take too long for a value of this length.

        """
        if len(value) > _LONGEST_VALUE or self.ways * (len(value) + 1) ** self.degree > _MOST_WAYS:
            raise UnsupportedError(f"the pattern {self.program.pattern!r} could take too long")
        return self.program.fullmatch(value)


@lru_cache(maxsize=1024)
def pattern(text: str, *, dot_matches_newline: bool = False) -> Pattern:
    """Read a pattern.

    Raises:
        UnsupportedError: it is invalid, or not certain to mean the same as in RE2.

    """
    if len(text) > _LONGEST_PATTERN:
        raise UnsupportedError("a pattern is unreasonably long")
    body = text.removeprefix("(?i)")
    effort = _Reading(body).read()
    flags = re.ASCII | (re.DOTALL if dot_matches_newline else re.NOFLAG)
    if body != text:
        flags |= re.IGNORECASE
        if not text.isascii():
            raise UnsupportedError(f"cannot fold the case of the pattern {text!r}")
    try:
        program = re.compile(body, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise UnsupportedError(f"cannot evaluate the pattern {text!r}: {error}") from error
    return Pattern(program, effort.ways, effort.degree)


@lru_cache(maxsize=65536)
def matches(text: str, value: str, *, dot_matches_newline: bool = False) -> bool:
    """Tell whether the whole value matches, in time linear in its length.

    Raises:
        UnsupportedError: the pattern is invalid, or beyond what is read here.

    """
    try:
        return compiled(f"(?s:{text})" if dot_matches_newline else text).matches(value)
    except PatternError as error:
        raise UnsupportedError(f"cannot evaluate the pattern {text!r}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Effort:
    """In how many ways a part can match: `ways` × (length of the value) ^ `degree`."""

    ways: int = 1
    degree: int = 0

    def then(self, following: _Effort) -> _Effort:
        return _Effort(self.ways * following.ways, self.degree + following.degree)

    def or_else(self, other: _Effort) -> _Effort:
        return _Effort(self.ways + other.ways, max(self.degree, other.degree))


@dataclass(slots=True)
class _Group:
    """An open group: the alternatives read so far, the one under way, and its last atom."""

    alternatives: _Effort | None = None
    before: _Effort = field(default_factory=_Effort)
    atom: _Effort = field(default_factory=_Effort)

    def begin(self, atom: _Effort) -> None:
        self.before, self.atom = self.before.then(self.atom), atom

    def divide(self) -> None:
        self.alternatives = self.effort()
        self.before = self.atom = _Effort()

    def effort(self) -> _Effort:
        current = self.before.then(self.atom)
        return current if self.alternatives is None else self.alternatives.or_else(current)


class _Reading:
    """One pass over a pattern: refuses what is not certain, and counts the ways to match."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._groups = [_Group()]

    def read(self) -> _Effort:
        while self._at < len(self._text):
            sign = self._text[self._at]
            if sign == "(":
                self._open()
            elif sign == ")":
                self._close()
            elif sign == "|":
                self._groups[-1].divide()
                self._at += 1
            elif sign in "*+?{":
                self._repeat()
            else:
                self._single(sign)
        return self._groups[0].effort()

    def _refuse(self, why: str) -> UnsupportedError:
        return UnsupportedError(f"cannot evaluate the pattern {self._text!r}: {why}")

    def _open(self) -> None:
        found = _GROUP.match(self._text, self._at)
        end = found.end() if found else self._at + 1
        if self._text[end : end + 1] == "?" or len(self._groups) > _DEEPEST_GROUP:
            raise self._refuse("only plain and named groups are known")
        self._groups.append(_Group())
        self._at = end

    def _close(self) -> None:
        if len(self._groups) == 1:
            raise self._refuse("a bracket is closed that was not opened")
        closed = self._groups.pop()
        self._groups[-1].begin(closed.effort())
        self._at += 1

    def _repeat(self) -> None:
        found = _REPEAT.match(self._text, self._at)
        if found is None:
            raise self._refuse("a brace must be escaped")
        group = self._groups[-1]
        if found[0] == "?":
            group.atom = group.atom.or_else(_Effort())
        elif group.atom != _Effort():
            raise self._refuse("a repetition of what can match in several ways")
        else:
            group.atom = self._repeated(*found.groups())
        self._at = found.end()
        if self._text[self._at : self._at + 1] == "?":
            self._at += 1
        if self._text[self._at : self._at + 1] in ("*", "+", "?"):
            raise self._refuse("a repetition of a repetition")

    def _repeated(self, least: str | None, comma: str | None, most: str | None) -> _Effort:
        """Return the effort of `*` and `+` (nothing given), `{2}`, `{2,}` or `{2,3}`."""
        if max(int(least or 0), int(most or 0)) > _MOST_REPEATS:
            raise self._refuse("it repeats too often")
        if least is None or (comma and not most):
            return _Effort(1, 1)
        return _Effort(1 + max(0, int(most or least) - int(least)))

    def _single(self, sign: str) -> None:
        self._groups[-1].begin(_Effort())
        if sign == "\\":
            self._escape(self._text[self._at + 1 : self._at + 2])
            self._at += 2
        elif sign == "[":
            found = _SET.match(self._text, self._at)
            if found is None:
                raise self._refuse("a set is not closed")
            self._set(found[0])
            self._at = found.end()
        else:
            self._at += 1

    def _escape(self, sign: str) -> None:
        known = sign in _ESCAPED_LETTERS or (sign.isascii() and not sign.isalnum())
        if not sign or not known:
            raise self._refuse(f"\\{sign} is not known")

    def _set(self, text: str) -> None:
        inner = text[1:].replace("\\[", "")
        if "[" in inner or any(pair in text for pair in _SET_SURPRISES):
            raise self._refuse("a set within a set")
        for escaped in re.findall(r"\\(.)", text, re.DOTALL):
            self._escape(escaped)
