"""Faults in what caches are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.site import Route
    from plimsoll.worlds.world import World

TETRIX = ("tetrix",)
UNCACHED = ("app-oint", "tetrix")


@fault("CDN-03", "nothing-said", vantage="http", environments=UNCACHED)
def nothing_said(world: World) -> None:
    """One response has no Cache-Control, so caches may guess how long to keep it."""
    del _uncached(world).headers["cache-control"]


@fault("CDN-03", "kept-for-a-minute", vantage="http", environments=UNCACHED)
def kept_for_a_minute(world: World) -> None:
    """One response may be kept by everyone for a minute."""
    _uncached(world).headers["cache-control"] = "public, max-age=60"


@fault("CDN-03", "no-cache-only", vantage="http", environments=UNCACHED)
def no_cache_only(world: World) -> None:
    """One response must be asked for again, and may be kept nevertheless."""
    _uncached(world).headers["cache-control"] = "no-cache, max-age=0, must-revalidate"


@fault("CDN-03", "private-only", vantage="http", environments=UNCACHED)
def private_only(world: World) -> None:
    """One response may be kept by every browser; the words it needs stand inside quotes."""
    _uncached(world).headers["cache-control"] = 'private="set-cookie, no-store", max-age=0'


@fault("CDN-03", "must-understand", vantage="http", environments=UNCACHED)
def must_understand(world: World) -> None:
    """One response cancels its own no-store for every cache that knows its status."""
    _uncached(world).headers["cache-control"] = "must-understand, no-store"


@fault("CDN-03", "kept-by-the-cdn", vantage="http", environments=UNCACHED)
def kept_by_the_cdn(world: World) -> None:
    """One response forbids storing to everyone but the CDN, which is told apart."""
    _uncached(world).headers["cdn-cache-control"] = "max-age=600"


@fault("CDN-03", "came-out-of-a-cache", vantage="http", environments=UNCACHED)
def came_out_of_a_cache(world: World) -> None:
    """One response forbids storing, and has lain in a cache for two minutes."""
    _uncached(world).headers["age"] = "120"


@fault("CDN-03", "error-kept-for-an-hour", vantage="http", environments=UNCACHED)
def error_kept_for_an_hour(world: World) -> None:
    """One host's errors may be kept for an hour: a page put there is missing until then."""
    world.last_host("https").otherwise.headers["cache-control"] = "public, max-age=3600"


@fault("CDN-03", "error-without-a-word", vantage="http", environments=UNCACHED)
def error_without_a_word(world: World) -> None:
    """One host says nothing about keeping its errors, and caches keep a 404 unasked."""
    del world.last_host("https").otherwise.headers["cache-control"]


@fault("CDN-03", "error-kept-by-the-cdn", vantage="http", environments=UNCACHED)
def error_kept_by_the_cdn(world: World) -> None:
    """One host forbids keeping its errors to everyone but the CDN."""
    world.last_host("https").otherwise.headers["cdn-cache-control"] = "max-age=60"


@fault("CDN-03", "cookie-in-a-kept-redirect", vantage="http", environments=UNCACHED)
def cookie_in_a_kept_redirect(world: World) -> None:
    """One host gives everyone the same session with its redirect, for caches may keep it."""
    headers = world.last_host("http").otherwise.headers
    headers |= {"set-cookie": "session=1; Path=/", "cache-control": "public, max-age=86400"}


@fault("CDN-01", "kept-for-a-day", vantage="http", environments=TETRIX)
def asset_kept_for_a_day(world: World) -> None:
    """An asset that never changes is asked for again every day."""
    _caching(world, "asset", "public, max-age=86400, immutable")


@fault("CDN-01", "not-immutable", vantage="http", environments=TETRIX)
def asset_not_immutable(world: World) -> None:
    """An asset may be kept for a year, and is asked for again with every reload."""
    _caching(world, "asset", "public, max-age=31536000")


@fault("CDN-01", "separated-by-semicolons", vantage="http", environments=TETRIX)
def asset_separated_by_semicolons(world: World) -> None:
    """An asset's directives are separated as no cache reads them."""
    _caching(world, "asset", "public; max-age=31536000; immutable")


@fault("CDN-01", "not-for-the-cdn", vantage="http", environments=TETRIX)
def asset_not_for_the_cdn(world: World) -> None:
    """An asset is kept by browsers for a year, and by shared caches not at all."""
    _caching(world, "asset", "public, max-age=31536000, s-maxage=0, immutable")


@fault("CDN-01", "no-cache-added", vantage="http", environments=TETRIX)
def asset_no_cache_added(world: World) -> None:
    """A proxy adds a second field that takes back what the first one says."""
    _caching(world, "asset", "public, max-age=31536000, immutable, no-cache")


@fault("CDN-01", "asset-missing", vantage="http", environments=TETRIX)
def asset_missing(world: World) -> None:
    """The asset that pages ask for is gone after a deployment; its 404 may be kept for a year."""
    world.endpoints("asset")[-1].status = 404


@fault("CDN-02", "kept-for-an-hour", vantage="http", environments=TETRIX)
def page_kept_for_an_hour(world: World) -> None:
    """One page is kept by browsers for as long as only the CDN should keep it."""
    _caching(world, "page", "public, max-age=3600, s-maxage=3600")


@fault("CDN-02", "nothing-for-the-cdn", vantage="http", environments=TETRIX)
def page_nothing_for_the_cdn(world: World) -> None:
    """One page tells shared caches nothing of their own."""
    _caching(world, "page", "public, max-age=300")


@fault("CDN-02", "another-time-for-the-cdn", vantage="http", environments=TETRIX)
def page_another_time_for_the_cdn(world: World) -> None:
    """One page has a field for CDNs alone, which says a day and is obeyed."""
    world.endpoints("page")[-1].headers["cdn-cache-control"] = "max-age=86400"


@fault("CDN-02", "private", vantage="http", environments=TETRIX)
def page_private(world: World) -> None:
    """One page has the right times, and may be kept by browsers alone."""
    _caching(world, "page", "private, max-age=300, s-maxage=3600")


@fault("CDN-02", "sets-a-cookie", vantage="http", environments=TETRIX)
def page_sets_a_cookie(world: World) -> None:
    """One page gives every visitor a session, so that caches keep the page or the secret."""
    world.endpoints("page")[-1].headers["set-cookie"] = "session=1; HttpOnly; Secure"


def _caching(world: World, kind: str, value: str) -> None:
    world.endpoints(kind)[-1].headers["cache-control"] = value


def _uncached(world: World) -> Route:
    """Return the last response that must not be stored."""
    return world.endpoints(*(world.environment.uncached_kinds or ("uncached",)))[-1]
