"""`plimsoll controls`: the catalogue, and what of it an environment covers."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plimsoll import resources
from plimsoll.catalogue import load_catalogue
from plimsoll.commands.validate import usable
from plimsoll.environment.problem import ConfigurationError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping

    from plimsoll.findings import Control


def run(options: Namespace) -> int:
    """Print the catalogue in the format asked for; with an environment, with its subjects."""
    folders = [resources.checks(), *(Path(folder).absolute() for folder in options.checks)]
    catalogue = load_catalogue(folders)
    covered = _subjects(options.env, folders) if options.env else None
    render = {"table": _table, "markdown": _markdown, "json": _json}[options.format]
    sys.stdout.writelines(f"{line}\n" for line in render(catalogue, covered))
    return 0


def _subjects(env: str, folders: list[Path]) -> Mapping[str, int]:
    """Return how many subjects of an environment each control is judged on, without judging."""
    usable(env, folders[1:])
    counted = _Counted()
    arguments = [
        "--collect-only",
        "-qq",
        "--disable-plugin-autoload",
        "-p",
        "plimsoll.pytest_plugin",
    ]
    home = ["-c", str(resources.PACKAGE / "pytest_plugin" / "check.ini")]
    where = ["--rootdir", str(resources.home()), "--import-mode=importlib", *map(str, folders)]
    own = [argument for folder in folders[1:] for argument in ("--checks", str(folder))]
    status = pytest.main(
        [*home, *arguments, "-p", "no:cacheprovider", "--env", env, "--mock", *own, *where],
        plugins=[counted],
    )
    if status != pytest.ExitCode.OK:
        raise ConfigurationError((f"{env}: its checks cannot be collected (pytest: {status})",))
    return counted.subjects


class _Counted:
    """Counts the subjects of each control once everything is collected."""

    def __init__(self) -> None:
        self.subjects: Counter[str] = Counter()

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Silence pytest: only the count is wanted."""
        config.pluginmanager.unregister(name="terminalreporter")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count; a control without declared subject counts none."""
        for item in session.items:
            for marker in item.iter_markers("control"):
                self.subjects[marker.args[0]] += "[not-declared]" not in item.nodeid


def _table(catalogue: Mapping[str, Control], covered: Mapping[str, int] | None) -> Iterator[str]:
    for control in catalogue.values():
        count = "" if covered is None else f"{_count(covered, control.id):>14}  "
        yield f"{control.id:<8} {control.severity:<9} {count}{control.title}"


def _markdown(catalogue: Mapping[str, Control], covered: Mapping[str, int] | None) -> Iterator[str]:
    yield "# The control catalogue"
    area = ""
    for control in catalogue.values():
        if control.area != area:
            area = control.area
            yield from ("", f"## {area.capitalize()}")
        yield from _entry(control, covered)


def _entry(control: Control, covered: Mapping[str, int] | None) -> Iterator[str]:
    yield from ("", f"### {control.id} {control.title}", "", control.requirement, "")
    yield f"- Severity: {control.severity}" + (", optional" if control.optional else "")
    if covered is not None:
        yield f"- Here: {_count(covered, control.id)}"
    yield f"- Why: {control.why}"
    yield f"- Remedy: {control.remedy}"
    for framework, ids in control.frameworks.items():
        if ids:
            yield f"- Supports {framework}: {', '.join(ids)}"
    if control.seeds:
        yield f"- Source: {'; '.join(control.seeds)}"


def _json(catalogue: Mapping[str, Control], covered: Mapping[str, int] | None) -> Iterator[str]:
    entries = [
        asdict(control) | ({} if covered is None else {"subjects": covered.get(control.id, 0)})
        for control in catalogue.values()
    ]
    yield json.dumps(entries, indent=1, sort_keys=True)


def _count(covered: Mapping[str, int], control: str) -> str:
    number = covered.get(control, 0)
    return "not applicable" if not number else f"{number} subject{'s' if number > 1 else ''}"
