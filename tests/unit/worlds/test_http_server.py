"""A mocked system answers like a well-behaved one, and misbehaves when it is told to."""

from __future__ import annotations

import http.client
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.worlds.site import Manner

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from plimsoll.worlds.world import RunningWorld, World

    Ask = Callable[..., Any]
    Dial = Callable[..., ssl.SSLSocket]
    Run = Callable[[World], RunningWorld]

HEALTH = "https://north.ferry.example/health"
METRICS = "https://north.ferry.example/metrics"
HOME = "https://ferry.example/"


def test_health_carries_the_moment_of_the_request(sound: RunningWorld, ask: Ask) -> None:
    """Ask for the health document and compare its timestamp with the time around the request."""
    before = datetime.now(UTC).timestamp() - 0.001
    document = json.loads(ask(sound.network, "https://south.ferry.example:8443/health").body)
    moment = datetime.fromisoformat(document["at"]).timestamp()
    assert before <= moment <= datetime.now(UTC).timestamp()


@pytest.mark.parametrize(
    ("url", "method", "status"),
    [
        (HOME, "GET", 200),
        (HOME, "HEAD", 200),
        (HOME, "DELETE", 405),
        (METRICS, "GET", 401),
        ("https://ferry.example/nowhere", "GET", 404),
        ("https://ferry.example/%zz", "GET", 400),
        ("https://ferry.example/%", "GET", 400),
        ("https://ferry.example/%c0%af", "GET", 400),
        ("https://ferry.example/?q=%zz", "GET", 400),
        ("http://ferry.example/nowhere", "GET", 308),
        ("http://ferry.example/%zz", "GET", 400),
    ],
)
def test_every_class_of_response_carries_the_headers(
    sound: RunningWorld, ask: Ask, url: str, method: str, status: int
) -> None:
    """Ask for each class of response; see its status, the common headers and no banner."""
    reply = ask(sound.network, url, method)
    assert reply.status == status
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "server" not in reply.headers


def test_an_answers_own_header_wins(sound: RunningWorld, ask: Ask) -> None:
    """Ask for a page that may be cached, and for its refusal, which may not."""
    assert ask(sound.network, HOME).headers["cache-control"] == "public, max-age=60"
    assert ask(sound.network, f"{HOME}none").headers["cache-control"] == "no-store"


def test_plain_http_leads_to_the_same_place_over_https(sound: RunningWorld, ask: Ask) -> None:
    """Ask in clear for paths with a query; see where the redirects lead, other ports included."""
    network = sound.network
    north = ask(network, "http://north.ferry.example/health?deep=1")
    south = ask(network, "http://south.ferry.example/health?deep=1")
    assert (north.status, north.headers["location"]) == (308, f"{HEALTH}?deep=1")
    assert south.headers["location"] == "https://south.ferry.example:8443/health?deep=1"
    assert north.body == south.body == b""


def test_head_has_the_length_but_not_the_body(sound: RunningWorld, ask: Ask) -> None:
    """Ask with HEAD and compare the announced length with that of GET."""
    head, get = ask(sound.network, HOME, "HEAD"), ask(sound.network, HOME)
    assert (head.body, head.headers["content-length"]) == (b"", get.headers["content-length"])


def test_metrics_are_served_to_the_bearer_only(sound: RunningWorld, ask: Ask) -> None:
    """Ask without a token, with a wrong one and with the right one."""
    token = sound.credentials["FERRY_TOKEN"]
    replies = [ask(sound.network, METRICS, token=one) for one in ("", "wrong", token)]
    assert [reply.status for reply in replies] == [401, 401, 200]
    assert replies[2].body == b"cpu_seconds_total 1\n"


def test_a_lost_credential_admits_nobody(world: World, run: Run, ask: Ask) -> None:
    """Take the credential's value away; see that even a request without a token is refused."""
    world.credentials.clear()
    assert ask(run(world).network, METRICS).status == 401


def test_a_burst_is_refused_at_one_place_only(world: World, run: Run, ask: Ask) -> None:
    """Ask more often than is allowed; see the refusal there, and service elsewhere."""
    network = run(world).network
    replies = [ask(network, HEALTH) for _ in range(11)]
    assert [reply.status for reply in replies] == [200] * 10 + [429]
    assert replies[-1].headers["retry-after"] == "9"
    assert ask(network, "https://south.ferry.example:8443/health").status == 200
    assert ask(network, HOME).status == 200


def test_service_resumes_after_the_window(world: World, run: Run, ask: Ask) -> None:
    """Exceed a limit with a short window, wait for it to pass, and be served again."""
    limit = world.endpoint("north/health").limit
    assert limit is not None
    limit.requests, limit.window_seconds = 1, 0.2
    network = run(world).network
    assert [ask(network, HEALTH).status for _ in range(2)] == [200, 429]
    time.sleep(0.25)
    assert ask(network, HEALTH).status == 200


def test_every_request_is_logged_without_its_credential(world: World, run: Run, ask: Ask) -> None:
    """Send two requests and read the log: what was asked, whether with a credential, not which."""
    running = run(world)
    token = running.credentials["FERRY_TOKEN"]
    ask(running.network, METRICS, token=token)
    ask(running.network, "http://ferry.example/x?y=1", "HEAD")
    seen = [
        (one.method, one.scheme, one.host, one.path, one.credentialed) for one in running.requests
    ]
    assert seen == [
        ("GET", "https", "north.ferry.example", "/metrics", True),
        ("HEAD", "http", "ferry.example", "/x", False),
    ]
    assert token not in repr(running.requests)


def test_a_connection_serves_many_requests(sound: RunningWorld, dial: Dial) -> None:
    """Send several requests over one connection."""
    connection = http.client.HTTPConnection("ferry.example")
    connection.sock = secured = dial(sound.network, "ferry.example")
    for _ in range(5):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"<p>Ferries, on time.</p>"
        assert connection.sock is secured
    connection.close()


def test_many_clients_are_served_at_once(world: World, run: Run, ask: Ask) -> None:
    """Ask from 40 threads for a page that takes a while; see all answered, and all logged."""
    world.endpoint("home").delay_ms = 50
    running = run(world)
    with ThreadPoolExecutor(40) as pool:
        replies = list(pool.map(lambda _: ask(running.network, HOME), range(80)))
    assert {reply.status for reply in replies} == {200}
    assert len(running.requests) == 80


def test_the_wrong_host_is_misdirected(sound: RunningWorld, dial: Dial) -> None:
    """Name a host that is not served inside a connection to one that is."""
    with dial(sound.network, "ferry.example") as secured:
        secured.sendall(b"GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
        assert secured.recv(1024).startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize("junk", [b"\x16\x03\x01\r\n\r\n", b"GET\r\n\r\n", b"\r\n\r\n"])
def test_junk_is_a_bad_request(sound: RunningWorld, junk: bytes) -> None:
    """Send what is no request; see it refused and the connection ended."""
    address = sound.network.address("ferry.example", 80)
    with socket.create_connection(address, timeout=5) as plain:
        plain.sendall(junk)
        received = b"".join(iter(lambda: plain.recv(1024), b""))
    assert received.startswith(b"HTTP/1.1 400 ")


def test_a_truncated_body_is_shorter_than_announced(world: World, run: Run, ask: Ask) -> None:
    """Serve half a body; see the client notice."""
    world.endpoint("home").manner = Manner.TRUNCATED
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(run(world).network, HOME)
    assert caught.value.partial == b"<p>Ferries, "


def test_a_reset_connection_gives_no_response(world: World, run: Run, ask: Ask) -> None:
    """Reset the connection; see the client fail before any status."""
    world.endpoint("home").manner = Manner.RESET
    with pytest.raises(OSError, match=r"reset|EOF|closed|Remote end"):
        ask(run(world).network, HOME)


def test_a_dripping_answer_comes_in_pieces_and_whole_in_the_end(
    world: World, run: Run, dial: Dial
) -> None:
    """Send an answer byte by byte; see that no read finds it all, and that all of it comes."""
    world.endpoint("home").drip_ms = 1
    with dial(run(world).network, "ferry.example") as secured:
        secured.sendall(b"GET / HTTP/1.1\r\nHost: ferry.example\r\nConnection: close\r\n\r\n")
        pieces = list(iter(lambda: secured.recv(4096), b""))
    assert len(pieces) > 1
    assert b"".join(pieces).endswith(b"<p>Ferries, on time.</p>")


def test_a_withheld_source_ends_connections_without_an_answer(
    world: World, run: Run, ask: Ask, dial: Dial
) -> None:
    """Withhold HTTP; see handshakes succeed and requests get nothing."""
    world.withhold("http")
    network = run(world).network
    with dial(network, "ferry.example") as secured:
        assert secured.version() in {"TLSv1.2", "TLSv1.3"}
    with pytest.raises(http.client.RemoteDisconnected):
        ask(network, HOME)
