"""Everything one run saw, as one immutable value that can be written down and restored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

from plimsoll.collectors.codec import MalformedError, decode, encode
from plimsoll.facts.bucket import Bucket, BucketProbe
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.facts.counted_traffic import ContractProbe, CountedTraffic
from plimsoll.facts.dns_answer import DnsAnswer, DnsProbe
from plimsoll.facts.exchange import Exchange, HttpProbe
from plimsoll.facts.handshake import Handshake, TlsProbe
from plimsoll.facts.monitoring_reading import MonitoringProbe, MonitoringReading
from plimsoll.facts.rehearsal import Rehearsal, RehearsalProbe
from plimsoll.facts.repository import Repository, RepositoryProbe
from plimsoll.facts.shutdown import Shutdown, ShutdownProbe
from plimsoll.facts.tool_output import ToolOutput, ToolProbe
from plimsoll.findings import (
    NotExercised,
    NotListening,
    NotObserved,
    NotTested,
    Observed,
    Origin,
    ScopeMissing,
    Sighting,
    ToolMissing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.facts.probe import Probe, Value

SCHEMA = "plimsoll/snapshot/1"

_KINDS: dict[str, tuple[type[Probe], Any]] = {
    "http": (HttpProbe, tuple[Exchange, ...]),
    "tls": (TlsProbe, Handshake),
    "dns": (DnsProbe, tuple[DnsAnswer, ...]),
    "repository": (RepositoryProbe, Repository),
    "tool": (ToolProbe, ToolOutput),
    "digitalocean": (DigitalOceanProbe, Reading),
    "bucket": (BucketProbe, Bucket),
    "monitoring": (MonitoringProbe, MonitoringReading),
    "shutdown": (ShutdownProbe, Shutdown),
    "rehearsal": (RehearsalProbe, Rehearsal),
    "contract": (ContractProbe, CountedTraffic),
}
_NAMES = {kind: name for name, (kind, _) in _KINDS.items()}
_UNSEEN = {
    kind.__name__: kind
    for kind in (NotObserved, NotListening, ScopeMissing, NotTested, NotExercised, ToolMissing)
}


class SnapshotError(ValueError):
    """A recorded snapshot that cannot be restored."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The sighting of every probe that was asked, and when the run's observations were made."""

    sightings: Mapping[Probe, Sighting[Value]]
    started_at: datetime
    finished_at: datetime

    def __post_init__(self) -> None:
        """Keep a read-only copy."""
        object.__setattr__(self, "sightings", MappingProxyType(dict(self.sightings)))

    @overload
    def __getitem__(self, probe: HttpProbe) -> Sighting[tuple[Exchange, ...]]: ...
    @overload
    def __getitem__(self, probe: TlsProbe) -> Sighting[Handshake]: ...
    @overload
    def __getitem__(self, probe: DnsProbe) -> Sighting[tuple[DnsAnswer, ...]]: ...
    @overload
    def __getitem__(self, probe: RepositoryProbe) -> Sighting[Repository]: ...
    @overload
    def __getitem__(self, probe: ToolProbe) -> Sighting[ToolOutput]: ...
    @overload
    def __getitem__(self, probe: DigitalOceanProbe) -> Sighting[Reading]: ...
    @overload
    def __getitem__(self, probe: BucketProbe) -> Sighting[Bucket]: ...
    @overload
    def __getitem__(self, probe: MonitoringProbe) -> Sighting[MonitoringReading]: ...
    @overload
    def __getitem__(self, probe: ShutdownProbe) -> Sighting[Shutdown]: ...
    @overload
    def __getitem__(self, probe: RehearsalProbe) -> Sighting[Rehearsal]: ...
    @overload
    def __getitem__(self, probe: ContractProbe) -> Sighting[CountedTraffic]: ...
    def __getitem__(self, probe: Probe) -> Sighting[Any]:
        """Return what was seen of a probe. Asking for one that was never probed is KeyError."""
        return self.sightings[probe]

    def __iter__(self) -> Iterator[Probe]:
        """Iterate over the probes, in the order they were asked."""
        return iter(self.sightings)

    def __len__(self) -> int:
        """Return how many probes there are."""
        return len(self.sightings)

    def to_json(self) -> bytes:
        """Return the snapshot as JSON, complete: bodies are base64, times ISO 8601."""
        document = {
            "schema": SCHEMA,
            "started_at": encode(self.started_at),
            "finished_at": encode(self.finished_at),
            "sightings": [_written(probe, seen) for probe, seen in self.sightings.items()],
        }
        return json.dumps(document, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Snapshot:
        """Restore a snapshot. Raises SnapshotError for anything that `to_json` did not write."""
        try:
            document = json.loads(content)
            if document["schema"] != SCHEMA:
                raise MalformedError(document["schema"])
            return cls(
                dict(map(_restored, document["sightings"])),
                decode(datetime, document["started_at"]),
                decode(datetime, document["finished_at"]),
            )
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            message = f"this is no {SCHEMA}: {type(error).__name__}: {error}"
            raise SnapshotError(message) from error


def _written(probe: Probe, seen: Sighting[Value]) -> dict[str, object]:
    entry: dict[str, object] = {"kind": _NAMES[type(probe)], "probe": encode(probe)}
    if isinstance(seen, NotObserved):
        unseen = {"state": type(seen).__name__, "reason": seen.reason}
        return entry | {"unseen": unseen, "origin": encode(seen.origin)}
    return entry | {
        "value": encode(seen.value),
        "at": encode(seen.at),
        "origin": encode(seen.origin),
    }


def _restored(entry: Mapping[str, Any]) -> tuple[Probe, Sighting[Value]]:
    probe_kind, value_kind = _KINDS[entry["kind"]]
    probe = decode(probe_kind, entry["probe"])
    origin = decode(Origin, entry["origin"])
    if "unseen" in entry:
        state = _UNSEEN[entry["unseen"]["state"]]
        return probe, state(decode(str, entry["unseen"]["reason"]), origin)
    value = decode(value_kind, entry["value"])
    return probe, Observed(value, origin, decode(datetime, entry["at"]))
