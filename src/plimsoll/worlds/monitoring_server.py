"""Serve the mocked monitoring systems: to whom they let in, over TLS, and no write."""

from __future__ import annotations

from base64 import b64encode
from copy import copy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from plimsoll.worlds.digitalocean_trouble import misbehave
from plimsoll.worlds.http_server import Request, converse
from plimsoll.worlds.monitoring_answers import answer, redirect, unauthorized
from plimsoll.worlds.monitoring_canaries import plant
from plimsoll.worlds.site import Route

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection

    from plimsoll.worlds.cloud import Trouble
    from plimsoll.worlds.http_message import Call
    from plimsoll.worlds.monitoring import Door, MonitoringWorld

_MISDIRECTED = Route(421)
_NOT_ALLOWED = Route(405, {"allow": "GET, HEAD"})


class MonitoringServer:
    """Answers for the systems as they are when the server is made, with secrets put in.

    Requests are added to the log it is given, queries included. `withheld` are the vantage points
    that get no response: `prom` comes with a credential, `http` without one.
    """

    def __init__(
        self, world: MonitoringWorld, log: list[Request], withheld: Collection[str] = ()
    ) -> None:
        self._world = copy(world)
        plant(self._world)
        self._log = log
        self._withheld = frozenset(withheld)
        self._trouble = [replace(one) for one in world.trouble]

    async def serve(
        self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer the requests of one connection until either side ends it."""
        await converse(reader, writer, partial(self.respond, scheme))

    def respond(self, scheme: str, call: Call) -> Route | None:
        """Return the response to one request, as good or as bad as it is to be."""
        self._log.append(Request.of(scheme, call, call.target))
        if ("prom" if "authorization" in call.headers else "http") in self._withheld:
            return None
        door = self._door(call)
        if door is None:
            return _MISDIRECTED
        if scheme == "http" and door.is_secure and door.redirects:
            return redirect(f"https://{door.host}{call.target}", 308)
        route = self._answer(door, call)
        trouble = self._next_trouble(call.path.removeprefix(door.prefix))
        return misbehave(route, trouble, call.path) if trouble else route

    def _door(self, call: Call) -> Door | None:
        host = call.host.partition(":")[0]
        found = [
            one
            for one in self._world.doors
            if one.host == host and call.path.startswith(f"{one.prefix}/")
        ]
        return max(found, key=lambda one: len(one.prefix), default=None)

    def _answer(self, door: Door, call: Call) -> Route:
        if call.method not in {"GET", "HEAD"}:
            return _NOT_ALLOWED
        if not (door.is_open or _is_admitted(door, call)):
            return unauthorized(door.system)
        return answer(self._world, door.system, call.target.removeprefix(door.prefix))

    def _next_trouble(self, path: str) -> Trouble | None:
        for trouble in self._trouble:
            if path.startswith(trouble.path_prefix) and trouble.times != 0:
                if trouble.times:
                    trouble.times -= 1
                return trouble
        return None


def _is_admitted(door: Door, call: Call) -> bool:
    if not door.secret:
        return True
    if not door.user:
        return call.bearer == door.secret
    expected = b64encode(f"{door.user}:{door.secret}".encode()).decode()
    return call.headers.get("authorization", "") == f"Basic {expected}"
