"""Verify the signature of a request, as an S3 store does (AWS Signature Version 4).

The rules are those of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html:
what was signed must be what arrived, so a request that was changed on its way is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plimsoll.worlds.http_message import Call

_ALGORITHM = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    _ALGORITHM + r" Credential=([^/,]+)/(\d{8}/[^/,]+/s3/aws4_request), ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)


def refusal(call: Call, access_key: str, secret_key: str) -> str:
    """Return the error code a store answers with; empty where the request is signed by this key."""
    match = _AUTHORIZATION.fullmatch(call.headers.get("authorization", ""))
    if match is None:
        return "AccessDenied"
    key, scope, names, signature = match.groups()
    if key != access_key:
        return "InvalidAccessKeyId"
    signed = _signature(call, scope, names.split(";"), secret_key)
    return "" if hmac.compare_digest(signature, signed) else "SignatureDoesNotMatch"


def _signature(call: Call, scope: str, names: list[str], secret_key: str) -> str:
    canonical = "\n".join(
        (
            call.method,
            call.path,
            _query(call.target.partition("?")[2]),
            *(f"{name}:{' '.join(call.headers.get(name, '').split())}" for name in names),
            "",
            ";".join(names),
            call.headers.get("x-amz-content-sha256", ""),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    stated = "\n".join((_ALGORITHM, call.headers.get("x-amz-date", ""), scope, digest))
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, stated.encode(), "sha256").hex()


def _query(query: str) -> str:
    pairs = [part if "=" in part else f"{part}=" for part in query.split("&") if part]
    return "&".join(sorted(pairs))
