"""Which ports of a machine the whole Internet reaches, past all firewalls before it.

A machine without a firewall in force is open on every port; so the platform leaves it (DigitalOcean
Cloud Firewalls). Firewalls add up: what any of them lets in comes in. A rule that denies is not
taken to close what another opens, since the platform does not say which of them wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.firewall import ALL_PORTS
from plimsoll.semantics.internet import is_the_internet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.droplet import Droplet
    from plimsoll.facts.firewall import Admission, Firewall

IN_FORCE = "succeeded"
TRANSPORTS = ("tcp", "udp")


@dataclass(frozen=True, slots=True)
class Exposure:
    """A port that the Internet reaches; `where` is a rule that lets it in, or the machine."""

    protocol: str
    port: int
    why: str
    where: str


def assigned(droplet: Droplet, firewalls: Iterable[Firewall]) -> tuple[Firewall, ...]:
    """Return the firewalls that stand before a machine, by its id or by one of its tags.

    What one lets in counts whether or not all of it is in force: it may be, or is about to.
    """
    tags = set(droplet.tags or ())
    return tuple(
        one for one in firewalls if droplet.id in (one.droplets or ()) or tags & set(one.tags or ())
    )


def before(droplet: Droplet, firewalls: Iterable[Firewall]) -> tuple[Firewall, ...]:
    """Return the firewalls in force before a machine, which alone close anything."""
    return tuple(one for one in assigned(droplet, firewalls) if one.status == IN_FORCE)


def exposed(
    droplet: Droplet, firewalls: Iterable[Firewall], ports: Iterable[int]
) -> tuple[Exposure, ...]:
    """Return which of these TCP ports of a machine are open to the Internet."""
    if not _is_reachable(droplet):
        return ()
    guards = tuple(firewalls)
    if not before(droplet, guards):
        return tuple(_unguarded(droplet, port) for port in ports)
    guards = assigned(droplet, guards)
    return tuple(found for port in ports for found in _exposures(guards, "tcp", port))


def exposed_at_all(droplet: Droplet, firewalls: Iterable[Firewall]) -> tuple[Exposure, ...]:
    """Return what of a machine is open to the Internet: the first port of every such range."""
    if not _is_reachable(droplet):
        return ()
    guards = tuple(firewalls)
    if not before(droplet, guards):
        return (_unguarded(droplet, ALL_PORTS[0]),)
    guards = assigned(droplet, guards)
    # What is open can only begin where the ports of a rule begin.
    begins = {
        (rule.protocol, rule.ports[0])
        for guard in guards
        for rule in guard.inbound
        if rule.protocol in TRANSPORTS
    }
    return tuple(
        found for protocol, port in sorted(begins) for found in _exposures(guards, protocol, port)
    )


def _is_reachable(droplet: Droplet) -> bool:
    """Whether the machine has a public address; one of which that is not known may have one."""
    return droplet.public_addresses is None or bool(droplet.public_addresses)


def _unguarded(droplet: Droplet, port: int) -> Exposure:
    return Exposure("tcp", port, "no firewall in force", droplet.where)


def _exposures(guards: Iterable[Firewall], protocol: str, port: int) -> tuple[Exposure, ...]:
    letting = [rule for guard in guards for rule in guard.inbound if _lets(rule, protocol, port)]
    if not is_the_internet(source for rule in letting for source in rule.sources):
        return ()
    widest = max(letting, key=_width)
    sources = dict.fromkeys(str(source) for rule in letting for source in rule.sources)
    return (Exposure(protocol, port, f"open to {', '.join(sources)}", widest.where),)


def _lets(rule: Admission, protocol: str, port: int) -> bool:
    low, high = rule.ports
    return not rule.denies and rule.protocol == protocol and low <= port <= high


def _width(rule: Admission) -> int:
    return max((one.num_addresses for one in rule.sources), default=0)
