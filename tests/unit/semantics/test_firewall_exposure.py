"""What the Internet reaches of a machine, past its firewalls."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.droplet import Droplet
from plimsoll.facts.firewall import ALL_PORTS, Admission, Firewall
from plimsoll.semantics.firewall_exposure import before, exposed, exposed_at_all

WORLD = (ip_network("0.0.0.0/0"),)
LOW, HIGH = (ip_network("0.0.0.0/1"),), (ip_network("128.0.0.0/1"),)
OFFICE = (ip_network("192.0.2.17/32"),)
MACHINE = Droplet("7", "web-1", "ams3", "vpc", ("web",), ("198.51.100.7",), "droplets[0]")
SOURCES = st.sampled_from([(), WORLD, LOW, HIGH, OFFICE])
PORTS = st.sampled_from([(22, 22), (20, 25), ALL_PORTS, (443, 443), (3389, 3389)])
RULES = st.builds(
    Admission,
    st.sampled_from(["tcp", "udp", "icmp"]),
    PORTS,
    SOURCES,
    st.booleans(),
    st.just("firewalls[0].inbound_rules[0]"),
)


def rule(ports: tuple[int, int], sources: tuple[object, ...], protocol: str = "tcp") -> Admission:
    """Return a rule that lets in."""
    return Admission(protocol, ports, sources, False, "rule")  # type: ignore[arg-type]


def firewall(*rules: Admission, status: str = "succeeded") -> Firewall:
    """Return a firewall before the machines tagged web."""
    return Firewall("f", "web", status, (), ("web",), rules, "firewalls[0]")


def ports_of(*firewalls: Firewall) -> list[int]:
    """Return which administrative ports of the machine are open."""
    return [found.port for found in exposed(MACHINE, firewalls, (22, 3389))]


def test_a_machine_without_a_firewall_is_open() -> None:
    """No firewall, one that failed, and one before others leave every port open."""
    other = replace(firewall(), tags=("db",), droplets=("8",))
    for guards in ((), (firewall(status="failed"),), (firewall(status="waiting"),), (other,)):
        assert ports_of(*guards) == [22, 3389]
        assert exposed_at_all(MACHINE, guards)


def test_what_a_firewall_lets_in_counts_before_it_is_in_force() -> None:
    """One that is being applied closes nothing yet, and may let in already."""
    closed, opening = firewall(rule((443, 443), WORLD)), rule((22, 22), WORLD)
    for status in ("waiting", "failed", "succeeded"):
        assert ports_of(closed, firewall(opening, status=status)) == [22]
        assert {one.port for one in exposed_at_all(MACHINE, (closed, firewall(opening)))} == {
            22,
            443,
        }


def test_a_machine_without_a_public_address_is_not_reached() -> None:
    """The Internet has no way to it; of one that is not known to have none it may have one."""
    assert exposed(replace(MACHINE, public_addresses=()), (), (22,)) == ()
    assert exposed_at_all(replace(MACHINE, public_addresses=()), ()) == ()
    assert exposed(replace(MACHINE, public_addresses=None), (), (22,))


def test_a_firewall_without_rules_closes_everything() -> None:
    """Nothing is let in that no rule lets in."""
    assert ports_of(firewall()) == []
    assert exposed_at_all(MACHINE, [firewall()]) == ()


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([rule((22, 22), WORLD)], [22]),
        ([rule((20, 25), WORLD)], [22]),
        ([rule(ALL_PORTS, WORLD)], [22, 3389]),
        ([rule((22, 22), LOW), rule((20, 30), HIGH)], [22]),
        ([rule((22, 22), LOW), rule((3389, 3389), HIGH)], [22, 3389]),
        ([rule((22, 22), OFFICE)], []),
        ([rule((22, 22), WORLD, "udp")], []),
        ([rule((443, 443), WORLD)], []),
        ([replace(rule((22, 22), WORLD), denies=True)], []),
    ],
)
def test_rules_open_the_ports_they_name(rules: list[Admission], found: list[int]) -> None:
    """Name a port, a range, all; halves in two rules; the office; other ports and protocols."""
    assert ports_of(firewall(*rules)) == found


def test_firewalls_add_up() -> None:
    """A half of the Internet in each of two firewalls, one by tag and one by id, is all of it."""
    by_id = replace(firewall(rule((22, 22), HIGH)), tags=(), droplets=("7",))
    assert ports_of(firewall(rule((22, 22), LOW)), by_id) == [22]


def test_what_denies_is_not_taken_to_close() -> None:
    """Beside a rule that lets everyone in, one that denies them changes nothing."""
    denies = replace(rule((22, 22), WORLD), denies=True)
    assert ports_of(firewall(rule((22, 22), WORLD), denies)) == [22]


def test_every_open_port_is_told_with_its_rule() -> None:
    """Tell protocol, port, who may come, and the rule."""
    (found,) = exposed_at_all(MACHINE, [firewall(rule((53, 53), WORLD, "udp"))])
    assert (found.protocol, found.port, found.why, found.where) == (
        "udp", 53, "open to 0.0.0.0/0", "rule",
    )  # fmt: skip


@given(st.lists(RULES, max_size=5), st.lists(RULES, max_size=3))
def test_another_rule_never_closes(some: list[Admission], more: list[Admission]) -> None:
    """Every port that is open stays open, whatever rules are added to a firewall in force."""
    fewer = {found.port for found in exposed(MACHINE, [firewall(*some)], (22, 3389))}
    larger = {found.port for found in exposed(MACHINE, [firewall(*some, *more)], (22, 3389))}
    assert fewer <= larger


@given(st.lists(RULES, max_size=5))
def test_what_is_open_to_an_administrator_is_open_at_all(rules: list[Admission]) -> None:
    """A machine with an open administrative port is never said to be closed."""
    guards = [firewall(*rules)]
    assert exposed_at_all(MACHINE, guards) or not exposed(MACHINE, guards, (22, 3389))


@given(st.sampled_from(["succeeded", "waiting", "failed", ""]), st.booleans(), st.booleans())
def test_only_what_is_in_force_stands_before_a_machine(
    status: str, by_id: bool, by_tag: bool
) -> None:
    """A firewall counts where it is in force and names the machine, by its id or by a tag."""
    one = replace(
        firewall(status=status),
        droplets=("7",) if by_id else None,
        tags=("web",) if by_tag else None,
    )
    assert bool(before(MACHINE, [one])) == (status == "succeeded" and (by_id or by_tag))
