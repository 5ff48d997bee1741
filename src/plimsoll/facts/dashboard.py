"""What a Grafana dashboard shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A Prometheus query of a panel, as written and with the dashboard's variables filled in.

    `unknown_variables` are used in it and defined nowhere.
    """

    expression: str
    resolved: str
    legend: str = ""
    unknown_variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel that draws something; `path` is where it stands in the JSON document."""

    title: str
    kind: str
    path: str
    queries: tuple[Query, ...] = ()
    row: str = ""
    unit: str = ""

    def __str__(self) -> str:
        """Return the panel as a person would look for it."""
        return f"{self.title or 'untitled'} ({self.path})"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard, and why Grafana's file provisioning would not load it, if so."""

    title: str
    uid: str
    panels: tuple[Panel, ...]
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Datasource:
    """Where Grafana gets data from; `uid` is None where none is fixed and Grafana makes one up."""

    name: str
    uid: str | None
    kind: str
    url: str
    where: str
    is_default: bool = False
