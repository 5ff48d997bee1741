"""HTTP is observed as it is: no redirect followed, no failure hidden, no secret told."""

from __future__ import annotations

import gzip
import logging
import socket
import struct
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors import http
from plimsoll.collectors.context import Limits
from plimsoll.collectors.network import Network
from plimsoll.facts.exchange import Exchange, HttpProbe
from plimsoll.findings import NotExercised, NotListening, NotObserved, Observed

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from plimsoll.collectors.context import Context

URL = "http://api.example.test/"
SECURE = "https://api.example.test/"
TOKEN = "canary-7f3a9c51e2"
QUICK = Limits(connect_seconds=1, read_seconds=1, retries=0)


def answer(status: int = 200, body: bytes = b"", *headers: tuple[str, str]):
    """Return a handler that answers at once."""

    def handle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return handle


def only(probe: HttpProbe, context: Context, attending) -> Observed | NotObserved:
    """Return the one sighting of one probe."""
    ((seen_probe, sighting),) = http.collect([probe], context, attending)
    assert seen_probe == probe
    return sighting


def first(sighting: Observed | NotObserved) -> Exchange:
    """Return the first exchange of something that was observed."""
    assert isinstance(sighting, Observed), sighting
    return sighting.value[0]


def test_response_is_observed_as_it_came(web, world, attending) -> None:
    """Status, lower-case headers in order, body and times are those of the server."""
    web.routes["/"] = answer(418, b"short", ("X-Twice", "a"), ("X-Twice", "b"))
    sighting = only(HttpProbe(URL), world({"api.example.test:80": web.port}), attending)
    exchange = first(sighting)
    assert (exchange.status, exchange.body, exchange.http_version) == (418, b"short", "HTTP/1.1")
    assert exchange.header("x-twice") == "a, b"
    assert exchange.url == URL
    assert exchange.elapsed_ms > 0
    assert exchange.at.utcoffset() == sighting.at.utcoffset() == timedelta(0)
    assert sighting.origin.where == URL
    assert sighting.origin.simulated


def test_host_header_names_the_real_host(web, world, attending) -> None:
    """The server is asked for the host of the URL, not for the loopback address."""
    web.routes["/"] = answer()
    only(HttpProbe(URL), world({"api.example.test:80": web.port}), attending)
    assert web.log[0][2]["Host"] == "api.example.test"


def test_redirect_is_not_followed(web, world, attending) -> None:
    """A redirect is the observation; its target is never asked."""
    web.routes["/"] = answer(301, b"", ("Location", "/elsewhere"))
    sighting = only(HttpProbe(URL), world({"api.example.test:80": web.port}), attending)
    assert first(sighting).header("location") == "/elsewhere"
    assert [path for _, path, _ in web.log] == ["/"]


def test_cookies_are_not_carried_from_one_request_to_the_next(web, world, attending) -> None:
    """A sample of requests is a sample of strangers."""
    web.routes["/"] = answer(200, b"", ("Set-Cookie", "session=1; Path=/"))
    only(HttpProbe(URL, count=3), world({"api.example.test:80": web.port}), attending)
    assert len(web.log) == 3
    assert not any("cookie" in map(str.lower, headers) for _, _, headers in web.log)


def test_head_has_headers_and_no_body(web, world, attending) -> None:
    """HEAD is a plain read whose answer has no body, even where it announces a compressed one."""
    web.routes["/"] = answer(200, b"body", ("Content-Encoding", "gzip"))
    probe = HttpProbe(URL, method="HEAD")
    exchange = first(only(probe, world({"api.example.test:80": web.port}), attending))
    assert (exchange.status, exchange.body) == (200, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "get", "CONNECT", ""])
def test_request_that_could_write_opens_no_socket(method, web, world, attending) -> None:
    """Nothing but GET, HEAD and OPTIONS is sent, and the refusal says so."""
    context = world({"api.example.test:80": web.port})
    sighting = only(HttpProbe(URL, method=method), context, attending)
    assert isinstance(sighting, NotObserved)
    assert "only GET, HEAD, OPTIONS" in sighting.reason
    assert web.log == []


def test_secure_response_is_verified_for_the_real_host(
    serve, server_context, world, attending
) -> None:
    """A certificate of the world's authority for the URL's host is accepted."""
    secure = serve(server_context("api.example.test"))
    secure.routes["/"] = answer(200, b"private")
    context = world({"api.example.test:443": secure.port})
    assert first(only(HttpProbe(SECURE), context, attending)).body == b"private"


def test_wrong_host_is_not_accepted(serve, server_context, world, attending) -> None:
    """A trusted certificate of another host fails, although the connection goes to loopback."""
    secure = serve(server_context("other.example.test"))
    sighting = only(HttpProbe(SECURE), world({"api.example.test:443": secure.port}), attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the certificate is not valid for api.example.test"
    assert secure.log == []


def test_wrong_host_is_not_accepted_on_a_connection_that_is_kept(
    serve, server_context, world, attending
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


def test_expired_certificate_is_told(serve, server_context, world, attending) -> None:
    """The reason names what is wrong with the certificate."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    secure = serve(server_context("api.example.test", not_after=yesterday))
    sighting = only(HttpProbe(SECURE), world({"api.example.test:443": secure.port}), attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the certificate has expired"


def test_unknown_authority_is_told(serve, server_context, world, attending) -> None:
    """A world that trusts another authority does not trust this one's certificates."""
    import trustme

    secure = serve(server_context("api.example.test"))
    context = world({"api.example.test:443": secure.port})
    other = trustme.CA().cert_pem.bytes().decode()
    context = replace(context, network=replace(context.network, authority_pem=other))
    sighting = only(HttpProbe(SECURE), context, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the certificate's authority is not trusted"


def test_name_that_leads_nowhere_is_refused_in_a_closed_world(world, attending) -> None:
    """A mocked run never reaches the Internet: an unknown name is a refused connection."""
    sighting = only(HttpProbe("http://example.com/"), world({}), attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the connection was refused"
    assert str(sighting) == "http://example.com/: the connection was refused"


def test_only_a_refused_connection_shows_that_nothing_listens(converse, world, attending) -> None:
    """A closed port is told apart from a server that breaks off."""
    context = world({"api.example.test:80": converse(reset)}, QUICK)
    assert type(only(HttpProbe(URL), context, attending)) is NotObserved
    assert type(only(HttpProbe(SECURE), context, attending)) is NotListening


def test_refusal_by_a_proxy_tells_nothing_of_the_host(world, attending, monkeypatch) -> None:
    """Where a proxy is down, the host behind it was not looked at."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    context = replace(world({}), network=Network())
    sighting = only(HttpProbe("http://somewhere.invalid/"), context, attending)
    assert type(sighting) is NotObserved
    assert sighting.reason == "the connection was refused"


def test_name_that_does_not_resolve_is_told(world, attending) -> None:
    """On an open network a name that has no address is named."""
    context = replace(world({}), network=Network())
    sighting = only(HttpProbe("http://nowhere.invalid/"), context, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the name nowhere.invalid does not resolve"


def test_slow_answer_is_told_with_its_limit(converse, world, attending) -> None:
    """A server that accepts and says nothing costs the read limit, and the limit is named."""
    port = converse(lambda peer: peer.recv(1) and time.sleep(1))
    limits = Limits(read_seconds=0.1, retries=0)
    sighting = only(HttpProbe(URL), world({"api.example.test:80": port}, limits), attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "no complete answer within 0.1 s"


def test_unreachable_host_is_not_waited_for_again(world, attending, monkeypatch) -> None:
    """A host that swallows connections costs each of its lanes one wait, not one for each probe."""
    waits: list[object] = []

    def swallow(address: object, *_: object, **__: object) -> None:
        waits.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", swallow)
    probes = [HttpProbe(f"{URL}{number}") for number in range(20)]
    seen = dict(http.collect(probes, world({}, replace(QUICK, per_host=2)), attending))
    assert len(waits) <= 2
    assert all(isinstance(sighting, NotObserved) for sighting in seen.values())
    reasons = {sighting.reason for sighting in seen.values()}
    assert reasons == {
        "no connection within 1 s",
        "no connection was possible for an earlier request to this host",
    }


def test_body_that_drips_does_not_hold_the_run(converse, world, attending) -> None:
    """Each byte comes within the read limit, but the exchange as a whole is bounded too."""

    def drip(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(50):
            peer.sendall(b".")
            time.sleep(0.05)

    limits = Limits(connect_seconds=0.1, read_seconds=0.1, retries=0)
    context = world({"api.example.test:80": converse(drip)}, limits)
    sighting = only(HttpProbe(URL), context, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "no complete answer within 0.1 s"


def reset(peer: socket.socket) -> None:
    """Answer with a reset."""
    peer.recv(100)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (reset, "the connection was reset"),
        (
            lambda peer: peer.recv(1000) and peer.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
            "the server broke off or does not speak HTTP",
        ),
        (
            lambda peer: (
                peer.recv(1000)
                and peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
            ),
            "the server broke off or does not speak HTTP",
        ),
    ],
    ids=["reset", "another protocol", "cut off"],
)
def test_broken_answer_is_not_observed(talk, reason, converse, world, attending) -> None:
    """A response that is not whole is no response."""
    context = world({"api.example.test:80": converse(talk)}, QUICK)
    sighting = only(HttpProbe(URL), context, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == reason


def test_transport_is_tried_again_and_a_status_is_not(converse, web, world, attending) -> None:
    """One reset is survived; a 503 is what it is."""
    calls: list[int] = []

    def stumble(peer: socket.socket) -> None:
        calls.append(1)
        if len(calls) == 1:
            return reset(peer)
        peer.recv(1000)
        peer.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        return None

    web.routes["/"] = answer(503)
    limits = Limits(connect_seconds=1, read_seconds=1, retries=1)
    context = world({"api.example.test:80": converse(stumble), "b.test:80": web.port}, limits)
    assert first(only(HttpProbe(URL), context, attending)).status == 204
    assert first(only(HttpProbe("http://b.test/"), context, attending)).status == 503
    assert len(web.log) == 1


def test_exercise_is_never_repeated(converse, world, attending) -> None:
    """What makes load makes no more of it than was asked for, even where the transport fails."""
    calls: list[int] = []

    def refuse(peer: socket.socket) -> None:
        calls.append(1)
        reset(peer)

    context = world(
        {"api.example.test:80": converse(refuse)},
        replace(QUICK, retries=3),
        exercises=frozenset({"burst"}),
    )
    sighting = only(HttpProbe(URL, count=9, exercise="burst"), context, attending)
    assert isinstance(sighting, NotObserved)
    assert len(calls) == 1


def test_large_body_is_cut_and_says_so(web, world, attending) -> None:
    """A body is read up to the cap, and never taken for the whole."""
    web.routes["/"] = answer(200, b"x" * 1001)
    limits = replace(QUICK, body_bytes=1000)
    context = world({"api.example.test:80": web.port}, limits)
    exchange = first(only(HttpProbe(URL), context, attending))
    assert (len(exchange.body), exchange.truncated) == (1000, True)


def test_compressed_bomb_is_cut_at_the_cap(web, world, attending) -> None:
    """A small body that expands a thousandfold is cut where a large one is."""
    web.routes["/"] = answer(200, gzip.compress(b"\0" * 20_000_000), ("Content-Encoding", "gzip"))
    context = world({"api.example.test:80": web.port}, replace(QUICK, body_bytes=5000))
    exchange = first(only(HttpProbe(URL), context, attending))
    assert (exchange.body, exchange.truncated) == (b"\0" * 5000, True)
    assert exchange.header("content-encoding") == "gzip"


def test_proxies_of_the_environment_do_not_count_in_a_closed_world(
    web, world, attending, monkeypatch
) -> None:
    """A mocked run speaks to its servers, not to the proxy of the machine it runs on."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.routes["/"] = answer()
    context = world({"api.example.test:80": web.port})
    assert first(only(HttpProbe(URL), context, attending)).status == 200


def test_proxy_of_the_environment_counts_on_the_real_network(
    web, world, attending, monkeypatch
) -> None:
    """Behind a proxy, the proxy is asked; a host it exempts is asked itself."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{web.port}")
    monkeypatch.setenv("no_proxy", "exempt.invalid")
    web.routes["http://somewhere.invalid/"] = answer(203)
    context = replace(world({}), network=Network())
    assert first(only(HttpProbe("http://somewhere.invalid/"), context, attending)).status == 203
    exempt = only(HttpProbe("http://exempt.invalid/"), context, attending)
    assert isinstance(exempt, NotObserved)
    assert exempt.reason == "the name exempt.invalid does not resolve"


def test_credential_is_sent_and_told_to_nobody(web, world, attending, caplog) -> None:
    """The token reaches the server, and no exchange, message or log, even if it is echoed."""
    caplog.set_level(logging.DEBUG)
    web.routes["/"] = answer(200, f"you sent {TOKEN}".encode(), ("X-Echo", f"Bearer {TOKEN}"))
    context = world({"api.example.test:80": web.port}, credentials={"API_TOKEN": f"{TOKEN}\n"})
    probe = HttpProbe(URL, credential="API_TOKEN")
    sighting = only(probe, context, attending)
    assert web.log[0][2]["authorization"] == f"Bearer {TOKEN}"
    assert first(sighting).body == b"you sent [masked]"
    assert TOKEN not in repr(sighting) + repr(probe) + caplog.text


@pytest.mark.parametrize("token", [TOKEN, f"{TOKEN}\n{TOKEN}", f"{TOKEN}\N{SNOWMAN}"])
def test_failure_tells_no_credential(token, converse, world, attending) -> None:
    """Neither the reason nor anything that hangs on it holds the token."""
    context = world({"api.example.test:80": converse(reset)}, credentials={"API_TOKEN": token})
    sighting = only(HttpProbe(URL, credential="API_TOKEN"), context, attending)
    assert isinstance(sighting, NotObserved)
    assert TOKEN not in repr(sighting) + str(sighting)
    assert (sighting.__traceback__, sighting.__cause__, sighting.__context__) == (None, None, None)


@pytest.mark.parametrize("credentials", [{}, {"API_TOKEN": ""}, {"API_TOKEN": " \n"}])
def test_missing_credential_names_its_variable(credentials, web, world, attending) -> None:
    """Without a token nothing is asked, and the reason says which variable to set."""
    context = world({"api.example.test:80": web.port}, credentials=credentials)
    sighting = only(HttpProbe(URL, credential="API_TOKEN"), context, attending)
    assert isinstance(sighting, NotObserved)
    assert "API_TOKEN is not set" in sighting.reason
    assert web.log == []


@pytest.mark.parametrize(
    "probe",
    [
        HttpProbe(f"http://user:{TOKEN}@api.example.test/"),
        HttpProbe(URL, headers=(("Authorization", f"Basic {TOKEN}"),)),
        HttpProbe(URL, headers=(("cookie", TOKEN),)),
    ],
    ids=["in the URL", "authorization", "cookie"],
)
def test_secret_in_a_probe_is_refused(probe, web, world, attending) -> None:
    """Secrets are named by variables; a probe that holds one is not sent, nor repeated."""
    sighting = only(probe, world({"api.example.test:80": web.port}), attending)
    assert isinstance(sighting, NotObserved)
    assert "`credential`" in sighting.reason
    assert TOKEN not in str(sighting) + repr(sighting)
    assert web.log == []


def test_exercise_that_was_not_asked_for_is_not_run(web, world, attending) -> None:
    """A burst is not tested, and says how to ask for it."""
    context = world({"api.example.test:80": web.port})
    sighting = only(HttpProbe(URL, count=50, exercise="burst"), context, attending)
    assert isinstance(sighting, NotExercised)
    assert "the exercise 'burst' was not asked for" in sighting.reason
    assert web.log == []


def test_exercise_that_was_asked_for_makes_exactly_its_requests(web, world, attending) -> None:
    """A burst of n is n requests, one after the other, each with its answer."""
    remaining = iter(range(12))

    def limited(handler: BaseHTTPRequestHandler) -> None:
        answer(200 if next(remaining) < 10 else 429)(handler)

    web.routes["/"] = limited
    context = world({"api.example.test:80": web.port}, exercises=frozenset({"burst"}))
    sighting = only(HttpProbe(URL, count=12, exercise="burst"), context, attending)
    assert isinstance(sighting, Observed)
    assert [exchange.status for exchange in sighting.value] == [200] * 10 + [429] * 2
    assert len(web.log) == 12


def test_half_a_sample_is_no_sample(converse, world, attending) -> None:
    """Where the third request gets no answer, the two before it do not stand for the whole."""
    calls: list[int] = []

    def stop_at_three(peer: socket.socket) -> None:
        calls.append(1)
        peer.recv(1000)
        if len(calls) < 3:
            peer.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    context = world({"api.example.test:80": converse(stop_at_three)})
    sighting = only(HttpProbe(URL, count=3), context, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason.startswith("request 3 of 3: ")


@pytest.mark.parametrize(
    "url",
    ["ftp://api.example.test/", "api.example.test", "http://[::1", "http://", "", "http://a b/"],
)
def test_what_is_no_url_costs_only_itself(url, web, world, attending) -> None:
    """A probe that cannot be sent is not observed, and the others are."""
    web.routes["/"] = answer()
    context = world({"api.example.test:80": web.port})
    seen = dict(http.collect([HttpProbe(url), HttpProbe(URL)], context, attending))
    assert isinstance(seen[HttpProbe(url)], NotObserved)
    assert isinstance(seen[HttpProbe(URL)], Observed)


def test_sample_ends_when_nobody_waits(web, world, attending) -> None:
    """After the run's end no further request is sent, and the sample is not observed."""

    def last(handler: BaseHTTPRequestHandler) -> None:
        attending.waiting = False
        answer()(handler)

    web.routes["/"] = last
    context = world({"api.example.test:80": web.port})
    sighting = only(HttpProbe(URL, count=5), context, attending)
    assert isinstance(sighting, NotObserved)
    assert len(web.log) == 1


def test_one_host_is_asked_by_no_more_than_its_share(web, world, attending) -> None:
    """However many probes a host has, few are under way there at once."""
    at_once: list[int] = [0]
    most: list[int] = [0]

    def count(handler: BaseHTTPRequestHandler) -> None:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        time.sleep(0.02)
        at_once[0] -= 1
        answer()(handler)

    probes = [HttpProbe(f"{URL}{number}") for number in range(12)]
    web.routes.update({f"/{number}": count for number in range(12)})
    limits = replace(QUICK, concurrency=8, per_host=2)
    seen = dict(http.collect(probes, world({"api.example.test:80": web.port}, limits), attending))
    assert all(isinstance(sighting, Observed) for sighting in seen.values())
    assert most[0] == 2
