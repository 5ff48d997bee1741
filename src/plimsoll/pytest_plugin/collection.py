"""From declared subjects to collected checks."""

from __future__ import annotations

import inspect
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plimsoll import resources
from plimsoll.catalogue import is_named
from plimsoll.environment.inventory import Undeclared
from plimsoll.pytest_plugin.assessment import PlannedCheck, assessment_of
from plimsoll.pytest_plugin.keys import CONTROL
from plimsoll.pytest_plugin.subjects import ENVIRONMENT, SUBJECTS, identity, subject_fixture

if TYPE_CHECKING:
    from plimsoll.pytest_plugin.assessment import Assessment

CATALOGUE = "controls.yaml"
PLANNED: pytest.StashKey[PlannedCheck] = pytest.StashKey()
COLLECTED: pytest.StashKey[set[str]] = pytest.StashKey()


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Run a control test once for each declared subject, or once to say that there is none."""
    fixture = subject_fixture(tuple(inspect.signature(metafunc.function).parameters))
    if fixture is None:
        return
    subjects = SUBJECTS[fixture](assessment_of(metafunc.config).environment.model)
    if isinstance(subjects, Undeclared):
        metafunc.parametrize(fixture, [subjects], ids=["not-declared"])
    else:
        metafunc.parametrize(fixture, subjects, ids=[identity(one) for one in subjects])


def control_id(item: pytest.Item) -> str | None:
    """Return the control a test judges, None for a test that is not a check.

    Raises UsageError for a check that names no control, or several.
    """
    markers = list(item.iter_markers("control"))
    if not markers:
        return None
    if len(markers) > 1 or len(markers[0].args) != 1:
        message = f"{item.nodeid}: a check names exactly one control"
        raise pytest.UsageError(message)
    return str(markers[0].args[0])


def subject_of(item: pytest.Item) -> object:
    """Return the declared subject a check is run for, None where it has none."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return next((value for name, value in parameters.items() if name in SUBJECTS), None)


def subject_name(item: pytest.Item) -> str:
    """Return what results call the subject of a check."""
    subject = subject_of(item)
    return ENVIRONMENT if subject is None else identity(subject)


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the checks of the areas and controls asked for; mark each with what it judges."""
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        control = control_id(item)
        if control is None:
            kept.append(item)
            continue
        assessment = assessment_of(config)
        config.stash.setdefault(COLLECTED, set()).add(control)
        _describe(item, control, assessment)
        (kept if _wanted(control, assessment) else dropped).append(item)
    echoes = _echoes([item for item in kept if CONTROL in item.stash])
    dropped += echoes
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in kept if item not in echoes]


def plan(item: pytest.Item) -> PlannedCheck:
    """Return a collected check as planned."""
    if PLANNED not in item.stash:
        procedure = _procedure(getattr(item, "function", None))
        item.stash[PLANNED] = PlannedCheck(
            item.stash[CONTROL], subject_name(item), item.nodeid, procedure
        )
    return item.stash[PLANNED]


@lru_cache(maxsize=1024)
def _procedure(function: object) -> str:
    return inspect.getdoc(function) or ""


def unchecked(config: pytest.Config) -> list[PlannedCheck]:
    """Return a check for every control that was asked for with its whole area and has none.

    It can leave no result, and so keeps the run from being complete.
    """
    assessment, collected = assessment_of(config), config.stash.get(COLLECTED, set())
    given = {Path(argument.partition("::")[0]).resolve() for argument in config.args}
    folders = [folder.resolve() for folder in (resources.checks(), *assessment.settings.checks)]

    def is_whole(area: str) -> bool:
        places = [folder / area for folder in folders if (folder / area / CATALOGUE).is_file()]
        return any(given & {place, *place.parents} for place in places)

    return [
        PlannedCheck(control.id, ENVIRONMENT, f"{control.area}/{CATALOGUE}::{control.id}", "")
        for control in assessment.catalogue.values()
        if control.id not in collected
        and _wanted(control.id, assessment)
        and is_whole(control.area)
    ]


def _describe(item: pytest.Item, control: str, assessment: Assessment) -> None:
    if control not in assessment.catalogue:
        message = f"{item.nodeid}: no controls.yaml describes {control}"
        raise pytest.UsageError(message)
    item.stash[CONTROL] = control
    described = assessment.control(control)
    item.user_properties.append(("control", control))
    item.user_properties.append(("severity", str(described.severity)))


def _wanted(control: str, assessment: Assessment) -> bool:
    settings = assessment.settings
    if settings.areas and assessment.control(control).area not in settings.areas:
        return False
    return not settings.controls or is_named(control, settings.controls)


def _echoes(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return what would only repeat that a control has no subject of some kind.

    Several tests may judge one control on subjects of several kinds. It does not apply only where
    there are none of any kind, and this is said once.
    """
    judged = {item.stash[CONTROL] for item in items if not _is_undeclared(item)}
    echoes = []
    for item in items:
        if _is_undeclared(item):
            if item.stash[CONTROL] in judged:
                echoes.append(item)
            judged.add(item.stash[CONTROL])
    return echoes


def _is_undeclared(item: pytest.Item) -> bool:
    return isinstance(subject_of(item), Undeclared)
