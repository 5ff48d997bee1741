"""Where the messages of a rehearsal end: an HTTP and an SMTP sink on loopback.

They say yes to everything, and remember what came and when. Nothing is ever passed on.
"""

from __future__ import annotations

import http.server
import secrets
import socketserver
import time
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, Self

from plimsoll.collectors.rehearsal.smtp import converse
from plimsoll.semantics.rehearsal import notice
from plimsoll.semantics.rehearsal.notice import Received
from plimsoll.semantics.rehearsal.redirection import Sink

if TYPE_CHECKING:
    from plimsoll.semantics.rehearsal.notice import Notice

LOOPBACK: Final = "127.0.0.1"
_MESSAGE_BYTES: Final = 1_000_000
_MOST_MESSAGES: Final = 10_000
_IDLE_SECONDS: Final = 30.0


class Sinks:
    """Both sinks. Use as a context manager: at the end no port is open."""

    def __init__(self) -> None:
        self._token = secrets.token_hex(8)
        self._received: list[Received] = []
        self._lock = Lock()
        self._http = LoopbackServer(_http_handler(self))
        self._smtp = LoopbackServer(_smtp_handler(self))

    def __enter__(self) -> Self:
        """Start to listen."""
        self._http.start()
        self._smtp.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to listen."""
        self._http.stop()
        self._smtp.stop()

    @property
    def sink(self) -> Sink:
        """Where Alertmanager must send to; the address cannot be guessed by others here."""
        url = f"http://{LOOPBACK}:{self._http.port}/{self._token}"
        return Sink(url, f"{LOOPBACK}:{self._smtp.port}")

    def received(self) -> tuple[Received, ...]:
        """Return everything that has come so far, in its order."""
        with self._lock:
            return tuple(self._received)

    def take_request(self, path: str, body: bytes) -> bool:
        """Remember a request; return whether it was for this sink."""
        token, _, rest = path.lstrip("/").partition("/")
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return False
        self._remember(notice.of_http(rest, body))
        return True

    def take_mail(self, recipients: tuple[str, ...], message: bytes) -> None:
        """Remember a mail."""
        self._remember(notice.of_mail(recipients, message))

    def _remember(self, told: Notice) -> None:
        with self._lock:
            if len(self._received) < _MOST_MESSAGES:
                self._received.append(Received(time.time(), told))


class LoopbackServer(socketserver.ThreadingTCPServer):
    """A server on a free port of loopback, each connection in a thread that holds nothing up."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__((LOOPBACK, 0), handler)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Serve, in a thread of its own."""
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Serve no longer, and close the port."""
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """Say nothing of a connection that broke off: what did not arrive is missed anyway."""


class QuietHandler(http.server.BaseHTTPRequestHandler):
    """Answers HTTP/1.1 without a word to the terminal."""

    protocol_version = "HTTP/1.1"
    # Head and body in one packet: a second one would wait for the first to be acknowledged.
    wbufsize = -1
    timeout = _IDLE_SECONDS

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def answer(self, status: int, content_type: str, body: bytes) -> None:
        """Send a complete answer."""
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _http_handler(sinks: Sinks) -> type[QuietHandler]:
    class Handler(QuietHandler):
        def do_POST(self) -> None:
            size = self.headers.get("content-length", "")
            if not size.isdecimal() or int(size) > _MESSAGE_BYTES:
                self.close_connection = True
                self.answer(413, "text/plain", b"too large")
                return
            is_ours = sinks.take_request(self.path, self.rfile.read(int(size)))
            # Slack asks for a plain `ok`, PagerDuty and Opsgenie for any JSON and a status of 2xx.
            body = b"ok" if "/slack/" in self.path else b'{"status":"success"}'
            self.answer(202 if is_ours else 404, "application/json", body)

    return Handler


def _smtp_handler(sinks: Sinks) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        timeout = _IDLE_SECONDS

        def handle(self) -> None:
            with suppress(OSError):
                converse(self.rfile, self.wfile, sinks.take_mail)

    return Handler
