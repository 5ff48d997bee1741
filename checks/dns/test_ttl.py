"""Names lead where they should, and not for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import name_records

if TYPE_CHECKING:
    from plimsoll.environment.inventory import DnsSubject
    from plimsoll.environment.model import DnsRecord
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.facts.domain_record import DomainRecord
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("DNS-01")
def test_dns_record_expires_in_time(
    dns_record: DnsSubject,
    served_record: Observed[tuple[DnsAnswer, ...]] | NotObserved,
    held_records: Observed[tuple[DomainRecord, ...]] | NotObserved | None,
    expect: Expect,
) -> None:
    """Ask every authoritative server of the zone for the declared record.

    Each must have one of the declared type. Its time to live, and that of every alias on the way,
    must be within the limit. An answer without the AA flag came from a cache, where the time is
    already running down, and counts as not observed; so does one that tells of a failure. Where
    the platform holds the zone, its API must list the record with such a time as well, and with the
    very values that are served.
    """
    record = dns_record.record
    held = None
    if dns_record.zone and held_records and not isinstance(held_records, NotObserved):
        held = _judge_held(dns_record.zone, record, held_records, expect)
    if not isinstance(served_record, NotObserved):
        _judge_served(record, served_record, held, expect)


def _judge_held(
    zone: str, record: DnsRecord, seen: Observed[tuple[DomainRecord, ...]], expect: Expect
) -> frozenset[str]:
    """Judge what the platform holds, and return the values it holds for the record."""
    own = [one for one in seen.value if one.owner(zone) == name_records.host(record.name)]
    mine = [one for one in own if one.type == record.type]
    what = f"{record.type} record held by the platform"
    expect.that(
        bool(mine),
        what,
        observed="none",
        expected=f"at least one {record.type} record of {record.name}",
        at=seen.origin,
    )
    for one in own:
        if one.type not in {record.type, "CNAME"}:
            continue
        what = f"TTL of {record.name} {one.type} held by the platform"
        limit = record.ttl_seconds_at_most
        expect.at_most(limit, one.ttl_seconds, what, at=seen.origin.at(one.where), unit="s")
    untold = [one.id for one in mine if not one.data]
    if untold:
        raise NotObserved(f"no value is told of record {', '.join(untold)}", seen.origin)
    return frozenset(name_records.host(one.data) for one in mine if one.data)


def _judge_served(
    record: DnsRecord,
    seen: Observed[tuple[DnsAnswer, ...]],
    held: frozenset[str] | None,
    expect: Expect,
) -> None:
    for server, answers in name_records.by_server(seen.value).items():
        if name_records.doubt(answers):
            continue
        origin = seen.origin.at(f"{record.name} {record.type} at {server}")
        values = {name_records.host(one) for one in name_records.values(answers, record.type)}
        expect.that(
            bool(values),
            f"{record.type} record",
            observed=f"none ({answers[-1].rcode})",
            expected=f"at least one {record.type} record",
            at=origin,
        )
        for answer in answers:
            if answer.ttl_seconds is not None:
                what = f"TTL of {answer.name} {answer.record_type}"
                limit = record.ttl_seconds_at_most
                expect.at_most(limit, answer.ttl_seconds, what, at=origin, unit="s")
        if values and held:
            expect.that(
                values == held,
                f"value of the {record.type} record",
                observed=", ".join(sorted(values)),
                expected=f"{', '.join(sorted(held))}, as the platform holds it",
                at=origin,
            )
    unsure = name_records.doubts(seen.value)
    if unsure:
        raise NotObserved("; ".join(unsure), seen.origin)
