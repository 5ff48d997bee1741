"""Match regular expressions as Prometheus and Alertmanager do: RE2, and always the whole text.

Patterns come from files that nobody here wrote, so they are never given to an engine that goes
back: all ways through a pattern are followed at once, in time linear in the text's length.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from plimsoll.semantics.pattern_characters import Chars
from plimsoll.semantics.pattern_syntax import (
    Assertion,
    Choice,
    Node,
    PatternError,
    RefusedPatternError,
    Repeat,
    Sequence,
    UnreadPatternError,
    read,
)

__all__ = ["Pattern", "PatternError", "RefusedPatternError", "UnreadPatternError", "compiled"]

_LONGEST_PATTERN = 4_000
_LONGEST_TEXT = 10_000
_MOST_STATES = 3_000
_END = -1
_ANYTHING = frozenset({".*", "(.*)", "(?:.*)", "^.*$", ".*?"})
_ANYTHING_GIVEN = _ANYTHING | {".+", "(.+)", "(?:.+)", "^.+$", ".+?"}


@dataclass(frozen=True, slots=True)
class _State:
    """A step: a character or a place to be passed, or several ways on from here."""

    passes: Chars | Assertion | None
    following: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that must match a whole text."""

    text: str
    start: int
    states: tuple[_State, ...] = field(repr=False)

    @property
    def takes_any_given(self) -> bool:
        """Whether it is one of the usual ways to write: any text that is not empty."""
        return self.text in _ANYTHING_GIVEN

    @property
    def takes_anything(self) -> bool:
        """Whether it is one of the usual ways to write: any text, the empty one too."""
        return self.text in _ANYTHING

    def matches(self, text: str) -> bool:
        """Tell whether the whole text matches.

        Raises:
            UnreadPatternError: the text is unreasonably long.

        """
        if len(text) > _LONGEST_TEXT:
            raise UnreadPatternError("the text is unreasonably long")
        reached = self._reached({self.start}, text, 0)
        for at, character in enumerate(text):
            passed = {
                state.following[0]
                for index in reached
                if index != _END
                and isinstance((state := self.states[index]).passes, Chars)
                and state.passes.holds(character)
            }
            reached = self._reached(passed, text, at + 1)
        return _END in reached

    def _reached(self, begun: set[int], text: str, at: int) -> set[int]:
        """Return the states at a place in the text, those behind passable places included."""
        found: set[int] = set()
        waiting = list(begun)
        while waiting:
            index = waiting.pop()
            if index in found:
                continue
            found.add(index)
            state = self.states[index] if index != _END else None
            if state is None or isinstance(state.passes, Chars):
                continue
            if state.passes is None or _is_passed(state.passes, text, at):
                waiting += state.following
        return found


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Pattern:
    """Return a pattern ready to match.

    Raises:
        RefusedPatternError: RE2 refuses it.
        UnreadPatternError: it is unreasonably large, or beyond what is read here.

    """
    if len(pattern) > _LONGEST_PATTERN:
        raise UnreadPatternError("the pattern is unreasonably long")
    states: list[_State] = []
    start = _build(read(pattern), _END, states)
    return Pattern(pattern, start, tuple(states))


def _build(node: Node, after: int, states: list[_State]) -> int:
    """Add the states of a node that lead to `after`; return the first of them."""
    if isinstance(node, Sequence):
        for item in reversed(node.items):
            after = _build(item, after, states)
        return after
    if isinstance(node, Choice):
        ways = tuple(_build(item, after, states) for item in node.items)
        return _added(_State(None, ways), states)
    if isinstance(node, Repeat):
        return _repeated(node, after, states)
    return _added(_State(node, (after,)), states)


def _repeated(node: Repeat, after: int, states: list[_State]) -> int:
    entry = after
    if node.most is None:
        entry = _added(_State(None, ()), states)
        states[entry] = _State(None, (_build(node.item, entry, states), after))
    for _ in range((node.most or node.least) - node.least):
        entry = _added(_State(None, (_build(node.item, entry, states), after)), states)
    for _ in range(node.least):
        before, entry = entry, _build(node.item, entry, states)
        if entry == before:  # nothing, however often, is nothing
            break
    return entry


def _added(state: _State, states: list[_State]) -> int:
    if len(states) >= _MOST_STATES:
        raise UnreadPatternError("the pattern is unreasonably large")
    states.append(state)
    return len(states) - 1


def _is_passed(place: Assertion, text: str, at: int) -> bool:
    if place.kind == "begin":
        return at == 0
    if place.kind == "end":
        return at == len(text)
    before, behind = at > 0 and _in_word(text[at - 1]), at < len(text) and _in_word(text[at])
    return (before != behind) is (place.kind == "boundary")


def _in_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")
