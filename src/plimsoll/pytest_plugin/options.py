"""The options of a run, and how they reach it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person who started the run asked for."""

    env: str | None
    mock: bool
    require_live: bool
    areas: tuple[str, ...]
    controls: tuple[str, ...]
    repository: Path | None
    checks: tuple[Path, ...]
    out: Path
    faults: tuple[str, ...]
    withheld: tuple[str, ...]
    exercises: tuple[str, ...]
    fail_on: str | None
    engineer: bool
    reports: bool


def add_options(parser: pytest.Parser) -> None:
    """Declare the options; none of them does anything unless controls are collected."""
    group = parser.getgroup("plimsoll", "is this environment fit to carry production traffic?")
    option = group.addoption
    option("--env", metavar="ENV", help="environment: a name under environments/ or a file")
    option("--mock", action="store_true", help="check the mocked world of the environment")
    option("--require-live", action="store_true", help="simulated evidence opens no gate")
    option("--area", action="append", default=[], metavar="A", help="only this area of checks")
    option("--control", action="append", default=[], metavar="ID", help="only this control")
    option("--repository", metavar="PATH", help="read the deployed system's files here")
    option("--checks", action="append", default=[], metavar="DIR", help="additional checks")
    option("--out", metavar="DIR", default="reports", help="where reports are written")
    option("--fault", action="append", default=[], metavar="ID/NAME", help="break the mocked world")
    option("--withhold", action="append", default=[], metavar="SOURCE", help="blind one source")
    option(
        "--exercise",
        action="append",
        default=[],
        metavar="NAME",
        help="allow load, live; `alerting` (minutes, real programs), mocked too",
    )
    option("--fail-on", metavar="SEVERITY", choices=("critical", "high", "medium", "low"))
    option("--no-reports", action="store_true", help="decide only; write nothing")
    option("--no-engineer-log", action="store_true", help="do not write engineer.html")


def settings_of(config: pytest.Config) -> Settings:
    """Return the settings of a run."""
    get = config.getoption
    repository = get("--repository")
    return Settings(
        env=get("--env"),
        mock=get("--mock"),
        require_live=get("--require-live"),
        areas=tuple(get("--area")),
        controls=tuple(get("--control")),
        repository=Path(repository) if repository else None,
        checks=tuple(Path(folder) for folder in get("--checks")),
        out=Path(get("--out")),
        faults=tuple(get("--fault")),
        withheld=tuple(get("--withhold")),
        exercises=tuple(get("--exercise")),
        fail_on=get("--fail-on"),
        engineer=not get("--no-engineer-log"),
        reports=not get("--no-reports"),
    )
