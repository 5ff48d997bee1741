"""What an authoritative name server says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (read at run time when a snapshot is restored)


@dataclass(frozen=True, slots=True, order=True)
class DnsProbe:
    """A name and a record type to ask every authoritative server of its zone for."""

    name: str
    record_type: str = "A"

    def __str__(self) -> str:
        """Return the question, as evidence names it."""
        return f"{self.name} {self.record_type}"


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """One authoritative answer. `ttl_seconds` is None where no record of the type came back.

    `rcode` is the response code's name (`NOERROR`, `NXDOMAIN`, …), empty for a server that did not
    answer: it is there, and what it would have said is not known. `authoritative` is the AA flag:
    without it a TTL may have decayed in a cache and proves nothing.
    """

    name: str
    record_type: str
    server: str
    authoritative: bool
    rcode: str
    records: tuple[str, ...]
    ttl_seconds: int | None
    at: datetime
