"""Whether some text can match several regular expressions, and none of several others.

All of them are followed at once, over one character of each kind that any of them tells apart. What
is beyond that is taken to be possible.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.pattern import Pattern, PatternError, compiled
from plimsoll.semantics.pattern_characters import LAST, Chars
from plimsoll.semantics.pattern_syntax import Assertion

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_CHARACTERS = 200
_MOST_PLACES = 2_000
_END = -1
_NEVER = frozenset((LAST + 1, LAST + 2, ord("\n")))
"""Line breaks, which `.` does not take, stand in no label that is meant."""
_FOLLOWED = frozenset(("begin", "end"))

Places = tuple[frozenset[int], ...]


@lru_cache(maxsize=4096)
def can_meet(wanted: frozenset[str], unwanted: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether a text other than some can match all that is wanted and nothing unwanted."""
    try:
        patterns = [compiled(text) for text in (*sorted(wanted), *sorted(unwanted))]
    except PatternError:
        return True
    characters = _characters(patterns, others)
    if characters is None:
        return True
    return _is_found(patterns, len(wanted), others, characters)


def _is_found(
    patterns: list[Pattern], wanted: int, others: frozenset[str], characters: list[str]
) -> bool:
    """Look for such a text, the shortest first; one that is too far away may be there."""
    longest = max((len(text) for text in others), default=0)
    begin = tuple(frozenset((pattern.start,)) for pattern in patterns)
    waiting: list[tuple[Places, str]] = [(begin, "")]
    seen: set[tuple[Places, str]] = set(waiting)
    while waiting:
        places, text = waiting.pop(0)
        ended = [_ends(p, at, is_begin=not text) for p, at in zip(patterns, places, strict=True)]
        if all(ended[:wanted]) and not any(ended[wanted:]) and text not in others:
            return True
        for character in characters:
            following = tuple(
                _after(pattern, at, character, is_begin=not text)
                for pattern, at in zip(patterns, places, strict=True)
            )
            # Beyond the longest of the other texts it no longer matters which text it was.
            kept = (text + character)[: longest + 1]
            if all(following[:wanted]) and (following, kept) not in seen:
                seen.add((following, kept))
                waiting.append((following, kept))
        if len(seen) > _MOST_PLACES:
            return True
    return False


def _characters(patterns: Iterable[Pattern], others: Iterable[str]) -> list[str] | None:
    """Return a character of each kind that is told apart; None where that cannot be followed."""
    codes = {ord(character) for text in others for character in text}
    for pattern in patterns:
        for state in pattern.states:
            told = state.passes
            if isinstance(told, Assertion) and told.kind not in _FOLLOWED:
                return None
            if not isinstance(told, Chars):
                continue
            if told.folds:
                return None
            codes |= {code for low, high in told.ranges for code in (low, high + 1)}
    found = sorted({0, *codes, *(code + 1 for code in codes)} - _NEVER)
    return [chr(code) for code in found] if len(found) <= _MOST_CHARACTERS else None


def _after(
    pattern: Pattern, places: frozenset[int], character: str, *, is_begin: bool
) -> frozenset[int]:
    """Return where a pattern is behind one more character."""
    return frozenset(
        state.following[0]
        for index in _passed(pattern, places, is_begin=is_begin, is_end=False)
        if index != _END
        and isinstance((state := pattern.states[index]).passes, Chars)
        and state.passes.holds(character)
    )


def _ends(pattern: Pattern, places: frozenset[int], *, is_begin: bool) -> bool:
    return _END in _passed(pattern, places, is_begin=is_begin, is_end=True)


def _passed(
    pattern: Pattern, places: frozenset[int], *, is_begin: bool, is_end: bool
) -> frozenset[int]:
    """Return the places that are reached from others without a character."""
    found: set[int] = set()
    waiting = list(places)
    while waiting:
        index = waiting.pop()
        if index in found:
            continue
        found.add(index)
        told = pattern.states[index].passes if index != _END else None
        is_open = told is None or (
            isinstance(told, Assertion) and (is_begin if told.kind == "begin" else is_end)
        )
        if index != _END and is_open:
            waiting += pattern.states[index].following
    return frozenset(found)
