"""What a drill need not look at or judge again: only what a fault has left as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from plimsoll import resources
from plimsoll.environment.loader import load
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.monitoring_reading import MonitoringProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.findings import NotObserved, Observed, Origin, Result, Verdict
from plimsoll.pytest_plugin.reading import Question
from plimsoll.pytest_plugin.recollection import Untouched, forget, judged_before, keep
from plimsoll.worlds.faults import load_faults
from plimsoll.worlds.world import build

ENV = "tetrix"
HTTP, FILES = HttpProbe("https://tetrixcorp.com/"), RepositoryProbe(("package.json",))
ACCOUNT = DigitalOceanProbe("apps", credential="DIGITALOCEAN_TOKEN")
NAMES = DnsProbe("tetrixcorp.com", "A")
GRAFANA = HttpProbe("https://grafana.tetrixcorp.com/api/health")
MONITORING = MonitoringProbe("prometheus", "targets", "https://prometheus.example.com")
SEEN = {
    probe: Observed((), Origin("http", "somewhere", simulated=True), datetime.now(UTC))
    for probe in (HTTP, FILES, ACCOUNT, NAMES, GRAFANA, MONITORING)
}
NODE = "checks/headers.py::test_header[home]"
PASSED = Result("SEC-01", "home", Verdict.PASS, Verdict.PASS, "is so", node=NODE)


def a_run(sightings, reads=(), env=ENV):
    """A run of an environment that saw this, in which one check read some of it."""
    return SimpleNamespace(
        settings=SimpleNamespace(env=env),
        sightings=sightings,
        examinations={NODE: SimpleNamespace(reads=set(map(Question, reads)))},
    )


@pytest.fixture(autouse=True)
def _kept():
    keep(ENV, a_run(SEEN, [HTTP, NAMES]), {NODE: PASSED})
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
    assert untouched.recalled(world).keys() == {HTTP, ACCOUNT, NAMES}


def test_a_change_of_the_site_leaves_the_account(world):
    """A header that is wrong is looked at, and whatever else the site answers."""
    untouched = Untouched(ENV, world)
    next(iter(world.site.responses())).headers["x-frame-options"] = "ALLOWALL"
    assert untouched.recalled(world).keys() == {ACCOUNT, NAMES}


def test_a_change_of_the_account_leaves_the_site(world):
    """A scope that the token lacks shows in no page."""
    untouched = Untouched(ENV, world)
    world.cloud.scopes.discard("app:read")
    assert untouched.recalled(world).keys() == {HTTP, NAMES}


def test_what_everything_stands_on_leaves_nothing(world):
    """Names lead to every server, and a certificate may keep anybody out."""
    untouched = Untouched(ENV, world)
    next(iter(world.certificates.values())).days_to_expiry = 1
    assert untouched.recalled(world) == {}


def test_a_withheld_source_is_not_recalled(world):
    """What is taken away must not be remembered."""
    untouched = Untouched(ENV, world)
    world.withhold("http")
    assert untouched.recalled(world) == {}


def test_without_a_drill_nothing_is_recalled(world):
    """Every other run looks and judges for itself."""
    assert Untouched("app-oint", world).recalled(world) == {}
    assert judged_before(a_run(SEEN, env="app-oint")) == {}
    forget()
    assert Untouched(ENV, world).recalled(world) == {}
    assert judged_before(a_run(SEEN)) == {}


def test_a_check_that_would_read_the_same_keeps_its_result():
    """Whatever else was seen otherwise: it does not look there."""
    assert judged_before(a_run(SEEN)) == {NODE: PASSED}
    assert judged_before(a_run({**SEEN, FILES: unseen()})) == {NODE: PASSED}


@pytest.mark.parametrize("probe", [HTTP, NAMES])
def test_a_check_with_one_other_reading_is_judged(probe):
    """One of many is enough, and so is one that is gone."""
    assert judged_before(a_run({**SEEN, probe: unseen()})) == {}
    assert judged_before(a_run({one: SEEN[one] for one in SEEN if one != probe})) == {}


def unseen():
    """A look that came to nothing."""
    return NotObserved("the connection was refused", Origin("http", "somewhere", simulated=True))


PARTS = {"http": HTTP, "dns": NAMES, "tls": HTTP, "do": ACCOUNT}

FAULTS = [
    fault for fault in load_faults().values() if fault.applies_to(ENV) and fault.vantage in PARTS
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_every_fault_of_what_is_served_is_looked_at(world, fault):
    """No fault that is seen over a network hides behind what was seen before.

    One that is a difference to the files may have changed these.
    """
    untouched, files = Untouched(ENV, world), dict(world.files.files)
    fault.apply(world)
    assert PARTS[fault.vantage] not in untouched.recalled(world) or world.files.files != files
