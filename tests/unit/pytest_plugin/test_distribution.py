"""Several processes observe once; where the observer dies, nobody pretends to have seen anything."""

import multiprocessing
import os
import stat
import time
from pathlib import Path

import pytest

from plimsoll.collectors.context import Context
from plimsoll.collectors.network import Network
from plimsoll.collectors.snapshot import Snapshot
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotObserved, Observed, Origin
from plimsoll.pytest_plugin.assessment import PlannedCheck
from plimsoll.pytest_plugin.distribution import (
    SharedFolder,
    context_in_worker,
    context_to_worker,
    unobserved,
)

PROBE = HttpProbe("https://ferry.example/")
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def snapshot(noon):
    """What the observer saw."""
    return Snapshot({PROBE: NotObserved("no route", Origin("http", PROBE.url))}, noon, noon)


@pytest.fixture
def shared():
    """The folder that the processes of a run share."""
    folder = SharedFolder.create()
    yield folder
    for path in folder.path.iterdir():
        path.unlink()
    folder.path.rmdir()


def test_only_this_user_can_look_into_the_folder(shared):
    """What was seen may hold secrets that are masked only later."""
    assert stat.S_IMODE(shared.path.stat().st_mode) == 0o700


def test_whoever_comes_second_reads_what_the_first_saw(shared, snapshot):
    """The second observation is never made."""
    assert shared.observe_once(lambda: snapshot) is snapshot
    assert shared.observe_once(lambda: pytest.fail("observed twice")) == snapshot


def _observe(path, snapshot, tally):
    def look():
        with tally.open("a") as file:
            file.write("looked\n")
        time.sleep(0.05)
        return snapshot

    seen = SharedFolder(path).observe_once(look)
    os._exit(0 if seen == snapshot else 1)


def test_processes_at_the_same_time_observe_once(shared, snapshot, tmp_path):
    """One looks, the others wait for what it saw, and all of them know the same."""
    tally = tmp_path / "tally"
    workers = [FORK.Process(target=_observe, args=(shared.path, snapshot, tally)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert tally.read_text() == "looked\n"


def _die(path):
    SharedFolder(path).observe_once(lambda: os._exit(9))


def test_where_the_observer_died_nothing_was_observed(shared):
    """Nobody looks again, for what is half done may have changed what is seen."""
    worker = FORK.Process(target=_die, args=(shared.path,))
    worker.start()
    worker.join(30)
    assert worker.exitcode == 9
    assert shared.observe_once(lambda: pytest.fail("observed again")) is None
    (missing,) = unobserved([PROBE]).values()
    assert isinstance(missing, NotObserved)
    assert "died" in missing.reason


def test_an_observer_that_breaks_is_one_that_died(shared):
    """An exception leaves no snapshot behind, and the next process does not try."""

    def broken():
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        shared.observe_once(broken)
    assert shared.observe_once(lambda: pytest.fail("observed again")) is None


def test_the_plans_of_all_workers_are_one_plan(shared):
    """They collect the same; what only one of them got to is not lost."""
    first, second = (PlannedCheck("ABC-01", "north", f"a::{n}", "how") for n in (1, 2))
    shared.keep_plan("gw0", [first, second])
    shared.keep_plan("gw1", [first])
    assert shared.planned() == [first, second]


def test_a_worker_looks_where_the_controller_says(noon):
    """The whole context, as plain data there and back."""
    context = Context(
        network=Network({"ferry.example:443": ("127.0.0.1", 4)}, closed=True,
                        resolver=("127.0.0.1", 53), authority_pem="PEM"),
        repository=Path("/somewhere"), repository_simulated=True, credentials={"TOKEN": "x"},
        exercises=frozenset({"burst"}), withheld=frozenset({"dns"}),
    )  # fmt: skip
    assert context_in_worker(context_to_worker(context)) == context
    assert context_in_worker(context_to_worker(Context())) == Context()


def test_a_snapshot_that_a_worker_reads_is_what_was_seen(shared, noon):
    """Bodies, moments and places survive the way through the file."""
    origin = Origin("http", PROBE.url, simulated=True)
    seen = Snapshot({PROBE: Observed((), origin, noon)}, noon, noon)
    shared.observe_once(lambda: seen)
    assert shared.observe_once(lambda: pytest.fail("observed twice"))[PROBE] == Observed(
        (), origin, noon
    )
