"""A managed database: its nodes, who may reach it, its read replicas and connection pools."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlatformWindow:
    """The weekly time at which the platform begins to change a cluster: a day, an hour in UTC.

    `start` is as the platform tells it, such as ``03:00:00``.
    """

    day: str
    start: str
    where: str


@dataclass(frozen=True, slots=True)
class Database:
    """One cluster. Its nodes are the primary and its standbys; read replicas are not among them.

    `status` is ``online`` once it serves. `network` (scope vpc:read) and `tags` (tag:read) are None
    where the answer does not hold them; `maintenance` is None where there is no window.
    """

    id: str
    name: str
    engine: str
    version: str | None
    region: str
    nodes: int
    status: str | None
    network: str | None
    tags: tuple[str, ...] | None
    maintenance: PlatformWindow | None
    where: str
    ssl: bool | None = None
    """Whether clients must connect over TLS; None where the answer does not say."""


@dataclass(frozen=True, slots=True)
class TrustedSource:
    """A rule of a cluster's firewall. `type` is droplet, k8s, ip_addr, tag or app."""

    type: str
    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Replica:
    """A read replica, which is promoted by hand; a standby takes over by itself."""

    name: str
    region: str | None
    status: str | None
    where: str


@dataclass(frozen=True, slots=True)
class ConnectionPool:
    """A pool of connections that clients share. `size` counts connections to the database."""

    name: str
    mode: str
    size: int
    where: str
