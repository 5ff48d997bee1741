"""A response's body, decoded and capped however far it would expand."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate"})
_PLAIN = frozenset({"", "identity"})


class DecodingError(ValueError):
    """A body that is not what its Content-Encoding claims."""


def read_body(chunks: Iterable[bytes], encoding: str, cap_bytes: int) -> tuple[bytes, bool]:
    """Return at most `cap_bytes` of the decoded body, and whether anything was cut off.

    Reading stops at the cap, so a small compressed bomb never becomes a large one. Raises
    DecodingError where the compressed data is broken or ends early, and for an encoding other than
    gzip and deflate, which are the ones asked for: in bytes that nobody reads, nobody finds fault.
    """
    coding = encoding.strip().lower()
    if coding in _COMPRESSED:
        chunks = _inflated(chunks, cap_bytes + 1)
    body = bytearray()
    for chunk in chunks:
        if chunk and coding not in _PLAIN | _COMPRESSED:
            message = "the body came in a Content-Encoding that was not asked for"
            raise DecodingError(message)
        body += chunk
        if len(body) > cap_bytes:
            return bytes(body[:cap_bytes]), True
    return bytes(body), False


def _inflated(chunks: Iterable[bytes], step_bytes: int) -> Iterable[bytes]:
    inflater = zlib.decompressobj(_ZLIB_OR_GZIP)
    received = False
    for chunk in chunks:
        data, received = chunk, received or bool(chunk)
        while data and not inflater.eof:
            try:
                yield inflater.decompress(data, step_bytes)
            except zlib.error as error:
                message = "the body is not compressed as its Content-Encoding says"
                raise DecodingError(message) from error
            data = inflater.unconsumed_tail
    if received and not inflater.eof:
        message = "the compressed body ends early"
        raise DecodingError(message)
