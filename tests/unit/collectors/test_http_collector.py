"""HTTP is observed as it is: no redirect followed, no host mistaken for another."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from plimsoll.collectors import http
from plimsoll.collectors.context import Limits
from plimsoll.collectors.network import Network
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotObserved, Observed

if TYPE_CHECKING:
    import socket

URL = "http://api.example.test/"
SECURE = "https://api.example.test/"
TOKEN = "canary-7f3a9c51e2"
PATIENT = Limits(connect_seconds=10, read_seconds=10, retries=0)
QUICK = Limits(connect_seconds=1, read_seconds=1, retries=0)


def test_response_is_observed_as_it_came(web, world, only, answer, first) -> None:
    """Status, lower-case headers in order, body and times are those of the server."""
    web.routes["/"] = answer(418, b"short", ("X-Twice", "a"), ("X-Twice", "b"))
    sighting = only(HttpProbe(URL), world({"api.example.test:80": web.port}))
    exchange = first(sighting)
    assert (exchange.status, exchange.body, exchange.http_version) == (418, b"short", "HTTP/1.1")
    assert exchange.header("x-twice") == "a, b"
    assert exchange.url == URL
    assert exchange.elapsed_ms > 0
    assert exchange.at.utcoffset() == sighting.at.utcoffset() == timedelta(0)
    assert sighting.origin.where == URL
    assert sighting.origin.simulated


def test_the_time_of_an_answer_begins_when_the_request_is_sent(
    server_context, converse, world, only, first
) -> None:
    """How long the connection took to stand says nothing of the answer."""
    slow_seconds = 0.3

    def answer_late(peer: socket.socket) -> None:
        time.sleep(slow_seconds)
        with server_context("api.example.test").wrap_socket(peer, server_side=True) as secure:
            secure.recv(4096)
            secure.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    began = time.perf_counter()
    context = world({"api.example.test:443": converse(answer_late)}, limits=PATIENT)
    exchange = first(only(HttpProbe(SECURE), context))
    whole_ms = (time.perf_counter() - began) * 1000
    assert 0 < exchange.elapsed_ms <= whole_ms - slow_seconds * 1000


def test_host_header_names_the_real_host(web, world, only, answer) -> None:
    """The server is asked for the host of the URL, not for the loopback address."""
    web.routes["/"] = answer()
    only(HttpProbe(URL), world({"api.example.test:80": web.port}))
    assert web.log[0][2]["Host"] == "api.example.test"


def test_redirect_is_not_followed(web, world, only, answer, first) -> None:
    """A redirect is the observation; its target is never asked."""
    web.routes["/"] = answer(301, b"", ("Location", "/elsewhere"))
    sighting = only(HttpProbe(URL), world({"api.example.test:80": web.port}))
    assert first(sighting).header("location") == "/elsewhere"
    assert [path for _, path, _ in web.log] == ["/"]


def test_cookies_are_not_carried_from_one_request_to_the_next(web, world, only, answer) -> None:
    """A sample of requests is a sample of strangers."""
    web.routes["/"] = answer(200, b"", ("Set-Cookie", "session=1; Path=/"))
    only(HttpProbe(URL, count=3), world({"api.example.test:80": web.port}))
    assert len(web.log) == 3
    assert not any("cookie" in map(str.lower, headers) for _, _, headers in web.log)


def test_head_has_headers_and_no_body(web, world, only, answer, first) -> None:
    """HEAD is a plain read whose answer has no body, even where it announces a compressed one."""
    web.routes["/"] = answer(200, b"body", ("Content-Encoding", "gzip"))
    probe = HttpProbe(URL, method="HEAD")
    exchange = first(only(probe, world({"api.example.test:80": web.port})))
    assert (exchange.status, exchange.body) == (200, b"")


def test_secure_response_is_verified_for_the_real_host(
    serve, server_context, world, only, answer, first
) -> None:
    """A certificate of the world's authority for the URL's host is accepted."""
    secure = serve(server_context("api.example.test"))
    secure.routes["/"] = answer(200, b"private")
    context = world({"api.example.test:443": secure.port})
    assert first(only(HttpProbe(SECURE), context)).body == b"private"


def test_wrong_host_is_not_accepted(serve, server_context, world, only) -> None:
    """A trusted certificate of another host fails, although the connection goes to loopback."""
    secure = serve(server_context("other.example.test"))
    sighting = only(HttpProbe(SECURE), world({"api.example.test:443": secure.port}))
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the certificate is not valid for api.example.test"
    assert secure.log == []


def test_wrong_host_is_not_accepted_on_a_connection_that_is_kept(
    serve, server_context, world, attending, answer
) -> None:
    """Two names that lead to one address do not share a connection, nor a verification."""
    secure = serve(server_context("api.example.test"))
    secure.routes["/"] = answer()
    context = world({"api.example.test:443": secure.port, "other.example.test:443": secure.port})
    context = replace(context, limits=replace(context.limits, concurrency=1))
    probes = [HttpProbe(SECURE), HttpProbe("https://other.example.test/"), HttpProbe(SECURE + "x")]
    seen = dict(http.collect(probes, context, attending))
    assert isinstance(seen[probes[0]], Observed)
    assert isinstance(seen[probes[1]], NotObserved)
    assert len(secure.log) == 2


def test_expired_certificate_is_told(serve, server_context, world, only) -> None:
    """The reason names what is wrong with the certificate."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    secure = serve(server_context("api.example.test", not_after=yesterday))
    sighting = only(HttpProbe(SECURE), world({"api.example.test:443": secure.port}))
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the certificate has expired"


def test_unknown_authority_is_told(serve, server_context, world, only) -> None:
    """A world that trusts another authority does not trust this one's certificates."""
    import trustme

    secure = serve(server_context("api.example.test"))
    context = world({"api.example.test:443": secure.port})
    other = trustme.CA().cert_pem.bytes().decode()
    context = replace(context, network=replace(context.network, authority_pem=other))
    sighting = only(HttpProbe(SECURE), context)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the certificate's authority is not trusted"


def test_large_body_is_cut_and_says_so(web, world, only, answer, first) -> None:
    """A body is read up to the cap, and never taken for the whole."""
    web.routes["/"] = answer(200, b"x" * 1001)
    limits = replace(QUICK, body_bytes=1000)
    context = world({"api.example.test:80": web.port}, limits)
    exchange = first(only(HttpProbe(URL), context))
    assert (len(exchange.body), exchange.truncated) == (1000, True)


def test_compressed_bomb_is_cut_at_the_cap(web, world, only, answer, first) -> None:
    """A small body that expands a thousandfold is cut where a large one is."""
    web.routes["/"] = answer(200, gzip.compress(b"\0" * 20_000_000), ("Content-Encoding", "gzip"))
    context = world({"api.example.test:80": web.port}, replace(QUICK, body_bytes=5000))
    exchange = first(only(HttpProbe(URL), context))
    assert (exchange.body, exchange.truncated) == (b"\0" * 5000, True)
    assert exchange.header("content-encoding") == "gzip"


def test_proxies_of_the_environment_do_not_count_in_a_closed_world(
    web, world, monkeypatch, only, answer, first
) -> None:
    """A mocked run speaks to its servers, not to the proxy of the machine it runs on."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.routes["/"] = answer()
    context = world({"api.example.test:80": web.port})
    assert first(only(HttpProbe(URL), context)).status == 200


def test_proxy_of_the_environment_counts_on_the_real_network(
    web, world, monkeypatch, only, answer, first
) -> None:
    """Behind a proxy, the proxy is asked; a host it exempts is asked itself."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{web.port}")
    monkeypatch.setenv("no_proxy", "exempt.invalid")
    web.routes["http://somewhere.invalid/"] = answer(203)
    context = replace(world({}), network=Network())
    assert first(only(HttpProbe("http://somewhere.invalid/"), context)).status == 203
    exempt = only(HttpProbe("http://exempt.invalid/"), context)
    assert isinstance(exempt, NotObserved)
    assert exempt.reason == "the name exempt.invalid does not resolve"
