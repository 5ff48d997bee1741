"""Metrics scraped around traffic of a known size: what counters must have counted."""

from __future__ import annotations

from dataclasses import dataclass

from plimsoll.facts.exchange import Exchange  # noqa: TC001 (read when a snapshot is restored)

SCRAPES = 3
"""How often the metrics are read on either side of the traffic: often enough for instances behind
one address to show themselves, and for a counter that a scrape resets."""


@dataclass(frozen=True, slots=True, order=True)
class ContractProbe:
    """Scrape, send `requests` in all of which `failures` go to `failing_url`, and scrape again.

    `credential` names the environment variable that holds the bearer token of the metrics, which
    no other request carries. The second round of scrapes waits for `settle_seconds`.
    """

    metrics_url: str
    traffic_url: str
    failing_url: str
    requests: int
    failures: int
    credential: str = ""
    settle_seconds: int = 0
    exercise: str = "traffic"

    def __str__(self) -> str:
        """Return what evidence calls it."""
        secret = f" (bearer ${self.credential})" if self.credential else ""
        sent = f"GET {self.traffic_url} ×{self.requests - self.failures}"
        failing = f"GET {self.failing_url} ×{self.failures}"
        return f"GET {self.metrics_url}{secret} around {sent} and {failing}"


@dataclass(frozen=True, slots=True)
class CountedTraffic:
    """What was seen: the scrapes before and after, and the status of every answer in between."""

    before: tuple[Exchange, ...]
    statuses: tuple[int, ...]
    failing_statuses: tuple[int, ...]
    after: tuple[Exchange, ...]
