"""Faults in who may reach machines and managed databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

MACHINES = ("digitalocean-production",)
GUARDED = ("app-oint", "digitalocean-production")
SHIELDED = ("tetrix", "digitalocean-production")
EVERYONE = ("0.0.0.0/0", "::/0")
HALVES = ("0.0.0.0/1", "128.0.0.0/1")


@fault("SEC-06a", "no-trusted-sources", vantage="do", environments=GUARDED)
def no_trusted_sources(world: World) -> None:
    """A managed database names no trusted source, and so accepts everyone."""
    world.cloud.set_details("database-firewall", _database(world), [])


@fault("SEC-06a", "trusts-everyone", vantage="do", environments=GUARDED)
def trusts_everyone(world: World) -> None:
    """A managed database trusts every address, beside those that use it."""
    _trust(world, "0.0.0.0/0")


@fault("SEC-06a", "trusts-everyone-in-halves", vantage="do", environments=GUARDED)
def trusts_everyone_in_halves(world: World) -> None:
    """A managed database trusts every address, written as the two halves of the Internet."""
    for half in HALVES:
        _trust(world, half)


@fault("SEC-06b", "ssh-open", vantage="do", also=("SEC-07b",), environments=MACHINES)
def ssh_open(world: World) -> None:
    """The firewall lets everyone in on the port of SSH."""
    _admit(world, "22", EVERYONE)


@fault("SEC-06b", "ssh-open-in-halves", vantage="do", also=("SEC-07b",), environments=MACHINES)
def ssh_open_in_halves(world: World) -> None:
    """Two rules let one half of the Internet each in on the port of SSH."""
    for half in HALVES:
        _admit(world, "22", (half,))


@fault("SEC-06b", "ssh-open-in-a-range", vantage="do", also=("SEC-07b",), environments=MACHINES)
def ssh_open_in_a_range(world: World) -> None:
    """A rule for a range of ports, open to everyone, covers that of SSH."""
    _admit(world, "20-25", EVERYONE)


@fault("SEC-06b", "every-port-open", vantage="do", also=("SEC-07b",), environments=MACHINES)
def every_port_open(world: World) -> None:
    """A rule from the day it was set up lets everyone in on every port."""
    _admit(world, "0", ("0.0.0.0/0",))


@fault("SEC-06b", "second-firewall-open", vantage="do", also=("SEC-07b",), environments=MACHINES)
def second_firewall_open(world: World) -> None:
    """A second firewall, before one machine by its id, opens what the first one closes."""
    second = {
        **world.cloud.all("firewalls")[0],
        "id": "3f2b7c1e-6d58-4a09-b7d4-0c9f5b1e2a77",
        "name": "debugging",
        "droplet_ids": [world.cloud.all("droplets")[-1]["id"]],
        "tags": [],
        "inbound_rules": [_rule("3389", EVERYONE)],
    }
    world.cloud.all("firewalls").append(second)


@fault("SEC-06b", "no-firewall", vantage="do", also=("SEC-07b",), environments=MACHINES)
def no_firewall(world: World) -> None:
    """The firewall is there, and stands before no machine."""
    for firewall in world.cloud.all("firewalls"):
        firewall["tags"] = []


@fault("SEC-06b", "firewall-not-in-force", vantage="do", also=("SEC-07b",), environments=MACHINES)
def firewall_not_in_force(world: World) -> None:
    """The firewall could not be put before the machines."""
    for firewall in world.cloud.all("firewalls"):
        firewall["status"] = "failed"


@fault(
    "SEC-06b",
    "no-machines",
    vantage="do",
    also=("SEC-06c", "SEC-07b"),
    environments=MACHINES,
)
def no_machines(world: World) -> None:
    """No machine has the tag any more by which the system's are known."""
    for machine in world.cloud.all("droplets"):
        machine["tags"] = []


@fault("SEC-06c", "machine-without-network", vantage="do", environments=MACHINES)
def machine_without_network(world: World) -> None:
    """One machine is in no private network."""
    world.cloud.all("droplets")[-1]["vpc_uuid"] = ""


@fault("SEC-06c", "database-without-network", vantage="do", environments=MACHINES)
def database_without_network(world: World) -> None:
    """One managed database is in no private network."""
    world.cloud.one("databases", _database(world))["private_network_uuid"] = ""


@fault("SEC-06c", "load-balancer-without-network", vantage="do", environments=MACHINES)
def load_balancer_without_network(world: World) -> None:
    """The load balancer is in no private network."""
    name = (world.declared_account.load_balancers or ())[-1].name
    world.cloud.one("load-balancers", name)["vpc_uuid"] = ""


@fault(
    "SEC-07b",
    "threat-control-off",
    vantage="do",
    also=("DLV-02",),
    environments=SHIELDED,
)
def threat_control_off(world: World) -> None:
    """Somebody switched an app's enhanced threat control off; the API then leaves the key out."""
    for spec in world.cloud.specs((world.declared_account.apps or ())[-1].name):
        del spec["enhanced_threat_control_enabled"]


@fault("SEC-07b", "machines-answer-everyone", vantage="do", environments=MACHINES)
def machines_answer_everyone(world: World) -> None:
    """The port that only the load balancer was to reach is open to everyone."""
    _admit(world, "8080", EVERYONE)


@fault("SEC-07b", "datagrams-from-everyone", vantage="do", environments=MACHINES)
def datagrams_from_everyone(world: World) -> None:
    """A rule lets everyone send datagrams to the machines."""
    world.cloud.all("firewalls")[0]["inbound_rules"].append(_rule("443", EVERYONE, "udp"))


def _admit(world: World, ports: str, addresses: tuple[str, ...]) -> None:
    world.cloud.all("firewalls")[0]["inbound_rules"].append(_rule(ports, addresses))


def _rule(ports: str, addresses: tuple[str, ...], protocol: str = "tcp") -> dict[str, Any]:
    return {"protocol": protocol, "ports": ports, "sources": {"addresses": list(addresses)}}


def _trust(world: World, address: str) -> None:
    rules = world.cloud.details("database-firewall", _database(world))
    rules.append({**rules[0], "type": "ip_addr", "value": address})


def _database(world: World) -> str:
    """Return the last declared database."""
    return (world.declared_account.databases or ())[-1].name
