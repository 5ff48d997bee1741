"""What of a sighting is kept as evidence: an allow-list of what checks read, then masked.

Cookies, authorization and unknown headers are never kept. Digests are taken of masked text only:
the digest of a short secret gives the secret away.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plimsoll.collectors.codec import encode
from plimsoll.facts.bucket import Bucket
from plimsoll.facts.cloud_reading import Reading
from plimsoll.facts.counted_traffic import CountedTraffic
from plimsoll.facts.exchange import Exchange
from plimsoll.facts.monitoring_reading import MonitoringReading
from plimsoll.facts.repository import Repository
from plimsoll.findings import NotObserved
from plimsoll.findings.redaction import mask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from plimsoll.facts.probe import Probe, Value
    from plimsoll.facts.repository import FileRecord
    from plimsoll.findings import Observed, Origin, Sighting

MOST_CHARACTERS = 64_000
MOST_OBJECTS = 200
_MARGIN = 32_000
"""What is masked beyond the cap, so that a secret the cap cuts in two is still recognized."""

KEPT_HEADERS = re.compile(
    r"content-(?:type|encoding|length|security-policy(?:-report-only)?)"
    r"|cache-control|age|date|expires|etag|last-modified|vary|retry-after|location|allow"
    r"|server|x-powered-by|strict-transport-security|referrer-policy|permissions-policy"
    r"|x-[a-z-]+-options|x-xss-protection|x-dns-prefetch-control|x-permitted-cross-domain-policies"
    r"|cross-origin-[a-z-]+|access-control-[a-z-]+|(?:x-)?ratelimit[a-z-]*|x-cache|cf-cache-status"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One document of the evidence bundle: what it shows, where and when it was seen, as JSON."""

    name: str
    origin: Origin
    observed_at: datetime | None
    content: bytes


def evidence(probe: Probe, seen: Sighting[Value]) -> tuple[Evidence, ...]:
    """Return the documents that show a sighting: one, and for a repository one for each file."""
    name = mask(str(probe))
    if isinstance(seen, NotObserved):
        unseen = {"state": type(seen).__name__, "reason": seen.reason}
        return (_document(name, seen.origin, None, {"not_observed": unseen}),)
    if isinstance(seen.value, Repository):
        return tuple(_repository(name, seen, seen.value))
    return (_document(name, seen.origin, seen.at, {"observed": _projected(seen.value)}),)


def _projected(value: Value) -> object:
    match value:
        case (Exchange(), *_):
            return [
                _exchange(exchange, with_body=number == 0)
                for number, exchange in enumerate(value)
                if isinstance(exchange, Exchange)
            ]
        case Reading():
            shown = {"path": value.path, "pages": value.pages, "hidden": list(value.hidden)}
            return shown | {"body": _parsed(value.body)}
        case MonitoringReading():
            return {"path": value.path, "body": _parsed(value.body)}
        case CountedTraffic():
            return _traffic(value)
        case Bucket():
            return _bucket(value)
    return encode(value)


def _parsed(body: str) -> object:
    """Return an answer of an API as the JSON it is, so that it can be read and queried."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body


def _traffic(traffic: CountedTraffic) -> object:
    """Return the traffic's statuses, the last scrape before and after it, and digests of others."""
    before, last = traffic.before, len(traffic.before) - 1
    return {
        "before": [_exchange(one, with_body=n == last) for n, one in enumerate(before)],
        "statuses": list(traffic.statuses),
        "failing_statuses": list(traffic.failing_statuses),
        "after": [_exchange(one, with_body=one is traffic.after[-1]) for one in traffic.after],
    }


def _bucket(bucket: Bucket) -> object:
    """Return a bucket with the newest of its objects, and how many there are."""
    newest = sorted(bucket.objects, key=lambda one: one.modified_at, reverse=True)[:MOST_OBJECTS]
    return {
        "object_count": len(bucket.objects),
        "bucket": encode(replace(bucket, objects=tuple(newest))),
    }


def _exchange(exchange: Exchange, *, with_body: bool) -> dict[str, object]:
    """Return what is kept of a response; of a sample's later bodies that is the digest."""
    text = _capped(exchange.text)
    kept = {
        "url": exchange.url,
        "status": exchange.status,
        "http_version": exchange.http_version,
        "elapsed_ms": round(exchange.elapsed_ms, 1),
        "at": encode(exchange.at),
        "headers": [pair for pair in exchange.headers if KEPT_HEADERS.fullmatch(pair[0])],
        "body_bytes": len(exchange.body),
        "body_truncated": exchange.truncated,
        "masked_body_sha256": hashlib.sha256(text.encode(errors="replace")).hexdigest(),
    }
    return kept | ({"body": text} if with_body else {})


def _repository(name: str, seen: Observed[Value], repository: Repository) -> Iterator[Evidence]:
    listing = encode(replace(repository, files=()))
    yield _document(name, seen.origin, seen.at, {"observed": listing})
    for record in repository.files:
        origin = seen.origin.at(record.path)
        content = {"commit": repository.commit, "file": _file(record)}
        yield _document(mask(record.path), origin, seen.at, {"observed": content})


def _file(record: FileRecord) -> dict[str, object]:
    return {
        "path": record.path,
        "mode": record.mode,
        "size": record.size,
        "problem": record.problem,
        "text": record.text,
    }


def _document(
    name: str, origin: Origin, observed_at: datetime | None, content: dict[str, object]
) -> Evidence:
    """Return a document of which every string is masked, with its keys in order."""
    at = observed_at and encode(observed_at)
    whole = content | {"probe": name, "origin": encode(origin), "observed_at": at}
    text = json.dumps(_masked(whole), sort_keys=True, indent=1)
    return Evidence(name, replace(origin, where=mask(origin.where)), observed_at, text.encode())


def _masked(data: object) -> object:
    match data:
        case str():
            return _capped(data)
        case dict():
            return {key: _masked(item) for key, item in data.items()}
        case list() | tuple():
            return [_masked(item) for item in data]
    return data


def _capped(text: str) -> str:
    return mask(text[: MOST_CHARACTERS + _MARGIN])[:MOST_CHARACTERS]
