"""A failed exchange is told in words for people, and never taken for an answer."""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors import http
from plimsoll.collectors.context import Limits
from plimsoll.collectors.network import Network
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotListening, NotObserved, Observed

if TYPE_CHECKING:
    pass

URL = "http://api.example.test/"
SECURE = "https://api.example.test/"
TOKEN = "canary-7f3a9c51e2"
QUICK = Limits(connect_seconds=1, read_seconds=1, retries=0)


def test_name_that_leads_nowhere_is_refused_in_a_closed_world(world, only) -> None:
    """A mocked run never reaches the Internet: an unknown name is a refused connection."""
    sighting = only(HttpProbe("http://example.com/"), world({}))
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the connection was refused"
    assert str(sighting) == "http://example.com/: the connection was refused"


def test_only_a_refused_connection_shows_that_nothing_listens(converse, world, only) -> None:
    """A closed port is told apart from a server that breaks off."""
    context = world({"api.example.test:80": converse(reset)}, QUICK)
    assert type(only(HttpProbe(URL), context)) is NotObserved
    assert type(only(HttpProbe(SECURE), context)) is NotListening


def test_refusal_by_a_proxy_tells_nothing_of_the_host(world, monkeypatch, only) -> None:
    """Where a proxy is down, the host behind it was not looked at."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    context = replace(world({}), network=Network())
    sighting = only(HttpProbe("http://somewhere.invalid/"), context)
    assert type(sighting) is NotObserved
    assert sighting.reason == "the connection was refused"


def test_name_that_does_not_resolve_is_told(world, only) -> None:
    """On an open network a name that has no address is named."""
    context = replace(world({}), network=Network())
    sighting = only(HttpProbe("http://nowhere.invalid/"), context)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the name nowhere.invalid does not resolve"


def test_slow_answer_is_told_with_its_limit(converse, world, only) -> None:
    """A server that accepts and says nothing costs the read limit, and the limit is named."""
    port = converse(lambda peer: peer.recv(1) and time.sleep(1))
    limits = Limits(read_seconds=0.1, retries=0)
    sighting = only(HttpProbe(URL), world({"api.example.test:80": port}, limits))
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


def test_body_that_drips_does_not_hold_the_run(converse, world, only) -> None:
    """Each byte comes within the read limit, but the exchange as a whole is bounded too."""

    def drip(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(50):
            peer.sendall(b".")
            time.sleep(0.05)

    limits = Limits(connect_seconds=0.1, read_seconds=0.1, retries=0)
    context = world({"api.example.test:80": converse(drip)}, limits)
    sighting = only(HttpProbe(URL), context)
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
def test_broken_answer_is_not_observed(talk, reason, converse, world, only) -> None:
    """A response that is not whole is no response."""
    context = world({"api.example.test:80": converse(talk)}, QUICK)
    sighting = only(HttpProbe(URL), context)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == reason


def test_transport_is_tried_again_and_a_status_is_not(
    converse, web, world, only, answer, first
) -> None:
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
    assert first(only(HttpProbe(URL), context)).status == 204
    assert first(only(HttpProbe("http://b.test/"), context)).status == 503
    assert len(web.log) == 1


def test_exercise_is_never_repeated(converse, world, only) -> None:
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
    sighting = only(HttpProbe(URL, count=9, exercise="burst"), context)
    assert isinstance(sighting, NotObserved)
    assert len(calls) == 1


@pytest.mark.parametrize("token", [TOKEN, f"{TOKEN}\n{TOKEN}", f"{TOKEN}\N{SNOWMAN}"])
def test_failure_tells_no_credential(token, converse, world, only) -> None:
    """Neither the reason nor anything that hangs on it holds the token."""
    context = world({"api.example.test:80": converse(reset)}, credentials={"API_TOKEN": token})
    sighting = only(HttpProbe(URL, credential="API_TOKEN"), context)
    assert isinstance(sighting, NotObserved)
    assert TOKEN not in repr(sighting) + str(sighting)
    assert (sighting.__traceback__, sighting.__cause__, sighting.__context__) == (None, None, None)


def test_half_a_sample_is_no_sample(converse, world, only) -> None:
    """Where the third request gets no answer, the two before it do not stand for the whole."""
    calls: list[int] = []

    def stop_at_three(peer: socket.socket) -> None:
        calls.append(1)
        peer.recv(1000)
        if len(calls) < 3:
            peer.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    context = world({"api.example.test:80": converse(stop_at_three)})
    sighting = only(HttpProbe(URL, count=3), context)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason.startswith("request 3 of 3: ")


@pytest.mark.parametrize(
    "url",
    ["ftp://api.example.test/", "api.example.test", "http://[::1", "http://", "", "http://a b/"],
)
def test_what_is_no_url_costs_only_itself(url, web, world, attending, answer) -> None:
    """A probe that cannot be sent is not observed, and the others are."""
    web.routes["/"] = answer()
    context = world({"api.example.test:80": web.port})
    seen = dict(http.collect([HttpProbe(url), HttpProbe(URL)], context, attending))
    assert isinstance(seen[HttpProbe(url)], NotObserved)
    assert isinstance(seen[HttpProbe(URL)], Observed)
