"""Make time run faster: durations, and the windows in PromQL expressions, divided by a factor.

Everything in an expression that is a span of time is divided: ranges, subqueries and offsets. What
is a number stays: a rate is per second at any speed. Only `increase` counts over its window, so
that it is multiplied again by what its window lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.promql import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"""
      (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)
    | (?P<comment>\#[^\n]*)
    | (?P<word>[A-Za-z_:][A-Za-z0-9_:]*)
    | (?P<duration>(?:\d+(?:ms|[smhdwy]))+(?![A-Za-z0-9_]))
    | (?P<number>\d[\w.]*|\.\d[\w]*)
    | (?P<space>\s+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""The tokens of PromQL, as far as they keep strings, names and durations apart."""
_COLON = re.compile(r":")
"""Between brackets it stands before the step of a subquery; elsewhere it is part of a name."""
_NOTHING = frozenset(("space", "comment"))


class _Token(NamedTuple):
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class TimeScale:
    """How many times faster a rehearsal runs, and how often it scrapes and evaluates.

    With `factor` 60 and 0.25 s an expression sees as many samples as every 15 s at real speed.
    """

    factor: float = 60.0
    interval_seconds: float = 0.25

    def seconds(self, real_seconds: float, *, at_least: float = 0.0) -> float:
        """Return a span of real time as it lasts in the rehearsal."""
        return max(real_seconds / self.factor, at_least)

    def duration(self, text: str, *, at_least: float = 0.001) -> str:
        """Return a Prometheus duration as it is in the rehearsal; none stays none.

        Raises ValueError for a text that is no duration.
        """
        real = prometheus_seconds(text)
        if real is None:
            raise ValueError(f"{text!r} is not a duration")
        return spelled(self.seconds(real, at_least=at_least)) if real else "0s"

    def window(self, text: str) -> str:
        """Return the window of a range selector.

        One that holds two samples or more gets room for four: the clocks of a rehearsal tick less
        evenly. One that holds fewer stays as useless as it is.
        """
        real = prometheus_seconds(text) or 0.0
        enough = real / self.factor >= 2 * self.interval_seconds
        return self.duration(text, at_least=4 * self.interval_seconds if enough else 0.001)

    def expression(self, text: str) -> str:
        """Return a PromQL expression that asks in the rehearsal what this one asks at real speed.

        Strings, comments and label values are never touched. Raises PromqlError, a ValueError, for
        what cannot be parsed, and ValueError for a duration that Prometheus would not read.
        """
        parse(text)
        written = "".join(_rewritten(list(_tokens(text)), self))
        parse(written)
        return written


def spelled(seconds: float) -> str:
    """Return seconds as a Prometheus duration, in milliseconds and never none."""
    return f"{max(1, round(seconds * 1000))}ms"


def _tokens(text: str) -> Iterator[_Token]:
    position, square = 0, False
    while match := (square and _COLON.match(text, position)) or _TOKEN.match(text, position):
        position = match.end()
        if match.group() in {"[", "]"}:
            square = match.group() == "["
        yield _Token(match.lastgroup or "sign", match.group())


def _rewritten(tokens: Sequence[_Token], scale: TimeScale) -> Iterator[str]:
    """Yield the text of each token, durations shortened where they are spans of time."""
    calls = _calls_of_increase(tokens)
    inside = ""
    for index, (kind, text) in enumerate(tokens):
        if kind == "sign" and text in "[]:":
            inside = {"[": "window", ":": inside and "step"}.get(text, "")
        if kind == "duration" and inside == "window":
            yield scale.window(text)
        elif kind == "duration" and (inside or _follows_offset(tokens, index)):
            yield scale.duration(text)
        elif index in calls:
            yield calls[index].format(factor=f"{scale.factor:g}", text=text)
        else:
            yield text


def _calls_of_increase(tokens: Sequence[_Token]) -> dict[int, str]:
    """Return, for the tokens at which calls of `increase` begin and end, what to write there."""
    begun: set[int] = set()
    written: dict[int, str] = {}
    waiting: list[int] = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "word" and text == "increase" and _next(tokens, index) == "(":
            begun.add(index)
        elif kind == "sign" and text == "(":
            waiting.append(_previous(tokens, index))
        elif kind == "sign" and text == ")" and waiting and (call := waiting.pop()) in begun:
            written |= {call: "({factor} * {text}", index: "{text})"}
    return written


def _next(tokens: Sequence[_Token], index: int) -> str:
    return next((one.text for one in tokens[index + 1 :] if one.kind not in _NOTHING), "")


def _previous(tokens: Sequence[_Token], index: int) -> int:
    """Return the index of the token before, spaces and comments left out; -1 for none."""
    index -= 1
    while index >= 0 and tokens[index].kind in _NOTHING:
        index -= 1
    return index


def _follows_offset(tokens: Sequence[_Token], index: int) -> bool:
    before = _previous(tokens, index)
    if before >= 0 and tokens[before].text in {"-", "+"}:
        before = _previous(tokens, before)
    return before >= 0 and tokens[before].kind == "word" and tokens[before].text.lower() == "offset"
