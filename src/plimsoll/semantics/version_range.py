"""The least version that a range such as `>=18` or `^20.1 || 22.x` lets in.

The ranges are those of npm's `semver`: comparators, carets, tildes, hyphens and wildcards.
"""

from __future__ import annotations

import re

Version = tuple[int, int, int]

_PART = r"(?:\d{1,6}|[xX*])"
_PARTIAL = rf"v?(?P<major>{_PART})(?:\.(?P<minor>{_PART}))?(?:\.(?P<patch>{_PART}))?"
_COMPARATOR = re.compile(rf"(?P<sign>>=|<=|>|<|=|\^|~>?|)\s*{_PARTIAL}", re.ASCII)
_HYPHEN = re.compile(rf"\s*({_PARTIAL})\s+-\s+v?{_PART}(?:\.{_PART}){{0,2}}\s*", re.ASCII)


class UnknownRangeError(ValueError):
    """A range that is written in a way not known here."""


def least_version(text: str) -> Version:
    """Return the least version a range lets in; 0.0.0 where it has no lower bound.

    Raises UnknownRangeError for aliases, tags and prereleases, of which nothing can be said.
    """
    return min(_least_of_all(alternative) for alternative in text.split("||"))


def _least_of_all(alternative: str) -> Version:
    hyphen = _HYPHEN.fullmatch(alternative)
    if hyphen is not None:
        return _bound("", hyphen)
    rest, bounds = alternative.strip(), [(0, 0, 0)]
    while rest:
        match = _COMPARATOR.match(rest)
        if match is None or rest[match.end() : match.end() + 1] not in ("", " "):
            message = f"“{alternative.strip()}” is no range known here"
            raise UnknownRangeError(message)
        bounds.append(_bound(match["sign"], match))
        rest = rest[match.end() :].lstrip()
    return max(bounds)


def _bound(sign: str, match: re.Match[str]) -> Version:
    if sign in ("<", "<="):
        return (0, 0, 0)
    stated = [match[name] for name in ("major", "minor", "patch")]
    numbers = []
    for part in stated:
        if part is None or not part.isdigit():
            break
        numbers.append(int(part))
    if sign == ">" and numbers:
        numbers[-1] += 1
    padded = (*numbers, 0, 0, 0)
    return padded[0], padded[1], padded[2]
