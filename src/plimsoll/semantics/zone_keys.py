"""Tell whether a zone's keys are those that the zone above vouches for (RFC 4034)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGESTS = {"1": "sha1", "2": "sha256", "4": "sha384"}
"""Digest types by number: RFC 4034, RFC 4509, RFC 6605."""

_FIELDS = 4
_LONGEST_LABEL = 63
_ZONE_KEY = 0x0100
_REVOKED = 0x0080
"""Flags of a key: it may sign the zone (section 2.1.1), it was taken back (RFC 5011)."""


def is_vouched_for(zone: str, keys: Iterable[str], digests: Iterable[str]) -> bool:
    """Say whether one of the DS records of the parent is that of one of the zone's keys.

    Keys and digests are in the form of zone files. The signatures made with a key are not verified
    here.
    """
    told = [words for text in digests if len(words := text.lower().split()) >= _FIELDS]
    return any(_is_of(zone, key, words) for key in keys for words in told)


def _is_of(zone: str, key: str, digest: list[str]) -> bool:
    """Say whether a digest, in words, is that of a key."""
    tag, algorithm, kind, *value = digest
    data = _key_data(key)
    name = _wire(zone)
    if data is None or name is None or kind not in _DIGESTS:
        return False
    made = hashlib.new(_DIGESTS[kind], name + data, usedforsecurity=False).hexdigest()
    return (tag, algorithm, "".join(value)) == (str(_tag(data)), str(data[3]), made)


def _key_data(text: str) -> bytes | None:
    """Return a DNSKEY as it is sent (section 2.1); None for what is none, or not the zone's own."""
    try:
        flags, protocol, algorithm, *key = text.split()
        head = struct.pack("!HBB", int(flags), int(protocol), int(algorithm))
        is_own = int(flags) & (_ZONE_KEY | _REVOKED) == _ZONE_KEY
        return head + base64.b64decode("".join(key), validate=True) if is_own else None
    except (ValueError, struct.error, binascii.Error):
        return None


def _tag(data: bytes) -> int:
    """Return the number by which a key is called (appendix B)."""
    total = sum(byte if index % 2 else byte << 8 for index, byte in enumerate(data))
    return (total + (total >> 16 & 0xFFFF)) & 0xFFFF


def _wire(name: str) -> bytes | None:
    """Return a name in its canonical form (section 6.2); None for what is no name."""
    labels = name.lower().rstrip(".").split(".")
    if not name.isascii() or not all(0 < len(label) <= _LONGEST_LABEL for label in labels):
        return None
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"
