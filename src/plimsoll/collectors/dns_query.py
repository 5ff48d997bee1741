"""Questions put to name servers, and where the authoritative servers of a zone are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from plimsoll.collectors.network import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plimsoll.collectors.context import Context, Limits
    from plimsoll.collectors.network import Address

PORT = 53
PAYLOAD_BYTES = 1232
"""What fits into one datagram on any path; more comes over TCP."""

_FOUND_OR_NOT = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)


class Unanswered(Exception):  # noqa: N818 (the state of a question, in a sentence for people)
    """No server that was asked gave an answer."""


def query(
    name: dns.name.Name,
    kind: dns.rdatatype.RdataType,
    addresses: Iterable[Address],
    limits: Limits,
    *,
    recursive: bool,
) -> dns.message.Message:
    """Ask the addresses in turn, over TCP where a datagram was cut short; return the first answer.

    Raises Unanswered when every attempt failed.
    """
    question = dns.message.make_query(
        name,
        kind,
        use_edns=0,
        payload=PAYLOAD_BYTES,
        flags=dns.flags.RD if recursive else 0,
    )
    reason = "no address is known"
    for address, port in addresses:
        for _ in range(1 + limits.retries):
            try:
                return dns.query.udp_with_fallback(
                    question, address, limits.connect_seconds, port, ignore_unexpected=True
                )[0]
            except dns.exception.Timeout:
                reason = f"no answer within {limits.connect_seconds:g} s"
            except (OSError, EOFError, dns.exception.DNSException) as error:
                reason = getattr(error, "strerror", None) or type(error).__name__
    raise Unanswered(reason)


class Delegations:
    """Who answers for which zone, as the network's resolver tells it; asked once per name."""

    def __init__(self, context: Context) -> None:
        self._network = context.network
        self._limits = context.limits
        self._known: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], Sequence[str]] = {}

    def servers(self, name: dns.name.Name) -> Sequence[str]:
        """Return the host names of the servers of the closest zone that holds a name.

        Raises Unanswered where the resolver does not answer, or knows no such zone.
        """
        zone = name
        while zone != dns.name.root:
            hosts = self._resolve(zone, dns.rdatatype.NS)
            if hosts:
                return sorted(host.rstrip(".").lower() for host in hosts)
            zone = zone.parent()
        message = f"no name server is known for {name.to_text(omit_final_dot=True)}"
        raise Unanswered(message)

    def addresses(self, server: str) -> Sequence[Address]:
        """Return where a name server is reached; nowhere in a closed network without a route."""
        routed = self._network.address(server, PORT)
        if routed == NOWHERE:
            return ()
        if routed != (server, PORT):
            return (routed,)
        host = dns.name.from_text(server)
        found = (*self._resolve(host, dns.rdatatype.A), *self._resolve(host, dns.rdatatype.AAAA))
        return [self._network.address(address, PORT) for address in found]

    def _resolve(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Sequence[str]:
        known = self._known.get((name, kind))
        if known is None:
            known = self._known[name, kind] = self._look_up(name, kind)
        return known

    def _look_up(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Sequence[str]:
        try:
            response = query(name, kind, self._resolvers(), self._limits, recursive=True)
        except Unanswered as error:
            message = f"the resolver did not answer: {error}"
            raise Unanswered(message) from None
        if response.rcode() not in _FOUND_OR_NOT:
            rcode = dns.rcode.to_text(response.rcode())
            message = f"the resolver answered {rcode} for {name.to_text(omit_final_dot=True)}"
            raise Unanswered(message)
        return [
            record.to_text()
            for records in response.answer
            if records.rdtype == kind and (kind != dns.rdatatype.NS or records.name == name)
            for record in records
        ]

    def _resolvers(self) -> Sequence[Address]:
        if self._network.resolver is not None:
            return (self._network.resolver,)
        if self._network.closed:
            return ()
        try:
            system = dns.resolver.get_default_resolver()
        except dns.resolver.NoResolverConfiguration:
            message = "this machine has no resolver"
            raise Unanswered(message) from None
        return [(str(server), system.port) for server in system.nameservers]
