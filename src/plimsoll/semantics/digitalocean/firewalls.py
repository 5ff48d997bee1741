"""Cloud firewalls, from the list of all.

`ports` is a text: `22`, `8000-9000`, or `0` (in older answers nothing) for all of them. A rule
without an action lets in (API document, firewalls).
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING

from plimsoll.facts.firewall import ALL_PORTS, Admission, Firewall
from plimsoll.semantics.digitalocean.answer import UntoldError, items, text, texts, whole_number

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part
    from plimsoll.facts.firewall import Network

_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)
_ALL = frozenset({"", "0", "all"})
_PROTOCOLS = frozenset({"tcp", "udp", "icmp"})


def firewalls(answer: Document) -> tuple[Firewall, ...]:
    """Return every firewall. Raises UntoldError where a rule cannot be understood."""
    return tuple(_firewall(part) for part in items(answer, "firewalls"))


def _firewall(part: Part) -> Firewall:
    return Firewall(
        id=text(part["id"]),
        name=text(part["name"]),
        status=text(part["status"]),
        droplets=_identities(part["droplet_ids"]),
        tags=texts(part["tags"]),
        inbound=tuple(map(_admission, _rules(part["inbound_rules"]))),
        where=part.where,
    )


def _admission(part: Part) -> Admission:
    return Admission(
        protocol=_protocol(part["protocol"]),
        ports=_ports(part["ports"]),
        sources=tuple(map(_network, _addresses(part["sources"]))),
        denies=_denies(part["action"]),
        where=part.where,
    )


def _rules(part: Part) -> tuple[Part, ...]:
    """Return the rules; null stands for none (API document, firewall rules)."""
    return () if part.value is None else _listed(part)


def _protocol(part: Part) -> str:
    """Return a known protocol: what another one lets in is not understood."""
    told = text(part).lower()
    if told not in _PROTOCOLS:
        message = f"{part.where} is no known protocol: {told}"
        raise UntoldError(message)
    return told


def _denies(part: Part) -> bool:
    """Say whether a rule denies; one of which nothing is said lets in."""
    told = (part.text or "allow").lower()
    if told not in {"allow", "deny"}:
        message = f"{part.where} is no known action: {told}"
        raise UntoldError(message)
    return told == "deny"


def _addresses(sources: Part) -> tuple[Part, ...]:
    """Return the addresses among who may come; a rule for tags or load balancers has none."""
    if not isinstance(sources.value, dict) or not sources.value:
        message = f"{sources.where} does not tell who may come"
        raise UntoldError(message)
    addresses = sources["addresses"]
    return _listed(addresses) if addresses.exists and addresses.value is not None else ()


def _listed(part: Part) -> tuple[Part, ...]:
    if not isinstance(part.value, list):
        message = f"{part.where} is no list"
        raise UntoldError(message)
    return tuple(part)


def _identities(part: Part) -> tuple[str, ...] | None:
    if part.value is None or not part.exists:
        return () if part.exists else None
    return tuple(str(whole_number(one)) for one in _listed(part))


def _ports(part: Part) -> tuple[int, int]:
    told = (part.text or "").strip().lower()
    if told in _ALL:
        return ALL_PORTS
    found = _PORTS.fullmatch(told)
    if found is None:
        message = f"{part.where} names no ports: {told}"
        raise UntoldError(message)
    low = int(found[1])
    return low, int(found[2] or low)


def _network(part: Part) -> Network:
    told = text(part)
    try:
        return ip_network(told.strip(), strict=False)
    except ValueError:
        message = f"{part.where} is no address: {told}"
        raise UntoldError(message) from None
