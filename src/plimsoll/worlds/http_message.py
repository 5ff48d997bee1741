"""Read the head of an HTTP/1.1 request and write a response: bytes in, bytes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from plimsoll.worlds.site import Route

_REQUEST_LINE = re.compile(r"([A-Z]+) (\S+) HTTP/1\.([01])")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class Call:
    """The head of a request; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    version: str = "1.1"

    @property
    def path(self) -> str:
        """Return the path without its query."""
        return self.target.partition("?")[0]

    @property
    def host(self) -> str:
        """Return the host asked for, with its port where one is named."""
        return self.headers.get("host", "").lower()

    def authority(self, scheme: str) -> str:
        """Return the host asked for, without the port where it is the scheme's own."""
        return self.host.removesuffix(":443" if scheme == "https" else ":80")

    @property
    def bearer(self) -> str | None:
        """Return the bearer token presented (RFC 6750 §2.1), or None."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token.strip() else None

    @property
    def body_bytes(self) -> int:
        """Return the announced length of the body; one that is no number counts as none."""
        length = self.headers.get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() else 0

    @property
    def is_malformed(self) -> bool:
        """Whether the target is no path, or its escapes are broken or no UTF-8 (RFC 3986 §2.1)."""
        if not self.target.startswith("/") or _BAD_ESCAPE.search(self.target):
            return True
        try:
            return "\x00" in unquote_to_bytes(self.path).decode("utf-8")
        except UnicodeDecodeError:
            return True

    @property
    def keeps_alive(self) -> bool:
        """Whether the client keeps the connection open (RFC 9112 §9.3)."""
        connection = self.headers.get("connection", "").lower()
        return "close" not in connection and (self.version == "1.1" or "keep-alive" in connection)


def parse_head(head: bytes) -> Call | None:
    """Return the request whose head these bytes are, or None where they are no request."""
    lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    match = _REQUEST_LINE.fullmatch(lines[0])
    if match is None:
        return None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            return None
        headers[name.lower()] = value.strip()
    return Call(match[1], match[2], headers, f"1.{match[3]}")


def render(route: Route, call: Call, now: datetime) -> tuple[bytes, bytes]:
    """Return the head and the body of a response; the body is empty for HEAD."""
    moment = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = route.body.replace("{now}", moment).encode("utf-8")
    headers = {"date": format_datetime(now, usegmt=True)}
    headers |= {
        name: value.replace("{target}", call.target) for name, value in route.headers.items()
    }
    if route.status not in _BODILESS:
        headers["content-length"] = str(len(body))
    if not call.keeps_alive:
        headers["connection"] = "close"
    lines = [f"HTTP/1.1 {route.status} {_phrase(route.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head, b"" if call.method == "HEAD" or route.status in _BODILESS else body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
