"""What a domain's owner can do so that nobody else speaks in its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import name_records, zone_keys

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import DomainSubject
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.findings import Expect, Observed

    Answers = Observed[tuple[DnsAnswer, ...]]


@pytest.mark.control("DNS-03b")
def test_issuers_of_certificates_are_named(
    advised_domain: DomainSubject, issuers: tuple[Answers, ...], expect: Expect
) -> None:
    """Ask the authoritative servers of the domain, and of each name above it, for CAA records.

    The closest name that has any decides (RFC 8659, section 3), on every server: one of them must
    be `issue`. Records that only tell where to report restrict nobody, and `issuewild` leaves any
    issuer the certificate of a single name.
    """
    for seen in issuers:
        _believed(seen)
        found = {
            server: name_records.values(answers, "CAA")
            for server, answers in name_records.by_server(seen.value).items()
        }
        if any(found.values()) or seen is issuers[-1]:
            for server, records in found.items():
                expect.that(
                    name_records.restricts_issuance(records),
                    "CAA records",
                    observed=", ".join(sorted(records)) or None,
                    expected="one that names who may issue certificates",
                    at=seen.origin.at(f"{advised_domain.id} CAA at {server}"),
                )
            return


@pytest.mark.control("DNS-03c")
def test_zone_is_signed(
    advised_domain: DomainSubject,
    security_records: dict[tuple[str, str], Answers],
    expect: Expect,
) -> None:
    """Ask the domain's zone for its keys (DNSKEY), and the zone above it for their digests (DS).

    There must be keys, and one of the digests must be that of one of them: keys that nobody vouches
    for protect nothing, and a digest of a key that is gone takes the domain away from everyone who
    verifies. Signatures are not verified here.
    """
    zone = _zone(security_records)
    if zone is None:
        seen = next(iter(security_records.values()))
        raise NotObserved(f"no zone of {advised_domain.id} is known", seen.origin)
    keys, digests = security_records[zone, "DNSKEY"], security_records[zone, "DS"]
    _believed(keys)
    _believed(digests)
    held = name_records.values(keys.value, "DNSKEY")
    vouched = name_records.values(digests.value, "DS")
    expect.that(
        bool(held), "keys of the zone", observed=None, expected="DNSKEY records", at=keys.origin
    )
    expect.that(
        zone_keys.is_vouched_for(zone, held, vouched),
        "digest in the zone above",
        observed=", ".join(sorted(vouched)) or None,
        expected="the DS record of one of the zone's keys",
        at=digests.origin,
    )


def _zone(records: dict[tuple[str, str], Answers]) -> str | None:
    """Return the closest name that has name servers of its own, so is a zone."""
    for (name, record_type), seen in records.items():
        if record_type == "NS":
            _believed(seen)
            if name_records.values(seen.value, "NS"):
                return name
    return None


def _believed(seen: Answers) -> None:
    """Raise NotObserved where a server's answer cannot be believed."""
    unsure = name_records.doubts(seen.value)
    if unsure:
        raise NotObserved("; ".join(unsure), seen.origin)
