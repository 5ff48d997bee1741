"""Many items, few threads, and at no host more than its share."""

from __future__ import annotations

import threading
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.collectors.lanes import in_lanes


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abc"), max_size=20), st.integers(1, 5), st.integers(1, 3))
def test_every_item_comes_once_within_the_bounds(hosts, threads, per_host) -> None:
    """Nothing is lost, nothing doubled, and neither bound is ever passed."""
    lock = threading.Lock()
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()

    def task(item: tuple[int, str]) -> int:
        with lock:
            running[item[1]] += 1
            running["all"] += 1
            for key in (item[1], "all"):
                most[key] = max(most[key], running[key])
        with lock:
            running[item[1]] -= 1
            running["all"] -= 1
        return item[0]

    items = list(enumerate(hosts))
    found = list(
        in_lanes(
            items,
            task,
            lambda: True,
            host=lambda item: item[1],
            threads=threads,
            per_host=per_host,
        )
    )
    assert sorted(found) == [(item, item[0]) for item in items]
    assert most["all"] <= threads
    assert all(most[host] <= per_host for host in set(hosts))


def test_slow_host_does_not_hold_up_the_others() -> None:
    """While one host keeps its lanes busy, another's items still come."""
    release = threading.Event()

    def task(item: str) -> bool:
        return release.wait(5) if item.startswith("slow") else True

    items = [*(f"slow{number}" for number in range(10)), "quick"]
    outcomes = in_lanes(
        items, task, lambda: True, host=lambda item: item[:4], threads=3, per_host=2
    )
    assert next(outcomes) == ("quick", True)
    release.set()
    assert len(list(outcomes)) == 10


def test_nothing_is_begun_once_nobody_waits() -> None:
    """The items that were not begun are simply not there."""
    begun: list[int] = []
    found = in_lanes(
        range(10),
        begun.append,
        lambda: len(begun) < 3,
        host=str,
        threads=1,
        per_host=1,
    )
    assert len(list(found)) == 3
