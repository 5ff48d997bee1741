"""Observe DNS: what every authoritative server of a name's zone answers.

A resolver is asked only who those servers are. What it says of the name itself proves nothing:
its times to live have already run down.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from plimsoll.collectors.dns_query import Delegations, Unanswered, query
from plimsoll.collectors.failure import sight
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of
from plimsoll.facts.dns_answer import DnsAnswer, DnsProbe
from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.findings import Origin, Sighting

CHAIN = 16
"""How many aliases are followed within one answer."""


def collect(
    probes: Iterable[DnsProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[DnsProbe, Sighting[tuple[DnsAnswer, ...]]]]:
    """Yield every question with the authoritative answers, or why there is none."""
    inquirer = _Inquirer(context, sightings.awaited)
    yield from in_lanes(
        probes,
        inquirer.see,
        sightings.awaited,
        host=lambda probe: probe.name.lower(),
        threads=context.limits.concurrency,
        per_host=1,
    )


class _Inquirer:
    def __init__(self, context: Context, awaited: Callable[[], bool]) -> None:
        self._context = context
        self._delegations = Delegations(context)
        self._awaited = awaited

    def see(self, probe: DnsProbe) -> Sighting[tuple[DnsAnswer, ...]]:
        origin = origin_of(probe, self._context)
        return sight(lambda: self._inquire(probe, origin), origin)

    def _inquire(self, probe: DnsProbe, origin: Origin) -> tuple[DnsAnswer, ...]:
        try:
            name = dns.name.from_text(probe.name)
            kind = dns.rdatatype.from_text(probe.record_type)
        except (dns.exception.DNSException, UnicodeError, ValueError):
            reason = "this is no question that DNS knows"
            raise NotObserved(reason, origin) from None
        try:
            servers = self._delegations.servers(_holder(name, kind))
        except Unanswered as error:
            raise NotObserved(str(error), origin) from None
        answers: list[DnsAnswer] = []
        silent: dict[str, str] = {}
        for server in servers:
            if not self._awaited():
                reason = "the run ended before every server was asked"
                raise NotObserved(reason, origin)
            try:
                answers += self._ask(server, name, kind)
            except Unanswered as error:
                silent[server] = str(error)
        if not answers:
            reasons = "; ".join(f"{server}: {why}" for server, why in silent.items())
            raise NotObserved(f"no authoritative server answered ({reasons})", origin)
        return (*answers, *(_silence(probe, server) for server in silent))

    def _ask(
        self, server: str, name: dns.name.Name, kind: dns.rdatatype.RdataType
    ) -> tuple[DnsAnswer, ...]:
        addresses = self._delegations.addresses(server)
        response = query(name, kind, addresses, self._context.limits, recursive=False)
        return read_answer(response, server, name, kind, datetime.now(UTC))


def _holder(name: dns.name.Name, kind: dns.rdatatype.RdataType) -> dns.name.Name:
    """Return where to look for the zone: a DS record stands in the one above (RFC 4035 §2.4)."""
    is_above = kind == dns.rdatatype.DS and name != dns.name.root
    return name.parent() if is_above else name


def _silence(probe: DnsProbe, server: str) -> DnsAnswer:
    """Return that a server of the zone did not answer, which nothing must take for agreement."""
    at = datetime.now(UTC)
    return DnsAnswer(probe.name, probe.record_type, server, False, "", (), None, at)  # noqa: FBT003


def read_answer(
    response: dns.message.Message,
    server: str,
    name: dns.name.Name,
    kind: dns.rdatatype.RdataType,
    at: datetime,
) -> tuple[DnsAnswer, ...]:
    """Return what a response says: the aliases on the way to the records, and the records.

    Each set of records is one answer under its own name, type and time to live, so that the time
    of an alias is judged as well. No record at all is one answer without records.
    """

    def answer(owner: dns.name.Name, records: dns.rrset.RRset | None) -> DnsAnswer:
        return DnsAnswer(
            name=owner.to_text(omit_final_dot=True),
            record_type=dns.rdatatype.to_text(records.rdtype if records else kind),
            server=server,
            authoritative=bool(response.flags & dns.flags.AA),
            rcode=dns.rcode.to_text(response.rcode()),
            records=tuple(sorted(record.to_text() for record in records or ())),
            ttl_seconds=records.ttl if records else None,
            at=at,
        )

    chain = _chain(response, name, kind)
    return tuple(answer(records.name, records) for records in chain) or (answer(name, None),)


def _chain(
    response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> list[dns.rrset.RRset]:
    sets = {(records.name, records.rdtype): records for records in response.answer}
    chain: list[dns.rrset.RRset] = []
    for _ in range(CHAIN):
        records = sets.get((name, kind))
        if records:
            return [*chain, records]
        alias = sets.pop((name, dns.rdatatype.CNAME), None)
        if not alias:
            break
        chain.append(alias)
        name = alias[0].target
    return chain
