"""A droplet, which is a virtual machine, as the platform holds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Droplet:
    """One machine. `network` is its VPC (scope vpc:read), `tags` need tag:read.

    Either is None where the answer does not hold it; so is `public_addresses`, which is empty for
    a machine that the Internet cannot reach at all.
    """

    id: str
    name: str
    region: str | None
    network: str | None
    tags: tuple[str, ...] | None
    public_addresses: tuple[str, ...] | None
    where: str
