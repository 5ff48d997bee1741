"""CDN endpoints, from the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.cdn_endpoint import CdnEndpoint
from plimsoll.semantics.digitalocean.answer import items, number, text

if TYPE_CHECKING:
    from plimsoll.facts.document import Document


def cdn_endpoints(answer: Document) -> tuple[CdnEndpoint, ...]:
    """Return every CDN endpoint. Raises UntoldError where one has no id or no origin."""
    return tuple(
        CdnEndpoint(
            id=text(part["id"]),
            name=text(part["origin"]),
            domain=part["custom_domain"].text or None,
            certificate=part["certificate_id"].text or None,
            ttl_seconds=number(part["ttl"]),
            where=part.where,
        )
        for part in items(answer, "endpoints")
    )
