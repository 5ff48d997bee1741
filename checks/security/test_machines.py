"""Machines are reached only by those who have to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import firewall_exposure
from plimsoll.semantics.digitalocean.running import running_spec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.environment.cloud_inventory import AppSubject, MachinesSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.database_cluster import Database
    from plimsoll.facts.droplet import Droplet
    from plimsoll.facts.firewall import Firewall
    from plimsoll.facts.load_balancer import LoadBalancer
    from plimsoll.findings import Expect, Observed, Origin
    from plimsoll.semantics.firewall_exposure import Exposure

    class Named(Protocol):
        """What has a name."""

        @property
        def name(self) -> str:
            """The name it goes by."""

    Droplets = Observed[tuple[Droplet, ...]]
    Firewalls = Observed[tuple[Firewall, ...]]

T = TypeVar("T", bound="Named")


@pytest.mark.control("SEC-06b")
def test_no_administrative_port_is_open_to_the_world(
    machine_group: MachinesSubject, droplets: Droplets, firewalls: Firewalls, expect: Expect
) -> None:
    """Read every machine with the declared tag, and every firewall that is in force before it.

    None of the declared administrative ports may be open to the Internet at large: to every
    address, or to more than one in 256 of all public ones, in however many prefixes and rules. A
    machine with a public address and no firewall in force is open on every port. Rules that deny
    are not taken to close what others open. There must be at least one machine.
    """
    _require_scopes(firewalls)
    for machine in _group(machine_group, droplets, expect):
        ports = machine_group.machines.administrative_ports
        exposures = firewall_exposure.exposed(machine, firewalls.value, ports)
        _judge(machine, exposures, expect, firewalls.origin)


@pytest.mark.control("SEC-06c")
def test_the_system_lives_in_a_private_network(  # noqa: PLR0913, PLR0917 (what is placed)
    private_group: MachinesSubject,
    droplets: Droplets,
    databases: Observed[tuple[Database, ...]],
    load_balancers: Observed[tuple[LoadBalancer, ...]],
    expect: Expect,
    environment: Environment,
) -> None:
    """Read which private network each machine with the declared tag is in.

    Each must be in one, and so must every declared database and load balancer. One of which the
    answer does not say is not known to be in none: the token may not be allowed to see it.
    """
    account = environment.digitalocean
    wanted = (account.databases, account.load_balancers) if account else ((), ())
    kept = _declared(wanted[0] or (), databases, "database", expect)
    balancing = _declared(wanted[1] or (), load_balancers, "load balancer", expect)
    placed = [
        *((f"machine {one.name}", one.network, droplets.origin.at(one.where))
          for one in _group(private_group, droplets, expect)),
        *((f"database {one.name}", one.network, databases.origin.at(one.where))
          for one in kept),
        *((f"load balancer {one.name}", one.network, load_balancers.origin.at(one.where))
          for one in balancing),
    ]  # fmt: skip
    for name, network, origin in placed:
        if network is not None:
            expected = "in a private network"
            what = f"network of {name}"
            expect.that(bool(network), what, observed="none", expected=expected, at=origin)
    hidden = [name for name, network, _ in placed if network is None]
    if hidden:
        message = f"no network is told of {', '.join(hidden)}; the token may lack vpc:read"
        raise NotObserved(message, droplets.origin)


@pytest.mark.control("SEC-07b")
def test_app_has_enhanced_threat_control(
    shielded_app: AppSubject, app: Observed[App], expect: Expect
) -> None:
    """Read the specification that the app runs by.

    It must switch enhanced threat control on; the API leaves out what is off.
    """
    switch = running_spec(app).part("enhanced_threat_control_enabled")
    origin = app.origin.at(switch.where)
    expect.that(
        switch.boolean is True,
        "enhanced threat control",
        observed=switch.boolean,
        expected=True,
        at=origin,
    )


@pytest.mark.control("SEC-07b")
def test_machines_answer_to_load_balancers_alone(
    shielded_group: MachinesSubject, droplets: Droplets, firewalls: Firewalls, expect: Expect
) -> None:
    """Read every machine with the declared tag, and every firewall that is in force before it.

    No port, TCP or UDP, may be open to the Internet at large: who floods the system then meets the
    load balancers, never a machine. There must be at least one machine.
    """
    _require_scopes(firewalls)
    for machine in _group(shielded_group, droplets, expect):
        exposures = firewall_exposure.exposed_at_all(machine, firewalls.value)
        _judge(machine, exposures, expect, firewalls.origin)


def _declared(
    declared: Iterable[Named],
    held: Observed[tuple[T, ...]],
    kind: str,
    expect: Expect,
) -> list[T]:
    """Return what is declared of what the account holds; state what is not there."""
    found: list[T] = []
    for name in (one.name for one in declared):
        there = [one for one in held.value if one.name == name]
        if not there:
            expect.missing(f"{kind} {name}", expected="it in the account", at=held.origin)
        found += there
    return found


def _group(subject: MachinesSubject, droplets: Droplets, expect: Expect) -> list[Droplet]:
    """Return the machines with the declared tag. Raises NotObserved where tags are not told."""
    untold = [one.name for one in droplets.value if one.tags is None]
    if untold:
        message = f"no tags are told of {', '.join(untold)}; the token may lack tag:read"
        raise NotObserved(message, droplets.origin)
    tagged = [one for one in droplets.value if subject.machines.tag in (one.tags or ())]
    expect.at_least(1, len(tagged), "machines", at=droplets.origin)
    return tagged


def _require_scopes(firewalls: Firewalls) -> None:
    """Raise NotObserved where it is not told which machines a firewall stands before."""
    for firewall in firewalls.value:
        hidden = [
            scope
            for scope, told in (("droplet:read", firewall.droplets), ("tag:read", firewall.tags))
            if told is None
        ]
        if hidden:
            message = f"whom it protects is not told; the token may lack {' and '.join(hidden)}"
            raise NotObserved(message, firewalls.origin.at(firewall.where))


def _judge(machine: Droplet, exposures: Iterable[Exposure], expect: Expect, origin: Origin) -> None:
    expect.none([], f"open ports of {machine.name}", expected="none", at=origin)
    for found in exposures:
        expect.none(
            [(found.why, found.where)],
            f"{found.protocol} port {found.port} of {machine.name}",
            expected="not open to the Internet",
            at=origin,
        )
