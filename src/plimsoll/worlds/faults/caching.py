"""Faults in what caches are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.site import Route
    from plimsoll.worlds.world import World


@fault("CDN-03", "nothing-said", vantage="http")
def nothing_said(world: World) -> None:
    """One response has no Cache-Control, so caches may guess how long to keep it."""
    del _uncached(world).headers["cache-control"]


@fault("CDN-03", "kept-for-a-minute", vantage="http")
def kept_for_a_minute(world: World) -> None:
    """One response may be kept by everyone for a minute."""
    _uncached(world).headers["cache-control"] = "public, max-age=60"


@fault("CDN-03", "no-cache-only", vantage="http")
def no_cache_only(world: World) -> None:
    """One response must be asked for again, and may be kept nevertheless."""
    _uncached(world).headers["cache-control"] = "no-cache, max-age=0, must-revalidate"


@fault("CDN-03", "private-only", vantage="http")
def private_only(world: World) -> None:
    """One response may be kept by every browser; the words it needs stand inside quotes."""
    _uncached(world).headers["cache-control"] = 'private="set-cookie, no-store", max-age=0'


@fault("CDN-03", "must-understand", vantage="http")
def must_understand(world: World) -> None:
    """One response cancels its own no-store for every cache that knows its status."""
    _uncached(world).headers["cache-control"] = "must-understand, no-store"


@fault("CDN-03", "kept-by-the-cdn", vantage="http")
def kept_by_the_cdn(world: World) -> None:
    """One response forbids storing to everyone but the CDN, which is told apart."""
    _uncached(world).headers["cdn-cache-control"] = "max-age=600"


@fault("CDN-03", "came-out-of-a-cache", vantage="http")
def came_out_of_a_cache(world: World) -> None:
    """One response forbids storing, and has lain in a cache for two minutes."""
    _uncached(world).headers["age"] = "120"


def _uncached(world: World) -> Route:
    """Return the last response that must not be stored."""
    return world.endpoints(*(world.environment.uncached_kinds or ("uncached",)))[-1]
