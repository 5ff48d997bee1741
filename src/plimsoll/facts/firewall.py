"""A cloud firewall as the platform holds it: the machines it stands before, what it lets in."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

Network = IPv4Network | IPv6Network
ALL_PORTS = (1, 65_535)


@dataclass(frozen=True, slots=True)
class Admission:
    """A rule that lets in: a protocol (`tcp`, `udp`, `icmp`), a range of ports, and who may come.

    `sources` are the addresses among those who may; machines, tags, load balancers and clusters,
    which are not of the Internet, are not told. A rule that denies is `denies`.
    """

    protocol: str
    ports: tuple[int, int]
    sources: tuple[Network, ...]
    denies: bool
    where: str


@dataclass(frozen=True, slots=True)
class Firewall:
    """One firewall. `status` is `succeeded` once it is in force on every machine.

    `droplets` (scope droplet:read) and `tags` (tag:read) are None where the answer does not hold
    them, which is not the same as none.
    """

    id: str
    name: str
    status: str
    droplets: tuple[str, ...] | None
    tags: tuple[str, ...] | None
    inbound: tuple[Admission, ...]
    where: str
