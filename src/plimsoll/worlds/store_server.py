"""Serve a mocked object store: the four reads of S3's XML API that collectors make, and no write.

What it answers is held against an independent implementation (moto) in its tests.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote
from xml.sax.saxutils import escape

from plimsoll.facts.bucket import DOMAIN
from plimsoll.worlds.http_server import Request, converse
from plimsoll.worlds.signature import refusal
from plimsoll.worlds.site import Route

if TYPE_CHECKING:
    import asyncio

    from plimsoll.facts.bucket import LifecycleRule
    from plimsoll.worlds.http_message import Call
    from plimsoll.worlds.object_store import Kept, ObjectStore, Operation, StoreBucket

_NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
_STATUS = {
    "AccessDenied": 403,
    "InvalidAccessKeyId": 403,
    "SignatureDoesNotMatch": 403,
    "NoSuchBucket": 404,
    "NoSuchKey": 404,
    "NoSuchLifecycleConfiguration": 404,
    "MethodNotAllowed": 405,
    "InternalError": 500,
    "NotImplemented": 501,
}


class StoreServer:
    """Answers for every bucket of a store to whoever signs with this key.

    Requests are added to the log it is given. A mute server ends every connection without an
    answer.
    """

    def __init__(
        self, store: ObjectStore, key: tuple[str, str], log: list[Request], *, mute: bool = False
    ) -> None:
        self._store = store
        self._key = key
        self._log = log
        self._mute = mute

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until either side ends it."""
        await converse(reader, writer, self._respond)

    def _respond(self, call: Call) -> Route | None:
        self._log.append(Request.of("https", call, call.target))
        return None if self._mute else self.answer(call)

    def answer(self, call: Call) -> Route:
        """Return the answer to one request."""
        if self._store.failures > 0:
            self._store.failures -= 1
            return _error("InternalError")
        refused = refusal(call, *self._key)
        if refused:
            return _error(refused)
        if call.method not in {"GET", "HEAD"}:
            return _error("MethodNotAllowed")
        bucket, key = self._addressed(call)
        if bucket is None:
            return _error("NoSuchBucket")
        return self._read(call, bucket, key)

    def _addressed(self, call: Call) -> tuple[StoreBucket | None, str]:
        """Return bucket and key, which stand in host and path, or both in the path."""
        path = unquote(call.path).removeprefix("/")
        place = call.authority("https").removesuffix(f".{DOMAIN}")
        name, dot, region = place.rpartition(".")
        if not dot:
            name, _, path = path.partition("/")
        matching = (one for one in self._store.buckets if (one.name, one.region) == (name, region))
        return next(matching, None), path

    def _read(self, call: Call, bucket: StoreBucket, key: str) -> Route:
        query = {
            name: values[-1]
            for name, values in parse_qs(
                call.target.partition("?")[2], keep_blank_values=True
            ).items()
        }
        operation: Operation
        if call.method == "HEAD" and key:
            operation, answer = "head", _head(bucket, key)
        elif not key and query.get("list-type") == "2":
            operation, answer = "list", self._listing(bucket, query)
        elif not key and "lifecycle" in query:
            operation, answer = "lifecycle", _lifecycle(bucket)
        elif not key and "versioning" in query:
            operation, answer = "versioning", _versioning(bucket)
        else:
            return _error("NotImplemented")
        return _error("AccessDenied") if operation in bucket.refused else answer

    def _listing(self, bucket: StoreBucket, query: dict[str, str]) -> Route:
        prefix, after = query.get("prefix", ""), query.get("continuation-token", "")
        keys = sorted(key for key in bucket.objects if key.startswith(prefix) and key > after)
        size = min(int(query.get("max-keys", "1000")), self._store.page_size)
        page, more = keys[:size], len(keys) > size
        shown = quote if query.get("encoding-type") == "url" else escape
        token = "".join(
            f"<NextContinuationToken>{escape(last)}</NextContinuationToken>" for last in page[-1:]
        )
        return _xml(
            "ListBucketResult",
            f"<Name>{bucket.name}</Name><Prefix>{shown(prefix)}</Prefix>"
            f"<KeyCount>{len(page)}</KeyCount><MaxKeys>{size}</MaxKeys>"
            + ("<EncodingType>url</EncodingType>" if shown is quote else "")
            + f"<IsTruncated>{str(more).lower()}</IsTruncated>"
            + (token if more else "")
            + "".join(_entry(shown(key), bucket.objects[key]) for key in page),
        )


def _entry(key: str, kept: Kept) -> str:
    at = kept.modified_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return (
        f"<Contents><Key>{key}</Key><LastModified>{at}</LastModified>"
        f"<Size>{kept.size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
    )


def _head(bucket: StoreBucket, key: str) -> Route:
    kept = bucket.objects.get(key)
    if kept is None:
        return _error("NoSuchKey")
    headers = {"last-modified": kept.modified_at.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    if kept.server_encryption:
        headers["x-amz-server-side-encryption"] = kept.server_encryption
    if kept.client_encryption:
        headers["x-amz-meta-x-amz-cek-alg"] = kept.client_encryption
    return Route(200, headers)


def _lifecycle(bucket: StoreBucket) -> Route:
    if not bucket.lifecycle:
        return _error("NoSuchLifecycleConfiguration")
    return _xml("LifecycleConfiguration", "".join(map(_rule, bucket.lifecycle)))


def _rule(rule: LifecycleRule) -> str:
    days, on = rule.expires_after_days, rule.expires_on
    versions = rule.versions_expire_after_days
    prefix = f"<Prefix>{escape(rule.prefix)}</Prefix>"
    tag = "<Tag><Key>class</Key><Value>short</Value></Tag>"
    chosen = f"<And>{prefix}{tag}</And>" if rule.conditional else prefix
    expiration = f"<Days>{days}</Days>" if days else ""
    expiration += f"<Date>{on:%Y-%m-%dT00:00:00Z}</Date>" if on else ""
    old = f"<NoncurrentDays>{versions}</NoncurrentDays>"
    return (
        f"<Rule><ID>{escape(rule.id)}</ID><Filter>{chosen}</Filter>"
        f"<Status>{'Enabled' if rule.enabled else 'Disabled'}</Status>"
        + (f"<Expiration>{expiration}</Expiration>" if expiration else "")
        + (f"<NoncurrentVersionExpiration>{old}</NoncurrentVersionExpiration>" if versions else "")
        + "</Rule>"
    )


def _versioning(bucket: StoreBucket) -> Route:
    status = f"<Status>{bucket.versioning}</Status>" if bucket.versioning else ""
    return _xml("VersioningConfiguration", status)


def _error(code: str) -> Route:
    """Return an error as the store words it; its message repeats nothing of the request."""
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return Route(_STATUS[code], {"content-type": "application/xml"}, body)


def _xml(root: str, content: str) -> Route:
    body = f'<?xml version="1.0" encoding="UTF-8"?><{root} {_NAMESPACE}>{content}</{root}>'
    return Route(200, {"content-type": "application/xml"}, body)
