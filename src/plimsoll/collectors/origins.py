"""Where each kind of probe looks, as an origin that evidence and findings point to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.facts.counted_traffic import ContractProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.monitoring_reading import MonitoringProbe
from plimsoll.facts.probe import SOURCES
from plimsoll.facts.rehearsal import RehearsalProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.facts.shutdown import ShutdownProbe
from plimsoll.facts.tool_output import ToolProbe
from plimsoll.findings import Origin
from plimsoll.semantics.monitoring_api.reads import address_of

if TYPE_CHECKING:
    from plimsoll.collectors.context import Context
    from plimsoll.facts.probe import Probe


def origin_of(probe: Probe, context: Context) -> Origin:
    """Return the origin of whatever a probe will see; a URL is named without its password."""
    simulated = context.network.simulated
    match probe:
        case HttpProbe():
            where = without_user(probe.url)
        case ContractProbe():
            where = without_user(probe.metrics_url)
        case RepositoryProbe():
            where = str(context.repository or "the repository")
            simulated = context.repository_simulated
        case ToolProbe():
            where = probe.path or probe.tool
            simulated = context.repository_simulated
        case MonitoringProbe():
            where = f"GET {without_user(address_of(probe))}"
        case ShutdownProbe() | RehearsalProbe():
            where = str(probe)
            simulated = context.repository_simulated
        case _:
            where = str(probe)
    return Origin(SOURCES[type(probe)], where, simulated)


def without_user(url: str) -> str:
    """Return a URL without user name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rpartition("@")[2]
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
