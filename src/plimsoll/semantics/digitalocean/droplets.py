"""Droplets, autoscale pools and their members, from the lists of each.

A pool has a range with targets, or a fixed number. Memory is measured by an agent on the machine,
without which a target for it does nothing (API document, autoscale pools).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.droplet import Droplet
from plimsoll.facts.droplet_pool import DropletPool, PoolMember
from plimsoll.semantics.digitalocean.answer import items, number, text, texts, whole_number

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part


def droplets(answer: Document) -> tuple[Droplet, ...]:
    """Return every machine. Raises UntoldError where one has no id or no name."""
    return tuple(_droplet(part) for part in items(answer, "droplets"))


def pools(answer: Document) -> tuple[DropletPool, ...]:
    """Return every autoscale pool. Raises UntoldError where one has no id or no name."""
    return tuple(_pool(part) for part in items(answer, "autoscale_pools"))


def members(answer: Document) -> tuple[PoolMember, ...]:
    """Return the machines of one pool. Raises UntoldError where one has no id."""
    return tuple(
        PoolMember(
            id=str(whole_number(part["droplet_id"])),
            status=part["status"].text,
            health=part["health_status"].text,
            where=part.where,
        )
        for part in items(answer, "droplets")
    )


def _droplet(part: Part) -> Droplet:
    return Droplet(
        id=str(whole_number(part["id"])),
        name=text(part["name"]),
        region=part["region"]["slug"].text,
        network=part["vpc_uuid"].text,
        tags=texts(part["tags"]),
        public_addresses=_public_addresses(part["networks"]),
        where=part.where,
    )


def _public_addresses(networks: Part) -> tuple[str, ...] | None:
    """Return the addresses the Internet reaches; None where a version of IP is not told."""
    versions = (networks["v4"], networks["v6"])
    if not all(isinstance(version.value, list) for version in versions):
        return None
    return tuple(
        address["ip_address"].text or "unknown"
        for version in versions
        for address in version
        if address["type"].text != "private"
    )


def _pool(part: Part) -> DropletPool:
    config = part["config"]
    return DropletPool(
        id=text(part["id"]),
        name=text(part["name"]),
        region=part["droplet_template"]["region"].text,
        status=part["status"].text,
        minimum=config["min_instances"].integer,
        maximum=config["max_instances"].integer,
        fixed=config["target_number_instances"].integer,
        cpu_utilization=number(config["target_cpu_utilization"]),
        memory_utilization=number(config["target_memory_utilization"]),
        cooldown_minutes=number(config["cooldown_minutes"]),
        running=part["active_resources_count"].integer,
        has_agent=part["droplet_template"]["with_droplet_agent"].boolean is True,
        where=part.where,
    )
