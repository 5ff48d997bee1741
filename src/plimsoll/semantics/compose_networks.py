"""Whether one service of a Compose file reaches another by a name.

Services talk where they share a network, and Docker answers for a name on that network alone.

Source: Docker's documentation on networking in Compose and on the network drivers host and none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.container import Container

HOST = "host"
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Passage:
    """Whether a name leads to a service: `gap` says why it does not, `doubt` why no file tells."""

    gap: str = ""
    doubt: str = ""


def passage(asking: Iterable[Container], asked: Container, host: str) -> Passage:
    """Return the best way to a service that any of those asking has; open where nobody asks."""
    ways = [_passage(one, asked, host) for one in asking]
    return min(ways, key=lambda way: (bool(way.gap), bool(way.doubt)), default=Passage())


def _passage(asking: Container, asked: Container, host: str) -> Passage:
    if host in asking.extra_hosts:
        return Passage(doubt=f"extra_hosts of {asking.name} tells it where {host} is")
    if asking.network_mode == HOST:
        what = f"{asking.name} is on the network of its host: no file tells where {host} leads"
        return Passage(doubt=what)
    for one in (asking, asked):
        if one.network_mode == _NONE:
            return Passage(f"{one.name} is on no network")
    return _shared(asking, asked, host)


def _shared(asking: Container, asked: Container, host: str) -> Passage:
    known = {network.name for network in asking.networks} - {None}
    shared = [network for network in asked.networks if network.name in known]
    is_own = host in (asked.name, *asked.aliases)
    if any(is_own or host in network.aliases for network in shared):
        return Passage()
    for one in (asking, asked):
        if any(network.name is None for network in one.networks):
            return Passage(doubt=f"no file tells every network of {one.name}")
    if asked.network_mode == HOST:
        return Passage(f"{asked.name} is on the network of its host, where {host} is no name")
    if shared:
        return Passage(f"{host} is no name of {asked.name} on the networks of {asking.name}")
    return Passage(f"{asked.name} shares no network with {asking.name}")
