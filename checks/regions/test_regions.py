"""Every region is there and able to serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import health_document
from plimsoll.semantics.health_document import HealthDocumentError

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.environment.model import Environment
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("REG-01")
def test_region_answers_healthy(
    region: Target, exchange: Observed[Exchange], expect: Expect, environment: Environment
) -> None:
    """Ask each region directly, at its readiness endpoint, or else at its health endpoint.

    The status must be 2xx. Where the answer is a document with a status word, or just a word, this
    must not be one that is declared to mean unhealthy, nor `fail`, `error` or `down`; the health
    health document's must be one that means healthy. A document that cannot be read, or not to its
    end, tells nothing.
    """
    answer, origin = exchange.value, exchange.origin
    expect.that(answer.is_success, "status", observed=answer.status, expected="2xx", at=origin)
    declared = environment.health
    word = _status_word(exchange)
    if region.kind == "health" and declared is not None:
        expect.one_of(declared.healthy, word, "reported status", at=origin)
        return
    unhealthy = declared.unhealthy if declared else ()
    expect.that(
        not health_document.contradicts_health(word, unhealthy),
        "reported status",
        observed=word,
        expected="no word that means unhealthy",
        at=origin,
    )


def _status_word(exchange: Observed[Exchange]) -> str | None:
    """Return the status word; many an endpoint answers with nothing but the word itself."""
    text = exchange.value.text.strip().removeprefix("\ufeff")
    if exchange.value.truncated:
        raise NotObserved("the body is larger than what is read", exchange.origin)
    try:
        return health_document.read(text, exchange.value.url).status
    except HealthDocumentError as problem:
        if text.startswith("{"):
            raise NotObserved(f"no health document: {problem}", exchange.origin) from None
        word = text.strip('"')
        return word if word.isalpha() else None
