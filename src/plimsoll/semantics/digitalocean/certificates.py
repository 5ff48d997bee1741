"""Certificates of an account, from the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.certificate_record import CertificateRecord
from plimsoll.semantics.digitalocean.answer import items, moment, text, texts

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part


def certificates(answer: Document) -> tuple[CertificateRecord, ...]:
    """Return every certificate. Raises UntoldError where one has no id or no name.

    One that is still being issued has no time at which it ends.
    """
    return tuple(_certificate(part) for part in items(answer, "certificates"))


def _certificate(part: Part) -> CertificateRecord:
    return CertificateRecord(
        id=text(part["id"]),
        name=text(part["name"]),
        state=part["state"].text,
        not_after=moment(part["not_after"]) if part["not_after"].text else None,
        names=texts(part["dns_names"]) or (),
        where=part.where,
    )
