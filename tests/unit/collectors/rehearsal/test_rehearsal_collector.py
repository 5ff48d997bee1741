"""A rehearsal that cannot be is told with its reason, and leaves nothing behind."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plimsoll.collectors import rehearsal
from plimsoll.collectors.context import Context
from plimsoll.collectors.rehearsal import house, servers
from plimsoll.environment.alerting_model import Alerts, RequiredAlert
from plimsoll.facts.rehearsal import RehearsalProbe, Staging
from plimsoll.facts.repository import FileRecord, Repository
from plimsoll.findings import NotExercised, NotObserved, Observed, Origin, ToolMissing

RULES = "groups: [{name: g, rules: [{alert: Down, expr: up == 0, labels: {severity: critical}}]}]"
ROUTES = "route: {receiver: all}\nreceivers: [{name: all}]\n"
ALERTS = Alerts(
    required=(
        RequiredAlert(name="down", condition="down", within_seconds=60, severity="critical"),
        RequiredAlert(
            name="logic-only", condition="health", within_seconds=60, severity="critical",
            levels=("logic",),
        ),
    ),
)  # fmt: skip
PROBE = RehearsalProbe(("rules.yml",), "am.yml", "prometheus.yml", ALERTS.model_dump_json())
FILES = {"rules.yml": RULES, "am.yml": ROUTES, "prometheus.yml": "{}"}


@pytest.fixture
def programs(tmp_path):
    """Return what writes two programs, and returns their folder."""

    def write(prometheus, alertmanager="import time\ntime.sleep(60)"):
        for name, text in (("prometheus", prometheus), ("prometheus-alertmanager", alertmanager)):
            program = tmp_path / name
            program.write_text(f"#!/usr/bin/env python3\n{text}\n")
            program.chmod(0o755)
        return tmp_path

    return write


@pytest.fixture
def rehearse(attending):
    """Return what rehearses files with given programs, and returns what was seen."""

    def rehearsed(files=None, *, folder=None, exercises=("alerting",), probe=PROBE):
        records = tuple(
            FileRecord(path, len(text or ""), "", text, "is not text" if text is None else "")
            for path, text in (FILES | (files or {})).items()
            if text != "gone"
        )
        paths = tuple(record.path for record in records)
        now = datetime.now(UTC)
        read = Repository("/", None, None, False, paths, records, now)
        attending.seen = Observed(read, Origin("repository", "/"), now)
        context = Context(exercises=frozenset(exercises), programs=folder)
        ((seen_probe, seen),) = rehearsal.collect([probe], context, attending)
        assert seen_probe == probe
        return seen

    return rehearsed


def test_it_is_not_rehearsed_where_nobody_asked(rehearse, monkeypatch):
    """It takes minutes; not even the programs are looked for."""
    monkeypatch.setattr(rehearsal, "find_programs", lambda _: pytest.fail("looked for programs"))
    seen = rehearse(exercises=("burst",))
    assert isinstance(seen, NotExercised)
    assert "--exercise alerting runs it" in seen.reason


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ((), "prometheus and alertmanager is not installed: apt-get install prometheus"),
        (("prometheus",), "alertmanager is not installed"),
        (("alertmanager",), "prometheus is not installed"),
    ],
)
def test_missing_programs_are_told_with_how_to_get_them(rehearse, monkeypatch, there, told):
    """A program this machine does not have says nothing about the alerts."""
    monkeypatch.setattr(servers, "find", lambda name, _: f"/x/{name}" if name in there else None)
    seen = rehearse()
    assert isinstance(seen, ToolMissing)
    assert seen.reason.startswith(told)


def test_debian_calls_alertmanager_otherwise(programs):
    """Both names are looked for."""
    folder = programs("")
    assert servers.find_programs(folder).alertmanager == str(folder / "prometheus-alertmanager")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"am.yml": "gone"}, "am.yml cannot be rehearsed: it is not in the repository"),
        ({"rules.yml": None}, "rules.yml cannot be rehearsed: is not text"),
        ({"am.yml": "a: ["}, "am.yml:"),
        ({"am.yml": "route: {receiver: a, group_wait: soon}"}, "'soon' is not a duration"),
        (
            {"am.yml": "templates: [/etc/*.tmpl]\n" + ROUTES},
            "the repository has no template *.tmpl, which messages are made with",
        ),
    ],
)  # fmt: skip
def test_files_that_cannot_be_rehearsed_are_told(rehearse, programs, files, told):
    """By name, with what is wrong."""
    seen = rehearse(files, folder=programs("raise SystemExit(1)"))
    assert isinstance(seen, NotObserved)
    assert told in seen.reason


def test_a_repository_that_was_not_seen_is_not_rehearsed(programs, attending):
    """The reason is that of the repository."""
    context = Context(exercises=frozenset({"alerting"}), programs=programs(""))
    ((_, seen),) = rehearsal.collect([PROBE], context, attending)
    assert seen.reason == "the repository was not observed: no repository here"


def test_a_server_that_refuses_its_files_says_so_and_nothing_is_left(rehearse, programs):
    """In its own last words; the other server is dead as well."""
    note = Path(programs("")) / "pid"
    sleeping = f"import os, time\nopen({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    folder = programs("import sys, time\ntime.sleep(0.3)\nsys.exit('no such field')", sleeping)
    seen = rehearse(folder=folder)
    assert seen.reason == "Prometheus ended with status 1: no such field"
    assert not Path(f"/proc/{note.read_text()}").exists()


def test_a_server_that_is_never_ready_is_not_waited_for_for_ever(rehearse, programs, monkeypatch):
    """The time is bounded."""
    monkeypatch.setattr(house, "_OPENING_SECONDS", 0.3)
    sleeping = "import time\ntime.sleep(60)"
    assert rehearse(folder=programs(sleeping)).reason == "Alertmanager was not ready in time"


def test_a_program_that_cannot_be_started_is_told(rehearse, programs):
    """It is no program."""
    folder = programs("")
    (folder / "prometheus-alertmanager").write_text("#!/nowhere/at/all\n")
    assert "could not be started" in rehearse(folder=folder).reason


def test_once_a_server_has_ended_the_others_tell_of_that():
    """What was seen before stays seen."""

    class Ending:
        def play(self, faults, routes):
            yield Staging("first", "a story")
            raise servers.ServerFailedError("Prometheus ended with status 137")

    class Fault:
        def __init__(self, name):
            self.required = type("R", (), {"name": name})
            self.scenario = type("S", (), {"name": f"story of {name}"})

    play = type("P", (), {"faults": (Fault("first"), Fault("second")), "routes": ()})
    assert rehearsal._played(Ending(), play) == (
        Staging("first", "a story"),
        Staging("second", "story of second", "Prometheus ended with status 137"),
    )


def test_only_alerts_that_must_be_delivered_are_staged(attending):
    """The others are proven otherwise, and still tell which of two is the worse."""
    records = tuple(FileRecord(path, 0, "", text) for path, text in FILES.items())
    now = datetime.now(UTC)
    read = Repository("/", None, None, False, tuple(FILES), records, now)
    attending.seen = Observed(read, Origin("repository", "/"), now)
    play = rehearsal._written(PROBE, rehearsal._Library(attending, Origin("rehearsal", "x")))
    assert [one.required.name for one in play.faults] == ["down"]
    assert play.gathering_seconds == 5.0


class Answering:
    """A server on loopback that answers what a test says."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, peer):
        peer.recv(65_536)
        peer.sendall(self.answer)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", "answered /x with 500"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{", "answered /x with no JSON"),
        (b"SSH-2.0\r\n", "does not answer /x?a=b%3Dc: BadStatusLine"),
    ],
)
def test_an_answer_that_is_none_is_told(converse, programs, tmp_path, answer, told):
    """Never a traceback."""
    port = converse(Answering(answer))
    sleeping = programs("import time\ntime.sleep(60)") / "prometheus"
    with (
        servers.Server("Prometheus", (str(sleeping),), tmp_path, port) as server,
        pytest.raises(servers.ServerFailedError) as raised,
    ):
        server.get("/x", {"a": "b=c"})
    assert str(raised.value) == f"Prometheus {told}"


def test_a_free_port_is_free():
    """It can be listened on."""
    with socket.create_server(("127.0.0.1", servers.free_port())) as listener:
        assert listener.getsockname()[1] > 0
