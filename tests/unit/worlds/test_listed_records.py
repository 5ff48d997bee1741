"""Records that a fixture lists stand in the place of those that are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.message
import dns.rcode
import pytest

from plimsoll.worlds.blueprint import DnsEntry, DnsPlan
from plimsoll.worlds.dns_server import respond
from plimsoll.worlds.dns_zone import NameService, lay_out_zones

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment

PLAN = DnsPlan(
    zones=("example", "ferry.example"),
    ttl_seconds=30,
    records=(
        DnsEntry(name="ferry.example", type="A", values=("203.0.113.77", "203.0.113.78")),
        DnsEntry(name="north.ferry.example", type="CNAME", values=("edge.example.",)),
        DnsEntry(name="ferry.example", type="CAA", values=('0 issue "ca.example"',)),
        DnsEntry(name="ferry.example", type="DS", values=(f"1 13 2 {'ab' * 32}",)),
    ),
)
HOSTS = ("ferry.example", "north.ferry.example", "south.ferry.example")


@pytest.fixture
def service(environment: Environment) -> NameService:
    """Return the zones of the plan."""
    return lay_out_zones(environment, PLAN, HOSTS)


def asked(service: NameService, name: str, kind: str) -> dns.message.Message:
    """Return the authority's answer to one question."""
    wire = respond(dns.message.make_query(name, kind).to_wire(), service, recursive=False)
    assert wire is not None
    return dns.message.from_wire(wire)


def test_a_listed_record_replaces_the_one_laid_out(service: NameService) -> None:
    """Look for the addresses that are listed, and for no other of that name."""
    assert service.record("ferry.example").values == ("203.0.113.77", "203.0.113.78")
    (answer,) = asked(service, "ferry.example", "A").answer
    assert sorted(record.to_text() for record in answer) == ["203.0.113.77", "203.0.113.78"]


def test_a_listed_alias_leaves_no_address_beside_it(service: NameService) -> None:
    """Ask for the address of a host that is listed as an alias (RFC 1034, section 3.6.2)."""
    (answer,) = asked(service, "north.ferry.example", "A").answer
    assert answer[0].to_text() == "edge.example."
    with pytest.raises(LookupError, match="no A record of north"):
        service.record("north.ferry.example")


def test_a_host_that_is_not_listed_has_an_address_all_the_same(service: NameService) -> None:
    """Look for the address of another host."""
    assert service.record("south.ferry.example").ttl_seconds == 30


def test_a_digest_stands_in_the_zone_above(service: NameService) -> None:
    """Ask for the DS record, and for one where no zone above is served."""
    above = next(zone for zone in service.zones if zone.name == "example")
    assert above.find("ferry.example", "DS") is not None
    (answer,) = asked(service, "ferry.example", "DS").answer
    assert answer[0].to_text().startswith("1 13 2 ")
    assert asked(service, "example", "DS").rcode() == dns.rcode.REFUSED


def test_other_types_are_answered_as_listed(service: NameService) -> None:
    """Ask for CAA records, and for keys that nobody listed."""
    (answer,) = asked(service, "ferry.example", "CAA").answer
    assert answer[0].to_text() == '0 issue "ca.example"'
    assert asked(service, "ferry.example", "DNSKEY").answer == []
