"""Health endpoints answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("HLT-01")
def test_liveness_endpoint_answers_in_time(
    liveness: Target, exchange: Observed[Exchange], expect: Expect
) -> None:
    """Send one GET to the liveness endpoint of each region; its status must be 2xx, in time."""
    answer = exchange.value
    expect.that(answer.is_success, "status", observed=answer.status, expected="2xx", at=exchange.origin)
    if liveness.within_ms is not None:
        expect.at_most(
            liveness.within_ms, answer.elapsed_ms, "response time", at=exchange.origin, unit="ms"
        )
