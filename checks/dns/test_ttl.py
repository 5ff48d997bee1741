"""Names lead where they should, and not for too long."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from plimsoll.environment.inventory import DnsSubject
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.findings import Expect, Observed


TELLING = ("NOERROR", "NXDOMAIN")
"""Response codes that tell what there is and what there is not (RFC 1035, section 4.1.1)."""


@pytest.mark.control("DNS-01")
def test_dns_record_expires_in_time(
    dns_record: DnsSubject, dns_answers: Observed[tuple[DnsAnswer, ...]], expect: Expect
) -> None:
    """Ask every authoritative server of the zone for the declared record.

    Each must have one of the declared type. Its time to live, and that of every alias on the way,
    must be within the limit. An answer without the AA flag came from a cache, where the time is
    already running down, and counts as not observed; so does one that tells of a failure.
    """
    record = dns_record.record
    unsure: list[str] = []
    for server, answers in _by_server(dns_answers.value).items():
        origin = dns_answers.origin.at(f"{record.name} {record.type} at {server}")
        doubt = _doubt(answers)
        if doubt:
            unsure.append(f"{server} {doubt}")
            continue
        served = any(answer.records and answer.record_type == record.type for answer in answers)
        rcode = answers[-1].rcode
        expect.that(
            served,
            f"{record.type} record",
            observed=f"none ({rcode})",
            expected=f"at least one {record.type} record",
            at=origin,
        )
        for answer in answers:
            if answer.ttl_seconds is not None:
                what = f"TTL of {answer.name} {answer.record_type}"
                limit = record.ttl_seconds_at_most
                expect.at_most(limit, answer.ttl_seconds, what, at=origin, unit="s")
    if unsure or not dns_answers.value:
        raise NotObserved("; ".join(unsure) or "no server answered", dns_answers.origin)


def _doubt(answers: list[DnsAnswer]) -> str:
    """Return why a server's answer says nothing of the record; empty where it does."""
    if any(answer.rcode not in TELLING for answer in answers):
        return f"answered {answers[0].rcode}" if answers[0].rcode else "did not answer"
    authoritative = all(answer.authoritative for answer in answers)
    return "" if authoritative else "answered without authority"


def _by_server(answers: tuple[DnsAnswer, ...]) -> dict[str, list[DnsAnswer]]:
    found: defaultdict[str, list[DnsAnswer]] = defaultdict(list)
    for answer in answers:
        found[answer.server].append(answer)
    return found
