"""Faults in a health document whose checks are plain words, and which tells of memory as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.site import Route
    from plimsoll.worlds.world import World

TETRIX = ("tetrix",)
UNREADABLE = ("HLT-04", "HLT-10", "REG-01")
"""What the document cannot tell where it cannot be read."""


@fault("HLT-03", "brace-missing", vantage="http", undecided=UNREADABLE, environments=TETRIX)
def brace_missing(world: World) -> None:
    """The document lacks its last brace."""
    route = _health(world)
    route.body = route.body.rstrip()[:-1]


@fault("HLT-03", "checks-given-twice", vantage="http", undecided=UNREADABLE, environments=TETRIX)
def checks_given_twice(world: World) -> None:
    """The database is told of twice, and every reader believes another one of the two."""
    _health(world).replace('"checks":{', '"checks":{"database":"fail",')


@fault(
    "HLT-03",
    "start-page-instead",
    vantage="http",
    also=("REG-01",),
    undecided=("HLT-04", "HLT-10"),
    environments=TETRIX,
)
def start_page_instead(world: World) -> None:
    """The start page is served for the health path too, with status 200."""
    route = _health(world)
    route.headers["content-type"] = "text/html; charset=utf-8"
    route.body = "<!doctype html><title>Healthy</title><p>healthy"


@fault("HLT-03", "number-as-text", vantage="http", environments=TETRIX)
def number_as_text(world: World) -> None:
    """The number of replicas is text, where the declared schema has a whole number."""
    _health(world).replace('"replicas":2', '"replicas":"2"')


@fault("HLT-03", "another-environment", vantage="http", environments=TETRIX)
def another_environment(world: World) -> None:
    """What answers at the production address says that it is the one for trying things out."""
    _health(world).replace('"environment":"production"', '"environment":"staging"')


@fault("HLT-04", "reports-degraded", vantage="http", also=("REG-01",), environments=TETRIX)
def reports_degraded(world: World) -> None:
    """The document reports degraded, still with status 200."""
    _health(world).replace('{"status":"healthy"', '{"status":"degraded"')


@fault("HLT-04", "check-unknown", vantage="http", environments=TETRIX)
def check_unknown(world: World) -> None:
    """The document is healthy although nobody asked one of the services."""
    _health(world).replace('"telnyx":"pass"', '"telnyx":"unknown"')


@fault("HLT-04", "check-failed-while-healthy", vantage="http", environments=TETRIX)
def check_failed_while_healthy(world: World) -> None:
    """The document is healthy as a whole while the database in it is not."""
    _health(world).replace('"database":"pass"', '"database":"fail"')


@fault("HLT-04", "check-missing", vantage="http", also=("HLT-03",), environments=TETRIX)
def check_missing(world: World) -> None:
    """The document no longer tells of one service, which its schema demands as well."""
    _health(world).replace('"sinch":"pass",', "")


@fault("HLT-04", "pass-with-503", vantage="http", also=("HLT-05", "REG-01"), environments=TETRIX)
def pass_with_503(world: World) -> None:
    """The document says healthy and the HTTP status says that the service is unavailable."""
    _health(world).status = 503


@fault("HLT-10", "almost-full", vantage="http", environments=TETRIX)
def almost_full(world: World) -> None:
    """An instance uses nearly all of its memory, and says so."""
    _health(world).replace('"percentage":36', '"percentage":91.5')


@fault("HLT-10", "at-the-limit", vantage="http", environments=TETRIX)
def at_the_limit(world: World) -> None:
    """An instance uses just what it should stay below."""
    _health(world).replace('"percentage":36', '"percentage":80')


@fault("HLT-10", "not-told", vantage="http", also=("HLT-03",), environments=TETRIX)
def not_told(world: World) -> None:
    """The document no longer tells the share of memory in use, which its schema demands as well."""
    _health(world).replace(',"percentage":36', "")


@fault("REG-01", "reports-unhealthy", vantage="http", also=("HLT-04",), environments=TETRIX)
def reports_unhealthy(world: World) -> None:
    """The only region answers 200, and says that it is unhealthy."""
    _health(world).replace('{"status":"healthy"', '{"status":"unhealthy"')


def _health(world: World) -> Route:
    return world.endpoints("health")[0]
