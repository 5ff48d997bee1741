"""One HTTP request and what came back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (read at run time when a snapshot is restored)
from urllib.parse import urlsplit

CHARSETS = frozenset(
    ("utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-16le", "utf-16be")
)
_CHARSET = re.compile(r"(?i);\s*charset\s*=\s*[\"']?([\w.-]{1,40})")


@dataclass(frozen=True, slots=True, order=True)
class HttpProbe:
    """A request to make: once, or `count` times one after the other for a sample or a burst.

    `credential` names the environment variable that holds a bearer token; the value is never part
    of a probe. `exercise` names what makes load and therefore needs to be asked for, live.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    credential: str = ""
    count: int = 1
    exercise: str = ""

    def __str__(self) -> str:
        """Return the request line, as evidence names it."""
        times = f" ×{self.count}" if self.count > 1 else ""
        secret = f" (bearer ${self.credential})" if self.credential else ""
        extra = "".join(f" [{name}: {value}]" for name, value in self.headers)
        return f"{self.method} {self.url}{extra}{secret}{times}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A response as it came, redirects not followed.

    Header names are lower case; `body` is capped, `truncated` says whether something was cut off;
    `elapsed_ms` runs from sending the request to the last byte read.
    """

    url: str
    status: int
    http_version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    truncated: bool
    elapsed_ms: float
    at: datetime

    def header(self, name: str) -> str | None:
        """Return a header's value, several joined by commas as RFC 9110 §5.3 has it, or None."""
        values = [value for key, value in self.headers if key == name.lower()]
        return ", ".join(values) if values else None

    @property
    def text(self) -> str:
        """Return the body as text in its declared charset, UTF-8 by default.

        What cannot be decoded becomes U+FFFD. A charset that is not one of the common ones counts
        as undeclared: what comes from outside chooses no decoder.
        """
        declared = _CHARSET.search(self.header("content-type") or "")
        charset = declared[1].lower() if declared else "utf-8"
        return self.body.decode(charset if charset in CHARSETS else "utf-8", errors="replace")

    def json(self) -> object:
        """Return the body as JSON. Raises ValueError for anything else, a cut-off body included."""
        if self.truncated:
            message = "the body is larger than what is read"
            raise ValueError(message)
        try:
            return json.loads(self.body)
        except RecursionError as error:
            message = "nested too deeply"
            raise ValueError(message) from error

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        """Whether the status is 3xx: the answer is somewhere else, or has not changed."""
        return 300 <= self.status < 400

    @property
    def host(self) -> str:
        """Return the host that was asked."""
        return urlsplit(self.url).hostname or ""
