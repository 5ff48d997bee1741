"""Whether addresses that may come are the Internet at large, however that is written.

More than one part in 256 of all public addresses is the Internet: of IPv4 that is more than a /8,
which no single organization needs to come from; of IPv6 the same share of 2000::/3, all that is
given out (RFC 4291, section 2.4). Halves count together; private and other special ranges (IANA
special-purpose registries) do not count, for nobody comes from them.
"""

from __future__ import annotations

from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    Network = IPv4Network | IPv6Network

_SHARE = Fraction(1, 256)
_IPV4 = IPv4Network("0.0.0.0/0")
_IPV6 = IPv6Network("2000::/3")
_SPECIAL = tuple(
    IPv4Network(special)
    for special in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)


def networks(addresses: Iterable[str]) -> tuple[Network, ...]:
    """Return addresses and prefixes as networks. Raises ValueError for what is neither."""
    return tuple(ip_network(address.strip(), strict=False) for address in addresses)


def is_the_internet(sources: Iterable[Network]) -> bool:
    """Whether these networks together are too many addresses to be anybody in particular."""
    listed = tuple(sources)
    fourth = collapse_addresses(one for one in listed if isinstance(one, IPv4Network))
    sixth = collapse_addresses(one for one in listed if isinstance(one, IPv6Network))
    public = sum(_public(one) for one in fourth)
    given_out = sum(_common(one, _IPV6) for one in sixth)
    return public > _SHARE * _IPV4.num_addresses or given_out > _SHARE * _IPV6.num_addresses


def _public(network: IPv4Network) -> int:
    return network.num_addresses - sum(_common(network, special) for special in _SPECIAL)


def _common(one: Network, other: Network) -> int:
    """Return how many addresses two networks share: prefixes lie in each other or apart."""
    return min(one.num_addresses, other.num_addresses) if one.overlaps(other) else 0
