"""Answers about managed databases become facts, or are said to tell nothing."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.cloud_reading import Reading
from plimsoll.facts.database_cluster import PlatformWindow
from plimsoll.semantics.digitalocean import databases
from plimsoll.semantics.digitalocean.answer import UntoldError, read_answer

CLUSTER = {
    "id": "9cc1",
    "name": "shop-db",
    "engine": "pg",
    "version": "16",
    "region": "fra1",
    "num_nodes": 2,
    "status": "online",
    "private_network_uuid": "d455",
    "tags": ["shop"],
    "maintenance_window": {"day": "sunday", "hour": "03:00:00", "pending": False},
}
KEYS = [*CLUSTER, "size", "mode", "type", "value", "created_at", "size_gigabytes"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "day", "hour"]), inner, max_size=6)
    ),
    max_leaves=12,
)
PARSERS = {
    "databases": databases.databases,
    "backups": databases.backups,
    "rules": databases.firewall,
    "replicas": databases.replicas,
    "pools": databases.pools,
}


def answer(data):
    """An answer as it was read."""
    return read_answer(Reading("GET /v2/databases", json.dumps(data), 1))


def cluster(**changed):
    """The one cluster of an answer; a value of ... leaves the key out."""
    told = {key: value for key, value in (CLUSTER | changed).items() if value is not ...}
    (found,) = databases.databases(answer({"databases": [told]}))
    return found


def test_a_cluster_is_read():
    """Nodes, status, network, tags and the window, each from its own key."""
    found = cluster()
    assert (found.id, found.name, found.engine, found.version) == ("9cc1", "shop-db", "pg", "16")
    assert (found.region, found.nodes, found.status) == ("fra1", 2, "online")
    assert (found.network, found.tags) == ("d455", ("shop",))
    where = "GET /v2/databases databases[0].maintenance_window"
    assert found.maintenance == PlatformWindow("sunday", "03:00:00", where)


@pytest.mark.parametrize(
    ("changed", "tags"), [({"tags": ...}, None), ({"tags": None}, ()), ({"tags": "shop"}, None)]
)
def test_tags_that_are_missing_are_not_empty(changed, tags):
    """Null is the platform's word for none; a key that is not there may want a scope."""
    assert cluster(**changed).tags == tags


@pytest.mark.parametrize("window", [..., None, "sunday"])
def test_a_cluster_without_a_window_has_none(window):
    """Whatever is no window is none."""
    assert cluster(maintenance_window=window).maintenance is None


@pytest.mark.parametrize("key", ["id", "name", "engine", "region", "num_nodes"])
@pytest.mark.parametrize("value", [..., None, [], 2.5, True])
def test_a_cluster_without_what_is_always_told_is_not_understood(key, value):
    """No name, no engine, no number of nodes: nothing can be said of it."""
    with pytest.raises(UntoldError, match=key):
        cluster(**{key: value})


def test_backups_are_read_with_time_and_size():
    """A time without a zone is UTC, and one may have nine digits of a second."""
    told = [
        {"created_at": "2026-11-20T03:00:00.123456789Z", "size_gigabytes": 4.25},
        {"created_at": "2026-11-19T03:00:00", "size_gigabytes": "0"},
    ]
    newest, oldest = databases.backups(answer({"backups": told}))
    assert newest.taken_at == datetime(2026, 11, 20, 3, 0, 0, 123456, tzinfo=UTC)
    assert (newest.size_gigabytes, oldest.size_gigabytes) == (4.25, 0.0)
    assert oldest.taken_at.tzinfo is UTC


@pytest.mark.parametrize(
    "told", [{}, {"created_at": "yesterday", "size_gigabytes": 1}, {"created_at": "2026-11-20"}]
)
def test_a_backup_without_time_or_size_is_not_understood(told):
    """It must not count as one, and must not be passed over."""
    with pytest.raises(UntoldError):
        databases.backups(answer({"backups": [told]}))


def test_sources_replicas_and_pools_are_read():
    """Each with what is judged of it, and the place it was told at."""
    (rule,) = databases.firewall(answer({"rules": [{"type": "tag", "value": "shop"}]}))
    assert (rule.type, rule.value) == ("tag", "shop")
    (replica,) = databases.replicas(answer({"replicas": [{"name": "r", "region": "ams3"}]}))
    assert (replica.name, replica.region, replica.status) == ("r", "ams3", None)
    told = {"name": "p", "mode": "transaction", "size": 0}
    (pool,) = databases.pools(answer({"pools": [told]}))
    assert (pool.name, pool.mode, pool.size) == ("p", "transaction", 0)
    assert pool.where == "GET /v2/databases pools[0]"


@pytest.mark.parametrize("key", PARSERS)
@given(data=VALUES)
def test_any_answer_is_facts_or_tells_nothing(key, data):
    """Nothing but UntoldError is raised, and no entry is lost or made up."""
    for body in (data, {key: data}):
        try:
            found = PARSERS[key](answer(body))
        except UntoldError:
            continue
        assert len(found) == len(body[key])
