"""Bounded concurrency: many items, few threads, and fewer still at any one host."""

from __future__ import annotations

from collections import defaultdict, deque
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def in_lanes(  # noqa: PLR0913 (three of them are the bounds)
    items: Iterable[Item],
    task: Callable[[Item], Outcome],
    awaited: Callable[[], bool],
    *,
    host: Callable[[Item], str],
    threads: int,
    per_host: int,
) -> Iterator[tuple[Item, Outcome]]:
    """Yield each item with its outcome, as they come; `task` must not raise.

    A host has at most `per_host` lanes, all fed from one queue, so a slow host holds no more of the
    `threads` than that. Once nobody waits any more, no further item is begun. The threads are
    daemons: an answer that never comes cannot keep the process alive.
    """
    lanes = _lanes(items, host, per_host)
    done: SimpleQueue[tuple[Item, Outcome] | None] = SimpleQueue()

    def drive() -> None:
        try:
            for item in _taken(lanes):
                if not awaited():
                    return
                done.put((item, task(item)))
        finally:
            done.put(None)

    running = min(threads, lanes.qsize())
    for number in range(running):
        Thread(target=drive, name=f"plimsoll-lane-{number}", daemon=True).start()
    while running:
        outcome = done.get()
        if outcome is None:
            running -= 1
        else:
            yield outcome


def _lanes(
    items: Iterable[Item], host: Callable[[Item], str], per_host: int
) -> SimpleQueue[deque[Item]]:
    """Return each host's queue as often as it may be worked on at once, the longest first."""
    queues: defaultdict[str, deque[Item]] = defaultdict(deque)
    for item in items:
        queues[host(item)].append(item)
    lanes: SimpleQueue[deque[Item]] = SimpleQueue()
    for queue in sorted(queues.values(), key=len, reverse=True):
        for _ in range(min(per_host, len(queue))):
            lanes.put(queue)
    return lanes


def _taken(lanes: SimpleQueue[deque[Item]]) -> Iterator[Item]:
    while True:
        try:
            queue = lanes.get_nowait()
        except Empty:
            return
        while queue:
            try:
                yield queue.popleft()
            except IndexError:
                break
