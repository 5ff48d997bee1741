"""A CDN endpoint in front of a bucket, as the platform holds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CdnEndpoint:
    """One endpoint; `name` is its origin, the host of the bucket.

    `certificate` is the id of the one for its own domain; what it does not have is None.
    """

    id: str
    name: str
    domain: str | None
    certificate: str | None
    ttl_seconds: float | None
    where: str
