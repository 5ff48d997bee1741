"""Endpoints answer fast, not only once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.latency import percentile

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("HLT-05")
def test_endpoint_is_fast_enough(
    timed: Target, sample: Observed[tuple[Exchange, ...]], expect: Expect
) -> None:
    """Send twenty GETs, one after the other, and take the 95th percentile of their times.

    It is the nearest rank: the second slowest of twenty, always a time that was measured. An answer
    other than 2xx deviates, however fast it was. So small a sample says nothing of a 99th
    percentile.
    """
    answers, origin = sample.value, sample.origin
    if not answers or timed.p95_ms is None:
        raise NotObserved("no time was measured, or none is declared", origin)
    refused = Counter(answer.status for answer in answers if not answer.is_success)
    expect.none(
        [(f"{status} ({times} of {len(answers)})", "") for status, times in refused.items()],
        "status of the sample",
        expected="2xx",
        at=origin,
    )
    slow = percentile([answer.elapsed_ms for answer in answers], 95)
    expect.at_most(timed.p95_ms, slow, "95th percentile", at=origin, unit="ms")
