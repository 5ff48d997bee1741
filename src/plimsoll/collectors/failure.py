"""Failures of I/O, as sentences for people and as sightings.

What an unexpected exception says is never repeated: it may hold a header or a line of a file.
"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from plimsoll.findings import NotObserved, Observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plimsoll.findings import Origin, Sighting

Value = TypeVar("Value")

_CERTIFICATE_PROBLEMS = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is self-signed and not trusted",
    19: "the certificate's authority is not trusted",
    20: "the certificate's authority is not trusted",
    21: "the certificate's authority is not trusted",
    23: "the certificate was revoked",
    62: "the certificate is not valid for {host}",
    64: "the certificate is not valid for {host}",
}
_SENTENCES: tuple[tuple[tuple[type[OSError], ...], str], ...] = (
    (
        (ssl.SSLEOFError, ssl.SSLZeroReturnError),
        "the connection was closed during the TLS handshake",
    ),
    ((ssl.SSLError,), "the TLS handshake failed: {reason}"),
    ((socket.gaierror,), "the name {host} does not resolve"),
    ((ConnectionRefusedError,), "the connection was refused"),
    (
        (ConnectionResetError, ConnectionAbortedError, BrokenPipeError),
        "the connection was reset",
    ),
    ((TimeoutError,), "there was no answer in time"),
    ((OSError,), "the connection failed: {reason}"),
)


def sight(look: Callable[[], Value], origin: Origin) -> Sighting[Value]:
    """Look, and return what was seen or why it was not; only an interruption passes through."""
    try:
        return Observed(look(), origin, datetime.now(UTC))
    except NotObserved as unseen:
        # A new one: a traceback would keep the frames, and the secrets in them, alive.
        return type(unseen)(unseen.reason, unseen.origin)
    except Exception as error:  # noqa: BLE001 (one probe's surprise must not cost the others)
        return NotObserved(crash(error), origin)


def crash(error: BaseException) -> str:
    """Return the kind and place of an unexpected exception, and none of its words."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = ""
    if trace:
        place = f" at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return f"the collector failed: {type(error).__name__}{place}"


def explain(error: BaseException, host: str) -> str:
    """Return what went wrong on the way to a host, from the first cause that says it plainly."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return certificate_problem(cause, host)
        for kinds, sentence in _SENTENCES:
            if isinstance(cause, kinds):
                return sentence.format(host=host, reason=_os_reason(cause))
    return f"the connection failed ({type(error).__name__})"


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and what it was raised from, outermost first, each once."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def certificate_problem(error: ssl.SSLCertVerificationError, host: str) -> str:
    """Return why a certificate is not trusted for a host."""
    sentence = _CERTIFICATE_PROBLEMS.get(error.verify_code)
    if sentence is None:
        return f"the certificate is not trusted: {error.verify_message}"
    return sentence.format(host=host)


def tls_reason(error: ssl.SSLError) -> str:
    """Return OpenSSL's reason as words."""
    return (error.reason or "unknown reason").lower().replace("_", " ")


def _os_reason(error: BaseException) -> str:
    if isinstance(error, ssl.SSLError):
        return tls_reason(error)
    return getattr(error, "strerror", None) or type(error).__name__
