"""Starts the mocked world where one is asked for, and observes once what the checks need."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plimsoll.environment.inventory import Undeclared, credentials
from plimsoll.environment.problem import ConfigurationError
from plimsoll.pytest_plugin.assessment import EXERCISES, process_environment
from plimsoll.pytest_plugin.collection import subject_of
from plimsoll.pytest_plugin.keys import CONTROL
from plimsoll.pytest_plugin.probes import PROBES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from plimsoll.collectors.context import Context
    from plimsoll.collectors.engine import Progress
    from plimsoll.collectors.snapshot import Snapshot
    from plimsoll.facts.probe import Probe
    from plimsoll.pytest_plugin.assessment import Assessment
    from plimsoll.worlds.world import RunningWorld


LASTING = frozenset({"alerting"})
"""Exercises that take minutes and need programs of their own: only where asked for, mocked too."""
LASTING_SECONDS = 300.0
"""How long a run with one of them may observe."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where to look: a context for the collectors, and the world behind it, if it is mocked."""

    context: Context
    world: RunningWorld | None = None
    scratch: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Stop the world and remove what it was made of."""
        if self.world is not None:
            self.world.stop()
        if self.scratch is not None:
            self.scratch.cleanup()


def planned_probes(items: Iterable[pytest.Item], assessment: Assessment) -> list[Probe]:
    """Return every distinct probe that the selected checks need, in the order of the checks."""
    found: dict[Probe, None] = {}
    for item in items:
        subject = subject_of(item)
        if CONTROL not in item.stash or isinstance(subject, Undeclared):
            continue
        for name in getattr(item, "fixturenames", ()):
            for plan in PROBES.get(name, ()):
                for probe in _listed(plan(assessment.environment.model, subject)):
                    found[probe] = None
    return list(found)


def surroundings(assessment: Assessment) -> Surroundings:
    """Return where this run looks. Starts the mocked world. Raises UsageError if it cannot."""
    from plimsoll.collectors.context import Context  # noqa: PLC0415 (only where a run observes)

    settings = assessment.settings
    if settings.mock:
        return _mocked(assessment)
    return Surroundings(
        _unhurried(
            Context(
                repository=settings.repository,
                credentials=_credentials(assessment, process_environment()),
                exercises=frozenset(settings.exercises),
            )
        )
    )


def look(
    probes: Iterable[Probe], around: Surroundings, progress: Callable[[Progress], None] | None
) -> Snapshot:
    """Observe once, concurrently, everything that was planned."""
    from plimsoll.collectors.engine import observe  # noqa: PLC0415 (only where a run observes)

    return observe(probes, around.context, progress)


def _listed(planned: Probe | tuple[Probe, ...] | None) -> tuple[Probe, ...]:
    if planned is None:
        return ()
    return planned if isinstance(planned, tuple) else (planned,)


def _mocked(assessment: Assessment) -> Surroundings:
    from plimsoll import resources  # noqa: PLC0415 (only where a world is built)
    from plimsoll.collectors.context import Context  # noqa: PLC0415
    from plimsoll.pytest_plugin.recollection import Untouched  # noqa: PLC0415
    from plimsoll.worlds import world as worlds  # noqa: PLC0415
    from plimsoll.worlds.faults import find_fault  # noqa: PLC0415

    settings = assessment.settings
    try:
        world = worlds.build(assessment.environment.model, resources.fixtures())
        untouched = Untouched(settings.env, world)
        for fault in settings.faults:
            find_fault(fault).apply(world)
        if settings.withheld:
            world.withhold(*(one for one in settings.withheld if one != "all"))
    except (ConfigurationError, LookupError, ValueError, OSError) as error:
        raise pytest.UsageError(str(error)) from error
    recalled = untouched.recalled(world)  # before it is served: serving adds secrets to the account
    scratch = tempfile.TemporaryDirectory(prefix="plimsoll-world-")
    running = worlds.start(world, Path(scratch.name))
    own_files = settings.repository is None
    context = Context(
        network=running.network,
        repository=running.repository if own_files else settings.repository,
        repository_simulated=own_files,
        credentials=running.credentials,
        exercises=_harmless(settings.exercises, own_files=own_files),
        withheld=running.withheld,
        programs=running.programs,
        recalled=recalled,
    )
    return Surroundings(_unhurried(context), running, scratch)


def _harmless(asked: Iterable[str], *, own_files: bool) -> frozenset[str]:
    """Return the exercises of a mocked run: all but what lasts, and code of a given repository.

    Those only where they were asked for.
    """
    unasked = LASTING if own_files else LASTING | {"shutdown"}
    return (EXERCISES - unasked) | frozenset(asked)


def _unhurried(context: Context) -> Context:
    """Return a context that has time for what lasts, where that was asked for."""
    if not LASTING & context.exercises:
        return context
    return replace(context, limits=replace(context.limits, overall_seconds=LASTING_SECONDS))


def _credentials(assessment: Assessment, process: Mapping[str, str]) -> dict[str, str]:
    names = credentials(assessment.environment.model)
    values = {name: process.get(name, "").strip() for name in names}
    return {name: value for name, value in values.items() if value}
