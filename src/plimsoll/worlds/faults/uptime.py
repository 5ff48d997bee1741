"""Faults in what is asked from outside, and in what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

MEASURED = ("app-oint", "tetrix")
"""The systems that declare an availability, which uptime checks measure."""
UNMEASURED = ("digitalocean-production",)


def _region(world: World, name: str) -> dict[str, Any]:
    check = world.cloud.all("uptime-checks")[0]
    region: dict[str, Any] = world.cloud.details("uptime-state", check["id"])["regions"][name]
    return region


@fault("MET-08", "availability-below-objective", vantage="do", environments=MEASURED)
def availability_below_objective(world: World) -> None:
    """One region saw the system away for six hours of thirty days."""
    _region(world, "eu_west")["thirty_day_uptime_percentage"] = 99.17


@fault("MET-08", "down-now", vantage="do", environments=MEASURED)
def down_now(world: World) -> None:
    """One region cannot reach the system, though the month was good so far."""
    _region(world, "us_east")["status"] = "DOWN"


@fault(
    "ALR-07",
    "uptime-check-disabled",
    vantage="do",
    undecided=("MET-08",),
    environments=MEASURED,
)
def uptime_check_disabled(world: World) -> None:
    """The uptime check was switched off; what it measured is of the past."""
    world.cloud.all("uptime-checks")[0]["enabled"] = False


@fault(
    "ALR-07",
    "uptime-check-missing",
    vantage="do",
    also=("MET-08",),
    undecided=("ALR-04",),
    environments=MEASURED,
)
def uptime_check_missing(world: World) -> None:
    """The uptime check was deleted, and what it measured with it."""
    del world.cloud.all("uptime-checks")[0]


@fault("ALR-07", "unmeasured-uptime-check-disabled", vantage="do", environments=UNMEASURED)
def unmeasured_uptime_check_disabled(world: World) -> None:
    """The uptime check was switched off."""
    uptime_check_disabled(world)


@fault(
    "ALR-07",
    "unmeasured-uptime-check-missing",
    vantage="do",
    undecided=("ALR-04",),
    environments=UNMEASURED,
)
def unmeasured_uptime_check_missing(world: World) -> None:
    """The uptime check was deleted."""
    uptime_check_missing(world)
