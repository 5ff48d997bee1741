"""A load balancer as the platform holds it: a regional one, or the global one before those."""

from __future__ import annotations

from dataclasses import dataclass

WEB_WITH_TLS = frozenset({"https", "http2", "http3"})
"""The protocols of the web that are encrypted."""


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What arrives on a port, and what is made of it. `certificate` is the id of the one shown."""

    entry_protocol: str
    entry_port: int
    target_protocol: str
    target_port: int
    certificate: str | None
    is_passthrough: bool
    where: str

    @property
    def is_encrypted(self) -> bool:
        """Whether clients speak HTTPS with it, in any version."""
        return self.entry_protocol in WEB_WITH_TLS


@dataclass(frozen=True, slots=True)
class BalancerHealth:
    """How backends are asked whether they are well; a `tcp` check only asks whether they listen."""

    protocol: str | None
    port: int | None
    path: str | None
    interval_seconds: float | None
    where: str


@dataclass(frozen=True, slots=True)
class BalancedDomain:
    """A domain that a global load balancer answers for, and the id of its certificate."""

    name: str
    certificate: str | None
    where: str


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """One load balancer. `type` is `REGIONAL`, `REGIONAL_NETWORK` or `GLOBAL`.

    `network` (scope vpc:read) is None where the answer does not hold it. A global one has no
    region; `targets` are the ids of the regional ones behind it, `priorities` the regions that it
    prefers, the lower number first. What the platform does not state is None.
    """

    id: str
    name: str
    type: str | None
    status: str | None
    region: str | None
    address: str | None
    network: str | None
    forwarding: tuple[Forwarding, ...]
    health: BalancerHealth | None
    redirects_http: bool | None
    domains: tuple[BalancedDomain, ...]
    targets: tuple[str, ...] | None
    priorities: tuple[tuple[str, int], ...] | None
    failover_threshold_percent: float | None
    where: str
