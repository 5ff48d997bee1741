"""Small servers on loopback, with the bad manners of real ones."""

from __future__ import annotations

import socket
import ssl
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import trustme

from plimsoll.collectors import http
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.network import Network
from plimsoll.findings import NotObserved, Observed, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plimsoll.facts.exchange import Exchange, HttpProbe
    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Sighting

QUICK = Limits(connect_seconds=1, read_seconds=1, retries=0, tool_seconds=10, overall_seconds=10)
"""Limits under which a test that waits for a dead server stays short."""

HOST = "api.example.test"


@dataclass
class Web:
    """A server of routes (`path` to what a handler does), and the log of what it was asked."""

    routes: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    log: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0


@dataclass
class Attending:
    """Sightings of a run that goes on, with or without a repository."""

    seen: Sighting[Repository]
    waiting: bool = True

    def repository(self) -> Sighting[Repository]:
        """Return the repository given."""
        return self.seen

    def awaited(self) -> bool:
        """Tell whether the run goes on."""
        return self.waiting


def not_found(handler: BaseHTTPRequestHandler) -> None:
    """Answer that there is nothing."""
    handler.send_response(404)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@contextmanager
def web_server(web: Web, server_context: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve a web on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            web.log.append((self.command, self.path, dict(self.headers)))
            with suppress(ConnectionError):
                web.routes.get(self.path, not_found)(self)

        do_GET = do_HEAD = do_OPTIONS = do_POST = handle_any

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if server_context:
            server.socket = server_context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        web.port = server.server_address[1]
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield web
        server.shutdown()


@contextmanager
def socket_server(converse: Callable[[socket.socket], None]) -> Iterator[int]:
    """Converse with whoever connects to the port that is yielded."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer, suppress(OSError):
                    converse(peer)

        Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return a throw-away certificate authority."""
    return trustme.CA()


@pytest.fixture
def attending() -> Attending:
    """Return the surroundings of a run that goes on."""
    return Attending(NotObserved("no repository here", Origin("repository", "here")))


@pytest.fixture
def web() -> Iterator[Web]:
    """Return a plain server whose routes a test fills in."""
    with web_server(Web()) as running:
        yield running


@pytest.fixture
def serve() -> Iterator[Callable[..., Web]]:
    """Return what starts further servers, plain or with a TLS context."""
    with ExitStack() as stack:
        yield lambda context=None: stack.enter_context(web_server(Web(), context))


@pytest.fixture
def converse() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """Return what starts a server that speaks bytes, and returns its port."""
    with ExitStack() as stack:
        yield lambda talk: stack.enter_context(socket_server(talk))


@pytest.fixture
def server_context(authority: trustme.CA) -> Callable[..., ssl.SSLContext]:
    """Return what makes a server's TLS context, with a certificate for the names given."""

    def make(*names: str, **issued: object) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*(names or (HOST,)), **issued).configure_cert(context)
        return context

    return make


@pytest.fixture
def world(authority: trustme.CA) -> Callable[..., Context]:
    """Return what makes a closed world of `host:port` routes to loopback ports."""

    def make(routes: dict[str, int], limits: Limits = QUICK, **others: object) -> Context:
        network = Network(
            routes={name: ("127.0.0.1", port) for name, port in routes.items()},
            closed=True,
            authority_pem=authority.cert_pem.bytes().decode(),
        )
        return Context(network=network, limits=limits, **others)

    return make


@pytest.fixture
def answer() -> Callable[..., Callable[[BaseHTTPRequestHandler], None]]:
    """Return what makes a handler that answers at once with a status, a body and headers."""

    def make(status: int = 200, body: bytes = b"", *headers: tuple[str, str]):
        def handle(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers:
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            if handler.command != "HEAD":
                handler.wfile.write(body)

        return handle

    return make


@pytest.fixture
def only(attending) -> Callable[[HttpProbe, Context], Sighting[tuple[Exchange, ...]]]:
    """Return what asks one request, and returns its sighting."""

    def ask(probe: HttpProbe, context: Context) -> Sighting[tuple[Exchange, ...]]:
        ((seen_probe, sighting),) = http.collect([probe], context, attending)
        assert seen_probe == probe
        return sighting

    return ask


@pytest.fixture
def first() -> Callable[[Sighting[tuple[Exchange, ...]]], Exchange]:
    """Return what returns the first exchange of something that was observed."""

    def exchange(sighting: Sighting[tuple[Exchange, ...]]) -> Exchange:
        assert isinstance(sighting, Observed), sighting
        return sighting.value[0]

    return exchange
