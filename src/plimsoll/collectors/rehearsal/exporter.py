"""The exporter of a rehearsal: it serves an imaginary system that fares as it is told to."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

from plimsoll.collectors.rehearsal.sinks import LOOPBACK, LoopbackServer, QuietHandler
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.rehearsal.targets import counts, exposition, level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.semantics.alerting.emitted import Emitted
    from plimsoll.semantics.rehearsal.targets import Target

HEALTHY: Final = Scenario("a healthy system")
_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
_HISTORY_SECONDS: Final = 3600.0
"""How old the imaginary system is when it is first asked: no counter begins at nought."""


class Exporter:
    """Serves targets over HTTP. Use as a context manager: at the end no port is open."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._scenario = HEALTHY
        self._since = time.time()
        self._counted = {
            one: max(0.0, level(one, HEALTHY, self._since)) * _HISTORY_SECONDS
            for target in targets
            for one in target.series
            if counts(one)
        }
        self._lock = Lock()
        self._token = secrets.token_hex(8)
        self._targets = {f"/{self._token}{target.path}": target for target in targets}
        self._asked: defaultdict[str, list[float]] = defaultdict(list)
        self._server = LoopbackServer(_handler(self))

    def __enter__(self) -> Self:
        """Start to serve."""
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to serve."""
        self._server.stop()

    @property
    def address(self) -> str:
        """Where it is scraped."""
        return f"{LOOPBACK}:{self._server.port}"

    @property
    def prefix(self) -> str:
        """What stands before the path of every target, so that nobody else here is served."""
        return f"/{self._token}"

    def play(self, scenario: Scenario) -> float:
        """Let the fault of a scenario last from now on; return when that is, as a unix time."""
        with self._lock:
            now = time.time()
            for one, counted in self._counted.items():
                self._counted[one] = counted + self._gained(one, now)
            self._scenario, self._since = scenario, now
            return now

    def answer(self, path: str) -> tuple[int, str]:
        """Return the status and the text for a path; a target that is down answers 503."""
        target = self._targets.get(path)
        if target is None:
            return 404, ""
        with self._lock:
            now = time.time()
            self._asked[path].append(now)
            if not target.answers(self._scenario, now):
                return 503, ""
            values = [(one, self._value(one, now)) for one in target.series]
        return 200, exposition(values)

    def longest_pause(self, since: float) -> float:
        """Return how long a target was not asked, at most, from a moment until now."""
        with self._lock:
            now = time.time()
            pauses = [0.0]
            for moments in self._asked.values():
                later = [since, *(moment for moment in moments if moment > since), now]
                pauses += [b - a for a, b in pairwise(later)]
            return max(pauses) if self._asked else now - since

    def _value(self, one: Emitted, now: float) -> float:
        if counts(one):
            return self._counted[one] + self._gained(one, now)
        return level(one, self._scenario, now)

    def _gained(self, one: Emitted, now: float) -> float:
        return max(0.0, level(one, self._scenario, now)) * (now - self._since)


def _handler(exporter: Exporter) -> type[QuietHandler]:
    class Handler(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 (http.server asks for this name)
            status, text = exporter.answer(self.path)
            self.answer(status, _TEXT, text.encode())

    return Handler
