"""The mocked API tells secrets wherever the real one does, and no reading of it keeps any."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.collectors.context import Context
from plimsoll.collectors.engine import observe
from plimsoll.environment.loader import load
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.findings import Observed
from plimsoll.worlds.cloud import Cloud
from plimsoll.worlds.cloud_canaries import planted
from plimsoll.worlds.cloud_reads import READS
from plimsoll.worlds.cloud_scopes import READ_ONLY
from plimsoll.worlds.world import build, start

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

ROOT = Path(__file__).parents[3]
SYSTEMS = sorted(path.parent.name for path in (ROOT / "fixtures").glob("*/digitalocean"))
SLACK = "https://hooks.slack.com/services/T0AAAA/B0AAAA/abcdefghijklmnopqrstuvwx"


def of(read: str, record: dict[str, Any]) -> Cloud:
    """Return an account of one record, in a list or below an app."""
    if not READS[read].parent:
        return Cloud({read: [record]}, {}, set(READ_ONLY), "token")
    return Cloud({"apps": [{"id": "a1"}]}, {read: {"a1": [record]}}, set(READ_ONLY), "token")


def secrets_in(cloud: Cloud) -> tuple[str, list[str]]:
    """Return everything that is told with secrets put in, as text, and the secrets."""
    told = json.dumps(planted(cloud))
    return told, list(cloud.canaries.values())


@pytest.mark.parametrize(
    ("read", "record", "count"),
    [
        ("databases", {"id": "db1", "engine": "mysql", "tags": None}, 3),
        ("databases", {"id": "db1", "private_connection": {"host": "h"}}, 5),
        ("droplet-pools", {"id": "p1"}, 1),
        ("alert-policies", {"uuid": "u1", "alerts": {"email": ["a@ferry.dev"]}}, 1),
        ("alert-policies", {"uuid": "u1", "alerts": {"slack": [{"url": SLACK}]}}, 1),
        ("app-alerts", {"id": "n1", "slack_webhooks": [{"url": SLACK}]}, 1),
        ("app-alerts", {"id": "n1", "emails": ["a@ferry.dev", "b@ferry.dev"]}, 2),
        ("app-deployments", {"id": "d1", "cause_details": {"git_push": {}}}, 2),
        ("apps", {"id": "a1", "spec": {"envs": [{"key": "K", "type": "SECRET"}]}}, 1),
        ("apps", {"id": "a1", "spec": {"log_destinations": [{"logtail": {}}]}}, 1),
        ("apps", {"id": "a1", "spec": {"log_destinations": [{"datadog": {}}]}}, 1),
        ("apps", {"id": "a1", "spec": {"jobs": [{"image": {"registry_type": "GHCR"}}]}}, 1),
    ],
)
def test_secret_is_put_where_the_api_tells_one(
    read: str, record: dict[str, Any], count: int
) -> None:
    """Plant in a record with a place for secrets; find each in what is told, and only there."""
    cloud = of(read, record)
    before = json.dumps(cloud.records)
    told, secrets = secrets_in(cloud)
    assert len(secrets) == len(set(secrets)) == count
    assert all(secret in told for secret in secrets)
    assert json.dumps(cloud.records) == before


@pytest.mark.parametrize(
    ("read", "record"),
    [
        ("droplets", {"id": 1, "image": {"slug": "ubuntu"}}),
        ("alert-policies", {"uuid": "u1", "alerts": {"email": [], "slack": None}}),
        ("alert-policies", {"uuid": "u1", "alerts": {"email": ["nobody"]}}),
        ("apps", {"id": "a1", "spec": {"envs": [{"key": "K", "type": "SECRET", "value": "x"}]}}),
    ],
)
def test_nothing_is_put_where_there_is_no_place(read: str, record: dict[str, Any]) -> None:
    """Plant in records without a place for secrets, or with one that a fault has spoiled."""
    cloud = of(read, record)
    assert json.loads(json.dumps(planted(cloud)))[0] == cloud.records
    assert cloud.canaries == {}


def test_what_runs_holds_the_secrets_of_what_was_asked_for() -> None:
    """Compare the secret of both specifications of an app: a difference would be drift."""
    asked, running = ({"envs": [{"key": "K", "type": "SECRET"}]} for _ in range(2))
    cloud = of("apps", {"id": "a1", "spec": asked, "active_deployment": {"spec": running}})
    [app] = planted(cloud)[0]["apps"]
    assert app["spec"] == app["active_deployment"]["spec"]
    assert app["spec"]["envs"][0]["value"].startswith("EV[1:")


def test_secrets_differ_between_worlds() -> None:
    """Plant twice in the same account."""
    first, second = (secrets_in(of("droplet-pools", {"id": "p1"}))[1] for _ in range(2))
    assert first != second


def everything(world: World) -> list[DigitalOceanProbe]:
    """Return every read there is, details of everything in the account included."""
    assert world.environment.digitalocean is not None
    token = world.environment.digitalocean.token
    probes = []
    for read in READS.values():
        owners = world.cloud.all(read.parent) if read.parent else []
        named = [READS[read.parent].identity_of(owner) for owner in owners]
        probes += [DigitalOceanProbe(read.name, name, token) for name in (named or [""])]
    return [probe for probe in probes if probe.of or not READS[probe.read].parent]


@pytest.mark.parametrize("system", SYSTEMS)
def test_account_is_read_with_one_get_each_and_no_secret_is_kept(
    system: str, tmp_path: Path
) -> None:
    """Read everything of an account; look for every secret, and for a request sent twice."""
    world = build(load(str(ROOT / f"environments/{system}.yaml")).model, ROOT / "fixtures")
    probes = everything(world)
    with start(world, tmp_path) as running:
        context = Context(network=running.network, credentials=running.credentials)
        snapshot = observe(probes, context)
        requests = Counter((one.method, one.path) for one in running.requests)
    kept = [snapshot[probe] for probe in probes]
    assert all(isinstance(one, Observed) and isinstance(one.value, Reading) for one in kept)
    assert {method for method, _ in requests} == {"GET"}
    assert set(requests.values()) == {1}
    text = repr(snapshot) + repr(kept)
    assert world.cloud.canaries
    assert [place for place, secret in world.cloud.canaries.items() if secret in text] == []
    assert world.cloud.token not in text
