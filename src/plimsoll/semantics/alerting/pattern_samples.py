"""Strings that the regular expressions of label matchers match, so that series can bear them."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from plimsoll.semantics.pattern import PatternError, compiled
from plimsoll.semantics.pattern_characters import Chars
from plimsoll.semantics.pattern_syntax import Assertion, Choice, Node, Repeat, Sequence, read

__all__ = ["MOST_ALTERNATIVES", "PatternError", "samples"]

MOST_ALTERNATIVES = 12
_LONGEST = 1000
_LIKELY = "x0a1A-_/. :,"
"""Characters that labels are made of, the likeliest first."""


@lru_cache(maxsize=1024)
def samples(pattern: str) -> tuple[str, ...]:
    """Return a string for each outer alternative of a pattern, in their order, each once.

    No more than `MOST_ALTERNATIVES`; one that its own anchors keep from matching is left out.

    Raises:
        PatternError: the pattern is beyond what is read here.

    """
    whole = compiled(pattern)
    found = dict.fromkeys(
        text
        for way in islice(_alternatives(read(pattern)), MOST_ALTERNATIVES)
        if (text := _sample(way, _LONGEST)) is not None
    )
    return tuple(text for text in found if whole.matches(text))


def _alternatives(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Choice):
        return node.items
    if isinstance(node, Sequence):
        inner = [item for item in node.items if not isinstance(item, Assertion)]
        if len(inner) == 1:
            return _alternatives(inner[0])
    return (node,)


def _sample(node: Node, room: int) -> str | None:
    """Return a string that the part takes; None where there is no room for one."""
    if isinstance(node, Assertion):
        return ""
    if isinstance(node, Chars):
        return _likeliest(node) if room else None
    if isinstance(node, Choice):
        return _sample(node.items[0], room)
    if isinstance(node, Repeat):
        times = max(node.least, 0 if node.most == 0 else 1)
        one = _sample(node.item, room)
        return None if one is None or len(one) * times > room else one * times
    told = ""
    for item in node.items:
        part = _sample(item, room - len(told))
        if part is None:
            return None
        told += part
    return told


def _likeliest(node: Chars) -> str | None:
    if not node.ranges:
        return None
    return next((one for one in _LIKELY if node.holds(one)), chr(node.ranges[0][0]))
