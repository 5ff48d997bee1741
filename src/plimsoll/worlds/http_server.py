"""Serve a site over HTTP/1.1, one task a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from plimsoll.worlds.http_message import Call, parse_head, render
from plimsoll.worlds.site import Manner, Route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.worlds.site import Bearer, RateLimit, Site

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

    async def serve(
        self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer the requests of one connection until either side ends it."""
        while await self._answer(scheme, reader, writer):
            pass

    async def _answer(
        self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        call = parse_head(await reader.readuntil(b"\r\n\r\n")) or _UNREADABLE
        await reader.readexactly(min(call.body_bytes, _BODY_LIMIT_BYTES))
        self._log(scheme, call)
        if self._mute:
            return False
        route = self._choose(scheme, call)
        if route.delay_ms:
            await asyncio.sleep(route.delay_ms / 1000)
        return await _send(writer, route, call)

    def _log(self, scheme: str, call: Call) -> None:
        credentialed = "authorization" in call.headers
        moment = datetime.now(UTC)
        self.requests.append(
            Request(call.method, scheme, call.host, call.path, credentialed, moment)
        )

    def _choose(self, scheme: str, call: Call) -> Route:
        host = self._site.origins.get(f"{scheme}://{call.authority(scheme)}")
        if host is None:
            return _BAD_REQUEST if call is _UNREADABLE else _MISDIRECTED
        if call.is_malformed:
            return host.malformed
        route = host.routes.get(call.path, host.otherwise)
        if call.method not in route.methods:
            return host.not_allowed
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
