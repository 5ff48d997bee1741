"""The collector reads a whole mocked account, in few requests, and keeps no secret of it."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plimsoll import resources
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.digitalocean import collect
from plimsoll.collectors.digitalocean_reads import READS, missing_scopes
from plimsoll.collectors.evidence import evidence
from plimsoll.collectors.rate_limit import Clock
from plimsoll.collectors.snapshot import Snapshot
from plimsoll.environment.loader import load
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.findings import NotObserved, Observed, Origin
from plimsoll.pytest_plugin.account import SOURCES, facts
from plimsoll.worlds.cloud import Misbehavior, Trouble
from plimsoll.worlds.running import start
from plimsoll.worlds.world import build

SYSTEMS = ["app-oint", "tetrix", "digitalocean-production"]
SCOPES = {
    "app:read", "monitoring:read", "uptime:read", "database:read", "load_balancer:read",
    "certificate:read", "cdn:read", "firewall:read", "droplet:read", "domain:read",
}  # fmt: skip


class Waiting:
    """A run that goes on."""

    def repository(self):
        raise AssertionError

    def awaited(self) -> bool:
        return True


@pytest.fixture(params=SYSTEMS)
def world(request):
    """The compliant world of each system."""
    return world_of(request.param)


def world_of(system):
    environment = load(resources.environments() / f"{system}.yaml").model
    return build(environment, resources.fixtures())


def probes(world) -> list[DigitalOceanProbe]:
    """Every read there is of everything that the account holds."""
    token, asked = world.environment.digitalocean.token, []
    for read in READS.values():
        if not read.is_detail:
            asked.append(DigitalOceanProbe(read.name, "", token))
        elif read.parent:
            held = world.cloud.all(read.parent)
            asked += [
                DigitalOceanProbe(read.name, READS[read.parent].names(one)[-1], token)
                for one in held
            ]
        else:
            asked += [
                DigitalOceanProbe(read.name, one["name"], token)
                for one in world.cloud.all("domains")
            ]
    return asked


def look(world, directory, asked=None):
    """What the collector says of an account, and what it was asked meanwhile."""
    with start(world, directory) as running:
        context = Context(
            network=running.network,
            credentials=running.credentials,
            limits=Limits(connect_seconds=1, read_seconds=1, retries=0),
        )
        impatient = Clock(sleep=lambda _: None)
        seen = dict(collect(asked or probes(world), context, Waiting(), impatient))
        return seen, running.requests


def test_whole_account_is_read_once(world, tmp_path) -> None:
    """Every read is observed, makes facts, and no address is asked twice."""
    seen, requests = look(world, tmp_path)
    unseen = [str(one) for one in seen.values() if isinstance(one, NotObserved)]
    assert unseen == []
    assert set(Counter(one.path for one in requests).values()) == {1}
    assert {one.method for one in requests} == {"GET"}
    for source in SOURCES.values():
        for probe, one in seen.items():
            if probe.read == source.read:
                assert facts(one, source).origin == one.origin
    assert missing_scopes(seen) == ()


def test_no_secret_of_the_account_is_kept(world, tmp_path) -> None:
    """Of the secrets that the API tells, none is in what is kept, nor in the evidence."""
    seen, _ = look(world, tmp_path)
    first = next(iter(seen.values()))
    kept = [Snapshot(seen, first.at, first.at).to_json()]
    kept += [one.content for probe, sighting in seen.items() for one in evidence(probe, sighting)]
    assert len(world.cloud.canaries) > 5
    assert len(kept) == len(seen) + 1
    everything = b"".join(kept).decode()
    leaked = [place for place, secret in world.cloud.canaries.items() if secret in everything]
    assert leaked == []
    assert world.cloud.token not in everything


def test_evidence_of_an_answer_is_json(world, tmp_path) -> None:
    """Whoever reads the evidence finds an answer as data, not as text in a text."""
    probe = DigitalOceanProbe("apps", "", world.environment.digitalocean.token)
    seen, _ = look(world, tmp_path, [probe])
    (document,) = evidence(probe, seen[probe])
    body = json.loads(document.content)["observed"]["body"]
    assert len(body["apps"]) == len(world.cloud.all("apps"))
    assert document.origin == Origin("do", "GET /v2/apps", simulated=True)


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_missing_scope_is_told_and_costs_only_what_needs_it(scope, tmp_path) -> None:
    """Each scope is named by the reads that need it, and all the others are observed."""
    world = world_of("app-oint")
    world.cloud.scopes.discard(scope)
    seen, _ = look(world, tmp_path)
    assert scope in missing_scopes(seen)
    for probe, one in seen.items():
        assert isinstance(one, NotObserved) is (READS[probe.read].scope == scope)


@pytest.mark.parametrize("kind", Misbehavior)
def test_misbehaving_api_is_never_an_answer(kind, tmp_path) -> None:
    """Whatever the API does but answer well, the read is not observed, or is whole."""
    world = world_of("app-oint")
    token = world.environment.digitalocean.token
    sound, _ = look(world, tmp_path / "sound", [DigitalOceanProbe("domains", "", token)])
    world.cloud.trouble.append(Trouble(kind, delay_ms=2_500))
    seen, requests = look(world, tmp_path / kind, [DigitalOceanProbe("domains", "", token)])
    (one,) = seen.values()
    (whole,) = sound.values()
    if kind is Misbehavior.FOREIGN_PAGE:
        assert {asked.host for asked in requests} == {"api.digitalocean.com"}
    assert isinstance(one, NotObserved) or one.value.body == whole.value.body


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lost=st.sets(st.sampled_from(sorted(SCOPES))))
def test_fewer_scopes_never_show_more(lost, tmp_path_factory) -> None:
    """A token that may see less gives the same readings or none."""
    world = world_of("tetrix")
    sound, _ = look(world, tmp_path_factory.mktemp("sound"))
    world.cloud.scopes -= lost
    seen, _ = look(world, tmp_path_factory.mktemp("less"))
    for probe, one in seen.items():
        if isinstance(one, Observed):
            assert one.value.path == sound[probe].value.path
            assert len(one.value.body) <= len(sound[probe].value.body)
