"""What a Grafana dashboard shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A Prometheus query of a panel, as written and with the dashboard's variables filled in.

    Attributes:
        expression: as it is written.
        resolved: with the variables filled in.
        legend: how its series are named.
        unknown_variables: those used in it and defined nowhere.
        literal_variables: those that stand for several values where `=` takes a single one.
        reference: its letter in the panel.
        unit: the unit that its answer is shown in; empty where the file does not tell.
        doubt: why it is not sure that its answer is seen; empty where it is.

    """

    expression: str
    resolved: str
    legend: str = ""
    unknown_variables: tuple[str, ...] = ()
    literal_variables: tuple[str, ...] = ()
    reference: str = ""
    unit: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel that draws something; `path` is where it stands in the JSON document.

    `unread` says why it may show more than the queries that are known.
    """

    title: str
    kind: str
    path: str
    queries: tuple[Query, ...] = ()
    row: str = ""
    unit: str = ""
    unread: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the panel as a person would look for it."""
        return f"{self.title or 'untitled'} ({self.path})"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard, and why Grafana's file provisioning would not load it, if so.

    `unused_variables` are declared and read by nothing.
    """

    title: str
    uid: str
    panels: tuple[Panel, ...]
    refusals: tuple[str, ...] = ()
    unused_variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Datasource:
    """Where Grafana gets data from; `uid` is None where none is fixed and Grafana makes one up."""

    name: str
    uid: str | None
    kind: str
    url: str
    where: str
    is_default: bool = False
