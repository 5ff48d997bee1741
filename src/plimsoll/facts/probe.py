"""Every kind of probe, as one type: what can be asked of a collector."""

from __future__ import annotations

from plimsoll.facts.bucket import Bucket, BucketProbe
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.facts.dns_answer import DnsAnswer, DnsProbe
from plimsoll.facts.exchange import Exchange, HttpProbe
from plimsoll.facts.handshake import Handshake, TlsProbe
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
    | ShutdownProbe
)
Value = (
    tuple[Exchange, ...]
    | Handshake
    | tuple[DnsAnswer, ...]
    | Repository
    | ToolOutput
    | Reading
    | Bucket
    | Shutdown
)

SOURCES: dict[type[Probe], str] = {
    HttpProbe: "http",
    TlsProbe: "tls",
    DnsProbe: "dns",
    RepositoryProbe: "repository",
    ToolProbe: "repository",
    DigitalOceanProbe: "do",
    BucketProbe: "spaces",
    ShutdownProbe: "process",
}
"""The vantage point each kind of probe looks from; a tool reads what the repository holds."""
