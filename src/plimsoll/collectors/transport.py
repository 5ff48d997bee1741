"""HTTP over a network that maps names to addresses below TLS.

The URL, the Host header, SNI and certificate verification stay those of the real name, whatever
address the connection is opened to. Nothing but plain reads passes.
"""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from plimsoll import __version__
from plimsoll.collectors.guard import require_read_only
from plimsoll.collectors.trust import verifying_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from plimsoll.collectors.context import Context
    from plimsoll.collectors.network import Network

TRANSPORT_ERRORS = (
    httpx.TransportError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
)
CONNECT_TIMEOUTS = (httpx.ConnectTimeout, httpcore.ConnectTimeout)
TIMEOUTS = (httpx.TimeoutException, httpcore.TimeoutException)

for _talkative in ("httpcore", "hpack", "h2"):
    # Their debug logs hold every header, authorization and cookies included.
    logging.getLogger(_talkative).setLevel(logging.INFO)


def open_client(context: Context, urls: Iterable[str]) -> httpx.Client:
    """Return the one client of a run: no redirects, no cookies, no netrc, bounded in time.

    Proxy variables count on the real network only, and not for hosts they exempt.
    """
    network, limits = context.network, context.limits
    verify = verifying_context(network)
    return httpx.Client(
        transport=GuardedTransport(lambda: RoutedTransport(network, verify)),
        mounts={} if network.closed else _proxied(urls, verify),
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
        headers={"user-agent": f"plimsoll/{__version__}", "accept-encoding": "gzip"},
    )


class GuardedTransport(httpx.BaseTransport):
    """A transport for each thread, behind the read-only guard.

    Threads never share a connection: requests multiplexed on one HTTP/2 connection by several
    threads corrupt its header compression (https://github.com/encode/httpx/issues/3072), and a
    corrupted exchange is worse than none.
    """

    def __init__(self, make: Callable[[], httpx.BaseTransport]) -> None:
        self._make = make
        self._mine = threading.local()
        self._made: list[httpx.BaseTransport] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises WriteRefusedError for anything but a plain read."""
        require_read_only(request.method, str(request.url))
        transport: httpx.BaseTransport | None = getattr(self._mine, "transport", None)
        if transport is None:
            transport = self._mine.transport = self._make()
            self._made.append(transport)
        return transport.handle_request(request)

    def close(self) -> None:
        """Close every thread's connection; none may be in use any more."""
        for transport in self._made:
            transport.close()


class RoutedTransport(httpx.BaseTransport):
    """One connection at a time, kept while the host stays the same, opened where the network says.

    HTTP/2 is spoken where the server chooses it in the TLS handshake; its modules are imported
    then, and not before.
    """

    def __init__(self, network: Network, verify: ssl.SSLContext) -> None:
        self._patience = _Patience()
        self._pool = httpcore.ConnectionPool(
            ssl_context=verify,
            max_connections=1,
            http2=True,
            network_backend=_RoutedBackend(network, self._patience),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, whose answer must end within its timeouts, however it drips."""
        self._patience.begin(request.extensions.get("timeout", {}))
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(cast("Iterable[bytes]", response.stream)),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Patience:
    """How long one exchange may still take: httpcore's own timeouts count from byte to byte."""

    def __init__(self) -> None:
        self._deadline: float | None = None

    def begin(self, timeouts: Mapping[str, float | None]) -> None:
        connect, read = timeouts.get("connect"), timeouts.get("read")
        if connect is None or read is None:
            self._deadline = None
        else:
            self._deadline = time.monotonic() + connect + read

    def at_most(self, timeout: float | None) -> float | None:
        if self._deadline is None:
            return timeout
        left = self._deadline - time.monotonic()
        if left <= 0:
            message = "the answer does not end"
            raise httpcore.ReadTimeout(message)
        return left if timeout is None else min(timeout, left)


class _PatientStream(httpcore.NetworkStream):
    """A connection that is read from for as long as patience lasts."""

    def __init__(self, stream: httpcore.NetworkStream, patience: _Patience) -> None:
        self._stream = stream
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._patience.at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _PatientStream(secure, self._patience)


class _RoutedBackend(httpcore.SyncBackend):
    def __init__(self, network: Network, patience: _Patience) -> None:
        self._network = network
        self._patience = patience

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address, port = self._network.address(host, port)
        stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
        return _PatientStream(stream, self._patience)


class _Stream(httpx.SyncByteStream):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks

    def close(self) -> None:
        close = getattr(self._chunks, "close", None)
        if close:
            close()


def _proxied(urls: Iterable[str], verify: ssl.SSLContext) -> dict[str, httpx.BaseTransport | None]:
    mounts: dict[str, httpx.BaseTransport | None] = {
        f"{scheme}://": GuardedTransport(partial(_proxy, proxy, verify))
        for scheme, proxy in getproxies().items()
        if scheme in {"http", "https"}
    }
    if mounts:
        hosts = {urlsplit(url).hostname or "" for url in urls}
        mounts |= {f"all://{host}": None for host in hosts if host and proxy_bypass(host)}
    return mounts


def _proxy(proxy: str, verify: ssl.SSLContext) -> httpx.BaseTransport:
    one = httpx.Limits(max_connections=1)
    return httpx.HTTPTransport(verify=verify, http2=True, proxy=proxy, limits=one, trust_env=False)
