"""What a mocked web site answers and shows: what faults in HTTP and TLS change."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.worlds.counting import Counting


class Manner(StrEnum):
    """How a response is sent: well, or as real servers sometimes send it."""

    WELL = "well"
    TRUNCATED = "truncated"
    """Half of the announced body, then the connection ends."""
    RESET = "reset"
    """No response: the connection is reset."""


@dataclass(slots=True)
class Route:
    """One response, complete with its headers, and the conditions under which it is given.

    `{now}` in the body and `{target}`, what was asked for, in headers are filled in for each
    request. It is sent after `delay_ms`, and where `drip_ms` is set, byte by byte with that long in
    between.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    methods: tuple[str, ...] = ("GET", "HEAD")
    delay_ms: int = 0
    drip_ms: int = 0
    manner: Manner = Manner.WELL
    bearer: Bearer | None = None
    limit: RateLimit | None = None
    sharing: Sharing | None = None

    def replace(self, old: str, new: str) -> None:
        """Replace text in the body. Raises LookupError where it is not there."""
        if old not in self.body:
            message = f"the body has no {old!r}"
            raise LookupError(message)
        self.body = self.body.replace(old, new)


@dataclass(slots=True)
class Sharing:
    """Which origins are let in, as a whole or by a `prefix` or `suffix` of theirs, or `any`."""

    origins: tuple[str, ...]
    matching: Literal["whole", "prefix", "suffix", "any"] = "whole"
    credentials: bool = False
    varies: bool = True

    def admits(self, origin: str) -> bool:
        """Say whether an origin is let in."""
        if self.matching == "any" or origin in self.origins:
            return True
        compare = {"prefix": str.startswith, "suffix": str.endswith}.get(self.matching)
        return compare is not None and compare(origin, self.origins)


@dataclass(slots=True)
class Bearer:
    """Serve only who presents the value of this credential; others get the refusal."""

    credential: str
    refusal: Route


@dataclass(slots=True)
class RateLimit:
    """Serve so many requests in any span of the window; the others get the refusal."""

    requests: int
    window_seconds: float
    refusal: Route


@dataclass(slots=True)
class VirtualHost:
    """The paths of one origin, what is answered to everything else, and what of it is counted."""

    otherwise: Route
    malformed: Route
    not_allowed: Route
    routes: dict[str, Route] = field(default_factory=dict)
    counting: Counting | None = None

    def responses(self) -> Iterator[Route]:
        """Yield every response there is, refusals included."""
        yield from (self.otherwise, self.malformed, self.not_allowed)
        for route in self.routes.values():
            yield route
            yield from (guard.refusal for guard in (route.bearer, route.limit) if guard)


@dataclass(slots=True)
class HostTls:
    """What a host shows and offers: the names and validity of its certificate, least TLS version.

    `days_to_expiry` counts from the start of the world and is negative for an expired certificate.
    `trusted` is False for a certificate of an authority that nobody knows.
    """

    names: tuple[str, ...]
    days_to_expiry: float
    trusted: bool = True
    minimum_version: str = "1.2"


@dataclass(slots=True)
class Site:
    """The origins (`https://app-oint.com`, `http://app-oint.com:8000`) of a mocked system."""

    origins: dict[str, VirtualHost] = field(default_factory=dict)

    def __getitem__(self, origin: str) -> VirtualHost:
        """Return what an origin serves. Raises LookupError naming the origins there are."""
        if origin not in self.origins:
            message = f"no origin {origin}; there are {', '.join(sorted(self.origins))}"
            raise LookupError(message)
        return self.origins[origin]

    def route(self, url: str) -> Route:
        """Return the response at a URL. Raises LookupError where nothing is served there."""
        routes = self[origin_of(url)].routes
        path = urlsplit(url).path or "/"
        if path not in routes:
            message = f"nothing is served at {url}; there are {', '.join(sorted(routes))}"
            raise LookupError(message)
        return routes[path]

    def responses(self, scheme: str = "https") -> Iterator[Route]:
        """Yield every response of every origin with this scheme."""
        for origin, host in self.origins.items():
            if origin.startswith(f"{scheme}://"):
                yield from host.responses()


def origin_of(url: str) -> str:
    """Return the origin of a URL, without the port where it is the scheme's own."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}" + ("" if parts.port in {None, usual} else f":{parts.port}")


def port_of(origin: str) -> int:
    """Return the port an origin is reached at."""
    parts = urlsplit(origin)
    return parts.port or (443 if parts.scheme == "https" else 80)
