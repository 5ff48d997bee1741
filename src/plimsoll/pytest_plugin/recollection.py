"""What a drill saw of the sound world, for runs in which the same would be seen again.

A fault of the repository's files changes nothing of what is served: hosts, names, certificates, the
account and the object store answer as they did. Whether that is so is not believed of a fault, but
seen: whatever the world is made of beside the repository must be equal before and after it. What
servers of the monitoring answer follows the files, and is looked at each time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from plimsoll.facts.bucket import BucketProbe
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.facts.counted_traffic import ContractProbe
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.handshake import TlsProbe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.probe import Probe
    from plimsoll.findings import Sighting
    from plimsoll.worlds.world import World

    Sightings = Mapping[Probe, Sighting[Any]]

SERVED = (BucketProbe, ContractProbe, DigitalOceanProbe, DnsProbe, HttpProbe, TlsProbe)
"""The probes that ask what the world serves, whatever stands in its repository."""

_kept: dict[str, Sightings] = {}


def keep(env: str, sightings: Sightings) -> None:
    """Keep what was seen of the sound world of an environment, for runs forked from this one."""
    _kept[env] = {probe: seen for probe, seen in sightings.items() if isinstance(probe, SERVED)}


def forget() -> None:
    """Let every run look for itself again."""
    _kept.clear()


class Untouched:
    """Remembers a world as it was, to tell whether what it serves is still the same."""

    def __init__(self, env: str | None, world: World) -> None:
        self._known = _kept.get(env or "", {})
        self._before = deepcopy(_served(world)) if self._known else ()

    def recalled(self, world: World) -> Sightings:
        """Return what need not be looked at again; nothing where anything served has changed."""
        return self._known if self._known and _served(world) == self._before else {}


def _served(world: World) -> tuple[object, ...]:
    return (
        world.environment,
        world.site,
        world.certificates,
        world.names,
        world.credentials,
        world.withheld,
        world.programs,
        world.account,
        world.object_store,
    )
