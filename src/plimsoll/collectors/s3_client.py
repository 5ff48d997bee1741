"""An S3 client whose every request goes through our own transport: routed, guarded, bounded.

botocore signs requests and reads answers; it opens no connection and reads neither files nor
variables of this machine: no profile, no proxy, no endpoint, no metadata service. Importing this
module needs the extra `aws`.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import HTTPClientError

from plimsoll.collectors.body import DecodingError, read_body
from plimsoll.collectors.transport import TRANSPORT_ERRORS
from plimsoll.facts.bucket import DOMAIN, endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from botocore.awsrequest import AWSPreparedRequest

    from plimsoll.collectors.context import Limits


class UnreachableError(HTTPClientError):  # type: ignore[misc]
    """The store did not answer; what happened is the cause. botocore tries again."""

    fmt = "no answer"


class ForeignHostError(ValueError):
    """A request for a host that is not the store's: it would carry a signature away."""


class StoreClients:
    """One client for each region of the store, all with one key and one way out."""

    def __init__(self, client: httpx.Client, limits: Limits) -> None:
        self._wire = _Wire(client, limits)
        self._config = _config(limits)
        self._session = _isolated_session()
        self._made: dict[tuple[str, str, str], Any] = {}

    def open(self, region: str, access_key: str, secret_key: str) -> Any:  # noqa: ANN401 (made by botocore)
        """Return the client of a region; making one is not for several threads at once."""
        key = (region, access_key, secret_key)
        if key not in self._made:
            made = self._session.create_client(
                "s3",
                region_name=region,
                endpoint_url=f"https://{endpoint(region)}",
                aws_access_key_id=access_key,
                aws_secret_access_key=secret_key,
                config=self._config,
            )
            made.meta.events.register_first("before-send.s3", self._wire.send)
            self._made[key] = made
        return self._made[key]


def _isolated_session() -> botocore.session.Session:
    """Return a session that takes every setting's default, whatever this machine says."""
    session = botocore.session.Session()
    for name, (_, _, default, convert) in tuple(session.session_var_map.items()):
        session.session_var_map[name] = (None, None, default, convert)
    for name in ("config_file", "credentials_file"):
        session.set_config_variable(name, os.devnull)
    return session


def _config(limits: Limits) -> Config:
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "virtual"},
        retries={"mode": "standard", "total_max_attempts": limits.retries + 1},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        ignore_configured_endpoint_urls=True,
        proxies={},
    )


class _Wire:
    """Sends what botocore has prepared."""

    def __init__(self, client: httpx.Client, limits: Limits) -> None:
        self._client = client
        self._limits = limits

    def send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Return the whole answer. Raises before anything is sent that is not a plain read."""
        host = urlsplit(request.url).hostname or ""
        if not host.endswith(f".{DOMAIN}"):
            raise ForeignHostError(host)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in {"user-agent", "host"}
        }
        outgoing = self._client.build_request(request.method, request.url, headers=headers)
        try:
            response = self._client.send(outgoing, stream=True)
            try:
                encoding = response.headers.get("content-encoding", "")
                body, truncated = read_body(response.iter_raw(), encoding, self._limits.body_bytes)
            finally:
                response.close()
        except (*TRANSPORT_ERRORS, DecodingError) as error:
            raise UnreachableError(request=None, response=None) from error
        if truncated:
            message = f"more than {self._limits.body_bytes} bytes"
            raise DecodingError(message)
        told = {
            name: value for name, value in response.headers.items() if name != "content-encoding"
        }
        return AWSResponse(request.url, response.status_code, told, _Raw(body))


class _Raw(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        """Yield the body, whole."""
        content = self.read()
        if content:
            yield content
