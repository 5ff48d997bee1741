"""Judge by its headers whether a response may be stored by a cache (RFC 9111, RFC 9213)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CACHE_CONTROL = "cache-control"
_TARGETED = re.compile(r"(?:[a-z0-9]+-)*cdn-cache-control|surrogate-control")
_DIRECTIVE = re.compile(
    r"\s*(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
    r"(?:=(?P<argument>\"(?:[^\"\\]|\\.)*\"|[^\s,;\"]*))?\s*(?:,|\Z)"
)

Headers = tuple[tuple[str, str], ...]


def directives(value: str) -> tuple[tuple[str, str | None], ...]:
    """Return the directives of a Cache-Control field, names in lower case, arguments unquoted.

    Only commas separate them. Text that is no directive ends the reading, for what stands after it
    might belong to anything.
    """
    return tuple(_directives(value))


def storage_permissions(headers: Headers) -> tuple[str, ...]:
    """Return why some cache may store, or did store, a response; nothing where none may.

    Only `no-store` forbids storing: `private` and `no-cache` keep a copy. `must-understand` cancels
    it for caches that know the status code (RFC 9111 section 5.2.2.3), and a field targeted at CDNs
    is obeyed in place of Cache-Control (RFC 9213 section 2.1). An age of a second or more is proof.
    """
    fields = _joined(headers)
    found = [] if CACHE_CONTROL in fields else ["no Cache-Control"]
    found += [
        reason
        for name, value in fields.items()
        if name == CACHE_CONTROL or _TARGETED.fullmatch(name)
        for reason in _permissions(name, value)
    ]
    age = fields.get("age", "").strip()
    if age.isascii() and age.isdigit() and age.strip("0"):
        found.append(f"Age: {age}, so it came out of a cache")
    return tuple(found)


def _permissions(name: str, value: str) -> Iterator[str]:
    given = directives(value)
    if ("no-store", None) not in given:
        yield f"{name}: {value.strip() or 'empty'}"
    elif any(directive == "must-understand" for directive, _ in given):
        yield f"{name}: must-understand, which cancels no-store"


def _directives(value: str) -> Iterator[tuple[str, str | None]]:
    position = 0
    while position < len(value):
        if value[position] in ", \t":
            position += 1
            continue
        match = _DIRECTIVE.match(value, position)
        if match is None:
            return
        argument = match["argument"]
        yield match["name"].lower(), None if argument is None else _unquoted(argument)
        position = match.end()


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        before = joined.get(name.lower())
        joined[name.lower()] = value if before is None else f"{before}, {value}"
    return joined
