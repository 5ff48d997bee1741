"""Load balancers, firewalls, machines, pools, certificates and CDN endpoints are read as told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.cloud_reading import Reading
from plimsoll.semantics.digitalocean import cdn, certificates, droplets, firewalls, load_balancers
from plimsoll.semantics.digitalocean.answer import UntoldError, read_answer

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = {
    "load_balancers": load_balancers.load_balancers,
    "firewalls": firewalls.firewalls,
    "droplets": droplets.droplets,
    "autoscale_pools": droplets.pools,
    "certificates": certificates.certificates,
    "endpoints": cdn.cdn_endpoints,
}
FIREWALL: dict[str, Any] = {
    "id": "f", "name": "web", "status": "succeeded", "droplet_ids": [7], "tags": ["web"],
    "inbound_rules": [{"protocol": "tcp", "ports": "22", "sources": {"addresses": ["192.0.2.1"]}}],
}  # fmt: skip
MACHINE: dict[str, Any] = {
    "id": 7, "name": "web-1", "region": {"slug": "ams3"}, "vpc_uuid": "v", "tags": [],
    "networks": {"v4": [{"ip_address": "10.0.0.2", "type": "private"},
                        {"ip_address": "198.51.100.7", "type": "public"}], "v6": []},
}  # fmt: skip
BALANCER: dict[str, Any] = {
    "id": "b", "name": "lb", "type": "REGIONAL", "status": "active", "ip": "198.51.100.1",
    "region": {"slug": "fra1"}, "vpc_uuid": "v", "redirect_http_to_https": True,
    "forwarding_rules": [{"entry_protocol": "https", "entry_port": 443, "target_protocol": "https",
                          "target_port": 443, "certificate_id": "", "tls_passthrough": True}],
    "health_check": {"protocol": "http", "port": 80, "path": "/", "check_interval_seconds": 10},
}  # fmt: skip
NAMES = [
    *KEYS, "id", "name", "status", "inbound_rules", "sources", "addresses", "ports", "protocol",
    "forwarding_rules", "entry_port", "networks", "v4", "v6", "type", "region", "slug", "domains",
    "glb_settings", "region_priorities", "config", "tags", "droplet_ids", "origin", "not_after",
]  # fmt: skip
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=25,
)


def read(key: str, *entries: dict[str, Any]) -> Any:
    """Return the facts of an answer that holds these entries."""
    body = json.dumps({key: list(entries)})
    return KEYS[key](read_answer(Reading(f"GET /v2/{key}", body, 1)))


@pytest.mark.parametrize(("key", "make"), KEYS.items())
@given(data=DATA)
def test_any_answer_is_read_or_told_to_be_unreadable(
    key: str, make: Callable[..., tuple[object, ...]], data: object
) -> None:
    """Read arbitrary data in the place of the list, and of the answer as a whole."""
    for body in (data, {key: data}, {key: [data]}):
        try:
            made = make(read_answer(Reading("GET /v2/x", json.dumps(body), 1)))
        except UntoldError as untold:
            assert str(untold)
        else:
            assert isinstance(made, tuple)


@pytest.mark.parametrize("key", KEYS)
def test_an_answer_without_its_list_is_not_an_empty_one(key: str) -> None:
    """An answer that lacks the list tells nothing; an empty list tells that there is nothing."""
    with pytest.raises(UntoldError):
        KEYS[key](read_answer(Reading("GET /v2/x", "{}", 1)))
    assert read(key) == ()


@pytest.mark.parametrize(
    ("told", "ports"),
    [("22", (22, 22)), ("8000-9000", (8000, 9000)), ("0", (1, 65535)), ("", (1, 65535)),
     ("all", (1, 65535))],
)  # fmt: skip
def test_ports_are_read_as_the_platform_writes_them(told: str, ports: tuple[int, int]) -> None:
    """A port, a range, and the three ways of writing all of them."""
    entry = FIREWALL["inbound_rules"][0] | {"ports": told}
    (one,) = read("firewalls", FIREWALL | {"inbound_rules": [entry]})
    assert one.inbound[0].ports == ports


@pytest.mark.parametrize(
    "changed",
    [
        {"inbound_rules": "none"},
        {"inbound_rules": [{"protocol": "any", "ports": "0", "sources": {"tags": ["web"]}}]},
        {"inbound_rules": [{"protocol": "tcp", "ports": "22", "sources": {}}]},
        {"inbound_rules": [FIREWALL["inbound_rules"][0] | {"action": "accept"}]},
        {"inbound_rules": [{"protocol": "tcp", "ports": "22"}]},
        {"inbound_rules": [{"protocol": "tcp", "ports": "ssh", "sources": {}}]},
        {"inbound_rules": [{"protocol": "tcp", "ports": "22", "sources": {"addresses": ["me"]}}]},
        {"inbound_rules": [{"protocol": "tcp", "ports": "22", "sources": {"addresses": "::/0"}}]},
        {"status": None},
    ],
)
def test_a_firewall_that_cannot_be_understood_is_not_a_closed_one(changed: dict[str, Any]) -> None:
    """Leave rules, sources or the status out, and name ports and addresses that are none."""
    with pytest.raises(UntoldError):
        read("firewalls", FIREWALL | changed)


def test_a_field_that_is_hidden_is_not_an_empty_one() -> None:
    """Absent fields are None; those that are there and hold nothing are empty."""
    (hidden,) = read(
        "firewalls", {k: v for k, v in FIREWALL.items() if k not in {"tags", "droplet_ids"}}
    )
    (empty,) = read("firewalls", FIREWALL | {"tags": None, "droplet_ids": None})
    assert (hidden.tags, hidden.droplets) == (None, None)
    assert (empty.tags, empty.droplets) == ((), ())
    (machine,) = read("droplets", {"id": 7, "name": "web-1"})
    assert (machine.tags, machine.network, machine.public_addresses) == (None, None, None)


def test_a_rule_denies_where_it_says_so() -> None:
    """A rule lets in unless its action is another."""
    entry = FIREWALL["inbound_rules"][0]
    rules = [entry, entry | {"action": "allow"}, entry | {"action": "deny"}]
    (one,) = read("firewalls", FIREWALL | {"inbound_rules": rules})
    assert [rule.denies for rule in one.inbound] == [False, False, True]


def test_a_machine_is_read() -> None:
    """Its public addresses are told apart from the private ones."""
    (machine,) = read("droplets", MACHINE)
    assert (machine.id, machine.region, machine.network) == ("7", "ams3", "v")
    assert machine.public_addresses == ("198.51.100.7",)


def test_a_load_balancer_is_read() -> None:
    """An empty certificate is none, and a regional one has no regions that it prefers."""
    (one,) = read("load_balancers", BALANCER)
    (rule,) = one.forwarding
    assert (rule.is_encrypted, rule.is_passthrough, rule.certificate) == (True, True, None)
    assert one.health is not None
    assert one.health.interval_seconds == 10
    assert (one.region, one.targets, one.priorities) == ("fra1", None, None)


def test_a_global_load_balancer_is_read() -> None:
    """Its domains, backends, priorities and threshold."""
    settings = {"region_priorities": {"fra1": 1, "nyc1": 2}, "failover_threshold": 50}
    (one,) = read(
        "load_balancers",
        BALANCER | {"type": "GLOBAL", "region": None, "glb_settings": settings,
                    "domains": [{"name": "a.example", "certificate_id": "c"}],
                    "target_load_balancer_ids": ["x", "y"]},
    )  # fmt: skip
    assert one.region is None
    assert one.targets == ("x", "y")
    assert one.priorities == (("fra1", 1), ("nyc1", 2))
    assert one.failover_threshold_percent == 50
    assert [(domain.name, domain.certificate) for domain in one.domains] == [("a.example", "c")]


def test_a_pool_is_read() -> None:
    """A dynamic pool has a range and targets; an agent that is not told of is none."""
    config = {"min_instances": 2, "max_instances": 10, "target_cpu_utilization": 0.7,
              "target_memory_utilization": 0.75, "cooldown_minutes": 5}  # fmt: skip
    pool = {"id": "p", "name": "web", "status": "active", "config": config,
            "active_resources_count": 3, "droplet_template": {"region": "ams3"}}  # fmt: skip
    (one,) = read("autoscale_pools", pool)
    assert (one.minimum, one.maximum, one.fixed, one.running) == (2, 10, None, 3)
    assert (one.cpu_utilization, one.memory_utilization, one.cooldown_minutes) == (0.7, 0.75, 5)
    assert not one.has_agent


def test_the_members_of_a_pool_are_read() -> None:
    """Each has its number as text, its status and its health."""
    told = {"droplets": [{"droplet_id": 7, "status": "active", "health_status": "healthy"}]}
    (one,) = droplets.members(read_answer(Reading("GET /v2/x", json.dumps(told), 1)))
    assert (one.id, one.status, one.health) == ("7", "active", "healthy")


def test_a_certificate_that_is_being_issued_has_no_end() -> None:
    """It is read with its state; one that is there has the end of its validity."""
    pending, ready = read(
        "certificates",
        {"id": "a", "name": "new", "state": "pending"},
        {"id": "b", "name": "old", "state": "verified", "not_after": "2027-01-05T00:00:00Z",
         "dns_names": ["a.example"]},
    )  # fmt: skip
    assert (pending.state, pending.not_after, pending.names) == ("pending", None, ())
    assert ready.not_after is not None
    assert (ready.not_after.year, ready.names) == (2027, ("a.example",))


def test_a_cdn_endpoint_is_called_by_its_origin() -> None:
    """An endpoint without a domain of its own has neither domain nor certificate."""
    (one,) = read("endpoints", {"id": "e", "origin": "b.fra1.digitaloceanspaces.com", "ttl": 3600,
                                "custom_domain": "", "certificate_id": ""})  # fmt: skip
    assert (one.name, one.ttl_seconds) == ("b.fra1.digitaloceanspaces.com", 3600)
    assert (one.domain, one.certificate) == (None, None)


def test_a_firewall_whose_rules_are_null_lets_nothing_in() -> None:
    """So the API writes a firewall that has outbound rules alone; left out, they are not told."""
    (found,) = read("firewalls", FIREWALL | {"inbound_rules": None})
    assert found.inbound == ()
    with pytest.raises(UntoldError):
        read("firewalls", {key: FIREWALL[key] for key in FIREWALL if key != "inbound_rules"})
