"""Serve zones over DNS, on UDP and TCP: as their authority, or as a resolver that asked it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from plimsoll.worlds.dns_zone import NameService, Zone

Wire = tuple[str, int]
_SOA_TTL_SECONDS = 60


def respond(wire: bytes, service: NameService, *, recursive: bool) -> bytes | None:
    """Return the answer to a question in wire format, or None where the bytes are no question.

    A recursive server sets RA and never AA, and knows no such name outside the zones; the authority
    sets AA and refuses such names.
    """
    try:
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query, recursion_available=recursive)
    except (dns.exception.DNSException, ValueError):
        return None
    if service.failing or not query.question:
        response.set_rcode(dns.rcode.SERVFAIL if service.failing else dns.rcode.FORMERR)
        return response.to_wire()
    name = query.question[0].name.to_text(omit_final_dot=True).lower()
    record_type = dns.rdatatype.to_text(query.question[0].rdtype)
    zone = service.zone_of(name, record_type)
    if zone is None:
        response.set_rcode(dns.rcode.NXDOMAIN if recursive else dns.rcode.REFUSED)
        return response.to_wire()
    if zone.authoritative and not recursive:
        response.flags |= dns.flags.AA
    _fill(response, zone, name, record_type)
    return response.to_wire()


def _fill(response: dns.message.Message, zone: Zone, name: str, record_type: str) -> None:
    answers = _answers(zone, name, record_type)
    response.answer.extend(answers)
    if not answers:
        response.authority.append(_soa(zone))
        if not zone.knows(name):
            response.set_rcode(dns.rcode.NXDOMAIN)
    if record_type == "NS" and name == zone.name:
        addresses = (zone.find(server, "A") for server in zone.name_servers)
        response.additional.extend(
            _rrset(one.name, one.ttl_seconds, "A", *one.values) for one in addresses if one
        )


def _answers(zone: Zone, name: str, record_type: str) -> list[dns.rrset.RRset]:
    if name == zone.name and record_type == "SOA":
        return [_soa(zone)]
    if name == zone.name and record_type == "NS":
        servers = (f"{server}." for server in zone.name_servers)
        return [_rrset(name, _SOA_TTL_SECONDS, "NS", *servers)]
    found = zone.find(name, record_type) or zone.find(name, "CNAME")
    return [_rrset(found.name, found.ttl_seconds, found.type, *found.values)] if found else []


def _soa(zone: Zone) -> dns.rrset.RRset:
    data = f"{zone.name_servers[0]}. hostmaster.{zone.name}. 1 3600 600 86400 60"
    return _rrset(zone.name, _SOA_TTL_SECONDS, "SOA", data)


def _rrset(name: str, ttl_seconds: int, record_type: str, *values: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(
        f"{name}.", ttl_seconds, dns.rdataclass.IN, dns.rdatatype.from_text(record_type), *values
    )


class DnsServer(asyncio.DatagramProtocol):
    """Answers over UDP as a protocol, and over TCP through `serve` (RFC 1035 §4.2)."""

    def __init__(self, service: NameService, *, recursive: bool) -> None:
        self._service = service
        self._recursive = recursive
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep the socket to answer from."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Wire) -> None:
        """Answer one datagram, after the configured delay."""
        response = self._respond(data)
        if response is not None and self._transport is not None:
            delay_seconds = self._service.delay_ms / 1000
            loop = asyncio.get_running_loop()
            loop.call_later(delay_seconds, self._transport.sendto, response, addr)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the questions of one TCP connection, each with its length before it."""
        while True:
            length = int.from_bytes(await reader.readexactly(2), "big")
            response = self._respond(await reader.readexactly(length))
            if response is None:
                break
            await asyncio.sleep(self._service.delay_ms / 1000)
            writer.write(len(response).to_bytes(2, "big") + response)
            await writer.drain()

    def _respond(self, wire: bytes) -> bytes | None:
        if not self._service.alive:
            return None
        return respond(wire, self._service, recursive=self._recursive)
