"""The mocked Prometheus, Alertmanager and Grafana: what they know, who they let in.

Records have the form in which the APIs send them, and are what faults change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from plimsoll.worlds.cloud import Trouble

Record = dict[str, Any]


@dataclass(slots=True)
class Measurement:
    """What an expression answered over the window: its mean, and in how many minutes at all."""

    share: float
    minutes: int


@dataclass(slots=True)
class Door:
    """Where a system answers, and to whom.

    `secret` is a bearer token or, with a `user`, a password. An open door lets everybody in; one
    that `redirects` leads to HTTPS whoever comes without TLS, and otherwise serves them as well.
    """

    system: str
    url: str
    secret: str = field(default="", repr=False)
    user: str = ""
    is_open: bool = False
    redirects: bool = True

    @property
    def host(self) -> str:
        """The host that it stands on."""
        return urlsplit(self.url).hostname or ""

    @property
    def prefix(self) -> str:
        """The path that everything of it stands below, without a slash at the end."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def is_secure(self) -> bool:
        """Whether it is declared to answer over HTTPS."""
        return self.url.startswith("https://")

    @property
    def port(self) -> int:
        """The port that it is declared to answer at."""
        return urlsplit(self.url).port or (443 if self.is_secure else 80)


@dataclass(slots=True)
class MonitoringWorld:
    """What the mocked systems know. `canaries` holds planted secrets by their place, once served.

    `trouble` is how their APIs misbehave; a path there is what is asked below the address.
    """

    doors: list[Door]
    targets: list[Record] = field(default_factory=list)
    groups: list[Record] = field(default_factory=list)
    alertmanagers: list[str] = field(default_factory=list)
    dropped_alertmanagers: list[str] = field(default_factory=list)
    runtime: Record = field(default_factory=dict)
    measured: dict[str, Measurement] = field(default_factory=dict)
    silences: list[Record] = field(default_factory=list)
    datasources: list[Record] = field(default_factory=list)
    dashboards: list[Record] = field(default_factory=list)
    trouble: list[Trouble] = field(default_factory=list)
    canaries: dict[str, str] = field(default_factory=dict, repr=False)

    def door(self, system: str) -> Door:
        """Return where a system answers. Raises LookupError where it is not declared."""
        for one in self.doors:
            if one.system == system:
                return one
        message = (
            f"no {system} is declared; there are {', '.join(one.system for one in self.doors)}"
        )
        raise LookupError(message)

    def target(self, job: str, **labels: str) -> Record:
        """Return the one target of a job with these labels. Raises LookupError."""
        wanted = {"job": job, **labels}
        found = [one for one in self.targets if wanted.items() <= one["labels"].items()]
        if len(found) != 1:
            message = f"{len(found)} targets have {wanted}"
            raise LookupError(message)
        return found[0]

    def group(self, name: str) -> Record:
        """Return a group of rules. Raises LookupError where none is called so."""
        for one in self.groups:
            if one["name"] == name:
                return one
        message = f"no group {name}; there are {', '.join(one['name'] for one in self.groups)}"
        raise LookupError(message)

    def measurement(self, part: str) -> Measurement:
        """Return what the one expression that holds a text answered. Raises LookupError."""
        found = [one for expression, one in self.measured.items() if part in expression]
        if len(found) != 1:
            message = f"{len(found)} of the expressions hold {part}"
            raise LookupError(message)
        return found[0]
