"""Every kind of probe, as one type: what can be asked of a collector."""

from __future__ import annotations

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

Probe = (
    HttpProbe
    | TlsProbe
    | DnsProbe
    | RepositoryProbe
    | ToolProbe
    | DigitalOceanProbe
    | BucketProbe
    | MonitoringProbe
    | ShutdownProbe
    | RehearsalProbe
    | ContractProbe
)
Value = (
    tuple[Exchange, ...]
    | Handshake
    | tuple[DnsAnswer, ...]
    | Repository
    | ToolOutput
    | Reading
    | Bucket
    | MonitoringReading
    | Shutdown
    | Rehearsal
    | CountedTraffic
)

SOURCES: dict[type[Probe], str] = {
    HttpProbe: "http",
    TlsProbe: "tls",
    DnsProbe: "dns",
    RepositoryProbe: "repository",
    ToolProbe: "repository",
    DigitalOceanProbe: "do",
    BucketProbe: "spaces",
    MonitoringProbe: "prom",
    ShutdownProbe: "process",
    RehearsalProbe: "rehearsal",
    ContractProbe: "http",
}
"""The vantage point each kind of probe looks from; a tool reads what the repository holds."""
