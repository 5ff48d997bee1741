"""Faults in what the served metrics count."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from plimsoll.environment.contract_inventory import counted_metrics
from plimsoll.environment.inventory import Undeclared
from plimsoll.worlds.faults import fault
from plimsoll.worlds.site import origin_of

if TYPE_CHECKING:
    from plimsoll.worlds.counting import CountedAnswer, Counting
    from plimsoll.worlds.site import Route
    from plimsoll.worlds.world import World

_measured = partial(
    fault, "MET-03b", vantage="http", environments=("app-oint", "digitalocean-production")
)


@_measured("never-attached")
def never_attached(world: World) -> None:
    """One region exports every metric, and what would count was never attached."""
    _counting(world).answers.clear()


@_measured("only-successes-counted")
def only_successes_counted(world: World) -> None:
    """One region counts behind its router, where requests for nothing never arrive."""
    counting = _counting(world)
    counting.answers = [one for one in counting.answers if one.status < 400]


@_measured("failures-counted-as-successes")
def failures_counted_as_successes(world: World) -> None:
    """One region counts a refusal before its status is set, as one more success."""
    served, refused = _answers(world)
    refused.lines[0] = served.lines[0]


@_measured("durations-not-attached")
def durations_not_attached(world: World) -> None:
    """One region counts its requests, and measures how long none of them takes."""
    for answer in _answers(world):
        answer.lines = [one for one in answer.lines if "duration" not in one]


@_measured("every-other-instance")
def half_of_them(world: World) -> None:
    """One region counts what one of its two workers answers, and shows it for both."""
    for answer in _answers(world):
        answer.every = 2


# Where the probes themselves are counted, the very first scrape is already no valid histogram.
@_measured("buckets-left-behind", environments=("app-oint",))
def buckets_left_behind(world: World) -> None:
    """One region counts durations without putting them into any bucket."""
    for answer in _answers(world):
        answer.lines = [one for one in answer.lines if "_bucket" not in one]


@_measured("reset-by-every-scrape")
def reset_by_every_scrape(world: World) -> None:
    """One region starts to count anew whenever it is scraped."""
    _counting(world).forgets = True


@_measured("labels-of-the-moment")
def labels_of_the_moment(world: World) -> None:
    """One region labels its failed requests with the time, so that each scrape has new series."""
    _metrics(world).replace('status="503"}', 'status="503",seen="{now}"}')


@_measured("no-class-of-failures")
def no_class_of_failures(world: World) -> None:
    """One region counts a client's errors in no class of their own: 404 among the 5xx."""
    route = _metrics(world)
    route.replace('route="unknown",status="404"', 'route="unknown",status="500"')
    for answer in _answers(world):
        answer.lines = [one.replace('status="404"', 'status="500"') for one in answer.lines]


def _metrics(world: World) -> Route:
    return world.endpoints("metrics")[0]


def _counting(world: World) -> Counting:
    """Return what the first region that has a contract counts. Raises LookupError without one."""
    found = counted_metrics(world.environment)
    if isinstance(found, Undeclared):
        raise LookupError(found.reason)  # noqa: TRY004 (nothing to break is declared)
    counting = world.site[origin_of(found[0].metrics_url)].counting
    if counting is None:
        message = f"{found[0].metrics_url} counts nothing"
        raise LookupError(message)
    return counting


def _answers(world: World) -> list[CountedAnswer]:
    return _counting(world).answers
