"""What does not change is kept, for as long as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.cache_control import lifetime

if TYPE_CHECKING:
    from plimsoll.environment.delivery_inventory import CachedTarget
    from plimsoll.environment.delivery_model import CacheRule
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("CDN-01")
def test_static_asset_is_kept_for_long(
    static_asset: CachedTarget, exchange: Observed[Exchange], expect: Expect
) -> None:
    """Read the caching headers of each static asset's answer, by directive (RFC 9111).

    The answer must be 2xx and max-age at least the declared time, as must be what shared caches are
    told apart, if anything. `immutable` (RFC 8246) must be there where it is declared. `no-store`,
    `no-cache`, `private`, a cookie and `Vary: *` keep the asset from being kept, and deviate.
    """
    answer, origin = exchange.value, exchange.origin
    rule, told = _rule(static_asset, exchange), lifetime(answer.headers)
    expect.that(answer.is_success, "status", observed=answer.status, expected="2xx", at=origin)
    expect.at_least(rule.max_age_seconds, told.max_age_seconds, "max-age", at=origin, unit="s")
    shared = told.shared_max_age_seconds
    if shared is not None or rule.shared_max_age_seconds is not None:
        least = rule.shared_max_age_seconds or rule.max_age_seconds
        expect.at_least(least, shared, "shared max-age", at=origin, unit="s")
    if rule.immutable:
        expect.equal(True, told.immutable or None, "immutable", at=origin)  # noqa: FBT003
    _nothing_prevents_it(told.obstacles, exchange, expect)


@pytest.mark.control("CDN-02")
def test_page_is_kept_for_the_declared_time(
    html_page: CachedTarget, exchange: Observed[Exchange], expect: Expect
) -> None:
    """Read the caching headers of each page's answer, by directive (RFC 9111).

    The answer must be 2xx, max-age the declared time exactly, and so s-maxage, or what a field for
    CDNs alone says in its place (RFC 9213). `no-store`, `no-cache`, `private`, a cookie and
    `Vary: *` keep the page from being kept, and deviate.
    """
    answer, origin = exchange.value, exchange.origin
    rule, told = _rule(html_page, exchange), lifetime(answer.headers)
    expect.that(answer.is_success, "status", observed=answer.status, expected="2xx", at=origin)
    expect.equal(rule.max_age_seconds, told.max_age_seconds, "max-age", at=origin)
    if rule.shared_max_age_seconds is not None:
        shared = told.shared_max_age_seconds
        expect.equal(rule.shared_max_age_seconds, shared, "shared max-age", at=origin)
    _nothing_prevents_it(told.obstacles, exchange, expect)


def _nothing_prevents_it(
    obstacles: tuple[str, ...], exchange: Observed[Exchange], expect: Expect
) -> None:
    expect.none(
        [(obstacle, "") for obstacle in obstacles],
        "obstacle to caches",
        expected="a response that every cache may keep",
        at=exchange.origin,
    )


def _rule(target: CachedTarget, exchange: Observed[Exchange]) -> CacheRule:
    if target.rule is None:
        raise NotObserved("no caching is declared", exchange.origin)
    return target.rule
