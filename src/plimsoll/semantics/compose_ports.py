"""The ports of a Compose service: short and long syntax, and ranges, each port by itself.

Source: the Compose specification's chapters on `ports` and `expose`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.container import Port
from plimsoll.semantics.compose_interpolation import scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Part

_MOST_PARTS = 3
_LAST_PORT = 65535
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")


def published_ports(owner: str, part: Part) -> Iterator[Port]:
    """Yield the ports of a service's `ports`, in short and long syntax."""
    for item in part:
        if isinstance(item.value, dict):
            yield Port(
                owner=owner,
                container=scalar(item["target"]),
                where=item.where,
                host=scalar(item["published"]) or None,
                interface=scalar(item["host_ip"]) or None,
                protocol=scalar(item["protocol"]) or "tcp",
            )
        elif scalar(item):
            yield from _short_ports(owner, scalar(item), item.where)


def exposed_ports(owner: str, part: Part) -> Iterator[Port]:
    """Yield the ports of a service's `expose`, which no host publishes."""
    for item in part:
        number, _, protocol = scalar(item).partition("/")
        for port in _each(number):
            yield Port(owner, port, item.where, protocol=protocol or "tcp", is_published=False)


def _short_ports(owner: str, text: str, where: str) -> Iterator[Port]:
    """Yield each port of `3000-3005:3000-3005`, or the one of `127.0.0.1:80:8080/tcp`."""
    address, _, protocol = text.partition("/")
    parts = address.rsplit(":", _MOST_PARTS - 1)
    interface = parts[0].strip("[]") if len(parts) == _MOST_PARTS else ""
    host = parts[-2] if len(parts) > 1 else ""
    inside, outside = _each(parts[-1]), _each(host)
    if len(inside) != len(outside):
        # A range of the host for one port, or none: which of it is taken is not told.
        outside = [host] * len(inside)
    for container, published in zip(inside, outside, strict=True):
        yield Port(owner, container, where, published or None, interface or None, protocol or "tcp")


def _each(text: str) -> list[str]:
    """Return the ports of a range, or else the text as it is."""
    found = _RANGE.fullmatch(text)
    if found is None or not int(found[1]) <= int(found[2]) <= _LAST_PORT:
        return [text]
    return [str(port) for port in range(int(found[1]), int(found[2]) + 1)]
