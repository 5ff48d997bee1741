"""Characters of regular expressions: ranges of code points, and RE2's names for some of them."""

from __future__ import annotations

from dataclasses import dataclass

LAST = 0x10FFFF
"""The last code point of Unicode."""

Ranges = tuple[tuple[int, int], ...]
_DIGITS: Ranges = ((0x30, 0x39),)
_WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE: Ranges = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))
CLASSES: dict[str, Ranges] = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
NAMED_CLASSES: dict[str, Ranges] = {
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "ascii": ((0, 0x7F),),
    "blank": ((0x09, 0x09), (0x20, 0x20)),
    "cntrl": ((0, 0x1F), (0x7F, 0x7F)),
    "digit": _DIGITS,
    "graph": ((0x21, 0x7E),),
    "lower": ((0x61, 0x7A),),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((0x09, 0x0D), (0x20, 0x20)),
    "upper": ((0x41, 0x5A),),
    "word": _WORD,
    "xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
}


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of ranges of code points; `folds` where its case does not matter."""

    ranges: Ranges
    folds: bool = False

    def holds(self, character: str) -> bool:
        """Tell whether a character is one of them."""
        shapes = {character, character.lower(), character.upper()} if self.folds else {character}
        codes = [ord(shape) for shape in shapes if len(shape) == 1]
        return any(low <= code <= high for code in codes for low, high in self.ranges)


def without(ranges: Ranges) -> Ranges:
    """Return every code point outside of the ranges."""
    found, following = [], 0
    for low, high in sorted(ranges):
        if low > following:
            found.append((following, low - 1))
        following = max(following, high + 1)
    if following <= LAST:
        found.append((following, LAST))
    return tuple(found)
