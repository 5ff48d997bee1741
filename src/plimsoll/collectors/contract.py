"""Observe whether counters count: metrics scraped before and after traffic of a known size.

Every request goes through the HTTP collector, one after the other, and is subject to whatever that
refuses: the exercise that nobody asked for, a credential that is not set, anything but a read.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.collectors import http
from plimsoll.collectors.failure import sight
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of
from plimsoll.facts.counted_traffic import SCRAPES, ContractProbe, CountedTraffic
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotObserved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Sighting

MOST_REQUESTS = 500
"""What makes load is bounded here too, whatever asks for it."""

_SLICE_SECONDS = 0.1


def collect(
    probes: Iterable[ContractProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[ContractProbe, Sighting[CountedTraffic]]]:
    """Yield every probe with what was scraped around its traffic, or why it was not."""
    yield from in_lanes(
        probes,
        lambda probe: _see(probe, context, sightings),
        sightings.awaited,
        host=_place,
        threads=context.limits.concurrency,
        per_host=1,
    )


def _see(probe: ContractProbe, context: Context, sightings: Sightings) -> Sighting[CountedTraffic]:
    origin = origin_of(probe, context)
    return sight(lambda: _rehearse(probe, context, sightings), origin)


def _rehearse(probe: ContractProbe, context: Context, sightings: Sightings) -> CountedTraffic:
    """Send everything in its order; the first thing that is not observed ends it."""
    if not 0 < probe.failures < probe.requests <= MOST_REQUESTS:
        reason = f"{probe.failures} of {probe.requests} requests is no traffic that may be sent"
        raise NotObserved(reason, origin_of(probe, context))

    def sent(url: str, count: int, credential: str = "") -> tuple[Exchange, ...]:
        asked = HttpProbe(url, credential=credential, count=count, exercise=probe.exercise)
        for _, sighting in http.collect((asked,), context, sightings):
            if isinstance(sighting, NotObserved):
                raise sighting
            return sighting.value
        reason = "the run ended before every request was sent"
        raise NotObserved(reason, origin_of(probe, context))

    before = sent(probe.metrics_url, SCRAPES, probe.credential)
    served = sent(probe.traffic_url, probe.requests - probe.failures)
    failed = sent(probe.failing_url, probe.failures)
    _settle(probe.settle_seconds, sightings)
    after = sent(probe.metrics_url, SCRAPES, probe.credential)
    return CountedTraffic(before, _statuses(served), _statuses(failed), after)


def _settle(seconds: int, sightings: Sightings) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and sightings.awaited():
        time.sleep(min(left, _SLICE_SECONDS))


def _statuses(exchanges: tuple[Exchange, ...]) -> tuple[int, ...]:
    return tuple(exchange.status for exchange in exchanges)


def _place(probe: ContractProbe) -> str:
    """Return the host whose counters would count what another probe sends there meanwhile."""
    try:
        return urlsplit(probe.metrics_url).netloc.lower()
    except ValueError:
        return ""
