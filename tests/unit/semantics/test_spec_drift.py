"""A specification that runs is compared with the one that was reviewed."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.spec_drift import Difference, differences

REVIEWED = """
name: shop
region: fra
features: [b, a]
domains:
  - {domain: shop.test, type: PRIMARY}
  - {domain: www.shop.test, type: ALIAS}
services:
  - name: web
    github: {repo: acme/shop, branch: main, deploy_on_push: false}
    http_port: 8080
    instance_size_slug: apps-d-1vcpu-1gb
    instance_count: 2
    health_check: {http_path: /health, initial_delay_seconds: 0, period_seconds: 30}
    termination: {drain_seconds: 15, grace_period_seconds: 60}
    envs:
      - {key: LEVEL, scope: RUN_TIME, value: info}
      - {key: TOKEN, scope: RUN_TIME, type: SECRET, value: "EV[1:aaaa:bbbb]"}
    alerts:
      - {rule: CPU_UTILIZATION, operator: GREATER_THAN, value: 80, window: FIVE_MINUTES}
      - {rule: RESTART_COUNT, operator: GREATER_THAN, value: 3, window: TEN_MINUTES}
ingress:
  rules:
    - match: {path: {prefix: /}}
      component: {name: web}
"""


def document(data: object) -> Document:
    """Return data as the API would hand it out."""
    return Document("spec", data, is_spelled=True)


def reviewed() -> Document:
    """Return the specification that was reviewed."""
    return parse_yaml_document(REVIEWED, "app.yaml")


def live(**changes: object) -> Document:
    """Return what runs: the reviewed specification with changes of its only service."""
    data = copy.deepcopy(reviewed().data)
    service = data["services"][0]  # type: ignore[index]
    for key, value in changes.items():
        service[key] = value
        if value is None:
            del service[key]
    return document(data)


def places(found: tuple[Difference, ...]) -> list[str]:
    """Return where things differ."""
    return [one.what for one in found]


def test_a_specification_equals_itself() -> None:
    """Nothing differs from what was reviewed."""
    assert differences(reviewed(), live()) == ()


def test_what_the_platform_fills_in_or_leaves_out_is_no_difference() -> None:
    """Defaults, false, empty fields, an order and numbers as text say the same."""
    other = live(
        instance_count="2",
        github={"repo": "acme/shop", "branch": "main"},
        http_port=None,
        source_dir="/",
        internal_ports=[],
        health_check={"http_path": "/health", "period_seconds": 30, "timeout_seconds": 1},
        termination={"grace_period_seconds": 60.0},
    )
    data = other.data
    assert isinstance(data, dict)
    for key in ("domains", "features"):
        data[key].reverse()
    for key in ("envs", "alerts"):
        data["services"][0][key].reverse()
    del data["ingress"]
    assert differences(reviewed(), other) == ()
    assert differences(other, reviewed()) == ()


def test_the_value_of_a_secret_is_not_compared() -> None:
    """The platform encrypts it anew; its type and scope count."""
    other = live()
    other.data["services"][0]["envs"][1]["value"] = "EV[1:cccc:dddd]"  # type: ignore[index]
    assert differences(reviewed(), other) == ()
    other.data["services"][0]["envs"][1]["type"] = "GENERAL"  # type: ignore[index]
    assert places(differences(reviewed(), other)) == ["services.web.envs.TOKEN.type"]


@pytest.mark.parametrize(
    ("changes", "place", "observed", "expected"),
    [
        ({"instance_count": 3}, "services.web.instance_count", "3", "2"),
        ({"instance_count": None}, "services.web.instance_count", "1", "2"),
        ({"run_command": "sh"}, "services.web.run_command", "sh", None),
        ({"health_check": None}, "services.web.health_check", None, "present"),
        ({"http_port": 9090}, "services.web.http_port", "9090", "8080"),
        ({"alerts": []}, "services.web.alerts", None, "present"),
    ],
)
def test_a_change_is_told_at_its_place(
    changes: dict[str, object], place: str, observed: str | None, expected: str | None
) -> None:
    """The keys lead to it; what is there and what was reviewed are told."""
    (found,) = differences(reviewed(), live(**changes))
    assert (found.what, found.observed, found.expected) == (place, observed, expected)


def test_the_value_of_a_variable_is_not_told() -> None:
    """That it differs is enough."""
    other = live()
    other.data["services"][0]["envs"][0]["value"] = "debug"  # type: ignore[index]
    (found,) = differences(reviewed(), other)
    assert found.what == "services.web.envs.LEVEL.value"
    assert "debug" not in str(found)
    assert "info" not in str(found)


@pytest.mark.parametrize(
    "place", ["services.web.instance_count", "services.*.instance_count", "services", "*.web"]
)
def test_what_may_differ_is_not_compared(place: str) -> None:
    """A place covers everything below it; a star stands for one name."""
    assert differences(reviewed(), live(instance_count=9), [place]) == ()


@pytest.mark.parametrize("place", ["services.web.instance", "service", "services.api", "*.*.envs"])
def test_another_place_excuses_nothing(place: str) -> None:
    """Names are compared whole."""
    assert differences(reviewed(), live(instance_count=9), [place]) != ()


def test_an_ingress_that_says_something_is_compared() -> None:
    """Only the one rule that the platform generates may be missing."""
    other = live()
    rule = other.data["ingress"]["rules"][0]  # type: ignore[index]
    rule["match"]["path"]["prefix"] = "/shop"
    assert places(differences(reviewed(), other)) == ["ingress.rules[0].match.path.prefix"]
    assert isinstance(other.data, dict)
    del other.data["ingress"]["rules"][0]["component"]
    bare = live()
    assert isinstance(bare.data, dict)
    del bare.data["ingress"]
    assert places(differences(other, bare)) == ["ingress"]


def leaves(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the path of every value that is neither mapping nor list."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else None
    )
    if inner is None:
        return [path]
    return [leaf for key, one in inner for leaf in leaves(one, (*path, key))]


SECRET_VALUE = ("services", 0, "envs", 1, "value")
LEAVES = [leaf for leaf in leaves(reviewed().data) if leaf != SECRET_VALUE]


@given(leaf=st.sampled_from(LEAVES), value=st.sampled_from(["other", 77]))
def test_any_change_of_a_compared_value_is_found(leaf: tuple[object, ...], value: object) -> None:
    """There is no place in which a change goes unnoticed, from either side."""
    data = copy.deepcopy(reviewed().data)
    part = data
    for key in leaf[:-1]:
        part = part[key]  # type: ignore[index]
    part[leaf[-1]] = value  # type: ignore[index]
    assert differences(reviewed(), document(data)) != ()
    assert differences(document(data), reviewed()) != ()


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "services", "envs", "key", "value", "type", "ingress", "rules"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(one=json, other=json)
def test_any_two_documents_can_be_compared(one: object, other: object) -> None:
    """Comparing is total, reflexive, and equal from both sides."""
    assert differences(document(one), document(one)) == ()
    there = differences(document(one), document(other))
    back = differences(document(other), document(one))
    assert (there == ()) == (back == ())
