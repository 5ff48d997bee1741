"""What a drill need not look at again: only what a fault has left as it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plimsoll import resources
from plimsoll.environment.loader import load
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.monitoring_reading import MonitoringProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.findings import Observed, Origin
from plimsoll.pytest_plugin.recollection import Untouched, forget, keep
from plimsoll.worlds.faults import load_faults
from plimsoll.worlds.world import build

ENV = "tetrix"
HTTP, FILES = HttpProbe("https://tetrixcorp.com/"), RepositoryProbe(("package.json",))
MONITORING = MonitoringProbe("prometheus", "targets", "https://prometheus.example.com")
SEEN = {
    probe: Observed((), Origin("http", "somewhere", simulated=True), datetime.now(UTC))
    for probe in (HTTP, FILES, MONITORING)
}


@pytest.fixture(autouse=True)
def _kept():
    keep(ENV, SEEN)
    yield
    forget()


@pytest.fixture
def world():
    """The sound world of TETRIX."""
    return build(load(ENV).model, resources.fixtures())


def test_a_change_of_files_leaves_what_is_served(world):
    """The site is not asked again; the repository, and servers that follow it, are."""
    untouched = Untouched(ENV, world)
    world.files.replace("package.json", "pnpm", "npm")
    assert untouched.recalled(world) == {HTTP: SEEN[HTTP]}


def test_whatever_is_served_otherwise_is_looked_at(world):
    """A header, a record of the account, a source that is withheld: all is looked at again."""
    untouched = Untouched(ENV, world)
    next(iter(world.site.responses())).headers["x-frame-options"] = "ALLOWALL"
    assert untouched.recalled(world) == {}


def test_a_withheld_source_is_not_recalled(world):
    """What is taken away must not be remembered."""
    untouched = Untouched(ENV, world)
    world.withhold("http")
    assert untouched.recalled(world) == {}


def test_without_a_drill_nothing_is_recalled(world):
    """Every other run looks for itself."""
    forget()
    assert Untouched(ENV, world).recalled(world) == {}
    keep(ENV, SEEN)
    assert Untouched("app-oint", world).recalled(world) == {}


FAULTS = [
    fault
    for fault in load_faults().values()
    if fault.applies_to(ENV) and fault.vantage in {"http", "dns", "tls", "do", "spaces"}
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_every_fault_of_what_is_served_is_looked_at(world, fault):
    """No fault that is seen over a network hides behind what was seen before.

    One that is a difference to the files may have changed these.
    """
    untouched, files = Untouched(ENV, world), dict(world.files.files)
    fault.apply(world)
    assert untouched.recalled(world) == {} or world.files.files != files
