"""The syntax of the regular expressions that Prometheus and Alertmanager take: RE2's.

Source: https://github.com/google/re2/wiki/Syntax and the limits of Go's `regexp/syntax`. What RE2
has no word for (look-around, back references) is refused as it refuses it; the rare words that are
not read here (Unicode classes, several lines) are said not to be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plimsoll.semantics.pattern_characters import (
    CLASSES,
    LAST,
    NAMED_CLASSES,
    Chars,
    Ranges,
    without,
)

_MOST_NESTED = 100
_MOST_REPEATED = 1000
_REPEAT = re.compile(r"\{(\d{1,6})(?:(,)(\d{1,6})?)?\}")
_FLAGS = re.compile(r"\?(?P<on>[a-zA-Z]*)(?:-(?P<off>[a-zA-Z]+))?(?P<end>[:)])")
_NAMED = re.compile(r"\?P?<(?P<name>\w+)>", re.ASCII)
_NAMED_CLASS = re.compile(r"\[:(\^?)([a-z]+):\]")

_CONTROLS = {"a": 0x07, "f": 0x0C, "t": 0x09, "n": 0x0A, "r": 0x0D, "v": 0x0B}
_ASSERTIONS = {"A": "begin", "z": "end", "b": "boundary", "B": "inside"}
_HEX = re.compile(r"x(?:\{([0-9a-fA-F]{1,8})\}|([0-9a-fA-F]{2}))")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")


class PatternError(ValueError):
    """A regular expression that cannot be used here."""


class RefusedPatternError(PatternError):
    """A regular expression that RE2 refuses."""


class UnreadPatternError(PatternError):
    """A regular expression that may well be valid, and is beyond what is read here."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place: `begin`, `end`, `boundary` of a word, or `inside` or outside of one."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; nothing at all where it is empty."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something again and again; `most` is None where there is no end to it."""

    item: Node
    least: int
    most: int | None


Node = Chars | Assertion | Sequence | Choice | Repeat


def read(pattern: str) -> Node:
    """Return the syntax tree of a pattern.

    Raises:
        RefusedPatternError: RE2 refuses it.
        UnreadPatternError: it is beyond what is read here.

    """
    reader = _Reader(pattern)
    node = reader.choice()
    if not reader.is_done:
        raise RefusedPatternError("unexpected )")
    return node


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._depth = 0
        self._folds = False
        self._dot_is_all = False

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._text)

    def choice(self) -> Node:
        branches = [self._sequence()]
        while self._takes("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Node:
        items: list[Node] = []
        while not self.is_done and self._text[self._at] not in "|)":
            if self._text.startswith(r"\Q", self._at):
                items += self._quoted()
            elif (item := self._atom()) is not None:
                items.append(self._repeated(item))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _takes(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += len(sign) if found else 0
        return found

    def _matches(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found

    def _quoted(self) -> list[Node]:
        end = self._text.find(r"\E", self._at + 2)
        text = self._text[self._at + 2 : end if end >= 0 else None]
        self._at = end + 2 if end >= 0 else len(self._text)
        quoted: list[Node] = [self._literal(ord(character)) for character in text]
        return [*quoted[:-1], self._repeated(quoted[-1])] if quoted else []

    def _repeated(self, item: Node) -> Node:
        count = self._count()
        if count is None:
            return item
        self._takes("?")  # a lazy repetition takes other text, and no other whole texts
        if self._count() is not None:
            raise RefusedPatternError("a repetition of a repetition")
        return Repeat(item, *count)

    def _count(self) -> tuple[int, int | None] | None:
        for sign, count in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._takes(sign):
                return count
        found = self._matches(_REPEAT)
        if found is None:
            return None
        least = int(found[1])
        most = (int(found[3]) if found[3] else None) if found[2] else least
        if max(least, most or 0) > _MOST_REPEATED or (most is not None and most < least):
            raise RefusedPatternError(f"invalid repeat count {found[0]}")
        return least, most

    def _atom(self) -> Node | None:
        sign = self._text[self._at]
        if sign in "*+?":
            raise RefusedPatternError(f"nothing to repeat before {sign}")
        self._at += 1
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._bracket()
        if sign == "\\":
            return self._escape()
        if sign == ".":
            newline = ((0, LAST),) if self._dot_is_all else without(((0x0A, 0x0A),))
            return Chars(newline)
        if sign in "^$":
            return Assertion("begin" if sign == "^" else "end")
        return self._literal(ord(sign))

    def _group(self) -> Node | None:
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise UnreadPatternError("nested too deeply")
        before = (self._folds, self._dot_is_all)
        if self._text.startswith("?", self._at) and not self._matches(_NAMED):
            flags = self._matches(_FLAGS)
            if flags is None:
                raise RefusedPatternError("an unknown kind of group (RE2 has no look-around)")
            self._set_flags(flags)
            if flags["end"] == ")":
                self._depth -= 1
                return None
        inner = self.choice()
        if not self._takes(")"):
            raise RefusedPatternError("missing )")
        self._depth -= 1
        self._folds, self._dot_is_all = before
        return inner

    def _set_flags(self, flags: re.Match[str]) -> None:
        for letters, is_on in ((flags["on"], True), (flags["off"] or "", False)):
            for letter in letters:
                if letter == "i":
                    self._folds = is_on
                elif letter == "s":
                    self._dot_is_all = is_on
                elif letter == "m":
                    raise UnreadPatternError("the flag m is not read here")
                elif letter != "U":
                    raise RefusedPatternError(f"unknown flag {letter}")

    def _literal(self, code: int) -> Chars:
        return Chars(((code, code),), self._folds)

    def _escape(self) -> Node:
        if self.is_done:
            raise RefusedPatternError("a trailing backslash")
        letter = self._text[self._at]
        if letter in _ASSERTIONS:
            self._at += 1
            return Assertion(_ASSERTIONS[letter])
        found = self._escaped()
        return Chars(found) if len(found) != 1 else Chars(found, self._folds)

    def _escaped(self) -> Ranges:
        """Read what follows a backslash, in a class or outside of one."""
        letter = self._text[self._at]
        if letter.lower() in CLASSES:
            self._at += 1
            ranges = CLASSES[letter.lower()]
            return ranges if letter.islower() else without(ranges)
        if letter in "pPC":
            raise UnreadPatternError(rf"\{letter} is not read here")
        if found := self._matches(_HEX):
            return self._code(int(found[1] or found[2], 16))
        if found := self._matches(_OCTAL):
            return self._code(int(found[0], 8))
        self._at += 1
        if letter in _CONTROLS:
            return self._code(_CONTROLS[letter])
        if letter.isascii() and (letter.isalnum() or letter == "_"):
            raise RefusedPatternError(rf"unknown escape \{letter}")
        if not letter.isascii():
            raise RefusedPatternError("an escape of a letter beyond ASCII")
        return self._code(ord(letter))

    @staticmethod
    def _code(code: int) -> Ranges:
        if code > LAST:
            raise RefusedPatternError("a code point beyond Unicode")
        return ((code, code),)

    def _bracket(self) -> Chars:
        ranges: list[tuple[int, int]] = []
        is_negated, is_first = self._takes("^"), True
        while is_first or not self._takes("]"):
            if self.is_done:
                raise RefusedPatternError("missing ]")
            ranges += self._member()
            is_first = False
        found = tuple(ranges)
        if is_negated and self._folds:
            raise UnreadPatternError("a negated class without case is not read here")
        return Chars(without(found) if is_negated else found, self._folds)

    def _member(self) -> Ranges:
        named = self._matches(_NAMED_CLASS)
        if named:
            if named[2] not in NAMED_CLASSES:
                raise RefusedPatternError(f"unknown class {named[0]}")
            ranges = NAMED_CLASSES[named[2]]
            return without(ranges) if named[1] else ranges
        low = self._bound()
        is_range = self._text.startswith("-", self._at) and not self._text.startswith(
            "-]", self._at
        )
        if not is_range or len(low) != 1 or low[0][0] != low[0][1]:
            return low
        self._at += 1
        if self.is_done:
            raise RefusedPatternError("missing ]")
        high = self._bound()
        if len(high) != 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
            raise RefusedPatternError("an invalid range in a class")
        return ((low[0][0], high[0][0]),)

    def _bound(self) -> Ranges:
        if self._takes("\\"):
            if self.is_done:
                raise RefusedPatternError("a trailing backslash")
            return self._escaped()
        self._at += 1
        return self._code(ord(self._text[self._at - 1]))
