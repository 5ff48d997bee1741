"""Serve a mocked DigitalOcean account: its reads, its refusals, its bad manners, and no write."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from plimsoll.worlds.cloud_canaries import planted
from plimsoll.worlds.cloud_reads import READS
from plimsoll.worlds.cloud_scopes import visible
from plimsoll.worlds.digitalocean_answers import (
    HOURLY_LIMIT,
    json_route,
    limits,
    page,
    refusal,
    without_defaults,
)
from plimsoll.worlds.digitalocean_trouble import misbehave
from plimsoll.worlds.http_server import Request, converse

if TYPE_CHECKING:
    import asyncio

    from plimsoll.worlds.cloud import Cloud, Trouble
    from plimsoll.worlds.cloud_reads import Read
    from plimsoll.worlds.http_message import Call
    from plimsoll.worlds.site import Route

_APP_PLATFORM = "/v2/apps"
_NOT_FOUND = refusal(404, "not_found", "The resource you were accessing could not be found.")
_NOT_ALLOWED = refusal(405, "method_not_allowed", "This account is read, and never changed.")
_UNAUTHORIZED = refusal(401, "Unauthorized", "Unable to authenticate you")
_FORBIDDEN = refusal(403, "forbidden", "You are not authorized to perform this operation")
_ACCOUNT = {
    "droplet_limit": 25,
    "floating_ip_limit": 3,
    "email": "auditor@example.com",
    "uuid": "b6fr89dbf6d9156cace5f3c78dc9851d957381ef",
    "email_verified": True,
    "status": "active",
    "status_message": "",
}


class _Asked(NamedTuple):
    """What a path asks for: a read, the id of what its entries belong to, and of one entry."""

    read: Read
    owner: str
    entry: str


class DigitalOceanServer:
    """Answers for an account as it is when the server is made, with secrets put in.

    Requests are added to the log it is given, queries included. A mute server ends every connection
    without a response.
    """

    def __init__(self, cloud: Cloud, log: list[Request], *, mute: bool = False) -> None:
        self._cloud = cloud
        self._records, self._belongings = planted(cloud)
        self._log = log
        self._mute = mute
        self._trouble = [replace(one) for one in cloud.trouble]
        self._remaining = HOURLY_LIMIT

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until either side ends it."""
        await converse(reader, writer, self.respond)

    def respond(self, call: Call) -> Route | None:
        """Return the response to one request, as good or as bad as it is to be."""
        self._log.append(Request.of("https", call, call.target))
        if self._mute:
            return None
        self._remaining -= 1
        route = self._answer(call)
        route.headers |= limits(self._remaining)
        trouble = self._next_trouble(call.path)
        return misbehave(route, trouble, call.path) if trouble else route

    def _next_trouble(self, path: str) -> Trouble | None:
        for trouble in self._trouble:
            if path.startswith(trouble.path_prefix) and trouble.times != 0:
                if trouble.times:
                    trouble.times -= 1
                return trouble
        return None

    def _answer(self, call: Call) -> Route:
        """Return a fresh response."""
        refused = _refused(call, self._cloud.token)
        if refused:
            return _copied(refused)
        if call.path == "/v2/account":
            return self._account()
        if call.path == "/v2/projects":
            return self._projects(call.target)
        asked = _asked(call.path)
        if asked is None:
            return _copied(_NOT_FOUND)
        return self._permitted(asked.read.scope) or self._told(asked, call.target)

    def _account(self) -> Route:
        seen = visible("account", _ACCOUNT, self._cloud.scopes)
        return self._permitted("account:read") or json_route(200, {"account": seen})

    def _projects(self, target: str) -> Route:
        return self._permitted("project:read") or json_route(200, page(target, "projects", []))

    def _permitted(self, scope: str) -> Route | None:
        """Return the refusal where the token lacks a scope."""
        return None if scope in self._cloud.scopes else _copied(_FORBIDDEN)

    def _told(self, asked: _Asked, target: str) -> Route:
        read = asked.read
        if read.parent and not self._exists(read.parent, asked.owner):
            return _copied(_NOT_FOUND)
        seen: Any = visible(read.name, self._entries(read, asked.owner), self._cloud.scopes)
        if read.path.startswith(_APP_PLATFORM):
            seen = without_defaults(seen)
        if asked.entry:
            found = [one for one in seen if read.identity_of(one) == asked.entry]
            return json_route(200, {read.one: found[0]}) if found else _copied(_NOT_FOUND)
        if read.paged and not read.whole:
            return json_route(200, page(target, read.key, seen, counted=read.counted))
        return json_route(200, {read.key: seen})

    def _entries(self, read: Read, owner: str) -> Any:  # noqa: ANN401 (a list, or one object)
        if not read.parent:
            return self._records.get(read.name, [])
        return self._belongings.get(read.name, {}).get(owner, {} if read.whole else [])

    def _exists(self, parent: str, identity: str) -> bool:
        known = READS[parent]
        return any(known.identity_of(one) == identity for one in self._records.get(parent, []))


def _refused(call: Call, token: str) -> Route | None:
    if call.method != "GET":
        return _NOT_ALLOWED
    return None if call.bearer == token else _UNAUTHORIZED


def _copied(route: Route) -> Route:
    return replace(route, headers=dict(route.headers))


def _asked(path: str) -> _Asked | None:
    """Return what a path asks for; a path without a placeholder is meant before one with."""
    found: list[_Asked] = []
    for read, pattern in _PATTERNS:
        match = pattern.fullmatch(path)
        if match:
            owner, entry = (unquote(match[part] or "") for part in ("owner", "entry"))
            found.append(_Asked(read, owner, entry))
    return min(found, key=lambda asked: bool(asked.entry), default=None)


def _pattern(read: Read) -> re.Pattern[str]:
    owner, entry = r"(?P<owner>[^/]+)", r"(?:/(?P<entry>[^/]+))?" if read.one else "(?P<entry>$)"
    path = re.escape(read.path).replace(r"\{\}", owner)
    return re.compile(path + entry if read.parent else f"(?P<owner>){path}{entry}")


_PATTERNS = [(read, _pattern(read)) for read in READS.values()]
