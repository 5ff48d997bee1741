"""Never more requests than an API allows: counted here, and slowed down where the API says so."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SLICE_SECONDS = 0.1
"""How long a wait lasts before it asks again whether anyone still waits for what comes of it."""


class Window(NamedTuple):
    """At most so many requests within any such span of time."""

    requests: int
    seconds: float


DIGITALOCEAN = (Window(250, 60), Window(5000, 3600))
"""What one token may ask: 5,000 an hour, and no more than 5 % of that in one minute.

https://docs.digitalocean.com/reference/api/reference/ (rate limit)
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as a limiter sees it: steady seconds, seconds since 1970, and how to let time pass."""

    steady: Callable[[], float] = time.monotonic
    unix: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class RateLimit:
    """A gate that many threads pass, each once for every request it is about to send."""

    def __init__(
        self,
        clock: Clock,
        awaited: Callable[[], bool],
        longest_wait_seconds: float,
        windows: Sequence[Window] = DIGITALOCEAN,
    ) -> None:
        self._clock = clock
        self._awaited = awaited
        self._longest_wait_seconds = longest_wait_seconds
        self._windows = windows
        self._sent: deque[float] = deque(maxlen=max(window.requests for window in windows))
        self._closed_until = clock.steady()
        self._lock = Lock()

    def admit(self) -> bool:
        """Wait until one more request may be sent, and count it.

        False where nobody waits any more, or the wait would be longer than any run.
        """
        while True:
            with self._lock:
                now = self._clock.steady()
                opens = self._opens(now)
                if opens <= now:
                    self._sent.append(now)
                    return True
            if not self.wait(opens - now):
                return False

    def wait(self, seconds: float) -> bool:
        """Let time pass; False at once where that is too long, and as soon as nobody waits."""
        if seconds > self._longest_wait_seconds:
            return False
        until = self._clock.steady() + seconds
        while (left := until - self._clock.steady()) > 0:
            if not self._awaited():
                return False
            self._clock.sleep(min(left, _SLICE_SECONDS))
        return True

    def hold(self, seconds: float) -> None:
        """Let nobody pass for a time, because the API said so."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock.steady() + seconds)

    def heed(self, remaining: int | None, reset_unix: int | None) -> None:
        """Hold everybody until the API resets its count, once it says that nothing remains."""
        if remaining == 0 and reset_unix is not None:
            self.hold(self.seconds_until(reset_unix))

    def seconds_until(self, unix: int) -> float:
        """Return how long it is until a time since 1970; nothing where that has passed."""
        return max(0.0, unix - self._clock.unix())

    def _opens(self, now: float) -> float:
        """Return the earliest time at which every window has room."""
        full = (
            self._sent[-window.requests] + window.seconds
            for window in self._windows
            if len(self._sent) >= window.requests
        )
        return max(now, self._closed_until, *full)
