"""Faults in what the authoritative name servers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.dns_zone import Record
from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.environment.model import DnsRecord
    from plimsoll.worlds.world import World

_AN_HOUR_SECONDS = 3600


@fault("DNS-01", "ttl-one-second-too-long", vantage="dns")
def ttl_one_second_too_long(world: World) -> None:
    """The record lives a second longer than it may."""
    declared = _declared(world)
    world.names.record(declared.name, declared.type).ttl_seconds = declared.ttl_seconds_at_most + 1


@fault("DNS-01", "ttl-of-an-hour", vantage="dns")
def ttl_of_an_hour(world: World) -> None:
    """The record lives for an hour, the default of many a provider."""
    declared = _declared(world)
    world.names.record(declared.name, declared.type).ttl_seconds = _AN_HOUR_SECONDS


@fault("DNS-01", "record-missing", vantage="dns")
def record_missing(world: World) -> None:
    """The name has no record of the declared type."""
    _take_out(world, _declared(world))


@fault("DNS-01", "long-lived-alias", vantage="dns")
def long_lived_alias(world: World) -> None:
    """The name became an alias into another zone, and the alias lives for an hour."""
    declared = _declared(world)
    records = _take_out(world, declared)
    records.append(Record(declared.name, "CNAME", ("edge.example.net.",), _AN_HOUR_SECONDS))


def _declared(world: World) -> DnsRecord:
    """Return the last declared record: aliases may not stand at the top of a zone."""
    if not world.environment.dns:
        message = f"{world.environment.system} declares no dns records"
        raise LookupError(message)
    return world.environment.dns[-1]


def _take_out(world: World, declared: DnsRecord) -> list[Record]:
    """Remove a record from its zone, and return the records that the zone is left with."""
    record = world.names.record(declared.name, declared.type)
    records = next(zone.records for zone in world.names.zones if record in zone.records)
    records.remove(record)
    return records
