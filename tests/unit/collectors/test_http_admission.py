"""What is sent at all: plain reads, named secrets told to nobody, and load that was asked for."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors import http
from plimsoll.collectors.context import Limits
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotExercised, NotObserved, Observed

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


URL = "http://api.example.test/"
SECURE = "https://api.example.test/"
TOKEN = "canary-7f3a9c51e2"
QUICK = Limits(connect_seconds=1, read_seconds=1, retries=0)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "get", "CONNECT", ""])
def test_request_that_could_write_opens_no_socket(method, web, world, only) -> None:
    """Nothing but GET, HEAD and OPTIONS is sent, and the refusal says so."""
    context = world({"api.example.test:80": web.port})
    sighting = only(HttpProbe(URL, method=method), context)
    assert isinstance(sighting, NotObserved)
    assert "only GET, HEAD, OPTIONS" in sighting.reason
    assert web.log == []


def test_credential_is_sent_and_told_to_nobody(web, world, caplog, only, answer, first) -> None:
    """The token reaches the server, and no exchange, message or log, even if it is echoed."""
    caplog.set_level(logging.DEBUG)
    web.routes["/"] = answer(200, f"you sent {TOKEN}".encode(), ("X-Echo", f"Bearer {TOKEN}"))
    context = world({"api.example.test:80": web.port}, credentials={"API_TOKEN": f"{TOKEN}\n"})
    probe = HttpProbe(URL, credential="API_TOKEN")
    sighting = only(probe, context)
    assert web.log[0][2]["authorization"] == f"Bearer {TOKEN}"
    assert first(sighting).body == b"you sent [masked]"
    assert TOKEN not in repr(sighting) + repr(probe) + caplog.text


@pytest.mark.parametrize("credentials", [{}, {"API_TOKEN": ""}, {"API_TOKEN": " \n"}])
def test_missing_credential_names_its_variable(credentials, web, world, only) -> None:
    """Without a token nothing is asked, and the reason says which variable to set."""
    context = world({"api.example.test:80": web.port}, credentials=credentials)
    sighting = only(HttpProbe(URL, credential="API_TOKEN"), context)
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
def test_secret_in_a_probe_is_refused(probe, web, world, only) -> None:
    """Secrets are named by variables; a probe that holds one is not sent, nor repeated."""
    sighting = only(probe, world({"api.example.test:80": web.port}))
    assert isinstance(sighting, NotObserved)
    assert "`credential`" in sighting.reason
    assert TOKEN not in str(sighting) + repr(sighting)
    assert web.log == []


def test_exercise_that_was_not_asked_for_is_not_run(web, world, only) -> None:
    """A burst is not tested, and says how to ask for it."""
    context = world({"api.example.test:80": web.port})
    sighting = only(HttpProbe(URL, count=50, exercise="burst"), context)
    assert isinstance(sighting, NotExercised)
    assert "the exercise 'burst' was not asked for" in sighting.reason
    assert web.log == []


def test_exercise_that_was_asked_for_makes_exactly_its_requests(web, world, only, answer) -> None:
    """A burst of n is n requests, one after the other, each with its answer."""
    remaining = iter(range(12))

    def limited(handler: BaseHTTPRequestHandler) -> None:
        answer(200 if next(remaining) < 10 else 429)(handler)

    web.routes["/"] = limited
    context = world({"api.example.test:80": web.port}, exercises=frozenset({"burst"}))
    sighting = only(HttpProbe(URL, count=12, exercise="burst"), context)
    assert isinstance(sighting, Observed)
    assert [exchange.status for exchange in sighting.value] == [200] * 10 + [429] * 2
    assert len(web.log) == 12


def test_sample_ends_when_nobody_waits(web, world, attending, only, answer) -> None:
    """After the run's end no further request is sent, and the sample is not observed."""

    def last(handler: BaseHTTPRequestHandler) -> None:
        attending.waiting = False
        answer()(handler)

    web.routes["/"] = last
    context = world({"api.example.test:80": web.port})
    sighting = only(HttpProbe(URL, count=5), context)
    assert isinstance(sighting, NotObserved)
    assert len(web.log) == 1


def test_one_host_is_asked_by_no_more_than_its_share(web, world, attending, answer) -> None:
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
