"""One run: what it was asked, what is declared, what was observed, what was planned."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import pytest

from plimsoll import resources
from plimsoll.catalogue import is_named, load_catalogue
from plimsoll.environment.loader import LoadedEnvironment, load
from plimsoll.environment.model import Exercise
from plimsoll.environment.problem import ConfigurationError
from plimsoll.environment.references import unknown_references
from plimsoll.environment.waivers import load_waivers
from plimsoll.findings.result import apply_waivers
from plimsoll.pytest_plugin.keys import ASSESSMENT
from plimsoll.pytest_plugin.options import Settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from plimsoll.facts.probe import Probe
    from plimsoll.findings import Control, Result, Sighting, Waiver
    from plimsoll.pytest_plugin.examination import Examination, Made

EXERCISES = frozenset(get_args(Exercise))


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A check that was collected: the control, the subject, and the test's node id."""

    control: str
    subject: str
    node: str
    procedure: str


@dataclass
class Assessment:
    """The state of one run. Everything but what is observed and planned is fixed on creation."""

    settings: Settings
    environment: LoadedEnvironment
    catalogue: Mapping[str, Control]
    waivers: tuple[Waiver, ...]
    waivers_sha256: str | None
    started_at: datetime
    sightings: Mapping[Probe, Sighting[Any]] = field(default_factory=dict)
    planned: list[PlannedCheck] = field(default_factory=list)
    credentials: Mapping[str, str] = field(default_factory=dict)
    memory: dict[str, Made] = field(default_factory=dict)
    """What checks worked out of the evidence of this run, and what it was worked out of."""
    examinations: dict[str, Examination] = field(default_factory=dict)
    """Every examination that was opened, by the test's node id."""

    @property
    def name(self) -> str:
        """What reports call the environment."""
        return self.environment.name

    def control(self, identity: str) -> Control:
        """Return a control of the catalogue; KeyError for one that is not in it."""
        return self.catalogue[identity]

    def required_vantage(self, control: str) -> tuple[str, ...]:
        """Return the vantage points the environment requires of a control, if it names them."""
        return self.environment.model.vantage_points.get(control, ())

    def with_waivers(self, result: Result) -> Result:
        """Return the result as waived where a waiver in force covers it."""
        return apply_waivers(result, self.waivers, self.started_at)


def assessment_of(config: pytest.Config) -> Assessment:
    """Return the run's assessment, loading it the first time.

    Raises UsageError where the run cannot start as asked, ConfigurationError for broken files.
    """
    if ASSESSMENT not in config.stash:
        config.stash[ASSESSMENT] = _load(settings_of(config), _started_at(config))
    return config.stash[ASSESSMENT]


def _load(settings: Settings, started_at: datetime) -> Assessment:
    if settings.env is None:
        message = "these checks need an environment: --env NAME (see `plimsoll check --help`)"
        raise pytest.UsageError(message)
    environment = load(settings.env)
    waivers, waivers_sha256 = load_waivers(environment.path)
    catalogue = load_catalogue((resources.checks(), *settings.checks))
    assessment = Assessment(settings, environment, catalogue, waivers, waivers_sha256, started_at)
    for problem in startup_problems(assessment):
        raise pytest.UsageError(problem)
    unknown = unknown_references(environment, waivers, catalogue)
    if unknown:
        raise ConfigurationError(unknown)
    return assessment


def startup_problems(assessment: Assessment) -> list[str]:
    """Return why the run must not start as it was asked; no socket has been opened yet."""
    settings, environment = assessment.settings, assessment.environment
    problems = []
    if not settings.mock and not environment.model.live:
        problems.append(
            f"{environment.path} does not say `live: true`, so it is not checked live; "
            "use --mock, or set it in a file whose addresses are yours"
        )
    if (settings.faults or settings.withheld) and not settings.mock:
        problems.append("--fault and --withhold change a mocked world: they need --mock")
    if settings.faults and settings.repository:
        problems.append("--fault changes the world's own repository: it excludes --repository")
    if settings.repository and not settings.repository.is_dir():
        problems.append(f"--repository {settings.repository}: there is no such folder")
    known = {control.area for control in assessment.catalogue.values()}
    problems += [
        f"--area {area}: there is no such area; known: {', '.join(sorted(known))}"
        for area in settings.areas
        if area not in known
    ]
    problems += [
        f"--control {control}: there is no such control; `plimsoll controls` lists them"
        for control in settings.controls
        if not any(is_named(known, {control}) for known in assessment.catalogue)
    ]
    problems += [
        f"--exercise {exercise}: there is no such exercise; known: {', '.join(sorted(EXERCISES))}"
        for exercise in settings.exercises
        if exercise not in EXERCISES
    ]
    return problems


def _started_at(config: pytest.Config) -> datetime:
    given = getattr(config, "workerinput", {}).get("plimsoll_started_at")
    return datetime.fromisoformat(given) if given else datetime.now(UTC)


def run_directory(assessment: Assessment) -> Path:
    """Return the folder this run writes to, made now so that no other run takes it."""
    parent = assessment.settings.out / assessment.name
    parent.mkdir(parents=True, exist_ok=True)
    stamp = assessment.started_at.strftime("%Y-%m-%dT%H%M%SZ")
    for number in range(1, 1000):
        folder = parent / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    message = f"{parent}: too many runs started in one second"
    raise pytest.UsageError(message)


def process_environment() -> Mapping[str, str]:
    """Return the environment variables of this process, where live credentials come from."""
    return dict(os.environ)
