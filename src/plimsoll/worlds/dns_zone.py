"""What the mocked name servers say: the part of a world that faults in DNS change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.environment.model import Environment
    from plimsoll.worlds.blueprint import DnsPlan

_ADDRESSES = {"A": "203.0.113.{}", "AAAA": "2001:db8::{}", "CNAME": "edge{}.example.net."}
"""Documentation addresses (RFC 5737, RFC 3849): they lead nowhere should anyone follow them."""


@dataclass(slots=True)
class Record:
    """The records of one name and type. Names are absolute, without the final dot."""

    name: str
    type: str
    values: tuple[str, ...]
    ttl_seconds: int


@dataclass(slots=True)
class Zone:
    """One zone. A server that is not authoritative answers without the AA flag."""

    name: str
    name_servers: tuple[str, ...]
    records: list[Record] = field(default_factory=list)
    authoritative: bool = True

    def find(self, name: str, record_type: str) -> Record | None:
        """Return the records of a name and type, or None."""
        return next(
            (one for one in self.records if (one.name, one.type) == (name, record_type)), None
        )

    def holds(self, name: str) -> bool:
        """Whether the name lies in this zone."""
        return name == self.name or name.endswith(f".{self.name}")

    def knows(self, name: str) -> bool:
        """Whether the name exists in this zone, with records or with names below it."""
        return name == self.name or any(
            one.name == name or one.name.endswith(f".{name}") for one in self.records
        )


@dataclass(slots=True)
class NameService:
    """The zones of a mocked system and the condition of its name servers.

    Servers that are not alive hear every question and answer none; failing ones answer SERVFAIL.
    """

    zones: list[Zone] = field(default_factory=list)
    alive: bool = True
    failing: bool = False
    delay_ms: int = 0

    def zone_of(self, name: str, record_type: str = "") -> Zone | None:
        """Return the closest zone that holds a name, or None.

        DS records of a zone's own name stand in the zone above (RFC 4035 section 2.4).
        """
        is_above = record_type == "DS"
        holding = [
            zone for zone in self.zones if zone.holds(name) and not (is_above and zone.name == name)
        ]
        return max(holding, key=lambda zone: len(zone.name), default=None)

    def record(self, name: str, record_type: str = "A") -> Record:
        """Return the records of a name. Raises LookupError where there are none."""
        zone = self.zone_of(name, record_type)
        record = zone.find(name, record_type) if zone else None
        if record is None:
            message = f"no {record_type} record of {name}"
            raise LookupError(message)
        return record


def lay_out_zones(
    environment: Environment, plan: DnsPlan | None, hosts: Iterable[str]
) -> NameService:
    """Return the zones of the plan, with records for every host that lies in one of them."""
    service = NameService()
    if plan is None:
        return service
    for name in plan.zones:
        servers = (f"ns1.{name}", f"ns2.{name}")
        service.zones.append(Zone(name, servers))
    given = {(record.name, record.type) for record in plan.records}
    named = {name for name, record_type in given if record_type in _ADDRESSES}
    declared = {(record.name, record.type) for record in environment.dns or ()} - given
    named |= {name for name, _ in declared}
    declared |= {(host, "A") for host in hosts if host not in named}
    declared |= {(server, "A") for zone in service.zones for server in zone.name_servers}
    for number, (name, record_type) in enumerate(sorted(declared), start=10):
        value = _ADDRESSES[record_type].format(number)
        _enter(service, Record(name, record_type, (value,), plan.ttl_seconds))
    for record in plan.records:
        _enter(service, Record(record.name, record.type, record.values, plan.ttl_seconds))
    return service


def _enter(service: NameService, record: Record) -> None:
    zone = service.zone_of(record.name, record.type)
    if zone is not None:
        zone.records.append(record)
