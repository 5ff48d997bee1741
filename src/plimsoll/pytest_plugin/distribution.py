"""Several processes, one observation: how a run is shared with xdist's workers.

The controller never collects. It starts the world and tells the workers where it is; the first
worker to finish collecting observes under a lock, the others read its snapshot. Where the observer
dies, nobody observes again: every check is an error, and says why.
"""

from __future__ import annotations

import fcntl
import json
import tempfile
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plimsoll.findings import NotObserved, Origin
from plimsoll.pytest_plugin.assessment import PlannedCheck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pytest

    from plimsoll.collectors.context import Context
    from plimsoll.collectors.snapshot import Snapshot
    from plimsoll.facts.probe import Probe
    from plimsoll.findings import Result


class SharedFolder:
    """A private folder that the controller and its workers pass things through."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls) -> SharedFolder:
        """Make a folder that only this user can read."""
        return cls(Path(tempfile.mkdtemp(prefix="plimsoll-run-")))

    @property
    def snapshot(self) -> Path:
        """Where the observer leaves what it saw."""
        return self.path / "snapshot.json"

    def observe_once(self, observe: Callable[[], Snapshot]) -> Snapshot | None:
        """Return the one snapshot, made by whoever comes first; None where that one died."""
        from plimsoll.collectors.snapshot import Snapshot  # noqa: PLC0415 (only in workers)

        with self._locked():
            if self.snapshot.exists():
                return Snapshot.from_json(self.snapshot.read_bytes())
            started = self.path / "observing"
            if started.exists():
                return None
            started.touch()
            snapshot = observe()
            unfinished = self.snapshot.with_suffix(".part")
            unfinished.write_bytes(snapshot.to_json())
            unfinished.rename(self.snapshot)
            return snapshot

    def keep_plan(self, worker: str, planned: Sequence[PlannedCheck]) -> None:
        """Leave what a worker collected, for the controller to account for."""
        content = json.dumps([asdict(check) for check in planned])
        (self.path / f"planned-{worker}.json").write_text(content)

    def planned(self) -> list[PlannedCheck]:
        """Return what the workers collected; they all collect the same."""
        found: dict[str, PlannedCheck] = {}
        for path in sorted(self.path.glob("planned-*.json")):
            for entry in json.loads(path.read_text()):
                check = PlannedCheck(**entry)
                found[check.node] = check
        return list(found.values())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def context_to_worker(context: Context) -> dict[str, Any]:
    """Return the context of the controller as plain data that a worker can be sent."""
    network = context.network
    return {
        "routes": {name: list(address) for name, address in network.routes.items()},
        "closed": network.closed,
        "resolver": list(network.resolver) if network.resolver else None,
        "authority_pem": network.authority_pem,
        "repository": str(context.repository) if context.repository else None,
        "repository_simulated": context.repository_simulated,
        "credentials": dict(context.credentials),
        "exercises": sorted(context.exercises),
        "withheld": sorted(context.withheld),
        "programs": str(context.programs) if context.programs else None,
        "overall_seconds": context.limits.overall_seconds,
    }


def context_in_worker(data: Mapping[str, Any]) -> Context:
    """Return the context that a worker was sent."""
    from plimsoll.collectors.context import Context, Limits  # noqa: PLC0415 (only in workers)
    from plimsoll.collectors.network import Network  # noqa: PLC0415 (only in workers)

    resolver = data["resolver"]
    network = Network(
        routes={name: (host, port) for name, (host, port) in data["routes"].items()},
        closed=data["closed"],
        resolver=(resolver[0], resolver[1]) if resolver else None,
        authority_pem=data["authority_pem"],
    )
    return Context(
        network=network,
        repository=Path(data["repository"]) if data["repository"] else None,
        repository_simulated=data["repository_simulated"],
        credentials=data["credentials"],
        exercises=frozenset(data["exercises"]),
        withheld=frozenset(data["withheld"]),
        programs=Path(data["programs"]) if data["programs"] else None,
        limits=Limits(overall_seconds=data["overall_seconds"]),
    )


def carried(result: Result, config: pytest.Config) -> Result | str:
    """Return a result as a report carries it: as it is, or as text where it leaves the process."""
    return json.dumps(asdict(result)) if is_worker(config) else result


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is one of xdist's workers."""
    return hasattr(config, "workerinput")


def is_controller(config: pytest.Config) -> bool:
    """Whether this process hands its checks to xdist's workers."""
    return not is_worker(config) and bool(getattr(config.option, "dist", "no") != "no")


def unobserved(probes: Sequence[Probe]) -> dict[Probe, NotObserved]:
    """Return that nothing was seen, because the process that looked has died."""
    reason = "the process that was to observe died before it had finished"
    return {probe: NotObserved(reason, Origin("", str(probe))) for probe in probes}
