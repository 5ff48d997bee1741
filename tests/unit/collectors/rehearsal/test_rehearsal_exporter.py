"""The exporter serves an imaginary system in which counters count, and faults come and go."""

import http.client
from contextlib import closing
from dataclasses import replace

import pytest

from plimsoll.collectors.rehearsal import exporter as exporters
from plimsoll.collectors.rehearsal.exporter import HEALTHY, Exporter
from plimsoll.semantics.alerting.emitted import emitted
from plimsoll.semantics.alerting.places import Place
from plimsoll.semantics.alerting.role import Role
from plimsoll.semantics.alerting.scenario import Scenario
from plimsoll.semantics.alerting.system import System
from plimsoll.semantics.rehearsal.targets import targets

PLACE = Place({}, first_instance=True, first_region=True)
LABELS = {"job": "api", "instance": "a:1"}
ROLES = {
    "up": Role("up", "gauge", frozenset({"up"}), lambda system, _: system.up),
    "requests_total": Role("r", "counter", frozenset(), lambda system, _: system.requests),
    "memory": Role("m", "gauge", frozenset(), lambda system, _: system.memory),
}
FULL = Scenario("full", during=replace(System(), memory=0.9, requests=100.0))
DOWN = Scenario("down", during=replace(System(), up=0.0))


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    moment = [1000.0]
    monkeypatch.setattr(exporters.time, "time", lambda: moment[0])
    return moment


@pytest.fixture
def exporter(clock):
    """An exporter of one target."""
    with Exporter(
        targets([emitted(name, LABELS, role, PLACE) for name, role in ROLES.items()])
    ) as one:
        yield one


def values(exporter):
    """What its target answers, by name."""
    status, text = exporter.answer(f"{exporter.prefix}/target/0")
    assert status == 200
    pairs = (line.rsplit(" ", 1) for line in text.splitlines())
    return {name.partition("{")[0]: float(value) for name, value in pairs}


def test_counters_count_and_gauges_show(exporter, clock):
    """At the rate of the moment, and never from nought."""
    first = values(exporter)
    clock[0] += 10
    assert values(exporter)["requests_total"] - first["requests_total"] == pytest.approx(200)
    assert first["requests_total"] > 0
    exporter.play(FULL)
    before = values(exporter)
    clock[0] += 2
    after = values(exporter)
    assert after["requests_total"] - before["requests_total"] == pytest.approx(200)
    assert (first["memory"], after["memory"]) == (0.4, 0.9)
    assert exporter.play(HEALTHY) == clock[0]
    assert values(exporter)["requests_total"] == pytest.approx(after["requests_total"])


def test_a_target_that_is_down_answers_503(exporter):
    """And comes back with its counters."""
    path = f"{exporter.prefix}/target/0"
    exporter.play(DOWN)
    assert exporter.answer(path) == (503, "")
    exporter.play(HEALTHY)
    assert exporter.answer(path)[0] == 200


def test_nobody_else_is_served(exporter):
    """A path that was not told to Prometheus does not exist."""
    assert exporter.answer("/target/0") == (404, "")


def test_it_is_known_how_long_nothing_was_scraped(exporter, clock):
    """From a moment on, until now."""
    assert exporter.longest_pause(1000.0) == 0.0
    clock[0] = 1005.0
    assert exporter.longest_pause(1000.0) == 5.0
    values(exporter)
    clock[0] = 1006.0
    values(exporter)
    clock[0] = 1009.0
    assert exporter.longest_pause(1000.0) == 5.0
    assert exporter.longest_pause(1005.5) == 3.0


def test_it_is_served_over_http(exporter):
    """In the text format, which Prometheus 3 asks the type of."""
    with closing(http.client.HTTPConnection(exporter.address, timeout=5)) as connection:
        connection.request("GET", f"{exporter.prefix}/target/0")
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert b"requests_total{} " in answer.read()
        connection.request("GET", "/elsewhere")
        assert connection.getresponse().status == 404
