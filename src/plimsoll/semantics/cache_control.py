"""Judge by its headers whether a response may be stored by a cache (RFC 9111, RFC 9213)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CACHE_CONTROL = "cache-control"
_TARGETED = re.compile(r"(?:[a-z0-9]+-)*cdn-cache-control|surrogate-control")
_DIRECTIVE = re.compile(
    r"\s*(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
    r"(?:=(?P<argument>\"(?:[^\"\\]|\\.)*\"|[^\s,;\"]*))?\s*(?:,|\Z)"
)

_KEPT_BY_NOBODY = ("no-store", "no-cache")
_LIFETIMES = ("max-age", "s-maxage")
_LARGEST_DIGITS = 18

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a response may be used without asking again, in seconds; None where nothing says so.

    `shared_max_age_seconds` is what caches between server and browser obey in place of
    `max_age_seconds`. `obstacles` are what keeps the response from being kept as long as it says.
    """

    max_age_seconds: int | None
    shared_max_age_seconds: int | None
    immutable: bool
    obstacles: tuple[str, ...]


def lifetime(headers: Headers) -> Lifetime:
    """Return how long the headers let a response be used.

    A directive given twice with two meanings says nothing (RFC 9111 section 4.2.1). A field
    targeted at CDNs is obeyed there in place of Cache-Control (RFC 9213 section 2.1).
    """
    fields = _joined(headers)
    own = directives(fields.get(CACHE_CONTROL, ""))
    targeted = [directives(value) for name, value in fields.items() if _TARGETED.fullmatch(name)]
    told = [_seconds(one, "max-age") for one in targeted] or [_seconds(own, "s-maxage")]
    return Lifetime(
        max_age_seconds=_seconds(own, "max-age"),
        shared_max_age_seconds=None if None in told else min(one or 0 for one in told),
        immutable=("immutable", None) in own,
        obstacles=tuple(_obstacles(fields, [own, *targeted])),
    )


def directives(value: str) -> tuple[tuple[str, str | None], ...]:
    """Return the directives of a Cache-Control field, names in lower case, arguments unquoted.

    Only commas separate them. Text that is no directive ends the reading, for what stands after it
    might belong to anything.
    """
    return tuple(_directives(value))


def storage_permissions(headers: Headers, *, shared: bool = False) -> tuple[str, ...]:
    """Return why some cache may store, or did store, a response; nothing where none may.

    Only `no-store` forbids storing: `private` and `no-cache` keep a copy. `must-understand` cancels
    it for caches that know the status code (RFC 9111 section 5.2.2.3), and a field targeted at CDNs
    is obeyed in place of Cache-Control (RFC 9213 section 2.1). An age of a second or more is proof.
    Of `shared` caches alone, which serve many, `private` without a list of fields keeps them from
    storing as well (section 5.2.2.7).
    """
    fields = _joined(headers)
    found = [] if CACHE_CONTROL in fields else ["no Cache-Control"]
    found += [
        reason
        for name, value in fields.items()
        if name == CACHE_CONTROL or _TARGETED.fullmatch(name)
        for reason in _permissions(name, value, shared=shared)
    ]
    age = fields.get("age", "").partition(",")[0].strip()
    if age.isascii() and age.isdigit() and age.strip("0"):
        found.append(f"Age: {age}, so it came out of a cache")
    return tuple(found)


def _obstacles(
    fields: dict[str, str], given: Iterable[tuple[tuple[str, str | None], ...]]
) -> Iterator[str]:
    told = tuple(given)
    named = {name for one in told for name, _ in one}
    for one in told:
        for name in _LIFETIMES:
            if _seconds(one, name) is None and any(name == stated for stated, _ in one):
                yield f"{name} without one meaning"
    settling = {"max-age", "private", *_KEPT_BY_NOBODY}
    if any(settling.isdisjoint(name for name, _ in one) for one in told[1:]):
        yield "a field for CDNs without max-age"
    yield from (name for name in (*_KEPT_BY_NOBODY, "private") if name in named)
    if "*" in (one.strip() for one in fields.get("vary", "").split(",")):
        yield "vary: *"
    if "set-cookie" in fields:
        yield "set-cookie"


def _seconds(given: tuple[tuple[str, str | None], ...], name: str) -> int | None:
    told = {argument or "" for directive, argument in given if directive == name}
    digits = told.pop() if len(told) == 1 else ""
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _LARGEST_DIGITS
    return int(digits) if is_number else None


def _permissions(name: str, value: str, *, shared: bool) -> Iterator[str]:
    given = directives(value)
    if shared and ("private", None) in given:
        return
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
