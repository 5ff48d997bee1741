"""Servers are believed where they have authority, and records read for what they say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.dns_answer import DnsAnswer
from plimsoll.semantics.name_records import (
    alias,
    ancestors,
    by_server,
    doubt,
    doubts,
    restricts_issuance,
    values,
)

ZONE = "ferry.example"


def told(
    record_type: str = "A",
    *records: str,
    server: str = "ns1",
    rcode: str = "NOERROR",
    authoritative: bool = True,
) -> DnsAnswer:
    """Return what a server says of the zone's own name."""
    at = datetime(2026, 5, 4, tzinfo=UTC)
    seconds = 60 if records else None
    return DnsAnswer(ZONE, record_type, server, authoritative, rcode, records, seconds, at)


ANSWERS = st.lists(
    st.builds(
        told,
        st.sampled_from(["A", "CNAME", "CAA"]),
        st.text(max_size=20),
        server=st.sampled_from(["ns1", "ns2"]),
        rcode=st.sampled_from(["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", ""]),
        authoritative=st.booleans(),
    )
)


@given(ANSWERS)
def test_a_server_is_believed_only_with_authority_and_without_failure(
    answers: list[DnsAnswer],
) -> None:
    """Believe a server where all of its answers tell, and have authority; and some server."""
    is_sure = all(one.authoritative and one.rcode in {"NOERROR", "NXDOMAIN"} for one in answers)
    assert (not doubts(answers)) is (bool(answers) and is_sure)
    assert sum(map(len, by_server(answers).values())) == len(answers)


def test_no_answer_is_a_doubt() -> None:
    """Hear nothing at all."""
    assert doubt([]) == "did not answer"
    assert doubts([]) == ("no server answered",)


def test_an_alias_is_that_of_the_name_itself() -> None:
    """Follow a chain: the first alias belongs to the name, the address to where it leads."""
    chain = [told("CNAME", "Edge.Example.NET."), told("A", "192.0.2.1")]
    assert alias(chain, "FERRY.example.") == "edge.example.net"
    assert alias(chain, "other.example") is None
    assert alias(chain[1:], ZONE) is None
    assert values(chain, "A") == {"192.0.2.1"}
    assert values(chain, "CNAME") == {"edge.example.net"}


def test_names_above_end_before_the_top_level() -> None:
    """Climb from a name of four labels, and from a single label."""
    expected = ("a.b.ferry.example", "b.ferry.example", "ferry.example")
    assert ancestors("A.b.ferry.example.") == expected
    assert ancestors("localhost") == ("localhost",)


@given(st.text(max_size=40))
def test_any_name_has_itself_first_among_those_above(name: str) -> None:
    """Climb from arbitrary text."""
    assert ancestors(name)[0] == name.rstrip(".").lower()


@pytest.mark.parametrize(
    ("records", "restricts"),
    [
        (['0 issue "letsencrypt.org"'], True),
        (['0 issue ";"'], True),
        (['128 issuewild "ca.example"'], False),
        (['0 issuewild ";"', '0 issue "ca.example"'], True),
        (['0 iodef "mailto:a@ferry.example"'], False),
        (['0 issuemail "ca.example"'], False),
        ([], False),
    ],
)
def test_only_naming_an_issuer_restricts_issuance(records: list[str], restricts: bool) -> None:
    """Name an authority, nobody, one for wildcards; only say where to report; say nothing."""
    assert restricts_issuance(records) is restricts
