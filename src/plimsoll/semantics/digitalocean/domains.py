"""The DNS zones that the platform serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.domain_record import DomainRecord
from plimsoll.semantics.digitalocean.answer import items, quantity, text, whole_number

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part


def records(answer: Document) -> tuple[DomainRecord, ...]:
    """Return the records of a zone. Raises UntoldError where one has no id, name, type or TTL."""
    return tuple(_record(part) for part in items(answer, "domain_records"))


def _record(part: Part) -> DomainRecord:
    return DomainRecord(
        id=str(whole_number(part["id"])),
        name=text(part["name"]),
        type=text(part["type"]).upper(),
        data=part["data"].text,
        ttl_seconds=quantity(part["ttl"]),
        where=part.where,
    )
