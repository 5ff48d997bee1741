"""HTTP over a network that maps names to addresses below TLS.

The URL, the Host header, SNI and certificate verification stay those of the real name, whatever
address the connection is opened to. Nothing but plain reads passes.
"""

from __future__ import annotations

import logging
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
    from collections.abc import Iterable, Iterator

    from plimsoll.collectors.context import Context, Limits
    from plimsoll.collectors.network import Network

TRANSPORT_ERRORS = (
    httpx.TransportError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
)
CONNECT_TIMEOUTS = (httpx.ConnectTimeout, httpcore.ConnectTimeout)
TIMEOUTS = (httpx.TimeoutException, httpcore.TimeoutException)

# The HTTP/2 header compressor writes every header, secrets included, to its debug log.
logging.getLogger("hpack").setLevel(logging.INFO)


def open_client(context: Context, urls: Iterable[str]) -> httpx.Client:
    """Return the one client of a run: no redirects, no cookies, no netrc, bounded in time.

    Proxy variables count on the real network only, and not for hosts they exempt.
    """
    network, limits = context.network, context.limits
    verify = verifying_context(network)
    return httpx.Client(
        transport=RoutedTransport(network, verify, limits),
        mounts={} if network.closed else _proxied(urls, verify),
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
        headers={"user-agent": f"plimsoll/{__version__}", "accept-encoding": "gzip"},
    )


class RoutedTransport(httpx.BaseTransport):
    """A pool of connections that are opened where the network says.

    HTTP/2 is spoken where the server chooses it in the TLS handshake; its modules are imported
    then, and not before.
    """

    def __init__(self, network: Network, verify: ssl.SSLContext, limits: Limits) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=verify,
            max_connections=limits.concurrency,
            http2=True,
            network_backend=_RoutedBackend(network),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises WriteRefusedError for anything but a plain read."""
        require_read_only(request.method, str(request.url))
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
        """Close every connection."""
        self._pool.close()


class _GuardedProxy(httpx.HTTPTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        require_read_only(request.method, str(request.url))
        return super().handle_request(request)


class _RoutedBackend(httpcore.SyncBackend):
    def __init__(self, network: Network) -> None:
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address, port = self._network.address(host, port)
        return super().connect_tcp(address, port, timeout, local_address, socket_options)


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
        f"{scheme}://": _GuardedProxy(verify=verify, http2=True, proxy=proxy, trust_env=False)
        for scheme, proxy in getproxies().items()
        if scheme in {"http", "https"}
    }
    if mounts:
        hosts = {urlsplit(url).hostname or "" for url in urls}
        mounts |= {f"all://{host}": None for host in hosts if host and proxy_bypass(host)}
    return mounts
