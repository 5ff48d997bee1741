"""Where names lead: to the real network, or to a mocked world on loopback.

A network is only a map below TLS. URLs, Host headers, SNI and certificate verification stay those
of the real names, so no collector can tell which network it was given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Address = tuple[str, int]
NOWHERE: Address = ("127.0.0.1", 9)
"""The discard port on loopback: refused at once where nothing listens."""


@dataclass(frozen=True, slots=True)
class Network:
    """How to reach a host, which resolver to ask, and which certificate authority to trust.

    `routes` maps `host:port` to a loopback address. A closed network (a mocked world) leads every
    other name nowhere, so that a mocked run can never reach the Internet. `resolver` is the DNS
    server to ask first, None for the system's; `authority_pem` an extra root to trust instead of
    the system's, empty for the system's.
    """

    routes: Mapping[str, Address] = field(default_factory=dict)
    closed: bool = False
    resolver: Address | None = None
    authority_pem: str = ""

    def address(self, host: str, port: int) -> Address:
        """Return where a connection to this host and port must be opened."""
        routed = self.routes.get(f"{host.lower()}:{port}")
        if routed is not None:
            return routed
        return NOWHERE if self.closed else (host, port)

    @property
    def simulated(self) -> bool:
        """Whether what answers here is a mocked world."""
        return self.closed


LIVE = Network()
