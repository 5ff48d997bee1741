"""Errors are answered, and tell strangers nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import error_page

if TYPE_CHECKING:
    from plimsoll.environment.inventory import WebHost
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed

REFUSALS = range(400, 500)
TOO_MANY_REQUESTS = 429


@pytest.mark.control("SEC-05")
def test_errors_are_answered_cleanly(
    error_host: WebHost,
    unknown_path_exchange: Observed[Exchange],
    malformed_exchange: Observed[Exchange],
    expect: Expect,
) -> None:
    """Ask each public host for a page that does not exist, and for one with a broken escape.

    Both must be refused with 4xx. Neither answer may hold a stack trace, a secret, a default error
    page of a server or framework, or a header in which software gives its version. An answer of
    429 shows the rate limit instead of the error and counts as not observed; so does what is cut
    off from a body larger than what is read.
    """
    requests = {"unknown path": unknown_path_exchange, "malformed request": malformed_exchange}
    for request, exchange in requests.items():
        if exchange.value.status != TOO_MANY_REQUESTS:
            _judge(request, exchange, expect)
    for request, exchange in requests.items():
        if exchange.value.status == TOO_MANY_REQUESTS:
            raise NotObserved(f"the {request} met the rate limit", exchange.origin)
        if exchange.value.truncated:
            raise NotObserved(f"the rest of the {request}'s body was not read", exchange.origin)


def _judge(request: str, exchange: Observed[Exchange], expect: Expect) -> None:
    answer, origin = exchange.value, exchange.origin
    expect.that(
        answer.status in REFUSALS,
        f"status of the {request}",
        observed=answer.status,
        expected="4xx",
        at=origin,
    )
    expect.none(
        [(f"{name}: {value}", "") for name, value in error_page.banners(answer.headers)],
        f"version banner of the {request}",
        expected="no version",
        at=origin,
    )
    expect.none(
        [(revealed, "") for revealed in error_page.revelations(answer.text)],
        f"body of the {request}",
        expected="nothing about the software",
        at=origin,
    )
