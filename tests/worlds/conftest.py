"""Runs the command line as a person would; or in this process, in a world that a test changes."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pytest

from plimsoll.cli import main
from plimsoll.collectors import context
from plimsoll.worlds import world as worlds

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ("app-oint", "tetrix", "digitalocean-production")
"""The systems that are mocked, by the names of their environment files."""


@dataclass(frozen=True)
class Finished:
    """A run that has ended: its status, what it printed, its record and its folder."""

    status: int
    out: str
    err: str
    folder: Path | None

    @property
    def document(self):
        """The results document of the run."""
        assert self.folder is not None, self.err
        return json.loads((self.folder / "results.json").read_text())

    def verdicts(self, control=None):
        """The verdicts of all results, or of those of one control."""
        results = self.document["results"]
        return [one["verdict"] for one in results if control in {None, one["control"]}]

    def controls_with(self, *verdicts):
        """The controls that have a result with one of these verdicts."""
        results = self.document["results"]
        return {one["control"] for one in results if one["verdict"] in verdicts}


class Runner:
    """Starts `plimsoll` or plain pytest with reports under a folder of the test's own."""

    def __init__(self, out):
        self.out = out

    def plimsoll(self, *arguments, **environment):
        """Run a subcommand of plimsoll."""
        command = [sys.executable, "-m", "plimsoll.cli", *map(str, arguments)]
        return self._finish(command, environment)

    def check(self, *arguments, env="app-oint", **environment):
        """Run `plimsoll check`, mocked."""
        given = ("check", env, "--mock", "--out", self.out, "--no-engineer-log", *arguments)
        return self.plimsoll(*given, **environment)

    def pytest(self, *arguments, **environment):
        """Run plain pytest."""
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)]
        return self._finish([*command, "--out", str(self.out)], environment)

    def _finish(self, command, environment):
        before = self._folders()
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "COLUMNS": "100", **environment},
            timeout=120,
            check=False,
        )
        new = sorted(self._folders() - before)
        return Finished(done.returncode, done.stdout, done.stderr, new[-1] if new else None)

    def _folders(self):
        return {path for path in self.out.glob("*/*") if path.is_dir() and not path.is_symlink()}


@pytest.fixture
def run(tmp_path):
    """Run plimsoll or pytest with reports under the test's own folder."""
    return Runner(tmp_path / "reports")


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory):
    """Run plimsoll with reports under a folder that the whole session shares."""
    return Runner(tmp_path_factory.mktemp("runs") / "reports")


@pytest.fixture(scope="session")
def sound_worlds(shared_run):
    """Return the run of the sound world of an environment, checked whole, once a session."""

    @cache
    def checked(env):
        return shared_run.plimsoll("check", env, "--mock", "--out", shared_run.out)

    return checked


@pytest.fixture(scope="session")
def sound(sound_worlds):
    """The sound world of App-Oint, checked whole."""
    return sound_worlds("app-oint")


@pytest.fixture(scope="session", params=ENVIRONMENTS)
def each_sound(request, sound_worlds):
    """The sound world of each system, checked whole."""
    return sound_worlds(request.param)


@dataclass(frozen=True)
class Rehearsed(Finished):
    """A run in a changed world: also the world as it was, and every request it was sent."""

    world: worlds.World
    requests: tuple

    @property
    def written(self):
        """Everything the run left behind: what it printed, and each file by its path."""
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        texts = {str(path.relative_to(self.folder)): path.read_text() for path in files}
        return {"stdout": self.out, "stderr": self.err, **texts}


@pytest.fixture(scope="session")
def rehearse(tmp_path_factory):
    """Check a mocked system in this process, after a change of its world by the test."""

    def check(change=lambda world: None, *arguments, limits=None, command=None, env="app-oint"):
        out = tmp_path_factory.mktemp("rehearsal")
        given = [*(command or ["check", env]), "--mock", "--out", str(out)]
        return _rehearsed([*given, *map(str, arguments)], change, limits, out)

    return check


def _rehearsed(arguments, change, limits, out):
    built, started = [], []
    build, start = worlds.build, worlds.start

    def changed(*given):
        built.append(build(*given))
        change(built[-1])
        return built[-1]

    def remembered(*given):
        started.append(start(*given))
        return started[-1]

    run = main if arguments[0] == "check" else pytest.main
    said, complained = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(complained):
        patch.setattr(worlds, "build", changed)
        patch.setattr(worlds, "start", remembered)
        if limits is not None:
            patch.setattr(context, "Context", partial(context.Context, limits=limits))
        status = run(arguments)
    folder = next((path for path in out.glob("*/*") if not path.is_symlink()), None)
    texts = said.getvalue(), complained.getvalue()
    return Rehearsed(int(status), *texts, folder, built[0], started[0].requests)
