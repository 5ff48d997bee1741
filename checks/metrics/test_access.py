"""Monitoring tells everything about a system: only to those who log in, and over HTTPS only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotListening, NotObserved, Observed
from plimsoll.semantics import login_redirect, redirect

if TYPE_CHECKING:
    from plimsoll.environment.inventory import WebHost
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Sighting


@pytest.mark.control("MET-10")
def test_monitoring_asks_for_a_login_over_https(
    monitoring_host: WebHost,
    exchange: Observed[Exchange],
    plain_sighting: Sighting[Exchange],
    expect: Expect,
) -> None:
    """Ask each monitoring system, without a credential, for what its API tells; then without TLS.

    Over HTTPS it must answer 401 or 403, or lead to a page to log in. Another page in place of the
    answer is neither. Without TLS it must redirect to HTTPS for good, or refuse the connection.
    """
    if not expect.that(
        monitoring_host.url.startswith("https://"),
        "address",
        observed=monitoring_host.url,
        expected="https",
        at=exchange.origin,
    ):
        return
    _judge_login(exchange, expect)
    _judge_clear(exchange, plain_sighting, expect)


def _judge_login(exchange: Observed[Exchange], expect: Expect) -> None:
    answer = exchange.value
    is_page = answer.is_success and "json" not in (answer.header("content-type") or "")
    if is_page or answer.status >= 500:
        reason = f"{answer.status}, and neither an answer of the API nor a refusal"
        raise NotObserved(reason, exchange.origin)
    location = answer.header("location")
    expect.that(
        login_redirect.keeps_out(answer),
        "answer without a credential",
        observed=f"{answer.status}, leading to {location}" if location else answer.status,
        expected="401 or 403, or a redirect to a page to log in",
        at=exchange.origin,
    )


def _judge_clear(exchange: Observed[Exchange], plain: Sighting[Exchange], expect: Expect) -> None:
    what, expected = "plain HTTP", "a permanent redirect to HTTPS on the host, or a closed port"
    if isinstance(plain, NotListening):
        expect.none([], what, expected=expected, at=exchange.origin)
        return
    if isinstance(plain, NotObserved):
        raise plain
    location = plain.value.header("location")
    expect.that(
        redirect.secures(plain.value),
        what,
        observed=f"{plain.value.status}, leading to {location}" if location else plain.value.status,
        expected=expected,
        at=plain.origin,
    )
