"""Prometheus, Alertmanager and Grafana are read once each, and whatever is no answer says why."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from plimsoll.collectors import monitoring
from plimsoll.collectors.context import Limits
from plimsoll.collectors.evidence import evidence
from plimsoll.collectors.snapshot import Snapshot
from plimsoll.facts.monitoring_reading import MonitoringProbe, MonitoringReading
from plimsoll.findings import NotObserved, Observed, ScopeMissing

URL = "http://monitor.example.test:9090"
TARGETS = MonitoringProbe("prometheus", "targets", URL)
SILENCES = MonitoringProbe("alertmanager", "silences", URL)
BOARDS = MonitoringProbe("grafana", "dashboards", URL)
PATH = "/api/v1/targets?state=active"
FOUND = b'{"status":"success","data":{"activeTargets":[{"health":"up","labels":{"job":"a"}}]}}'
KEPT = '{"activeTargets":[{"health":"up","labels":{"job":"a"}}]}'
JSON = ("Content-Type", "application/json")
SECRET = "canary-5f1e2d"


@pytest.fixture
def ask(web, world, attending):
    """Return what reads a probe of the server, with what credentials there are."""

    def asked(probe=TARGETS, **others):
        context = world({"monitor.example.test:9090": web.port}, **others)
        ((seen_probe, sighting),) = monitoring.collect([probe, probe], context, attending)
        assert seen_probe == probe
        return sighting

    return asked


def test_what_the_api_tells_is_kept_with_where_it_was_told(web, answer, ask):
    """Asked once, and only for JSON."""
    web.routes[PATH] = answer(200, FOUND, JSON)
    seen = ask()
    assert isinstance(seen, Observed)
    assert seen.value == MonitoringReading(f"GET {URL}{PATH}", KEPT)
    assert (seen.origin.source, seen.origin.where) == ("prom", f"GET {URL}{PATH}")
    assert seen.origin.simulated
    ((method, path, headers),) = web.log
    assert (method, path, headers["accept"]) == ("GET", PATH, "application/json")
    assert "authorization" not in {name.lower() for name in headers}


def test_what_was_seen_can_be_written_down_and_restored(web, answer, ask, attending):
    """As a snapshot, whole; as evidence, as the JSON it is."""
    web.routes[PATH] = answer(200, FOUND, JSON)
    seen = ask()
    snapshot = Snapshot({TARGETS: seen}, seen.at, seen.at)
    assert Snapshot.from_json(snapshot.to_json())[TARGETS] == seen
    (document,) = evidence(TARGETS, seen)
    assert json.loads(document.content)["observed"]["body"] == json.loads(KEPT)


@pytest.mark.parametrize(
    ("user", "header"),
    [
        ("", f"Bearer {SECRET}"),
        ("reader", f"Basic {b64encode(f'reader:{SECRET}'.encode()).decode()}"),
    ],
)
def test_a_credential_is_sent_as_declared_and_told_to_nobody(web, answer, ask, user, header):
    """A token, or with a user a password; what echoes it is masked."""
    told = [{"id": SECRET, "status": {"state": "active"}, "matchers": []}]
    web.routes["/api/v2/silences"] = answer(200, json.dumps(told).encode(), JSON)
    probe = MonitoringProbe("alertmanager", "silences", URL, "", "TOKEN", user)
    seen = ask(probe, credentials={"TOKEN": f" {SECRET}\n"})
    assert web.log[0][2]["authorization"] == header
    assert SECRET not in seen.value.body
    assert SECRET not in repr(seen)


@pytest.mark.parametrize(
    ("value", "reason"),
    [("", "is not set"), ("two words", "no credential"), ("schlüssel", "no credential")],
)
def test_nothing_is_asked_without_the_credential(web, ask, value, reason):
    """Not with another one, and not with something that is none."""
    probe = MonitoringProbe("prometheus", "targets", URL, "", "TOKEN")
    seen = ask(probe, credentials={"TOKEN": value})
    assert isinstance(seen, NotObserved)
    assert reason in seen.reason
    assert "TOKEN" in seen.reason
    assert web.log == []


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, b"Unauthorized", "the credential is not accepted (401)"),
        (404, b"404 page not found", "nothing is there"),
        (503, b"Service Unavailable", "not ready yet"),
        (503, b'{"status":"error","errorType":"unavailable"}', "not ready yet"),
        (400, b'{"status":"error","errorType":"bad_data","error":"x"}', "malformed"),
        (302, b"", "redirects"),
        (200, b"<!doctype html><title>Log in</title>", "no JSON"),
        (200, b"[]", "none of Prometheus"),
        (200, b"null", "no JSON"),
        (200, b'{"status":"success","data":[]}', "not the form"),
        (200, b'{"status":"success","data":{},"warnings":["x"]}', "incomplete"),
        (200, b"[" * 200_000, "no JSON"),
        (200, FOUND[:30], "no JSON"),
    ],
)
def test_whatever_is_no_answer_is_not_observed(web, answer, ask, status, body, reason):
    """A refusal, a proxy's page, a part of an answer; asked once all the same."""
    web.routes[PATH] = answer(status, body)
    seen = ask()
    assert type(seen) is NotObserved
    assert reason in seen.reason
    assert len(web.log) == 1


def test_a_missing_permission_is_named(web, answer, ask):
    """Grafana lets a token in and shows it nothing."""
    web.routes["/api/search?type=dash-db&limit=5000"] = answer(403, b'{"message":"x"}', JSON)
    seen = ask(BOARDS)
    assert type(seen) is ScopeMissing
    assert "dashboards:read" in seen.reason


def test_an_answer_without_end_is_cut_off(web, answer, ask, monkeypatch):
    """What does not fit was not read, and is not taken for the whole."""
    monkeypatch.setattr(monitoring, "ANSWER_BYTES", 50)
    web.routes[PATH] = answer(200, FOUND, JSON)
    seen = ask()
    assert isinstance(seen, NotObserved)
    assert "longer than" in seen.reason


def test_a_broken_transport_is_tried_again_and_no_more(web, ask):
    """As often as the limits say; a refused connection is told as one."""

    def hang_up(handler):
        handler.connection.close()

    web.routes[PATH] = hang_up
    seen = ask(limits=Limits(connect_seconds=1, read_seconds=1, retries=1))
    assert isinstance(seen, NotObserved)
    assert len(web.log) == 2


def test_a_server_that_is_away_costs_its_own_reads_only(web, answer, world, attending):
    """The other one is read."""
    away = MonitoringProbe("prometheus", "targets", "http://away.example.test:9090")
    web.routes["/api/v2/silences"] = answer(200, b"[]", JSON)
    context = world({"monitor.example.test:9090": web.port})
    seen = dict(monitoring.collect([away, SILENCES], context, attending))
    assert seen[away].reason == "the connection was refused"
    assert seen[SILENCES].value.body == "[]"


def test_nothing_is_asked_once_nobody_waits(web, world, attending):
    """The run has ended: no read is begun."""
    attending.waiting = False
    context = world({"monitor.example.test:9090": web.port})
    assert list(monitoring.collect([TARGETS], context, attending)) == []
    assert web.log == []
