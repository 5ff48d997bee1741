"""Faults in what the authoritative name servers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from plimsoll.worlds.dns_zone import Record
from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.environment.model import DnsRecord
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_AN_HOUR_SECONDS = 3600


@fault("DNS-01", "ttl-one-second-too-long", vantage="dns", environments=APP_OINT)
def ttl_one_second_too_long(world: World) -> None:
    """The record lives a second longer than it may."""
    declared = _declared(world)
    world.names.record(declared.name, declared.type).ttl_seconds = declared.ttl_seconds_at_most + 1


@fault("DNS-01", "ttl-of-an-hour", vantage="dns", environments=APP_OINT)
def ttl_of_an_hour(world: World) -> None:
    """The record lives for an hour, the default of many a provider."""
    declared = _declared(world)
    world.names.record(declared.name, declared.type).ttl_seconds = _AN_HOUR_SECONDS


@fault("DNS-01", "record-missing", vantage="dns", environments=APP_OINT)
def record_missing(world: World) -> None:
    """The name has no record of the declared type."""
    _take_out(world, _declared(world))


@fault("DNS-01", "long-lived-alias", vantage="dns", environments=APP_OINT)
def long_lived_alias(world: World) -> None:
    """The name became an alias into another zone, and the alias lives for an hour."""
    declared = _declared(world)
    records = _take_out(world, declared)
    records.append(Record(declared.name, "CNAME", ("edge.example.net.",), _AN_HOUR_SECONDS))


@fault("DNS-01", "value-not-the-zone's", vantage="dns", environments=APP_OINT)
def value_not_the_zones(world: World) -> None:
    """The name servers still serve an address that the platform's zone no longer holds."""
    declared = _declared(world)
    world.names.record(declared.name, declared.type).values = ("203.0.113.200",)


@fault("DNS-01", "held-for-half-an-hour", vantage="do", environments=APP_OINT)
def held_for_half_an_hour(world: World) -> None:
    """The platform holds the record with its usual TTL, which will be served in a moment."""
    _held(world)[-1]["ttl"] = 1800


@fault("DNS-01", "not-held", vantage="do", environments=APP_OINT)
def not_held(world: World) -> None:
    """The record was deleted from the platform's zone; name servers have not yet noticed."""
    _held(world).pop()


def _held(world: World) -> list[dict[str, Any]]:
    """Return the records that the platform holds; the last is that of the last declared name."""
    return cast("list[dict[str, Any]]", world.cloud.details("domain-records", "app-oint.com"))


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
