"""Runs the command line as a person would, in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
def sound(shared_run):
    """The sound world of App-Oint, checked whole."""
    return shared_run.plimsoll("check", "app-oint", "--mock", "--out", shared_run.out)
