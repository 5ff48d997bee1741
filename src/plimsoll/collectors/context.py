"""What every collector is given: the network, the repository, credentials and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 (dataclass field types are read by the snapshot)
from typing import TYPE_CHECKING, Any, Protocol

from plimsoll.collectors.network import LIVE, Network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.probe import Probe
    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Sighting


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on every external call, in seconds, bytes and attempts.

    `retries` counts further attempts after the first, made for transport errors only.
    """

    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    retries: int = 1
    body_bytes: int = 2_000_000
    file_bytes: int = 2_000_000
    concurrency: int = 32
    per_host: int = 8
    tool_seconds: float = 30.0
    overall_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one run's observations.

    `credentials` maps names of environment variables to their values; `exercises` are the named
    activities that make load and were allowed. `withheld` names collectors (`http`, `tls`, `dns`,
    `repository`, `tools`, `do`, `spaces`, `prom`, `process`, `rehearsal`) that do not look, and say
    so. `programs` is a folder whose programs come before those of this machine. `recalled` was seen
    before, and is not looked at again.
    """

    network: Network = LIVE
    repository: Path | None = None
    repository_simulated: bool = False
    credentials: Mapping[str, str] = field(default_factory=dict)
    exercises: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    programs: Path | None = None
    limits: Limits = Limits()
    recalled: Mapping[Probe, Sighting[Any]] = field(default_factory=dict)


class Sightings(Protocol):
    """What earlier collectors of the same run saw, for those that build on them."""

    def repository(self) -> Sighting[Repository]:
        """Wait for the repository to be read, and return what was seen of it.

        Its `files` are those that the tools of this run asked for.
        """

    def awaited(self) -> bool:
        """Whether anyone still waits: false once the run's deadline passed or it was stopped."""
