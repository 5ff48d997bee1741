"""Serve a site over HTTP/1.1, one task a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from plimsoll.worlds.counting import Tally
from plimsoll.worlds.http_message import Call, parse_head, render
from plimsoll.worlds.site import Manner, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plimsoll.worlds.site import Bearer, RateLimit, Sharing, Site, VirtualHost

_BODY_LIMIT_BYTES = 1_000_000
_BAD_REQUEST = Route(400)
_MISDIRECTED = Route(421)
_UNREADABLE = Call("GET", "", {"connection": "close"})
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, for no time: closing sends RST instead of FIN."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the mocked system saw it. `credentialed`: it carried an Authorization header.

    The value of that header is never kept.
    """

    method: str
    scheme: str
    host: str
    path: str
    credentialed: bool
    at: datetime

    @classmethod
    def of(cls, scheme: str, call: Call, path: str) -> Request:
        """Return a request as it is seen now, with the part of its path that is to be kept."""
        credentialed = "authorization" in call.headers
        return cls(call.method, scheme, call.host, path, credentialed, datetime.now(UTC))


class HttpServer:
    """Answers for every origin of a site, and logs what it was asked.

    `credentials` maps names to the values that open a guarded route. A mute server ends every
    connection without a response.
    """

    def __init__(self, site: Site, credentials: Mapping[str, str], *, mute: bool = False) -> None:
        self.requests: list[Request] = []
        self._site = site
        self._credentials = credentials
        self._mute = mute
        self._counted: dict[int, deque[float]] = {}
        self._tallies: dict[str, Tally] = {}

    async def serve(
        self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer the requests of one connection until either side ends it."""
        await converse(reader, writer, partial(self._respond, scheme))

    def _respond(self, scheme: str, call: Call) -> Route | None:
        self.requests.append(Request.of(scheme, call, call.path))
        return None if self._mute else self.choose(scheme, call)

    def choose(self, scheme: str, call: Call) -> Route:
        """Return the response to a request."""
        origin = f"{scheme}://{call.authority(scheme)}"
        host = self._site.origins.get(origin)
        if host is None:
            return _BAD_REQUEST if call is _UNREADABLE else _MISDIRECTED
        answer = self._answer(host, call)
        if host.counting is None:
            return answer
        return _tallied(self._tallies.setdefault(origin, Tally()), host, call.path, answer)

    def _answer(self, host: VirtualHost, call: Call) -> Route:
        if call.is_malformed:
            return host.malformed
        route = host.routes.get(call.path, host.otherwise)
        if route.sharing and call.method == "OPTIONS":
            return _shared(Route(204, route.headers), route.sharing, call)
        if call.method not in route.methods:
            return host.not_allowed
        given = self._guard(route, call)
        return _shared(given, route.sharing, call) if route.sharing else given

    def _guard(self, route: Route, call: Call) -> Route:
        """Return the response, or the refusal where a limit or a credential stands before it."""
        if route.limit and self._is_exceeded(route.limit):
            return route.limit.refusal
        if route.bearer and not self._is_admitted(route.bearer, call):
            return route.bearer.refusal
        return route

    def _is_admitted(self, bearer: Bearer, call: Call) -> bool:
        wanted = self._credentials.get(bearer.credential)
        return wanted is not None and call.bearer == wanted

    def _is_exceeded(self, limit: RateLimit) -> bool:
        now = asyncio.get_running_loop().time()
        counted = self._counted.setdefault(id(limit), deque())
        while counted and counted[0] <= now - limit.window_seconds:
            counted.popleft()
        if len(counted) >= limit.requests:
            return True
        counted.append(now)
        return False


def _tallied(tally: Tally, host: VirtualHost, path: str, answer: Route) -> Route:
    """Count an answer; return the metrics with what was counted, any other answer as it is."""
    counting = host.counting
    if counting is None:
        return answer
    tally.note(counting, path, answer.status, frozenset(host.routes))
    if answer is not host.routes.get(counting.shown_at):
        return answer
    shown = replace(answer, body=tally.shown(answer.body))
    if counting.forgets:
        tally.risen.clear()
    return shown


def _shared(route: Route, sharing: Sharing, call: Call) -> Route:
    """Return the response with what it says to the origin asked in the name of (Fetch §3.2)."""
    origin = call.headers.get("origin", "")
    told = {"vary": "Origin"} if sharing.varies else {}
    if origin and sharing.admits(origin):
        told["access-control-allow-origin"] = origin
        if sharing.credentials:
            told["access-control-allow-credentials"] = "true"
        if call.method == "OPTIONS":
            told["access-control-allow-methods"] = "GET, POST"
    return replace(route, headers=route.headers | told)


async def converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    respond: Callable[[Call], Route | None],
) -> None:
    """Answer the requests of one connection until either side ends it, or `respond` gives None."""
    while True:
        call = parse_head(await reader.readuntil(b"\r\n\r\n")) or _UNREADABLE
        await reader.readexactly(min(call.body_bytes, _BODY_LIMIT_BYTES))
        route = respond(call)
        if route is None:
            return
        if route.delay_ms:
            await asyncio.sleep(route.delay_ms / 1000)
        if not await _send(writer, route, call):
            return


async def _send(writer: asyncio.StreamWriter, route: Route, call: Call) -> bool:
    """Send a response in its manner; return whether the connection goes on."""
    if route.manner is Manner.RESET:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        writer.transport.abort()
        return False
    head, body = render(route, call, datetime.now(UTC))
    is_cut = route.manner is Manner.TRUNCATED
    message = head + (body[: len(body) // 2] if is_cut else body)
    step = 1 if route.drip_ms else len(message)
    for start in range(0, len(message), step):
        writer.write(message[start : start + step])
        await writer.drain()
        if route.drip_ms:
            await asyncio.sleep(route.drip_ms / 1000)
    return call.keeps_alive and not is_cut
