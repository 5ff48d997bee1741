"""The health document says what it must, in a form that can be relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import health_document
from plimsoll.semantics.health_document import HealthDocumentError

if TYPE_CHECKING:
    from datetime import datetime

    from plimsoll.environment.inventory import Target
    from plimsoll.environment.model import Environment, Health
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed
    from plimsoll.semantics.health_document import HealthDocument


@pytest.mark.control("HLT-03")
def test_health_document_is_well_formed_and_fresh(
    health: Target, exchange: Observed[Exchange], expect: Expect, environment: Environment
) -> None:
    """Read the answer of each health endpoint as JSON, whatever its HTTP status.

    It must be one object with no key given twice. Its status must be a declared word, its timestamp
    name a moment (RFC 3339, with an offset) no further from the sending of the request, before or
    after, than declared, and the whole must match the declared JSON Schema, if there is one.
    """
    declared, origin = _declared(environment, exchange), exchange.origin
    try:
        document = _read(exchange)
    except HealthDocumentError as problem:
        kind = exchange.value.header("content-type") or "no content type"
        shown = f"{kind}: {problem}"
        expect.none([(shown, "")], "health document", expected="a JSON object", at=origin)
        return
    words = (*declared.healthy, *declared.unhealthy)
    expect.one_of(words, document.status, "status word", at=origin)
    age = _seconds_before(exchange.value.at, document.timestamp)
    expect.that(
        age is not None and abs(age) <= declared.fresh_within_seconds,
        "timestamp",
        observed=_told(age),
        expected=f"within {declared.fresh_within_seconds} s of the request",
        at=origin,
    )
    expect.none(
        [(problem.what, "") for problem in document.problems(declared.json_schema or {})],
        "schema of the health document",
        expected="the declared JSON Schema",
        at=origin,
    )


@pytest.mark.control("HLT-04")
def test_health_document_reports_everything_healthy(
    health: Target, exchange: Observed[Exchange], expect: Expect, environment: Environment
) -> None:
    """Read what the health document of each region reports.

    The HTTP status must be 2xx and the status word one that is declared to mean healthy. Each
    declared dependency must be named, and every status given for it must be such a word, or `pass`,
    `ok` or `up`; missing and unknown are not passing. A document that cannot be read tells nothing.
    """
    declared, origin = _declared(environment, exchange), exchange.origin
    status = exchange.value.status
    expect.that(exchange.value.is_success, "status", observed=status, expected="2xx", at=origin)
    try:
        document = _read(exchange)
    except HealthDocumentError as problem:
        raise NotObserved(f"no health document: {problem}", origin) from None
    expect.one_of(declared.healthy, document.status, "reported status", at=origin)
    for name in declared.dependencies or ():
        words = document.dependency(name)
        expect.that(
            health_document.passes(words, declared.healthy),
            f"dependency {name}",
            observed=", ".join(words) or None,
            expected="passing",
            at=origin,
        )


def _declared(environment: Environment, exchange: Observed[Exchange]) -> Health:
    if environment.health is None:
        raise NotObserved("no health document is declared", exchange.origin)
    return environment.health


def _read(exchange: Observed[Exchange]) -> HealthDocument:
    if exchange.value.truncated:
        raise NotObserved("the body is larger than what is read", exchange.origin)
    return health_document.read(exchange.value.text, exchange.origin.where)


def _seconds_before(request: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else (request - moment).total_seconds()


def _told(seconds: float | None) -> str:
    if seconds is None:
        return "no moment with an offset"
    side = "before" if seconds > 0 else "after"
    return f"{abs(seconds):.0f} s {side} the request"
