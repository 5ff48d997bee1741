"""Where a redirect leads, as a browser reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from plimsoll.facts.exchange import Exchange

PERMANENT = frozenset({301, 308})
"""Statuses a browser remembers (RFC 9110 sections 15.4.2 and 15.4.9)."""

_AMBIGUOUS = re.compile(r"[\\\s\x00-\x1f]")


def secures(answer: Exchange) -> bool:
    """Say whether an answer leads, for good, to HTTPS on the same host or one below it."""
    return answer.status in PERMANENT and leads_to_https(answer.url, answer.header("location"))


def leads_to_https(url: str, location: str | None) -> bool:
    """Say whether a Location leads from a URL to HTTPS on its own host or a subdomain of it.

    A host that merely ends in the same letters, or stands before an `@`, is another one. Of an
    address with a backslash or a space in it, browsers and parsers make different hosts: it leads
    nowhere that is known.
    """
    if not location or _AMBIGUOUS.search(location):
        return False
    try:
        target = urlsplit(urljoin(url, location))
        own, other = urlsplit(url).hostname, target.hostname
    except ValueError:
        return False
    if not own or not other or target.scheme != "https":
        return False
    return other == own or other.endswith(f".{own}")
