"""Traffic between scrapes: sent in order, counted, bounded, and only where it was asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors import contract
from plimsoll.collectors.engine import observe
from plimsoll.collectors.evidence import evidence
from plimsoll.collectors.snapshot import Snapshot
from plimsoll.facts.counted_traffic import SCRAPES, ContractProbe, CountedTraffic
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotExercised, NotObserved, Observed

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.collectors.context import Context
    from plimsoll.findings import Sighting

BASE = "http://api.example.test"
TOKEN = "canary-5b1f00aa"
PROBE = ContractProbe(f"{BASE}/metrics", f"{BASE}/orders", f"{BASE}/no", 8, 3, "METRICS_TOKEN")


@pytest.fixture
def shop(web, answer):
    """A server that counts what it answers."""
    counted = {"n": 0}

    def metrics(handler) -> None:
        answer(
            200,
            f"# TYPE http_requests_total counter\nhttp_requests_total {counted['n']}\n".encode(),
        )(handler)

    def counting(status: int) -> Callable[..., None]:
        def handle(handler) -> None:
            counted["n"] += 1
            answer(status)(handler)

        return handle

    web.routes |= {"/metrics": metrics, "/orders": counting(200), "/no": counting(404)}
    return web


@pytest.fixture
def allowed(shop, world) -> Context:
    """Surroundings in which the exercise was asked for and the token is set."""
    return world(
        {"api.example.test:80": shop.port},
        credentials={"METRICS_TOKEN": TOKEN},
        exercises=frozenset({"traffic"}),
    )


@pytest.fixture
def rehearse(attending) -> Callable[[ContractProbe, Context], Sighting[CountedTraffic]]:
    """What makes one rehearsal and returns its sighting."""

    def make(probe: ContractProbe, context: Context) -> Sighting[CountedTraffic]:
        ((asked, sighting),) = contract.collect((probe,), context, attending)
        assert asked == probe
        return sighting

    return make


def test_scrapes_stand_on_both_sides_of_the_traffic(shop, allowed, rehearse) -> None:
    """The server's own log: scrapes, requests, failures, scrapes; the token goes to the first."""
    seen = rehearse(PROBE, allowed)
    assert isinstance(seen, Observed)
    paths = [path for _, path, _ in shop.log]
    scrapes = ["/metrics"] * SCRAPES
    assert paths == [*scrapes, *["/orders"] * 5, *["/no"] * 3, *scrapes]
    assert {method for method, _, _ in shop.log} == {"GET"}
    carried = {path for _, path, headers in shop.log if "authorization" in headers}
    assert carried == {"/metrics"}
    assert (seen.value.statuses, seen.value.failing_statuses) == ((200,) * 5, (404,) * 3)
    assert [exchange.text[-2:-1] for exchange in seen.value.before] == ["0"] * SCRAPES
    assert [exchange.text[-2:-1] for exchange in seen.value.after] == ["8"] * SCRAPES


def test_nothing_is_sent_that_nobody_asked_for(shop, world, rehearse) -> None:
    """Without the exercise no request is made, and the reason names it."""
    context = world({"api.example.test:80": shop.port}, credentials={"METRICS_TOKEN": TOKEN})
    seen = rehearse(PROBE, context)
    assert isinstance(seen, NotExercised)
    assert "--exercise traffic" in seen.reason
    assert shop.log == []


@pytest.mark.parametrize(
    ("requests", "failures"), [(1, 1), (5, 0), (5, 5), (contract.MOST_REQUESTS + 1, 5)]
)
def test_traffic_is_bounded(shop, allowed, rehearse, requests: int, failures: int) -> None:
    """Too many requests, or none of either kind, are never sent."""
    seen = rehearse(ContractProbe(*_urls(), requests, failures), allowed)
    assert isinstance(seen, NotObserved)
    assert "no traffic that may be sent" in seen.reason
    assert shop.log == []


def _urls() -> tuple[str, str, str]:
    return PROBE.metrics_url, PROBE.traffic_url, PROBE.failing_url


def test_a_scrape_that_is_refused_later_is_seen(shop, allowed, answer, rehearse) -> None:
    """A credential that ends between the scrapes shows in the status of the second round."""

    def ends(handler) -> None:
        answer(200)(handler)
        shop.routes["/metrics"] = answer(401)

    shop.routes["/no"] = ends
    seen = rehearse(PROBE, allowed)
    assert isinstance(seen, Observed)
    assert {exchange.status for exchange in seen.value.before} == {200}
    assert {exchange.status for exchange in seen.value.after} == {401}


def test_traffic_that_breaks_off_is_not_observed(shop, allowed, rehearse) -> None:
    """What was counted of half of the requests is no evidence."""

    def cut(handler) -> None:
        with suppress(OSError):
            handler.connection.close()

    shop.routes["/orders"] = cut
    seen = rehearse(PROBE, allowed)
    assert isinstance(seen, NotObserved)
    assert "request 1 of 5" in seen.reason
    assert "/no" not in {path for _, path, _ in shop.log}


def test_the_second_round_waits_for_the_counts(shop, allowed, rehearse) -> None:
    """Metrics that are exported with a delay are given their time."""
    waiting = ContractProbe(*_urls(), 4, 1, "METRICS_TOKEN", settle_seconds=1)
    seen = rehearse(waiting, allowed)
    assert isinstance(seen, Observed)
    between = seen.value.after[0].at - seen.value.before[-1].at
    assert between.total_seconds() >= 1


def test_a_run_that_ends_meanwhile_leaves_nothing_observed(allowed, attending, shop) -> None:
    """Nobody waits any more: nothing is begun."""
    attending.waiting = False
    assert list(contract.collect((PROBE,), allowed, attending)) == []
    assert shop.log == []


def test_a_url_that_is_none_is_refused(allowed, rehearse) -> None:
    """What cannot be parsed has no host, and costs nobody the run."""
    seen = rehearse(ContractProbe("http://[", *_urls()[1:], 4, 1), allowed)
    assert isinstance(seen, NotObserved)


def test_a_run_sends_the_traffic_after_all_other_requests(shop, allowed) -> None:
    """Requests of other checks would be counted with it: the engine lets them end first."""
    others = [HttpProbe(f"{BASE}/orders", count=20), HttpProbe(f"{BASE}/no")]
    snapshot = observe([PROBE, *others], allowed)
    paths = [path for _, path, _ in shop.log]
    assert paths.index("/metrics") == 21
    assert isinstance(snapshot[PROBE], Observed)


def test_traffic_is_written_down_and_read_again(allowed) -> None:
    """A recorded run can be judged again, and its evidence holds no token."""
    snapshot = observe([PROBE], allowed)
    again = Snapshot.from_json(snapshot.to_json())
    assert again[PROBE] == snapshot[PROBE]
    (document,) = evidence(PROBE, snapshot[PROBE])
    shown = document.content.decode()
    assert TOKEN not in shown
    assert '"failing_statuses"' in shown
    assert shown.count('"body"') == 2


def test_withheld_sources_send_no_traffic(shop, world) -> None:
    """What does not look at HTTP does not send requests either."""
    context = world(
        {"api.example.test:80": shop.port},
        exercises=frozenset({"traffic"}),
        withheld=frozenset({"http"}),
    )
    snapshot = observe([PROBE, HttpProbe(f"{BASE}/orders")], context)
    unseen = snapshot[PROBE]
    assert isinstance(unseen, NotObserved)
    assert unseen.reason == "withheld"
    assert shop.log == []
