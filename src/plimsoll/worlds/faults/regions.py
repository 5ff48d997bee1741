"""Faults in what a region says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
PROBED = ("app-oint", "digitalocean-production")


@fault("REG-01", "reports-unhealthy-with-200", vantage="http", environments=APP_OINT)
def reports_unhealthy_with_200(world: World) -> None:
    """One region answers 200, and the document in it says that the region is unhealthy."""
    _secondary(world, "unhealthy")


@fault("REG-01", "reports-down-with-200", vantage="http", environments=APP_OINT)
def reports_down_with_200(world: World) -> None:
    """One region answers 200, and says down in a word of its own."""
    _secondary(world, "DOWN")


@fault("REG-01", "just-says-down", vantage="http", environments=PROBED)
def just_says_down(world: World) -> None:
    """One region answers 200, with nothing but the word down."""
    route = world.endpoints("readiness")[-1]
    route.headers["content-type"], route.body = "text/plain", "down\n"


def _secondary(world: World, word: str) -> None:
    world.endpoints("readiness")[-1].replace('"status":"healthy"', f'"status":"{word}"')
