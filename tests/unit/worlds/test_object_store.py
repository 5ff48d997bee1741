"""The mocked object store answers as an independent implementation of S3 does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plimsoll.collectors import spaces
from plimsoll.collectors.context import Context
from plimsoll.environment.problem import ConfigurationError
from plimsoll.facts.bucket import Bucket, BucketProbe, LifecycleRule
from plimsoll.worlds.http_message import Call
from plimsoll.worlds.object_store import Kept, ObjectStore, StoreBucket, load_store
from plimsoll.worlds.signature import refusal
from plimsoll.worlds.store_server import StoreServer

FIXTURES = Path(__file__).parents[3] / "fixtures"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROBE = BucketProbe("copies", "us-east-1", "daily/", "ACCESS", "SECRET")
PLAN = """\
schema: plimsoll/spaces/1
buckets:
  - name: copies
    region: fra1
    series:
      - {prefix: daily/, newest: now-3h, every: 1d, count: 3, size: 7, suffix: .gz}
"""


def written(folder: Path, text: str) -> Path:
    """Write the plan of a store, and return its folder."""
    (folder / "spaces.yaml").write_text(text)
    return folder


def test_a_series_stands_for_many_objects(tmp_path: Path) -> None:
    """Load a plan: each object has the time its key tells."""
    store = load_store(written(tmp_path, PLAN), NOON)
    assert store is not None
    objects = store.bucket("copies").objects
    assert list(objects) == [f"daily/2026-11-{day}T090000Z.gz" for day in (20, 19, 18)]
    assert {kept.size for kept in objects.values()} == {7}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("count: 3", "count: 0", "spaces.yaml:6"),
        ("newest: now-3h", "newest: 3h", "now-30m"),
        ("every: 1d", "every: daily", "30m, 6h or 1d"),
        ("size: 7", "sise: 7", "sise"),
        ("region: fra1", "region: Fra 1", "spaces.yaml:4"),
        ("plimsoll/spaces/1", "plimsoll/spaces/2", "schema"),
    ],
)
def test_a_mistake_in_a_plan_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    """Load plans with one mistake each."""
    with pytest.raises(ConfigurationError) as told:
        load_store(written(tmp_path, PLAN.replace(old, new)), NOON)
    assert words in str(told.value)


def test_a_system_without_a_store_has_none(tmp_path: Path) -> None:
    """Load from a folder without a plan."""
    assert load_store(tmp_path) is None


@pytest.mark.parametrize("system", ["app-oint", "digitalocean-production"])
def test_the_stores_of_the_fixtures_are_in_order(system: str) -> None:
    """Load each system's plan: every bucket has a lifecycle, and nothing lies in the future."""
    store = load_store(FIXTURES / system, NOON)
    assert store is not None
    for bucket in store.buckets:
        assert bucket.lifecycle
        assert all(kept.modified_at < NOON for kept in bucket.objects.values())


def test_a_change_of_nothing_is_an_error() -> None:
    """Age, remove and look for what is not there: a fault must never go unnoticed."""
    store = ObjectStore([StoreBucket("copies", "fra1", {"daily/1": Kept(NOON, 1)})])
    for change in (
        lambda: store.bucket("nothing"),
        lambda: store.remove("nothing"),
        lambda: store.bucket("copies").remove("weekly/"),
        lambda: store.bucket("copies").age("weekly/", timedelta(days=1)),
        lambda: store.bucket("copies").newest("weekly/"),
    ):
        with pytest.raises(LookupError):
            change()


@pytest.mark.parametrize("header", ["", "Bearer x", "AWS4-HMAC-SHA256 Credential=x"])
def test_who_does_not_sign_is_refused(header: str) -> None:
    """Ask without a signature."""
    call = Call("GET", "/?list-type=2", {"authorization": header})
    assert refusal(call, "key", "secret") == "AccessDenied"
    store = ObjectStore([StoreBucket("copies", "fra1")])
    assert StoreServer(store, ("key", "secret"), []).answer(call).status == 403


STORES = {
    "empty": StoreBucket("copies", "us-east-1"),
    "full": StoreBucket(
        "copies",
        "us-east-1",
        {
            "daily/a b+ü&<.dump": Kept(NOON - timedelta(days=1), 11),
            "daily/b": Kept(NOON, 5, client_encryption="AES/GCM/NoPadding"),
            "other/c": Kept(NOON + timedelta(days=1), 6),
        },
        [
            LifecycleRule("days", "daily/", enabled=True, expires_after_days=14),
            LifecycleRule("off", "", enabled=False, expires_after_days=3),
            LifecycleRule(
                "versions",
                "daily/",
                enabled=True,
                expires_after_days=30,
                versions_expire_after_days=2,
            ),
            LifecycleRule("tagged", "daily/", enabled=True, expires_after_days=9, conditional=True),
            LifecycleRule("date", "old/", enabled=True, expires_on=NOON.replace(hour=0)),
        ],
        versioning="Enabled",
    ),
}


@pytest.mark.parametrize("kind", STORES)
def test_an_independent_implementation_agrees(kind: str) -> None:
    """Put the same into moto's S3 and into ours; what is seen of both must be the same."""
    assert _seen_in_moto(STORES[kind]) == _seen_in_ours(STORES[kind])


def _seen_in_ours(bucket: StoreBucket) -> Bucket:
    import boto3
    from botocore.awsrequest import AWSResponse
    from moto.core.botocore_stubber import MockRawResponse

    store = ObjectStore([bucket], page_size=1)
    server = StoreServer(store, ("key", "secret"), [])

    def answer(request: Any, **_: object) -> Any:
        host, _, target = request.url.removeprefix("https://").partition("/")
        headers = {
            name.lower(): value.decode() if isinstance(value, bytes) else str(value)
            for name, value in request.headers.items()
        }
        call = Call(request.method, f"/{target}", headers | {"host": host})
        route = server.answer(call)
        body = b"" if request.method == "HEAD" else route.body.encode()
        return AWSResponse(request.url, route.status, route.headers, MockRawResponse(body))

    client = boto3.client(
        "s3",
        region_name=bucket.region,
        endpoint_url=f"https://{bucket.region}.digitaloceanspaces.com",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    client.meta.events.register_first("before-send.s3", answer)
    return _read(client)


def _seen_in_moto(bucket: StoreBucket) -> Bucket:
    import boto3
    from moto import mock_aws
    from moto.backends import get_backend

    with mock_aws():
        client = boto3.client(
            "s3",
            region_name=bucket.region,
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        client.create_bucket(Bucket=bucket.name)
        for key, kept in bucket.objects.items():
            noted = {"x-amz-cek-alg": kept.client_encryption} if kept.client_encryption else {}
            body = b"." * kept.size
            client.put_object(Bucket=bucket.name, Key=key, Body=body, Metadata=noted)
        backend = get_backend("s3")["123456789012"]["aws"]
        for key, kept in bucket.objects.items():
            backend.buckets[bucket.name].keys[key].last_modified = kept.modified_at
        if bucket.lifecycle:
            rules = [_as_told(rule) for rule in bucket.lifecycle]
            client.put_bucket_lifecycle_configuration(
                Bucket=bucket.name, LifecycleConfiguration={"Rules": rules}
            )
        if bucket.versioning:
            client.put_bucket_versioning(
                Bucket=bucket.name, VersioningConfiguration={"Status": bucket.versioning}
            )
        return _read(client)


def _as_told(rule: LifecycleRule) -> dict[str, Any]:
    """Return a rule as it is put into a store."""
    told: dict[str, Any] = {
        "ID": rule.id,
        "Status": "Enabled" if rule.enabled else "Disabled",
        "Filter": {"Prefix": rule.prefix},
    }
    if rule.conditional:
        tags = [{"Key": "class", "Value": "short"}]
        told["Filter"] = {"And": {"Prefix": rule.prefix, "Tags": tags}}
    if rule.expires_after_days:
        told["Expiration"] = {"Days": rule.expires_after_days}
    if rule.expires_on:
        told["Expiration"] = {"Date": rule.expires_on}
    if rule.versions_expire_after_days:
        days = rule.versions_expire_after_days
        told["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    return told


class _Clients:
    def __init__(self, client: object) -> None:
        self._client = client

    def open(self, *_: str) -> object:
        return self._client


def _read(client: object) -> Bucket:
    """Return what the collector reads through a client."""
    context = Context(credentials={"ACCESS": "key", "SECRET": "secret"})
    reader = spaces._Reader(_Clients(client), context, lambda: True)  # type: ignore[arg-type]
    seen = reader.see(PROBE)
    assert not isinstance(seen, Exception), seen
    return seen.value
