"""What is about now is not kept for later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotListening, NotObserved
from plimsoll.semantics import redirect
from plimsoll.semantics.cache_control import storage_permissions

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target, WebHost
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("CDN-03")
def test_response_is_not_stored_by_caches(
    uncached: Target, exchange: Observed[Exchange], expect: Expect
) -> None:
    """Read the caching headers of each endpoint's answer, whatever its status, by directive.

    Cache-Control must hold `no-store` (RFC 9111, section 5.2.2.5); `private` and `no-cache` let
    copies be kept, `must-understand` cancels `no-store`. Fields for CDNs alone (RFC 9213) must hold
    it as well. An Age of a second or more shows that the answer came out of a cache.
    """
    expect.none(
        [(permission, "") for permission in storage_permissions(exchange.value.headers)],
        "storage by caches",
        expected="forbidden by no-store",
        at=exchange.origin,
    )


@pytest.mark.control("CDN-03")
def test_error_is_not_stored_by_shared_caches(
    uncached_error: WebHost, unknown_path_exchange: Observed[Exchange], expect: Expect
) -> None:
    """Ask each public host for a page that does not exist, and read the caching headers.

    Caches keep a 404 without being told to (RFC 9110, section 15.1), and go on serving it when the
    page is there. Cache-Control must hold `no-store`, or `private`, which lets only the browser
    that asked keep it; fields for CDNs alone must hold it as well.
    """
    _not_stored(unknown_path_exchange, expect)


@pytest.mark.control("CDN-03")
def test_redirect_is_not_stored_for_the_wrong_reader(
    uncached_redirect: WebHost,
    exchange: Observed[Exchange],
    plain_sighting: Observed[Exchange] | NotObserved,
    expect: Expect,
) -> None:
    """Ask each public host without TLS, and read the caching headers of what leads to HTTPS.

    A permanent redirect to HTTPS without a cookie is the same for everyone and may be stored; any
    other answer must forbid it as an error must. Where nothing listens there is nothing to store.
    """
    if isinstance(plain_sighting, NotListening):
        expect.none([], "storage by caches", expected="nothing to store", at=exchange.origin)
        return
    if isinstance(plain_sighting, NotObserved):
        raise plain_sighting
    answer = plain_sighting.value
    if redirect.secures(answer) and answer.header("set-cookie") is None:
        expected = "a redirect that is the same for everyone"
        expect.none([], "storage by caches", expected=expected, at=plain_sighting.origin)
        return
    _not_stored(plain_sighting, expect)


def _not_stored(exchange: Observed[Exchange], expect: Expect) -> None:
    expect.none(
        [(reason, "") for reason in storage_permissions(exchange.value.headers, shared=True)],
        "storage by caches",
        expected="forbidden by no-store or private",
        at=exchange.origin,
    )
