"""Buckets are observed by reads alone, and what the store refuses is told apart from nothing."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.collectors import spaces
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.evidence import evidence
from plimsoll.collectors.network import Network
from plimsoll.collectors.s3_client import ForeignHostError, StoreClients
from plimsoll.collectors.snapshot import Snapshot
from plimsoll.collectors.transport import open_client
from plimsoll.facts.bucket import Bucket, BucketProbe, LifecycleRule
from plimsoll.findings import NotObserved, Observed, ToolMissing
from plimsoll.worlds.certificates import Authority, server_contexts
from plimsoll.worlds.loopback import Loopback
from plimsoll.worlds.object_store import Kept, ObjectStore, StoreBucket
from plimsoll.worlds.site import HostTls
from plimsoll.worlds.store_server import StoreServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Sighting
    from plimsoll.worlds.http_server import Request

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY, SECRET = "DO00EXAMPLEKEY", "canary-secret-of-the-store"
CREDENTIALS = {"ACCESS": KEY, "SECRET": SECRET}
PROBE = BucketProbe("copies", "fra1", "daily/", "ACCESS", "SECRET")
QUICK = Limits(connect_seconds=2, read_seconds=2, retries=0, overall_seconds=10)
RULE = LifecycleRule("daily", "daily/", enabled=True, expires_after_days=14)


class Waiting:
    """Sightings of a run that goes on."""

    def awaited(self) -> bool:
        """Go on."""
        return True

    def repository(self) -> Sighting[Repository]:
        """Never asked for."""
        raise NotImplementedError


def stored(count: int = 3) -> ObjectStore:
    """Return a store with one bucket and a copy a day."""
    objects = {
        f"daily/{number:04}+ü &.dump": Kept(
            NOON - timedelta(days=number), 100 + number, client_encryption="AES/GCM/NoPadding"
        )
        for number in range(count)
    }
    objects["other/file"] = Kept(NOON, 1)
    return ObjectStore([StoreBucket("copies", "fra1", objects, [RULE])])


@contextmanager
def serving(store: ObjectStore, **changed: Any) -> Iterator[tuple[Context, list[Request]]]:
    """Serve a store on loopback; give the context to look at it with, and the log of requests."""
    log: list[Request] = []
    authority, loopback = Authority(), Loopback()
    hosts = store.hosts()
    ((_, context),) = server_contexts(dict.fromkeys(hosts, HostTls(hosts, 30)), authority).items()
    address = loopback.listen(StoreServer(store, (KEY, SECRET), log).serve, context)
    routes = {f"{host}:443": address for host in hosts}
    network = Network(routes, closed=True, authority_pem=authority.pem)
    try:
        yield (
            replace(Context(network=network, credentials=CREDENTIALS, limits=QUICK), **changed),
            log,
        )
    finally:
        loopback.stop()


def look(store: ObjectStore, probe: BucketProbe = PROBE, **changed: Any) -> Sighting[Bucket]:
    """Return what is seen of a bucket."""
    with serving(store, **changed) as (context, _):
        ((_, seen),) = spaces.collect([probe], context, Waiting())
        return seen


def seen_bucket(store: ObjectStore) -> Bucket:
    """Return a bucket that must be seen."""
    seen = look(store)
    assert isinstance(seen, Observed), seen
    return seen.value


def test_everything_below_the_prefix_is_seen() -> None:
    """Look at a bucket: names, sizes, times, lifecycle, and the newest object's encryption."""
    bucket = seen_bucket(stored())
    assert [(one.key, one.size, one.modified_at) for one in bucket.objects] == [
        (f"daily/{number:04}+ü &.dump", 100 + number, NOON - timedelta(days=number))
        for number in range(3)
    ]
    assert bucket.lifecycle == (RULE,)
    assert (bucket.versioning, bucket.encryption) == ("", "AES/GCM/NoPadding")


def test_a_folder_is_no_copy() -> None:
    """Create a folder in the store's console: an empty object that is as old as the folder."""
    store = stored()
    store.bucket("copies").objects["daily/"] = Kept(NOON - timedelta(days=900), 0)
    assert len(seen_bucket(store).objects) == 3


def test_a_file_that_ends_differently_is_no_copy() -> None:
    """Lay a newer note beside the copies, where the ending of their keys is declared."""
    store = stored()
    store.bucket("copies").objects["daily/README.md"] = Kept(NOON + timedelta(minutes=1), 900)
    seen = look(store, replace(PROBE, suffix=".dump"))
    assert isinstance(seen, Observed)
    assert len(seen.value.objects) == 3
    assert seen.value.encryption == "AES/GCM/NoPadding"
    assert seen.origin.where == "s3://copies/daily/*.dump in fra1"


def test_what_holds_for_a_bucket_is_asked_once() -> None:
    """Look below two prefixes of one bucket: its rules and versions are asked for once."""
    probes = [PROBE, replace(PROBE, prefix="other/"), replace(PROBE, suffix=".dump")]
    with serving(stored()) as (context, log):
        seen = [sighting for _, sighting in spaces.collect(probes, context, Waiting())]
    assert all(isinstance(one, Observed) for one in seen), seen
    asked = [one.path for one in log]
    assert asked.count("/?lifecycle") == asked.count("/?versioning") == 1


def test_a_rule_that_keeps_some_versions_ends_them_not() -> None:
    """Read a rule that keeps the five newest of the earlier versions for ever."""
    told = {
        "ID": "versions",
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 5},
    }
    assert spaces._rule(told).versions_expire_after_days is None


def test_every_page_is_read() -> None:
    """List more objects than a page holds."""
    store = stored(25)
    store.page_size = 4
    assert len(seen_bucket(store).objects) == 25


def test_a_listing_without_end_is_not_observed(monkeypatch: pytest.MonkeyPatch) -> None:
    """List more pages than anyone should read."""
    monkeypatch.setattr(spaces, "MOST_PAGES", 3)
    store = stored(25)
    store.page_size = 4
    seen = look(store)
    assert isinstance(seen, NotObserved)
    assert "declare a narrower prefix" in seen.reason


def test_only_reads_are_sent() -> None:
    """Look at the log of the store: GET and HEAD, signed, to the bucket's own host."""
    with serving(stored()) as (context, log):
        list(spaces.collect([PROBE], context, Waiting()))
    assert {request.method for request in log} == {"GET", "HEAD"}
    assert {request.host for request in log} == {"copies.fra1.digitaloceanspaces.com"}
    assert all(request.credentialed for request in log)


def test_a_bucket_with_a_dot_is_asked_at_the_host_of_its_region() -> None:
    """Look at a bucket whose own host no certificate of the store could be valid for."""
    store = stored()
    store.bucket("copies").name = "copies.example"
    with serving(store) as (context, log):
        probe = replace(PROBE, bucket="copies.example")
        ((_, seen),) = spaces.collect([probe], context, Waiting())
    assert isinstance(seen, Observed), seen
    assert {request.host for request in log} == {"fra1.digitaloceanspaces.com"}


@pytest.mark.parametrize("write", ["put_object", "delete_object", "create_bucket"])
def test_a_write_never_leaves(write: str) -> None:
    """Ask the client itself to write: the guard refuses before anything is sent."""
    with serving(stored()) as (context, log), open_client(context, []) as client:
        made = StoreClients(client, QUICK).open("fra1", KEY, SECRET)
        named = {"Bucket": "copies"} | ({} if write == "create_bucket" else {"Key": "x"})
        with pytest.raises(ValueError, match="is never sent"):
            getattr(made, write)(**named)
        assert log == []


def test_a_signature_never_goes_to_another_host() -> None:
    """Hand the wire a request for a host that is not the store's."""
    with serving(stored()) as (context, _), open_client(context, []) as client:
        made = StoreClients(client, QUICK).open("fra1", KEY, SECRET)
        made.meta.events.register(
            "before-sign.s3", lambda request, **_: setattr(request, "url", "https://evil.test/")
        )
        with pytest.raises(ForeignHostError):
            made.list_objects_v2(Bucket="copies")


def test_no_lifecycle_is_not_an_unknown_one() -> None:
    """Compare a bucket without rules with one whose rules may not be read."""
    store = stored()
    store.bucket("copies").lifecycle = []
    assert seen_bucket(store).lifecycle == ()
    store.bucket("copies").refused = {"lifecycle", "versioning", "head"}
    bucket = seen_bucket(store)
    assert (bucket.lifecycle, bucket.versioning, bucket.encryption) == (None, None, None)


def test_an_absent_bucket_is_an_observation() -> None:
    """Look for a bucket that the store says it does not have in this region."""
    store = stored()
    store.places = frozenset({("copies", "fra1")})
    store.bucket("copies").region = "nyc3"
    bucket = seen_bucket(store)
    assert not bucket.exists
    assert bucket.objects == ()


def test_an_empty_prefix_is_an_observation() -> None:
    """Look below a prefix that holds nothing: no object, and no encryption either."""
    store = stored()
    store.bucket("copies").remove("daily/")
    bucket = seen_bucket(store)
    assert bucket.exists
    assert (bucket.objects, bucket.encryption) == ((), "")


@pytest.mark.parametrize(
    ("credentials", "words"),
    [
        ({}, "variables ACCESS and SECRET are not both set"),
        ({"ACCESS": KEY, "SECRET": " "}, "variables ACCESS and SECRET are not both set"),
        ({"ACCESS": "stranger", "SECRET": SECRET}, "does not know the key in ACCESS"),
        ({"ACCESS": KEY, "SECRET": "wrong"}, "value of SECRET does not belong to ACCESS"),
    ],
)
def test_a_key_that_does_not_fit_is_told_by_name(credentials: dict[str, str], words: str) -> None:
    """Leave the key out, or take another: the variables are named, their values never."""
    seen = look(stored(), credentials=credentials)
    assert isinstance(seen, NotObserved)
    assert words in seen.reason
    assert not any(value.strip() and value in seen.reason for value in credentials.values())


def test_a_key_that_may_not_list_sees_nothing() -> None:
    """Refuse the listing: that says nothing about what is there."""
    store = stored()
    store.bucket("copies").refused = {"list"}
    seen = look(store)
    assert isinstance(seen, NotObserved)
    assert seen.reason == "the key may not list this bucket"


def test_an_error_of_the_server_is_asked_once_more() -> None:
    """Let the first request fail: once more is enough, and no more than allowed is asked."""
    store = stored()
    store.failures = 1
    assert isinstance(look(store, limits=replace(QUICK, retries=1)), Observed)
    store.failures = 9
    seen = look(store, limits=replace(QUICK, retries=1))
    assert isinstance(seen, NotObserved)
    assert store.failures == 7


def test_a_store_that_is_not_there_is_not_observed() -> None:
    """Lead the store's name nowhere."""
    nowhere = Network(closed=True)
    seen = look(stored(), network=nowhere)
    assert isinstance(seen, NotObserved)
    assert seen.reason == "the connection was refused"


def test_a_certificate_that_is_not_trusted_ends_the_look() -> None:
    """Trust another authority than the store's."""
    with serving(stored()) as (context, _):
        network = replace(context.network, authority_pem=Authority().pem)
        ((_, seen),) = spaces.collect([PROBE], replace(context, network=network), Waiting())
    assert isinstance(seen, NotObserved)
    assert "certificate" in seen.reason


def test_settings_of_this_machine_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    """Set what botocore would read: a profile that is missing, a proxy, an endpoint, a bundle."""
    for name, value in {
        "AWS_PROFILE": "nobody",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_ENDPOINT_URL": "https://evil.test",
        "AWS_ENDPOINT_URL_S3": "https://evil.test",
        "AWS_CA_BUNDLE": "/nowhere.pem",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "AWS_DEFAULTS_MODE": "auto",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "config").write_text("[default]\nregion = us-east-1\nendpoint_url = https://evil")
    assert isinstance(look(stored()), Observed)


def test_without_the_extra_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take botocore away."""
    monkeypatch.delitem(sys.modules, "plimsoll.collectors.s3_client", raising=False)
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    monkeypatch.setitem(sys.modules, "botocore", None)
    seen = look(stored())
    assert isinstance(seen, ToolMissing)
    assert "pip install 'pytest-plimsoll[aws]'" in seen.reason


def test_the_secret_is_nowhere_in_evidence() -> None:
    """Write down what was seen, and how: neither the key nor its secret is in it."""
    seen = look(stored(250))
    (document,) = evidence(PROBE, seen)
    text = document.content.decode()
    assert KEY not in text
    assert SECRET not in text
    kept = json.loads(text)["observed"]
    assert kept["object_count"] == 250
    assert len(kept["bucket"]["objects"]) == 200


def test_what_was_seen_survives_being_written_down() -> None:
    """Write a snapshot with a bucket, and restore it."""
    store = stored()
    dated = replace(RULE, expires_on=NOON.replace(hour=0), versions_expire_after_days=3)
    store.bucket("copies").lifecycle = [RULE, dated]
    snapshot = Snapshot({PROBE: look(store)}, NOON, NOON)
    assert Snapshot.from_json(snapshot.to_json())[PROBE] == snapshot[PROBE]


def test_nothing_is_asked_once_nobody_waits() -> None:
    """End the run before the look."""

    class Gone(Waiting):
        def awaited(self) -> bool:
            return False

    with serving(stored()) as (context, log):
        assert list(spaces.collect([PROBE], context, Gone())) == []
    assert log == []
