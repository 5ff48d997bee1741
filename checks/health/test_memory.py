"""Instances have memory to spare, by their own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import health_document
from plimsoll.semantics.health_document import HealthDocumentError

if TYPE_CHECKING:
    from plimsoll.environment.delivery_inventory import MemoryTarget
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("HLT-10")
def test_reported_memory_is_below_the_limit(
    memory_reporter: MemoryTarget, exchange: Observed[Exchange], expect: Expect
) -> None:
    """Read the percentage of memory in use where the health document is declared to state it.

    It must be a number from 0 to below the limit; one that is not there deviates, and a document
    that cannot be read tells nothing. What an application counts may be less than what its
    container uses: Node.js, for one, counts its heap alone.
    """
    limit, origin = memory_reporter.memory, exchange.origin
    if limit is None or limit.health_key is None:
        raise NotObserved("no place is declared for it", origin)
    if exchange.value.truncated:
        raise NotObserved("the body is larger than what is read", origin)
    try:
        document = health_document.read(exchange.value.text, origin.where)
    except HealthDocumentError as problem:
        raise NotObserved(f"no health document: {problem}", origin) from None
    percent = document.number(limit.health_key)
    expect.that(
        percent is not None and 0 <= percent < limit.below_percent,
        f"memory in use ({limit.health_key})",
        observed=None if percent is None else f"{percent:g} %",
        expected=f"below {limit.below_percent:g} %",
        at=origin,
    )
