"""Read what the authoritative servers of a name say: whom to believe, and what it amounts to."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.dns_answer import DnsAnswer

TELLING = ("NOERROR", "NXDOMAIN")
"""Response codes that tell what there is and what there is not (RFC 1035, section 4.1.1)."""

_ISSUE = re.compile(r"\d+\s+\"?issue\"?\s", re.IGNORECASE)


def by_server(answers: Iterable[DnsAnswer]) -> dict[str, list[DnsAnswer]]:
    """Return the answers of each server, in the order of the chain of aliases."""
    found: defaultdict[str, list[DnsAnswer]] = defaultdict(list)
    for answer in answers:
        found[answer.server].append(answer)
    return dict(found)


def doubt(answers: Iterable[DnsAnswer]) -> str:
    """Return why a server's answers say nothing of the name; empty where they do.

    Without the AA flag an answer came from a cache.
    """
    told = tuple(answers)
    if not told:
        return "did not answer"
    silent = next((answer for answer in told if answer.rcode not in TELLING), None)
    if silent:
        return f"answered {silent.rcode}" if silent.rcode else "did not answer"
    return "" if all(answer.authoritative for answer in told) else "answered without authority"


def doubts(answers: Iterable[DnsAnswer]) -> tuple[str, ...]:
    """Return every server that says nothing of the name, and why; one line where there is none."""
    servers = by_server(answers)
    found = [f"{server} {why}" for server, told in servers.items() if (why := doubt(told))]
    return tuple(found) if servers else ("no server answered",)


def host(text: str) -> str:
    """Return a host name in the one form that is compared: lower case, without the final dot."""
    return text.rstrip(".").lower()


def alias(answers: Iterable[DnsAnswer], name: str) -> str | None:
    """Return the name that a name is an alias of, None where it is none."""
    for answer in answers:
        if answer.record_type == "CNAME" and host(answer.name) == host(name) and answer.records:
            return host(answer.records[0])
    return None


def values(answers: Iterable[DnsAnswer], record_type: str) -> frozenset[str]:
    """Return the records of a type, whichever name of the chain they belong to."""
    return frozenset(
        host(record) if record_type == "CNAME" else record
        for answer in answers
        if answer.record_type == record_type
        for record in answer.records
    )


def ancestors(name: str) -> tuple[str, ...]:
    """Return a name and the names above it, the closest first, without the top-level domain."""
    labels = host(name).split(".")
    return tuple(".".join(labels[start:]) for start in range(max(1, len(labels) - 1)))


def restricts_issuance(records: Iterable[str]) -> bool:
    """Say whether CAA records name who may issue certificates, or nobody (RFC 8659, section 4.2).

    Records that only say where to report to restrict nothing, and those for wildcards (`issuewild`)
    only the certificates with one (section 4.3).
    """
    return any(_ISSUE.match(record) for record in records)
