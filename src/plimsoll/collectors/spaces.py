"""Observe buckets of an object store: names, dates and sizes, lifecycle, never any content.

The store is DigitalOcean Spaces, by its S3 API
(https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC
from threading import Lock
from typing import TYPE_CHECKING, Any

from plimsoll.collectors.failure import causes, explain, sight
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.transport import CONNECT_TIMEOUTS, TIMEOUTS, open_client
from plimsoll.facts.bucket import Bucket, BucketProbe, LifecycleRule, StoredObject, endpoint
from plimsoll.findings import NotObserved, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.collectors.s3_client import StoreClients
    from plimsoll.findings import Origin, Sighting

    _Settings = tuple[tuple[LifecycleRule, ...] | None, str | None]

MOST_PAGES = 100
"""A hundred thousand objects; a prefix with more is too wide to be judged."""

_INSTALL = "boto3 is not installed: pip install 'pytest-plimsoll[aws]'"
_ABSENT = frozenset({"NoSuchBucket", "PermanentRedirect", "301"})
_UNTOLD = frozenset({"AccessDenied", "403", "400", "NotImplemented", "MethodNotAllowed"})
_REFUSALS = {
    "AccessDenied": "the key may not list this bucket",
    "403": "the key may not list this bucket",
    "InvalidAccessKeyId": "the store does not know the key in {access_key}",
    "SignatureDoesNotMatch": "the value of {secret_key} does not belong to {access_key}",
    "RequestTimeTooSkewed": "this machine's clock differs too much from the store's",
    "SlowDown": "the store asked for fewer requests",
}
_CODE = re.compile(r"\w{1,60}")


def collect(
    probes: Iterable[BucketProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[BucketProbe, Sighting[Bucket]]]:
    """Yield every bucket with what was seen of it, or why it was not."""
    asked = tuple(probes)
    try:
        from plimsoll.collectors.s3_client import StoreClients  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError:
        for probe in asked:
            yield probe, ToolMissing(_INSTALL, origin_of(probe, context))
        return
    urls = (f"https://{probe.bucket}.{endpoint(probe.region)}/" for probe in asked)
    with open_client(context, urls) as client:
        reader = _Reader(StoreClients(client, context.limits), context, sightings.awaited)
        yield from in_lanes(
            asked,
            reader.see,
            sightings.awaited,
            host=lambda probe: probe.region,
            threads=context.limits.concurrency,
            per_host=context.limits.per_host,
        )


class _Reader:
    """How a bucket is read with the clients of its region."""

    def __init__(
        self, clients: StoreClients, context: Context, awaited: Callable[[], bool]
    ) -> None:
        self._clients = clients
        self._context = context
        self._awaited = awaited
        self._opening = Lock()
        self._turns: defaultdict[BucketProbe, Lock] = defaultdict(Lock)
        self._settings: dict[BucketProbe, _Settings] = {}

    def see(self, probe: BucketProbe) -> Sighting[Bucket]:
        origin = origin_of(probe, self._context)
        return sight(lambda: self._look(probe, origin), origin)

    def _look(self, probe: BucketProbe, origin: Origin) -> Bucket:
        from botocore.exceptions import ClientError, HTTPClientError  # noqa: PLC0415 (an extra)

        client = self._open(probe, origin)
        try:
            return self._read(client, probe, origin)
        except ClientError as error:
            code = _code(error)
            if code in _ABSENT:
                return _absent(probe)
            told = _REFUSALS.get(code, f"the store answered {code}")
            reason = told.format(access_key=probe.access_key, secret_key=probe.secret_key)
            raise NotObserved(reason, origin) from None
        except HTTPClientError as error:
            raise NotObserved(self._silence(error, probe), origin) from None

    def _open(self, probe: BucketProbe, origin: Origin) -> Any:  # noqa: ANN401 (made by botocore)
        names = (probe.access_key, probe.secret_key)
        values = [self._context.credentials.get(name, "").strip() for name in names]
        if not all(values):
            reason = (
                f"the environment variables {names[0]} and {names[1]} are not both set: put a key "
                "there that may only read"
            )
            raise NotObserved(reason, origin)
        with self._opening:
            return self._clients.open(probe.region, *values)

    def _read(self, client: Any, probe: BucketProbe, origin: Origin) -> Bucket:  # noqa: ANN401
        objects = tuple(self._objects(client, probe, origin))
        lifecycle, versioning = self._settings_of(client, probe)
        seen = Bucket(
            probe.bucket, probe.region, probe.prefix, objects, lifecycle, versioning, encryption=""
        )
        newest = seen.newest
        if newest is None:
            return seen
        named = {"Bucket": probe.bucket, "Key": newest.key}
        return replace(seen, encryption=_encryption(client, named))

    def _settings_of(self, client: Any, probe: BucketProbe) -> _Settings:  # noqa: ANN401
        """Return what holds for a whole bucket: asked once, whatever prefixes are looked at."""
        bucket = replace(probe, prefix="", suffix="")
        with self._opening:
            turn = self._turns[bucket]
        with turn:
            if bucket not in self._settings:
                named = {"Bucket": probe.bucket}
                self._settings[bucket] = _lifecycle(client, named), _versioning(client, named)
            return self._settings[bucket]

    def _objects(self, client: Any, probe: BucketProbe, origin: Origin) -> Iterator[StoredObject]:  # noqa: ANN401
        asked = {"Bucket": probe.bucket, "Prefix": probe.prefix}
        for _ in range(MOST_PAGES):
            if not self._awaited():
                reason = "the run ended before every object was listed"
                raise NotObserved(reason, origin)
            page = client.list_objects_v2(**asked)
            for one in page.get("Contents", ()):
                if probe.counts(one["Key"]):
                    yield StoredObject(one["Key"], one["Size"], one["LastModified"].astimezone(UTC))
            if not page["IsTruncated"]:
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]
        reason = f"it holds more than {MOST_PAGES} pages of objects: declare a narrower prefix"
        raise NotObserved(reason, origin)

    def _silence(self, error: BaseException, probe: BucketProbe) -> str:
        for cause in causes(error):
            if isinstance(cause, CONNECT_TIMEOUTS):
                return f"no connection within {self._context.limits.connect_seconds:g} s"
            if isinstance(cause, TIMEOUTS):
                return f"no complete answer within {self._context.limits.read_seconds:g} s"
            if isinstance(cause, OSError):
                return explain(cause, f"{probe.bucket}.{endpoint(probe.region)}")
        return "the store broke off or does not speak HTTP"


def _absent(probe: BucketProbe) -> Bucket:
    return Bucket(probe.bucket, probe.region, probe.prefix, (), (), "", "", exists=False)


def _lifecycle(client: Any, named: dict[str, str]) -> tuple[LifecycleRule, ...] | None:  # noqa: ANN401
    """Return the rules; none where the store says there are none, None where it does not tell."""
    answer = _told(client.get_bucket_lifecycle_configuration, named, "NoSuchLifecycleConfiguration")
    if answer == {}:
        return ()
    return tuple(map(_rule, answer["Rules"])) if answer and "Rules" in answer else None


def _rule(told: dict[str, Any]) -> LifecycleRule:
    chosen = told.get("Filter", {})
    both = chosen.get("And", {})
    expiration = told.get("Expiration", {})
    date = expiration.get("Date")
    versions = told.get("NoncurrentVersionExpiration", {})
    prefixes = (told.get("Prefix"), chosen.get("Prefix"), both.get("Prefix"))
    return LifecycleRule(
        id=told.get("ID", ""),
        prefix=next((prefix for prefix in prefixes if prefix), ""),
        enabled=told["Status"] == "Enabled",
        expires_after_days=expiration.get("Days"),
        expires_on=date.astimezone(UTC) if date else None,
        conditional=bool((chosen.keys() | both.keys()) - {"Prefix", "And"}),
        # A rule that keeps a number of versions back ends none of these, however old.
        versions_expire_after_days=None
        if versions.get("NewerNoncurrentVersions")
        else versions.get("NoncurrentDays"),
    )


def _versioning(client: Any, named: dict[str, str]) -> str | None:  # noqa: ANN401
    answer = _told(client.get_bucket_versioning, named)
    return None if answer is None else str(answer.get("Status", ""))


def _encryption(client: Any, named: dict[str, str]) -> str | None:  # noqa: ANN401
    """Return what is stated of an object's encryption, by the store or by the encrypting client.

    Spaces states none of its own: it has no SSE-S3 and no default of a bucket. Of an object under a
    customer's key it tells nothing without that key. What a client encrypted before it was sent is
    noted in the object's metadata, which any store keeps
    (https://docs.aws.amazon.com/amazon-s3-encryption-client/latest/developerguide/concepts.html).
    """
    answer = _told(client.head_object, named)
    if answer is None:
        return None
    by_client = answer.get("Metadata", {}).get("x-amz-cek-alg", "")
    return str(answer.get("ServerSideEncryption") or by_client)


def _told(
    ask: Callable[..., dict[str, Any]], named: dict[str, str], nothing: str = ""
) -> dict[str, Any] | None:
    """Return an answer; an empty one for the error that says there is nothing, None for refusal."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 (an extra)

    try:
        return ask(**named)
    except ClientError as error:
        code = _code(error)
        if code == nothing:
            return {}
        if code in _UNTOLD:
            return None
        raise


def _code(error: Any) -> str:  # noqa: ANN401 (made by botocore)
    """Return an error's code, and nothing of its message, which may repeat the request."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if _CODE.fullmatch(code) else "an error without a code"
