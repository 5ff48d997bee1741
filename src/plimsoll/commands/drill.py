"""`plimsoll drill`: breaks the mocked world, one fault at a time, and shows what catches it.

A fault that no control catches, or that another control catches too, is a defect of the suite, and
the drill then fails.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import pkgutil
import sys
from argparse import Namespace
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll import collectors, pytest_plugin, semantics, worlds
from plimsoll.catalogue import is_named
from plimsoll.environment.loader import load
from plimsoll.pytest_plugin import recollection
from plimsoll.worlds.faults import load_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.pool import AsyncResult

    from plimsoll.worlds.faults import Fault

SOUND = "(sound world)"
PATIENCE_SECONDS = 120.0
"""How long the next run is waited for; one takes about a second."""
PATIENCE_WITH_EXERCISES_SECONDS = 900.0
"""The same where an exercise was asked for by name: a rehearsal takes minutes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run found: the controls that failed, and those that could not be decided."""

    fault: str
    failed: frozenset[str]
    undecided: frozenset[str]
    decided: bool
    applicable: frozenset[str] = frozenset()
    """The controls that the environment asks for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the drill: a fault, what should fail, what did."""

    fault: str
    vantage: str
    expected: frozenset[str]
    undecided: frozenset[str]
    outcome: Outcome

    @property
    def is_caught(self) -> bool:
        """Whether exactly the expected controls failed, and exactly those are undecided."""
        return (
            self.outcome.decided
            and self.outcome.failed == self.expected
            and self.outcome.undecided == self.undecided
        )


def run(options: Namespace) -> int:
    """Print a row a fault; return 0 only if every fault is caught by exactly its control."""
    environment = load(options.env)
    wanted = frozenset(options.control)
    faults = [
        fault
        for fault in load_faults().values()
        if fault.applies_to(environment.model.fixtures)
        and (not wanted or is_named(fault.control, wanted))
    ]
    if unbroken := _unbroken(wanted, faults):
        sys.stderr.write(
            f"plimsoll: --control {unbroken}: no fault breaks it in {options.env}; "
            "`plimsoll controls` lists what there is\n"
        )
        return 1
    asked = frozenset(options.exercise)
    seen = [fault for fault in faults if not fault.exercise or fault.exercise in asked]
    lines = []
    for line in drill(options.env, seen, options.processes, sorted(asked)):
        sys.stdout.write(_row(line))
        sys.stdout.flush()
        lines.append(line)
    for fault in (fault for fault in faults if fault not in seen):
        sys.stdout.write(_unseen(fault))
    missed = sum(not line.is_caught for line in lines)
    caught = len(lines) - missed
    sys.stdout.write(f"\n{caught} of {len(lines)} runs came out as they should\n")
    return 1 if missed or not seen else 0


def _unbroken(wanted: Iterable[str], faults: Sequence[Fault]) -> str:
    """Return the controls that were asked for and that no fault breaks here, as a list."""
    named = [one for one in wanted if not any(is_named(f.control, (one,)) for f in faults)]
    return ", ".join(sorted(named))


def drill(
    env: str, faults: Sequence[Fault], processes: int = 2, exercises: Sequence[str] = ()
) -> Iterator[Line]:
    """Yield a line for the sound world and for each fault, as their runs end.

    `exercises` are those that a mocked run does only where they are asked for.

    The sound world comes first and in this process: what was read and worked out there, each of the
    others, in a process of its own, begins with. What a fault cannot have changed is neither looked
    at nor judged again.
    """
    _import_ahead()
    recollection.forget()
    try:
        sound = attempt(env, "", exercises)
        yield Line(SOUND, "", frozenset(), frozenset(), sound)
        yield from _faulty(env, faults, sound, processes, exercises)
    finally:
        recollection.forget()


def _faulty(
    env: str, faults: Sequence[Fault], sound: Outcome, processes: int, exercises: Sequence[str]
) -> Iterator[Line]:
    """Yield a line for each fault, in their order."""
    fork = multiprocessing.get_context("fork")
    with _shared_memory(), fork.Pool(max(1, processes), maxtasksperchild=1) as pool:
        runs = [(one.id, pool.apply_async(attempt, (env, one.id, exercises))) for one in faults]
        patience = PATIENCE_WITH_EXERCISES_SECONDS if exercises else PATIENCE_SECONDS
        for fault, (identity, run) in zip(faults, runs, strict=True):
            yield _line(fault, _awaited(identity, run, patience), sound.applicable)


@contextmanager
def _shared_memory() -> Iterator[None]:
    """Keep the garbage collector from copying what all runs share, and from what they leave.

    Each run is over, and its process with it, before collecting would be worth the time.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _awaited(fault: str, run: AsyncResult[Outcome], patience_seconds: float) -> Outcome:
    """Return a run's outcome; one whose process died without a word has decided nothing."""
    try:
        return run.get(patience_seconds)
    except multiprocessing.TimeoutError:
        return Outcome(fault, frozenset(), frozenset(), decided=False)


def attempt(env: str, fault: str, exercises: Sequence[str] = ()) -> Outcome:
    """Run the whole suite against the mocked world with one fault (none if empty), quietly."""
    import pytest  # noqa: PLC0415 (imported ahead, in the parent)

    from plimsoll.commands.check import pytest_arguments  # noqa: PLC0415
    from plimsoll.commands.presenter import Presenter  # noqa: PLC0415

    options = Namespace(
        env=env, mock=True, require_live=False, area=[], control=[], repository=None, checks=[],
        out=None, fault=[fault] if fault else [], withhold=[], exercise=list(exercises),
        fail_on=None, no_reports=True, no_engineer_log=True,
    )  # fmt: skip
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 (a device, not a path)
        presenter = Presenter(nowhere, nowhere)
        pytest.main(list(pytest_arguments(options)), plugins=[presenter])
    document = presenter.run.document if presenter.run else None
    if document is None:
        return Outcome(fault, frozenset(), frozenset(), decided=False)
    if not fault and presenter.run:
        recollection.keep(env, presenter.run.assessment, presenter.run.recorder.results)
    results = document["results"]
    return Outcome(
        fault,
        frozenset(one["control"] for one in results if one["verdict"] == "fail"),
        frozenset(
            one["control"]
            for one in results
            if one["verdict"] in {"error", "not_tested", "manual"} and one["required"]
        ),
        decided=True,
        applicable=frozenset(
            one["control"] for one in results if one["verdict"] != "not_applicable"
        ),
    )


def _import_ahead() -> None:
    """Import once what every run needs, so that each forked process starts with it."""
    for package in (collectors, pytest_plugin, semantics, worlds):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("_sandbox"):
                importlib.import_module(module.name)


def _line(fault: Fault, outcome: Outcome, applicable: frozenset[str]) -> Line:
    """Return a fault's line; its side effects are expected where the environment asks for them."""
    expected = frozenset({fault.control}) | (frozenset(fault.also) & applicable)
    undecided = frozenset(fault.undecided) & applicable
    return Line(fault.id, fault.vantage, expected, undecided, outcome)


def _unseen(fault: Fault) -> str:
    need = f"it takes --exercise {fault.exercise}"
    return f"unseen  {fault.id:<52} {fault.vantage:<22} {need}\n"


def _row(line: Line) -> str:
    mark = "caught" if line.is_caught else "MISSED"
    if line.fault == SOUND:
        mark = "sound " if line.is_caught else "BROKEN"
    failed = _listed(line.outcome.failed) or "nothing fails"
    undecided = line.outcome.undecided
    more = f"; undecided: {_listed(undecided)}" if undecided else ""
    if not line.outcome.decided:
        failed = "the run broke"
    return f"{mark}  {line.fault:<52} {line.vantage:<22} {failed}{more}\n"


def _listed(controls: Iterable[str]) -> str:
    return ", ".join(sorted(controls))
