"""What a TLS endpoint offers and the certificate it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (read at run time when a snapshot is restored)

ACCEPTED = "accepted"
REFUSED = "refused"


@dataclass(frozen=True, slots=True, order=True)
class TlsProbe:
    """A host and port to shake hands with."""

    host: str
    port: int = 443

    def __str__(self) -> str:
        """Return the endpoint, as evidence names it."""
        return f"tls://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The leaf certificate. `names` are its DNS names; times are UTC."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    fingerprint_sha256: str


@dataclass(frozen=True, slots=True)
class Handshake:
    """The outcome for one endpoint.

    `trusted` tells whether the chain verifies for the host against the trust store in use;
    `trust_problem` why not. `versions` maps a protocol name (`TLSv1` … `TLSv1.3`) to `accepted`,
    `refused`, or, where this machine could not even offer it, the reason it is not known.
    """

    host: str
    port: int
    trusted: bool
    trust_problem: str
    certificate: Certificate | None
    negotiated: str
    versions: tuple[tuple[str, str], ...]
    at: datetime

    def version(self, name: str) -> str:
        """Return what is known of a protocol version; asking for an unprobed one is KeyError."""
        return dict(self.versions)[name]
