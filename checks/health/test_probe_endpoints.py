"""The endpoints that platforms probe answer, everywhere and in time."""

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
    """Send one GET to the liveness endpoint of each region.

    Its status must be 2xx, for a redirect is an answer of somebody else. From sending the request
    to the last byte of the answer no more than the declared time may pass.
    """
    _answers_in_time(liveness, exchange, expect)


@pytest.mark.control("HLT-02")
def test_readiness_endpoint_answers_in_time(
    readiness: Target, exchange: Observed[Exchange], expect: Expect
) -> None:
    """Send one GET to the readiness endpoint of each region.

    Its status must be 2xx, for a redirect is an answer of somebody else. From sending the request
    to the last byte of the answer no more than the declared time may pass.
    """
    _answers_in_time(readiness, exchange, expect)


def _answers_in_time(target: Target, exchange: Observed[Exchange], expect: Expect) -> None:
    answer, origin = exchange.value, exchange.origin
    expect.that(answer.is_success, "status", observed=answer.status, expected="2xx", at=origin)
    if target.within_ms is not None:
        expect.at_most(target.within_ms, answer.elapsed_ms, "response time", at=origin, unit="ms")
