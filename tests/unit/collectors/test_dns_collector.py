"""Every authoritative server is asked itself, and silence is never an answer."""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors import dns as collector
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.network import Network
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.findings import NotObserved, Observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK = Limits(connect_seconds=0.2, read_seconds=0.2, retries=0)
PROBE = DnsProbe("www.example.test")
DELEGATION = (
    "example.test. 900 IN NS ns1.example.test.",
    "example.test. 900 IN NS ns2.example.test.",
)


@dataclass
class Zone:
    """What a server answers from, how it behaves, and what it was asked."""

    records: tuple[str, ...] = ()
    authoritative: bool = True
    rcode: dns.rcode.Rcode | None = None
    truncates: bool = False
    silent: bool = False
    asked: list[tuple[str, bool, str]] = field(default_factory=list)
    port: int = 0

    def answer(self, wire: bytes, protocol: str) -> bytes | None:
        """Return the response to a question, or nothing at all."""
        question = dns.message.from_wire(wire)
        (asked,) = question.question
        recursive = bool(question.flags & dns.flags.RD)
        self.asked.append(
            (f"{asked.name} {dns.rdatatype.to_text(asked.rdtype)}", recursive, protocol)
        )
        if self.silent:
            return None
        response = dns.message.make_response(question)
        if self.authoritative:
            response.flags |= dns.flags.AA
        if self.rcode is not None:
            response.set_rcode(self.rcode)
        elif self.truncates and protocol == "udp":
            response.flags |= dns.flags.TC
        else:
            self._fill(response, asked)
        return response.to_wire()

    def _fill(self, response: dns.message.Message, asked: dns.rrset.RRset) -> None:
        sets: dict[tuple[str, str], list[str]] = {}
        for line in self.records:
            name, ttl, _, kind, *data = line.split()
            sets.setdefault((name, kind), [ttl]).append(" ".join(data))
        name, kind = str(asked.name), dns.rdatatype.to_text(asked.rdtype)
        while (name, kind) in sets or (name, "CNAME") in sets:
            found = kind if (name, kind) in sets else "CNAME"
            ttl, *data = sets[name, found]
            response.answer.append(dns.rrset.from_text(name, int(ttl), "IN", found, *data))
            if found == kind:
                return
            name = data[0]
        if not any(owner.endswith(str(asked.name)) for owner, _ in sets):
            response.set_rcode(dns.rcode.NXDOMAIN)


@contextmanager
def name_server(zone: Zone) -> Iterator[Zone]:
    """Serve a zone over UDP and TCP, on one port."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        zone.port = listener.getsockname()[1]
        datagrams.bind(("127.0.0.1", zone.port))

        def serve_datagrams() -> None:
            with suppress(OSError):
                while True:
                    wire, peer = datagrams.recvfrom(4096)
                    if not wire:  # what a shut-down socket receives
                        return
                    response = zone.answer(wire, "udp")
                    if response is not None:
                        datagrams.sendto(response, peer)

        def serve_streams() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = listener.accept()
                    with peer:
                        length = int.from_bytes(peer.recv(2))
                        response = zone.answer(peer.recv(length), "tcp") or b""
                        peer.sendall(len(response).to_bytes(2) + response)

        for loop in (serve_datagrams, serve_streams):
            Thread(target=loop, daemon=True).start()
        yield zone
        with suppress(OSError):
            datagrams.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def start() -> Iterator[Callable[[Zone], Zone]]:
    """Return what starts a name server."""
    with ExitStack() as stack:
        yield lambda zone: stack.enter_context(name_server(zone))


@pytest.fixture
def ask(start, attending) -> Callable[..., Observed | NotObserved]:
    """Return what asks a world of a resolver and two authoritative servers a question."""

    def asked(*servers: Zone, probe: DnsProbe = PROBE, resolver: Zone | None = None):
        delegation = DELEGATION[: max(1, len(servers))]
        running = start(resolver or Zone(delegation, authoritative=False))
        routes = {
            f"ns{number}.example.test:53": ("127.0.0.1", start(zone).port)
            for number, zone in enumerate(servers, 1)
        }
        network = Network(routes, closed=True, resolver=("127.0.0.1", running.port))
        context = Context(network=network, limits=QUICK)
        ((_, sighting),) = collector.collect([probe], context, attending)
        return sighting

    return asked


ADDRESS = "www.example.test. 60 IN A 192.0.2.7"


def test_every_authoritative_server_is_asked_itself(ask) -> None:
    """Both servers answer under their own names, without recursion, with the zone's own TTL."""
    zones = Zone((ADDRESS,)), Zone((ADDRESS.replace("60", "300"),))
    sighting = ask(*zones)
    assert isinstance(sighting, Observed)
    assert [
        (answer.server, answer.records, answer.ttl_seconds, answer.authoritative, answer.rcode)
        for answer in sighting.value
    ] == [
        ("ns1.example.test", ("192.0.2.7",), 60, True, "NOERROR"),
        ("ns2.example.test", ("192.0.2.7",), 300, True, "NOERROR"),
    ]
    assert zones[0].asked == [("www.example.test. A", False, "udp")]
    assert sighting.origin.where == "www.example.test A"


def test_digest_is_asked_of_the_zone_above(ask) -> None:
    """A DS record stands with the parent: its servers are asked, and those of the zone are not."""
    digest = f"1 13 2 {'ab' * 32}"
    above = Zone((f"www.example.test. 900 IN DS {digest}",))
    own = Zone(("www.example.test. 900 IN NS ns9.example.test.", *DELEGATION), authoritative=False)
    sighting = ask(above, probe=DnsProbe("www.example.test", "DS"), resolver=own)
    assert isinstance(sighting, Observed)
    assert [answer.records for answer in sighting.value if answer.rcode] == [(digest,)]
    assert above.asked == [("www.example.test. DS", False, "udp")]


def test_cached_answer_is_told_as_such(ask) -> None:
    """A server without authority says so by its flag, which is kept."""
    sighting = ask(Zone((ADDRESS,), authoritative=False), Zone((ADDRESS,)))
    assert isinstance(sighting, Observed)
    assert [answer.authoritative for answer in sighting.value] == [False, True]


def test_alias_is_an_answer_of_its_own(ask) -> None:
    """An alias that leads elsewhere is told as an alias, with its own time to live."""
    zone = Zone(("www.example.test. 120 IN CNAME edge.elsewhere.test.",))
    sighting = ask(zone)
    assert isinstance(sighting, Observed)
    (answer,) = sighting.value
    assert (answer.record_type, answer.records, answer.ttl_seconds) == (
        "CNAME",
        ("edge.elsewhere.test.",),
        120,
    )


def test_alias_within_the_zone_is_followed(ask) -> None:
    """Alias and address are told one after the other, each with its name and time to live."""
    records = (
        "www.example.test. 120 IN CNAME a.example.test.",
        "a.example.test. 30 IN A 192.0.2.9",
    )
    sighting = ask(Zone(records))
    assert isinstance(sighting, Observed)
    assert [(answer.name, answer.record_type, answer.ttl_seconds) for answer in sighting.value] == [
        ("www.example.test", "CNAME", 120),
        ("a.example.test", "A", 30),
    ]


def test_servers_of_an_alias_s_target_are_not_those_of_the_name(ask) -> None:
    """A resolver follows an alias to another zone; the alias itself stands in its own zone."""
    records = (
        *DELEGATION[:1],
        "www.example.test. 60 IN CNAME elsewhere.test.",
        "elsewhere.test. 60 IN NS ns.elsewhere.test.",
    )
    sighting = ask(Zone((ADDRESS,)), resolver=Zone(records, authoritative=False))
    assert isinstance(sighting, Observed)
    assert [answer.server for answer in sighting.value] == ["ns1.example.test"]


def test_circle_of_aliases_ends(ask) -> None:
    """Aliases that lead back are told once each."""
    message = dns.message.make_response(dns.message.make_query("a.test", "A"))
    for line in (("a.test.", "b.test."), ("b.test.", "a.test.")):
        message.answer.append(dns.rrset.from_text(line[0], 5, "IN", "CNAME", line[1]))
    answers = collector.read_answer(
        message, "ns", dns.name.from_text("a.test"), dns.rdatatype.A, datetime.now(UTC)
    )
    assert [answer.name for answer in answers] == ["a.test", "b.test"]


def test_name_that_does_not_exist_is_an_answer(ask) -> None:
    """NXDOMAIN from an authoritative server is an observation without records."""
    sighting = ask(Zone(("other.example.test. 60 IN A 192.0.2.7",)))
    assert isinstance(sighting, Observed)
    (answer,) = sighting.value
    assert (answer.rcode, answer.records, answer.ttl_seconds) == ("NXDOMAIN", (), None)


def test_type_that_does_not_exist_is_an_answer(ask) -> None:
    """No record of the type is told as that, not as an absent name."""
    sighting = ask(Zone((ADDRESS,)), probe=DnsProbe("www.example.test", "CAA"))
    assert isinstance(sighting, Observed)
    (answer,) = sighting.value
    assert (answer.rcode, answer.record_type, answer.records) == ("NOERROR", "CAA", ())


def test_cut_short_answer_is_fetched_whole(ask) -> None:
    """A truncated datagram is asked for again over a stream."""
    zone = Zone((ADDRESS,), truncates=True)
    sighting = ask(zone)
    assert isinstance(sighting, Observed)
    assert sighting.value[0].records == ("192.0.2.7",)
    assert [protocol for _, _, protocol in zone.asked] == ["udp", "tcp"]


def test_one_silent_server_does_not_hide_the_other(ask) -> None:
    """Those that answer are observed; the one that does not is there, and says nothing."""
    sighting = ask(Zone(silent=True), Zone((ADDRESS,)))
    assert isinstance(sighting, Observed)
    answered, silent = sighting.value
    assert (answered.server, answered.records) == ("ns2.example.test", ("192.0.2.7",))
    assert (silent.server, silent.rcode, silent.authoritative) == ("ns1.example.test", "", False)
    assert silent.ttl_seconds is None


def test_silent_servers_are_not_observed(ask) -> None:
    """Where no server answers, each is named with what it did."""
    sighting = ask(Zone(silent=True), Zone(silent=True))
    assert isinstance(sighting, NotObserved)
    assert "ns1.example.test: no answer within 0.2 s" in sighting.reason
    assert "ns2.example.test: " in sighting.reason


def test_refusing_server_is_an_answer_of_its_kind(ask) -> None:
    """A server that refuses has answered: its code is kept, and there are no records."""
    sighting = ask(Zone(rcode=dns.rcode.REFUSED))
    assert isinstance(sighting, Observed)
    assert (sighting.value[0].rcode, sighting.value[0].records) == ("REFUSED", ())


@pytest.mark.parametrize(
    ("resolver", "reason"),
    [
        (Zone(silent=True), "the resolver did not answer: no answer within 0.2 s"),
        (Zone(rcode=dns.rcode.SERVFAIL), "the resolver answered SERVFAIL for www.example.test"),
        (Zone(), "no name server is known for www.example.test"),
    ],
    ids=["silent", "failing", "ignorant"],
)
def test_resolver_without_the_zone_leaves_the_name_unobserved(resolver, reason, ask) -> None:
    """Without the zone's servers nothing is known of the name."""
    sighting = ask(Zone((ADDRESS,)), resolver=resolver)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == reason


def test_resolver_is_asked_for_addresses_of_servers_without_a_route(start, attending) -> None:
    """On an open network a name server's own address is looked up, and asked at port 53."""
    records = (*DELEGATION[:1], "ns1.example.test. 60 IN A 127.0.0.1")
    resolver, server = start(Zone(records)), start(Zone((ADDRESS,)))
    routes = {"127.0.0.1:53": ("127.0.0.1", server.port)}
    network = Network(routes, resolver=("127.0.0.1", resolver.port))
    ((_, sighting),) = collector.collect([PROBE], Context(network, limits=QUICK), attending)
    assert isinstance(sighting, Observed)
    assert sighting.value[0].records == ("192.0.2.7",)
    assert ("ns1.example.test. A", True, "udp") in resolver.asked


def test_closed_world_without_a_resolver_asks_nobody(attending) -> None:
    """A mocked run never asks the system's resolver."""
    context = Context(network=Network(closed=True), limits=QUICK)
    ((_, sighting),) = collector.collect([PROBE], context, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason.startswith("the resolver did not answer")


@pytest.mark.parametrize(
    "probe", [DnsProbe("a..b"), DnsProbe("x" * 64), DnsProbe("a.test", "NOPE")]
)
def test_what_is_no_question_is_not_asked(probe, ask) -> None:
    """A name or type that DNS does not know costs only itself."""
    sighting = ask(Zone(), probe=probe)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "this is no question that DNS knows"


@given(st.binary(max_size=120))
def test_any_message_is_read(wire) -> None:
    """Whatever a server says in good form becomes answers of its name, never an accident."""
    question = dns.message.make_query("a.test", "TXT")
    try:
        message = dns.message.from_wire(question.to_wire()[:6] + wire, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        message = dns.message.make_response(question)
    answers = collector.read_answer(
        message, "ns", dns.name.from_text("a.test"), dns.rdatatype.TXT, datetime.now(UTC)
    )
    assert all((answer.ttl_seconds is None) == (not answer.records) for answer in answers)
    assert answers
