"""`plimsoll check`: one run of the suite, with a configuration of its own."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plimsoll import resources
from plimsoll.cli import UNDECIDABLE_STATUS, USAGE_STATUS
from plimsoll.commands.presenter import Presenter
from plimsoll.commands.validate import usable
from plimsoll.environment.problem import ConfigurationError
from plimsoll.findings.decision import EXIT_STATUS, Status

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from plimsoll.pytest_plugin.run import Run

UNUSED = (
    "cacheprovider",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "threadexception",
    "unraisableexception",
    "warnings",
)
"""Plugins of pytest that a run of checks has no use for; each costs time on every check."""

LIVING_OBJECTS = 100_000
"""Nearly everything a run makes lives to its end: looking for garbage often finds none."""

NARROWING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
"""Variables by which pytest takes more options: a forgotten `-k` would open a gate unseen."""

REPEATED = ("area", "control", "checks", "fault", "withhold", "exercise")
VALUED = ("repository", "out", "fail_on")
SWITCHES = ("mock", "require_live", "no_reports", "no_engineer_log")


def run(options: Namespace) -> int:
    """Check the environment; return the status the decision stands for."""
    gc.set_threshold(LIVING_OBJECTS)
    usable(options.env, map(Path, options.checks))
    for name in NARROWING:
        os.environ.pop(name, None)
    presenter = Presenter(sys.stdout, sys.stderr)
    status = pytest.main(list(pytest_arguments(options)), plugins=[presenter])
    return conclusion(presenter.run, int(status))


def conclusion(finished: Run | None, status: int) -> int:
    """Return the exit status of a run, given what pytest's was."""
    if finished is not None and finished.document is not None:
        return EXIT_STATUS[Status(finished.document["decision"]["status"])]
    return USAGE_STATUS if status == pytest.ExitCode.USAGE_ERROR else UNDECIDABLE_STATUS


def pytest_arguments(options: Namespace) -> Iterator[str]:
    """Yield the command line of pytest that this run is."""
    home = resources.home()
    yield from ("-c", str(resources.PACKAGE / "pytest_plugin" / "check.ini"))
    yield from ("--rootdir", str(home), "--disable-plugin-autoload", "--import-mode=importlib")
    yield from ("-p", "plimsoll.pytest_plugin")
    if not options.no_engineer_log:
        yield from ("-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin")
    for plugin in UNUSED:
        yield from ("-p", f"no:{plugin}")
    yield from ("--capture=no", "--tb=no", "--env", options.env)
    for name in SWITCHES:
        if getattr(options, name):
            yield f"--{name.replace('_', '-')}"
    for name in VALUED:
        if getattr(options, name) is not None:
            yield from (f"--{name.replace('_', '-')}", getattr(options, name))
    for name in REPEATED:
        for value in getattr(options, name):
            yield from (f"--{name}", value)
    yield str(resources.checks())
    yield from map(_folder, options.checks)


def _folder(name: str) -> str:
    folder = Path(name)
    if not folder.is_dir():
        raise ConfigurationError((f"--checks {name}: there is no such folder",))
    return str(folder.absolute())
