"""Answers are read by pages of the system's own, and by no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import cross_origin

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.environment.model import Environment
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("SEC-04")
def test_answers_are_shared_with_declared_origins_alone(
    shared_endpoint: Target,
    exchanges_by_origin: dict[tuple[str, str], Observed[Exchange]],
    expect: Expect,
    environment: Environment,
) -> None:
    """Send a GET, and the question before a POST (OPTIONS), in the name of several origins.

    To each declared origin Access-Control-Allow-Origin must answer with just that origin, and Vary
    with Origin, or caches mix the answers up; the endpoint's own origin needs no permission. To an
    origin that nobody has, to `null`, to the likenesses of the first declared one (its name as the
    beginning or the end of another, and without TLS) nothing may be allowed, nor to everyone. An
    answer of 429 or 5xx that lets nobody in says nothing of whom a good one would let in, and
    counts as not observed.
    """
    declared = environment.cors.origins if environment.cors else ()
    for (method, origin), exchange in exchanges_by_origin.items():
        answer, what = exchange.value, f"{method} from {origin}"
        lets_in = cross_origin.lets_in(answer, origin)
        observed = f"lets in {cross_origin.granted(answer)}"
        if origin not in declared:
            expect.that(
                not lets_in, what, observed=observed, expected="nobody let in", at=exchange.origin
            )
        elif not cross_origin.is_own(answer.url, origin):
            varies = cross_origin.varies(answer)
            expect.that(
                varies and answer.header("access-control-allow-origin") == origin,
                what,
                observed=observed if varies else f"{observed}, without Vary: Origin",
                expected=f"{origin} let in, with Vary: Origin",
                at=exchange.origin,
            )
    for (method, origin), exchange in exchanges_by_origin.items():
        if cross_origin.is_silent(exchange.value):
            reason = f"{method} from {origin} was answered {exchange.value.status}"
            raise NotObserved(reason, exchange.origin)
