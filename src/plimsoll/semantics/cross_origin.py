"""Judge whom a response lets read it from a page of another origin (Fetch, section 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from plimsoll.facts.exchange import Exchange

OPAQUE = "null"
"""The origin of sandboxed frames and local files: whoever wants it has it."""

FOREIGN = "https://plimsoll-foreign-origin.example"
"""An origin that nobody has: `.example` is reserved (RFC 2606, section 2)."""

_ALLOW = "access-control-allow-origin"
_TOO_MANY = 429
_ERRORS = 500
_CREDENTIALS = "access-control-allow-credentials"


def strangers(origins: tuple[str, ...]) -> tuple[str, ...]:
    """Return origins that none of these is, the likeness of the first one among them.

    The likenesses begin as it does, end as it does, or are the same host without TLS: what is let
    in by a comparison of parts. The host after or before the known part is under `.example`, or
    could at least be registered by anyone.
    """
    made = [FOREIGN, OPAQUE]
    for origin in origins[:1]:
        host = urlsplit(origin).hostname or ""
        made += [f"{origin}.plimsoll-foreign-origin.example", f"https://plimsoll{host}"]
        made += [f"http://{host}"] if origin.startswith("https://") else []
    return tuple(one for one in made if one not in origins)


def lets_in(answer: Exchange, origin: str) -> bool:
    """Say whether a browser would show the answer to a page of this origin.

    The field is compared byte by byte, and several of it are joined: then nobody is let in.
    """
    return answer.header(_ALLOW) in {"*", origin}


def is_silent(answer: Exchange) -> bool:
    """Say whether an answer tells nothing of whom a good one would let in.

    A refusal for the number of requests, or an error of the server, may come from something in
    front of what shares its answers.
    """
    is_refused = answer.status == _TOO_MANY or answer.status >= _ERRORS
    return is_refused and answer.header(_ALLOW) is None


def is_own(url: str, origin: str) -> bool:
    """Say whether an origin is that of the URL itself, which no browser asks about."""
    try:
        return _origin(url) == _origin(origin)
    except ValueError:
        return False


def varies(answer: Exchange) -> bool:
    """Say whether caches are told to keep answers to different origins apart."""
    told = (answer.header("vary") or "").lower().split(",")
    return any(one.strip() in {"origin", "*"} for one in told)


def granted(answer: Exchange) -> str:
    """Return who is let in, in words."""
    allowed = answer.header(_ALLOW)
    if allowed is None:
        return "nobody"
    with_cookies = answer.header(_CREDENTIALS) == "true"
    return f"{allowed}{', with credentials' if with_cookies else ''}"


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
