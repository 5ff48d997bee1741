"""What is about now is not kept for later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics.cache_control import storage_permissions

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
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
