"""Health endpoints are not to be asked without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed

TOO_MANY_REQUESTS = 429


@pytest.mark.control("HLT-07")
def test_health_endpoint_is_rate_limited(
    rate_limited: Target, burst: Observed[tuple[Exchange, ...]], expect: Expect
) -> None:
    """Send one GET more than the declared limit, one after the other and without a pause.

    At least one must be refused with 429 (RFC 6585, section 4); another status is no rate limit, it
    is an endpoint that broke. This makes load: live, it is done only where it was asked for.
    """
    statuses = [answer.status for answer in burst.value]
    expect.that(
        TOO_MANY_REQUESTS in statuses,
        "rate limit",
        observed=f"{len(statuses)} requests answered with {_listed(statuses)}",
        expected=f"429 within {len(statuses)} requests",
        at=burst.origin,
    )


def _listed(statuses: list[int]) -> str:
    return ", ".join(map(str, sorted(set(statuses)))) or "nothing"
