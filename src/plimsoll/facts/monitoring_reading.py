"""One read of the API of Prometheus, Alertmanager or Grafana, and what of its answer is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class MonitoringProbe:
    """A read by its name, such as `targets` of `prometheus`, of the server at a URL.

    `of` is what is asked for where a read needs telling: the expression of a query. `credential`
    names the environment variable that holds a bearer token or, where a `user` is given, that
    user's password; the value is never part of a probe.
    """

    system: str
    read: str
    url: str
    of: str = ""
    credential: str = ""
    user: str = ""

    def __str__(self) -> str:
        """Return what evidence calls it."""
        return f"{self.system} {self.read} at {self.url}" + (f" of {self.of}" if self.of else "")


@dataclass(frozen=True, slots=True)
class MonitoringReading:
    """What the API said: an allow-list of fields, as JSON; `path` is what was asked (`GET URL`)."""

    path: str
    body: str
