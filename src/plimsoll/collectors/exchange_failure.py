"""Why an HTTP exchange failed, in a sentence, and how long one may take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from plimsoll.collectors.body import DecodingError
from plimsoll.collectors.failure import causes, explain
from plimsoll.collectors.transport import CONNECT_TIMEOUTS, TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.collectors.context import Limits


def in_time(chunks: Iterable[bytes], started: float, limits: Limits) -> Iterator[bytes]:
    """Pass chunks on while the whole exchange stays within its time, however they drip.

    `started` is that of `time.perf_counter`. Raises httpx.ReadTimeout.
    """
    for chunk in chunks:
        if time.perf_counter() - started > limits.connect_seconds + limits.read_seconds:
            message = "the body does not end"
            raise httpx.ReadTimeout(message)
        yield chunk


def reason_of(error: BaseException, url: str, limits: Limits) -> str:
    """Return why an exchange failed; nothing that was received is repeated."""
    if isinstance(error, CONNECT_TIMEOUTS):
        return f"no connection within {limits.connect_seconds:g} s"
    if isinstance(error, TIMEOUTS):
        return f"no complete answer within {limits.read_seconds:g} s"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return "this is no http or https URL"
    if isinstance(error, DecodingError):
        return str(error)
    for cause in causes(error):
        if isinstance(cause, OSError):
            return explain(cause, urlsplit(url).hostname or "")
    return "the server broke off or does not speak HTTP"
