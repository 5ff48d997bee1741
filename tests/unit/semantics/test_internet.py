"""The Internet at large is known however its addresses are written."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.internet import is_the_internet, networks

V4 = st.builds(
    lambda address, length: IPv4Network((address, length), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
V6 = st.builds(
    lambda address, length: IPv6Network((address, length), strict=False),
    st.integers(0, 2**128 - 1),
    st.integers(0, 128),
)
NETWORKS = st.lists(V4 | V6, max_size=6)


@pytest.mark.parametrize(
    "addresses",
    [
        ["0.0.0.0/0"],
        ["::/0"],
        ["2000::/3"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["8.0.0.0/8", "9.0.0.0/8"],
        ["203.0.113.7/0"],
        ["10.0.0.0/8", "192.0.2.1", "::/1"],
        ["0.0.0.0/2", "64.0.0.0/3"],
    ],
)
def test_everyone_is_the_internet(addresses: list[str]) -> None:
    """Write everyone plainly, in halves, with host bits, and as what is left without some."""
    assert is_the_internet(networks(addresses))


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        ["192.0.2.17"],
        ["192.0.2.0/24", "2001:db8::/32"],
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
        ["8.0.0.0/8"],
        ["8.0.0.0/8", "8.1.0.0/16"],
        ["fc00::/7", "fe80::/10"],
    ],
)
def test_a_network_is_not_the_internet(addresses: list[str]) -> None:
    """Name nobody, single networks, every private range at once, and one network twice."""
    assert not is_the_internet(networks(addresses))


@given(NETWORKS, NETWORKS)
def test_more_sources_never_make_fewer(
    some: list[IPv4Network | IPv6Network], more: list[IPv4Network | IPv6Network]
) -> None:
    """What is the Internet stays it, whoever may come as well."""
    assert is_the_internet([*some, *more]) or not is_the_internet(some)


@given(V4 | V6)
def test_a_network_is_the_sum_of_its_halves(network: IPv4Network | IPv6Network) -> None:
    """Halves count together as the whole does."""
    halves = list(network.subnets()) if network.prefixlen < network.max_prefixlen else [network]
    assert is_the_internet(halves) == is_the_internet([network])


def test_what_is_no_address_is_refused() -> None:
    """A word in the place of an address is not taken for nobody."""
    with pytest.raises(ValueError, match="office"):
        networks(["192.0.2.1", "office"])
