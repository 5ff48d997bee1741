"""The mocked name servers answer as an authority and its resolver do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.worlds.dns_server import respond
from plimsoll.worlds.dns_zone import NameService, Record, Zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.collectors.network import Address
    from plimsoll.worlds.world import RunningWorld, World

    Run = Callable[[World], RunningWorld]

SERVICE = NameService([Zone("a.example", ("ns1.a.example",), [Record("x.a.example", "A", (), 1)])])
ZONE = "ferry.example"


def question(
    address: Address, name: str, kind: str = "A", over: str = "udp"
) -> dns.message.Message:
    """Ask one question."""
    host, port = address
    query = dns.message.make_query(name, kind)
    if over == "tcp":
        return dns.query.tcp(query, host, port=port, timeout=5)
    return dns.query.udp(query, host, port=port, timeout=5)


def authority(running: RunningWorld) -> Address:
    """Return where the name server of the zone is."""
    return running.network.address("ns1.ferry.example", 53)


def resolver(running: RunningWorld) -> Address:
    """Return where the resolver is."""
    assert running.network.resolver is not None
    return running.network.resolver


@pytest.mark.parametrize("over", ["udp", "tcp"])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ferry.example", "A"),
        ("north.ferry.example", "A"),
        ("NORTH.Ferry.Example", "A"),
        ("api.ferry.example", "AAAA"),
        ("www.ferry.example", "CNAME"),
    ],
)
def test_every_host_has_authoritative_records(
    sound: RunningWorld, name: str, kind: str, over: str
) -> None:
    """Ask the authority for each host; see AA, one record and the TTL of the plan."""
    answer = question(authority(sound), name, kind, over)
    assert answer.flags & dns.flags.AA
    assert [(one.ttl, len(one)) for one in answer.answer] == [(60, 1)]


def test_the_authority_is_found_through_the_resolver(sound: RunningWorld) -> None:
    """Walk from the resolver's NS records to a name server's address and ask it."""
    servers = question(resolver(sound), "ferry.example", "NS").answer[0]
    assert sorted(map(str, servers)) == ["ns1.ferry.example.", "ns2.ferry.example."]
    address = question(resolver(sound), str(servers[0]), "A").answer[0][0].to_text()
    routed = sound.network.address(address, 53)
    assert question(routed, "ferry.example").flags & dns.flags.AA


def test_the_resolver_is_no_authority(sound: RunningWorld) -> None:
    """Ask the resolver; see RA and not AA."""
    flags = question(resolver(sound), "ferry.example").flags
    assert (bool(flags & dns.flags.AA), bool(flags & dns.flags.RA)) == (False, True)


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("none.ferry.example", "A", "NXDOMAIN"),
        ("ferry.example", "MX", "NOERROR"),
        ("www.ferry.example", "SOA", "NOERROR"),
    ],
)
def test_what_is_not_there_is_said_with_the_zone(
    sound: RunningWorld, name: str, kind: str, code: str
) -> None:
    """Ask for an unknown name and for types that a name has not."""
    answer = question(authority(sound), name, kind)
    assert dns.rcode.to_text(answer.rcode()) == code
    assert all(one.rdtype == dns.rdatatype.CNAME for one in answer.answer)
    assert bool(answer.answer) is not bool(answer.authority)


def test_names_outside_the_zones_are_nobodys(sound: RunningWorld) -> None:
    """Ask both servers for a name of another zone."""
    asked = (resolver(sound), authority(sound))
    codes = [question(address, "ferry.test").rcode() for address in asked]
    assert codes == [dns.rcode.NXDOMAIN, dns.rcode.REFUSED]


def test_a_longer_ttl_is_served(world: World, run: Run) -> None:
    """Raise the TTL of one name; see it there and nowhere else."""
    world.names.record("ferry.example").ttl_seconds = 3600
    address = authority(run(world))
    ttls = [question(address, name).answer[0].ttl for name in ("ferry.example", f"north.{ZONE}")]
    assert ttls == [3600, 60]


def test_a_server_that_is_not_authoritative_does_not_claim_to_be(world: World, run: Run) -> None:
    """Take the authority away; see an answer without AA."""
    world.names.zones[0].authoritative = False
    answer = question(authority(run(world)), ZONE)
    assert answer.answer
    assert not answer.flags & dns.flags.AA


def test_dead_servers_answer_nothing(world: World, run: Run) -> None:
    """Kill the name servers; see a question time out."""
    world.names.alive = False
    host, port = authority(run(world))
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(dns.message.make_query(ZONE, "A"), host, port=port, timeout=0.1)


def test_slow_servers_answer_late(world: World, run: Run) -> None:
    """Delay every answer; see a hasty client give up and a patient one be answered."""
    world.names.delay_ms = 200
    host, port = authority(run(world))
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(dns.message.make_query(ZONE, "A"), host, port=port, timeout=0.02)
    assert question((host, port), ZONE).answer


def test_withheld_names_cannot_be_found(world: World, run: Run) -> None:
    """Withhold DNS; see a resolver that fails, and no way to a name server."""
    world.withhold("dns")
    running = run(world)
    assert question(resolver(running), ZONE).rcode() == dns.rcode.SERVFAIL
    assert not [name for name in running.network.routes if name.endswith(":53")]


def test_a_record_that_is_not_there_cannot_be_changed(world: World) -> None:
    """Look for a record of a type that the name has not."""
    with pytest.raises(LookupError, match=r"no AAAA record of ferry\.example"):
        world.names.record(ZONE, "AAAA")


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_answered_or_ignored(wire: bytes, recursive: bool) -> None:
    """Send arbitrary bytes; what is answered is a message."""
    response = respond(wire, SERVICE, recursive=recursive)
    assert response is None or dns.message.from_wire(response)


@given(st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,3}", fullmatch=True))
def test_no_name_is_known_that_was_not_laid_out(name: str) -> None:
    """Ask for arbitrary names; see no records."""
    response = respond(dns.message.make_query(name, "A").to_wire(), SERVICE, recursive=False)
    assert response is not None
    assert not dns.message.from_wire(response).answer
