"""An application is told to end, and what it then does is seen; nothing of it stays behind."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors import processes
from plimsoll.collectors.context import Context, Limits
from plimsoll.facts.shutdown import Shutdown, ShutdownProbe
from plimsoll.findings import NotExercised, NotObserved, Observed, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.findings import Sighting

SERVER = """
import os, signal, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

mode = sys.argv[1]
begun = []

class Handler(BaseHTTPRequestHandler):
    def setup(self):
        time.sleep(0.6 if mode == "late" else 0)
        super().setup()

    def do_GET(self):
        if self.path == "/slow":
            begun.append(self.path)
            time.sleep(0.1 if mode == "hasty" else 0.8)
        self.send_response(503 if mode == "unready" else 200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass

class Server(ThreadingHTTPServer):
    daemon_threads = False

server = Server(("127.0.0.1", int(os.environ["PORT"])), Handler)

def end(*_):
    if mode == "cut" or mode == "late" and not begun:
        os._exit(0)
    if mode == "open":
        Thread(target=lambda: (time.sleep(1.2), os._exit(0))).start()
    else:
        Thread(target=server.shutdown).start()

signal.signal(signal.SIGTERM, signal.SIG_IGN if mode == "deaf" else end)
if mode == "flood":
    Thread(target=lambda: [print("x" * 10_000, flush=True) for _ in iter(int, 1)], daemon=True).start()
if mode == "parent":
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    Path(sys.argv[2]).write_text(str(child.pid))
if mode == "nosy":
    print(sorted(os.environ), os.getcwd(), flush=True)
    Path("written").touch()
if mode == "broken":
    sys.exit("no database")
server.serve_forever(poll_interval=0.02)
server.server_close()
os._exit(3 if mode == "failing" else 0)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a repository with a small server in it."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "server.py").write_text(SERVER)
    return folder


@pytest.fixture
def rehearse(home: Path, attending) -> Callable[..., Sighting[Shutdown]]:
    """Return what tells the server, in one of its modes, to end."""

    def rehearsed(
        *arguments: str, program: str = sys.executable, ready_seconds: float = 8, **changes
    ) -> Sighting[Shutdown]:
        probe = ShutdownProbe((program, "server.py", *arguments), "PORT", "/ready", "/slow", 1)
        context = Context(
            repository=home,
            exercises=frozenset({"shutdown"}),
            limits=Limits(tool_seconds=ready_seconds),
        )
        for name, value in changes.items():
            object.__setattr__(context, name, value)
        ((seen_probe, sighting),) = processes.collect([probe], context, attending)
        assert seen_probe == probe
        return sighting

    return rehearsed


def seen(sighting: Sighting[Shutdown]) -> Shutdown:
    """Return what was seen, which must be something."""
    assert isinstance(sighting, Observed), sighting
    return sighting.value


def is_running(process: int) -> bool:
    """Tell whether a process lives; one that is dead and not yet collected does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def test_a_good_application_finishes_and_ends(rehearse) -> None:
    """The request is answered, new ones are refused, and the process ends with 0."""
    ended = seen(rehearse("good"))
    assert (ended.status, ended.exit_code, ended.refused_new) == (200, 0, True)
    assert ended.answered_after_ms is not None
    assert ended.exited_after_ms is not None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing tells what was read")
def test_the_signal_waits_until_the_request_was_read(rehearse) -> None:
    """An application that is late to read, as on a busy machine, has not cut off what it has."""
    ended = seen(rehearse("late"))
    assert (ended.status, ended.exit_code) == (200, 0)


def test_one_that_ignores_the_signal_is_killed(rehearse) -> None:
    """There is no exit status, no time of an end, and it went on listening."""
    ended = seen(rehearse("deaf"))
    assert (ended.exit_code, ended.exited_after_ms, ended.refused_new) == (None, None, False)


def test_a_request_that_is_cut_off_has_no_status(rehearse) -> None:
    """A process that ends at once answers nothing, whatever its exit status says."""
    ended = seen(rehearse("cut"))
    assert (ended.status, ended.answered_after_ms, ended.exit_code) == (None, None, 0)


def test_one_that_goes_on_listening_is_seen(rehearse) -> None:
    """A connection that is accepted after the signal is told, though the process ends well."""
    ended = seen(rehearse("open"))
    assert (ended.status, ended.exit_code, ended.refused_new) == (200, 0, False)


def test_the_exit_status_is_told(rehearse) -> None:
    """A process that ends with a failure is seen to."""
    assert seen(rehearse("failing")).exit_code == 3


def test_a_flood_of_output_neither_blocks_nor_is_kept(rehearse) -> None:
    """Only the end of the output is kept."""
    ended = seen(rehearse("flood"))
    assert (ended.status, ended.exit_code) == (200, 0)
    assert 0 < len(ended.output) <= 4_000


@pytest.mark.skipif(sys.platform != "linux", reason="descendants are found in /proc")
def test_a_child_that_left_the_group_is_killed(rehearse, tmp_path: Path) -> None:
    """Whatever the application has started is dead when it has been looked at."""
    told = tmp_path / "child"
    assert seen(rehearse("parent", str(told))).exit_code == 0
    assert not is_running(int(told.read_text()))


def test_it_runs_in_a_copy_without_secrets(rehearse, home: Path, monkeypatch) -> None:
    """Neither this process's environment nor a file of settings reaches it; nor does it us."""
    monkeypatch.setenv("DIGITALOCEAN_TOKEN", "not-for-others")
    (home / ".env").write_text("SECRET=1")
    output = seen(rehearse("nosy")).output
    assert "DIGITALOCEAN_TOKEN" not in output
    assert str(home) not in output
    assert sorted(path.name for path in home.iterdir()) == [".env", "server.py"]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("unready", "/ready was not answered well within 1 s"),
        ("hasty", "/slow ended before the signal could be sent"),
        ("broken", "ended with status 1 before it was ready: no database"),
    ],
)
def test_what_cannot_be_seen_is_not_observed(rehearse, mode: str, reason: str) -> None:
    """Where there is no request for the signal to meet, nothing is known about the end."""
    sighting = rehearse(mode, ready_seconds=1 if mode == "unready" else 8)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == reason


def test_it_runs_only_where_the_exercise_was_asked_for(rehearse) -> None:
    """Code of the repository is not run without leave."""
    sighting = rehearse("good", exercises=frozenset())
    assert isinstance(sighting, NotExercised)
    assert "--exercise shutdown" in sighting.reason


def test_a_missing_program_says_how_to_get_it(rehearse, tmp_path: Path, monkeypatch) -> None:
    """Without Node.js nothing was tested."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    sighting = rehearse("good", program="node")
    assert isinstance(sighting, ToolMissing)
    assert sighting.reason == "node is not installed: https://nodejs.org/en/download"


def test_a_program_of_the_repository_is_found(rehearse, home: Path) -> None:
    """A name with a slash is that of a file in the repository."""
    start = home / "start"
    start.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    start.chmod(0o755)
    assert seen(rehearse("good", program="./start")).exit_code == 0


def test_a_program_that_the_repository_lacks_is_not_observed(rehearse) -> None:
    """It is no tool that this machine should have."""
    sighting = rehearse("good", program="bin/start")
    assert isinstance(sighting, NotObserved)
    assert not isinstance(sighting, ToolMissing)
    assert sighting.reason == "bin/start is not in the repository"


def test_what_cannot_be_started_is_not_observed(rehearse, home: Path) -> None:
    """A file that is no program has not been seen to end."""
    (home / "start").write_text("nothing to run")
    sighting = rehearse("good", program="./start")
    assert isinstance(sighting, NotObserved)
    assert "could not be started" in sighting.reason


def test_without_a_repository_nothing_is_observed(rehearse, tmp_path: Path) -> None:
    """There is nothing to start."""
    assert isinstance(rehearse("good", repository=None), NotObserved)
    assert isinstance(rehearse("good", repository=tmp_path / "nowhere"), NotObserved)


def test_a_run_that_is_over_is_not_waited_for(rehearse, attending) -> None:
    """Once nobody waits the application is killed and nothing is said of it."""
    attending.waiting = False
    began = time.monotonic()
    sighting = rehearse("good")
    assert isinstance(sighting, NotObserved)
    assert sighting.reason.startswith("the run was over")
    assert time.monotonic() >= began
