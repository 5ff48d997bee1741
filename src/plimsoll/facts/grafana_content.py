"""What a running Grafana holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeldDashboard:
    """A dashboard that it lists, by its uid and its title."""

    uid: str
    title: str
    where: str


@dataclass(frozen=True, slots=True)
class HeldDatasource:
    """A datasource: `kind` is its plugin, such as prometheus; `url` where it leads."""

    uid: str
    name: str
    kind: str
    url: str
    where: str
