"""A name leads to a service only where both are on a network on which it is called so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.container import Container, Network
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.compose import services
from plimsoll.semantics.compose_networks import Passage, passage

NAMED = st.builds(Network, st.sampled_from(["default", "a", "b", None]))
CONTAINERS = st.builds(
    Container,
    name=st.sampled_from(["asking", "api"]),
    where=st.just("c.yml:1"),
    networks=st.lists(NAMED, max_size=3).map(tuple),
    network_mode=st.sampled_from(["", "host", "none"]),
)


def way(asking: str, asked: str, host: str = "api", more: str = "") -> Passage:
    """Return whether one service reaches another, each with these settings."""
    text = f"services:\n  prometheus: {{{asking}}}\n  api: {{{asked}}}\n{more}"
    found = {one.name: one for one in services(parse_yaml_document(text, "compose.yml"))}
    return passage((found["prometheus"],), found["api"], host)


@pytest.mark.parametrize(
    ("asking", "asked", "host", "more"),
    [
        ("", "", "api", ""),
        ("networks: [default]", "", "api", ""),
        ("networks: [a, b]", "networks: [b]", "api", ""),
        ("networks: {a: null}", "networks: {a: {aliases: [shop]}, b: {}}", "shop", ""),
        ("networks: [a]", "networks: [a], container_name: shop-api", "shop-api", ""),
        ("", "networks: [b]", "api", "networks: {default: {name: x}, b: {name: x}}"),
        ("networks: [a]", "extends: base", "api", "  base: {networks: [a]}"),
        ("networks: ['${NET:-a}']", "networks: [a]", "api", ""),
        ("networks: [a]", "networks: [a], extends: {file: b.yml, service: x}", "api", ""),
    ],
)
def test_services_on_one_network_reach_each_other(
    asking: str, asked: str, host: str, more: str
) -> None:
    """In every form in which a network is named, those of a base and of defaults included."""
    assert way(asking, asked, host, more) == Passage()


@pytest.mark.parametrize(
    ("asking", "asked", "host", "gap"),
    [
        ("networks: [a]", "networks: [b]", "api", "api shares no network with prometheus"),
        ("", "networks: {b: {}}", "api", "api shares no network with prometheus"),
        ("networks: [a]", "", "api", "api shares no network with prometheus"),
        ("", "network_mode: none", "api", "api is on no network"),
        ("network_mode: none", "", "api", "prometheus is on no network"),
        ("", "network_mode: host", "api", "is on the network of its host"),
        (
            "networks: [a]",
            "networks: {a: {}, b: {aliases: [shop]}}",
            "shop",
            "shop is no name of api on the networks of prometheus",
        ),
    ],
)
def test_services_apart_do_not(asking: str, asked: str, host: str, gap: str) -> None:
    """An alias counts on its own network alone."""
    assert gap in way(asking, asked, host).gap


@pytest.mark.parametrize(
    ("asking", "asked"),
    [
        ("networks: ['${NET}']", "networks: [a]"),
        ("networks: [a]", "networks: ['${NET:?set it}', b]"),
        ("network_mode: 'service:vpn'", ""),
        ("network_mode: bridge", ""),
        ("network_mode: '${MODE}'", ""),
        ("networks: [a]", "extends: {file: b.yml, service: x}"),
        ("network_mode: host", ""),
        ("extra_hosts: ['api:10.0.0.7']", ""),
        ("extra_hosts: {api: host-gateway}", "network_mode: host"),
        ("network_mode: 'container:x'", "network_mode: host"),
    ],
)
def test_what_no_file_tells_is_a_doubt(asking: str, asked: str) -> None:
    """Variables, files that are not read, other containers' networks and the host's names."""
    found = way(asking, asked)
    assert found.doubt
    assert not found.gap


def test_a_network_whose_name_is_a_variable_may_be_any() -> None:
    """It may be the one that the other is on."""
    found = way("networks: [a]", "networks: [b]", more="networks: {b: {name: '${NET}'}}")
    assert found == Passage(doubt="no file tells every network of api")


@given(st.lists(CONTAINERS, max_size=3), CONTAINERS)
def test_the_best_way_counts(asking: list[Container], asked: Container) -> None:
    """One of those asking is enough, and where nobody asks nothing is said."""
    found = passage(asking, asked, asked.name)
    ways = [passage((one,), asked, asked.name) for one in asking]
    assert (found == Passage()) == (not ways or Passage() in ways)
    assert bool(found.gap) == (bool(ways) and all(way.gap for way in ways))
    assert not (found.gap and found.doubt)


@pytest.mark.parametrize(
    ("stated", "count"),
    [
        ("", 1),
        ("scale: 0", 0),
        ("scale: '${N:-0}'", 0),
        ("deploy: {replicas: 0}", 0),
        ("deploy: {replicas: 3}", 3),
        ("deploy: {resources: {}}", 1),
        ("scale: 2, deploy: {replicas: 0}", 2),
        ("scale: '${N}'", None),
        ("deploy: {replicas: [1]}", None),
        ("extends: base", 0),
        ("extends: base, deploy: {labels: {}}", 0),
    ],
)
def test_how_many_containers_are_started(stated: str, count: int | None) -> None:
    """One, unless it says otherwise; with a variable nobody knows."""
    text = f"services: {{api: {{{stated}}}, base: {{deploy: {{replicas: 0}}}}}}"
    found = services(parse_yaml_document(text, "compose.yml"))
    assert found[0].replicas == count
