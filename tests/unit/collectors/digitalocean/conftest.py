"""A DigitalOcean account on loopback: answers by path, a log of what was asked, time that flies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plimsoll.collectors import digitalocean
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.network import Network
from plimsoll.collectors.rate_limit import Clock
from plimsoll.facts.cloud_reading import DigitalOceanProbe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from http.server import BaseHTTPRequestHandler

    from plimsoll.collectors.context import Sightings
    from plimsoll.facts.cloud_reading import Reading
    from plimsoll.findings import Sighting

API = "api.digitalocean.com"
TOKEN = "token-that-nobody-may-ever-see-5f1c"
VARIABLE = "DIGITALOCEAN_TOKEN"


def _probe(read: str, of: str = "") -> DigitalOceanProbe:
    """A read of the account under the usual token."""
    return DigitalOceanProbe(read, of, VARIABLE)


def _told(
    status: int = 200,
    content: Any = None,
    headers: Iterable[tuple[str, str]] = (),
    kind="application/json",
) -> Callable[[BaseHTTPRequestHandler], None]:
    """What answers at once, in one segment."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()

    def handle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            handler.send_header(name, value)
        handler._headers_buffer += [b"\r\n", body]
        handler.flush_headers()

    return handle


def _paged(key: str, entries: list[Any], size: int = 2) -> Callable[[BaseHTTPRequestHandler], None]:
    """What answers with pages of a list, each with a link to the next as the API has it."""

    def handle(handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        shown = entries[(page - 1) * size : page * size]
        content: dict[str, Any] = {key: shown, "meta": {"total": len(entries)}}
        if page * size < len(entries):
            link = f"https://{API}{parts.path}?page={page + 1}&per_page=200"
            content["links"] = {"pages": {"next": link}}
        _told(content=content)(handler)

    return handle


class Paths(dict):
    """Handlers by path, whatever the query; a list of handlers is used up one by one."""

    def get(self, path: str, default: Any = None) -> Any:
        found = super().get(path.partition("?")[0], default)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


@dataclass
class FlyingTime:
    """A clock whose waits are over at once, and add up."""

    seconds: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        """The clock that a collector is given."""
        return Clock(lambda: self.seconds, lambda: 1_700_000_000 + self.seconds, self.sleep)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.seconds += seconds


@dataclass
class Stub:
    """A stubbed account, and the collector that looks at it."""

    web: Any
    context: Context
    attending: Sightings
    time: FlyingTime = field(default_factory=FlyingTime)

    def see(self, *probes: DigitalOceanProbe) -> dict[DigitalOceanProbe, Sighting[Reading]]:
        """Everything that the collector says of some probes."""
        clock = self.time.clock()
        return dict(digitalocean.collect(probes, self.context, self.attending, clock))

    def one(self, read: str, of: str = "") -> Sighting[Reading]:
        """What the collector says of one read."""
        asked = _probe(read, of)
        return self.see(asked)[asked]

    @property
    def asked(self) -> list[str]:
        """The paths that were asked, without their queries."""
        return [path.partition("?")[0] for _, path, _ in self.web.log]


QUICK = Limits(connect_seconds=1, read_seconds=1, retries=0, overall_seconds=10)


@pytest.fixture
def probe() -> Callable[..., DigitalOceanProbe]:
    """Return what makes a read of the account under the usual token."""
    return _probe


@pytest.fixture
def told() -> Callable[..., Callable[[BaseHTTPRequestHandler], None]]:
    """Return what makes a handler that answers with a status, JSON or bytes, and headers."""
    return _told


@pytest.fixture
def paged() -> Callable[..., Callable[[BaseHTTPRequestHandler], None]]:
    """Return what makes a handler that answers with the pages of a list."""
    return _paged


@pytest.fixture
def account(serve, server_context, authority, attending) -> Callable[..., Stub]:
    """Return what starts an account whose paths answer as given, and a collector to look at it."""

    def start(paths: dict[str, Any], limits: Limits = QUICK, host: str = API) -> Stub:
        web = serve(server_context(host))
        web.routes = Paths(paths)
        network = Network(
            routes={f"{API}:443": ("127.0.0.1", web.port)},
            closed=True,
            authority_pem=authority.cert_pem.bytes().decode(),
        )
        context = Context(network=network, limits=limits, credentials={VARIABLE: TOKEN})
        return Stub(web, context, attending)

    return start
