"""Alerts of the mocked system arrive: real Prometheus, real Alertmanager, every channel.

The log of what arrived is printed: `pytest -s` shows it.
"""

import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plimsoll.collectors import application, rehearsal
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.rehearsal import servers
from plimsoll.environment.loader import load
from plimsoll.facts.rehearsal import RehearsalProbe
from plimsoll.facts.repository import FileRecord, Repository
from plimsoll.findings import NotObserved, Observed, Origin, ToolMissing
from plimsoll.semantics.rehearsal.telling import log
from plimsoll.worlds.faults import find_fault
from plimsoll.worlds.repository_copy import RepositoryCopy

FIXTURE = Path(__file__).parents[2] / "fixtures" / "app-oint"
RULES, ALERTMANAGER = "monitoring/alerting-rules.yml", "monitoring/alertmanager.yml"
PROMETHEUS = "prometheus.yml"
DECLARED = load("app-oint").model.alerts
SLOW = {"traffic-drop", "high-cpu", "backup-missing"}
"""Alerts whose rules look back over an hour, or that hold for long: these would take a minute more."""
REQUIRED = {one.name: one for one in DECLARED.required if one.name not in SLOW}


def channels(severity):
    """The declared channels of a severity."""
    routes = [route for route in DECLARED.routes if route.severity == severity]
    return [channel for route in routes for channel in route.channels]


@pytest.fixture(scope="module", autouse=True)
def programs():
    """The programs of Debian; without them there is nothing to try, and CI has them."""
    if isinstance(servers.find_programs(None), str):
        reason = servers.find_programs(None)
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@dataclass
class Run:
    """The surroundings of a run that goes on, with the files of a repository."""

    files: RepositoryCopy

    def repository(self):
        """The three files of the alerting."""
        paths = (RULES, ALERTMANAGER, PROMETHEUS)
        records = tuple(FileRecord(path, 0, "", self.files.text(path)) for path in paths)
        now = datetime.now(UTC)
        read = Repository("/", None, None, False, paths, records, now)
        return Observed(read, Origin("repository", "/"), now)

    def awaited(self):
        """It is."""
        return True


@dataclass
class World:
    """As much of a mocked world as a fault in files changes."""

    files: RepositoryCopy


def rehearse(names, *faults, seconds=200.0):
    """Rehearse alerts on the fixture's files, with these faults in them."""
    world = World(RepositoryCopy.of(FIXTURE))
    for fault in faults:
        find_fault(f"ALR-09/{fault}").apply(world)
    # All are there, so that it is known which of two is the worse; the others are not staged.
    required = tuple(
        one if one.name in names else one.model_copy(update={"levels": ("logic",)})
        for one in DECLARED.required
    )
    alerts = DECLARED.model_copy(update={"required": required})
    probe = RehearsalProbe(
        (RULES,), ALERTMANAGER, PROMETHEUS, alerts.model_dump_json(), ("fra1", "nyc1")
    )
    context = Context(exercises=frozenset({"alerting"}), limits=Limits(overall_seconds=seconds))
    ((_, seen),) = rehearsal.collect([probe], context, Run(world.files))
    if isinstance(seen, Observed):
        sys.stdout.write("\n" + "".join(f"{line}\n" for line in log(seen.value)))
    return seen


def left_behind():
    """Processes that a rehearsal has started and not ended, and ports that are listened on."""
    marked = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"{application.MARK}=".encode() in environment and b"prometheus" in command:
            marked.append(folder.name)
    own = {link for link in map(os.readlink, _links()) if link.startswith("socket:")}
    listening = Counter()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
            listening[fields[1]] += 1
    return marked, listening


def _links():
    for link in Path("/proc/self/fd").iterdir():
        if link.is_symlink():
            yield link


@pytest.fixture(scope="module")
def whole():
    """One rehearsal of everything, shared; and what was running before and after it."""
    before = left_behind()
    seen = rehearse(REQUIRED)
    assert isinstance(seen, Observed), seen
    return seen.value, before, left_behind()


@pytest.mark.parametrize("name", REQUIRED)
def test_each_alert_arrives_on_every_channel_and_so_does_its_end(whole, name):
    """From the fault to the pager, through nothing that was made for the test."""
    staging = whole[0].of(name)
    severity = REQUIRED[name].severity
    assert staging.unknown == ""
    assert channels(severity)
    for channel in channels(severity):
        arrived = staging.arrivals(severity, channel.kind, channel.to)
        assert arrived, (channel, staging)
        assert not any(one.lacks_its_end for one in arrived)
        assert not any(one.is_stand_in for one in arrived)


@pytest.mark.parametrize(
    ("name", "hold_seconds"), [("database-down", 60), ("critical-memory", 180)]
)
def test_the_time_at_real_speed_is_not_shorter_than_the_rule_holds(whole, name, hold_seconds):
    """An estimate errs to the longer side: a busy machine makes it later, and nothing earlier."""
    staging = whole[0].of(name)
    assert all(one.real_seconds >= hold_seconds for one in staging.fired)
    assert all(one.real_seconds >= hold_seconds for one in staging.delivered)


def test_everything_is_loaded_and_connected(whole):
    """By the servers' own account."""
    seen = whole[0]
    assert len(seen.groups) == 6
    assert seen.missing_groups == ()
    assert seen.left_out == ()
    assert seen.alertmanagers == 1
    assert seen.prometheus[0].isdigit()
    assert seen.alertmanager[0].isdigit()


def test_a_muted_alert_is_told_apart_from_one_that_arrives(whole):
    """The warning about memory is held back by the critical alert, which arrives."""
    staging = whole[0].of("critical-memory")
    (held,) = staging.held
    assert (held.alert, held.by) == ("HighMemoryUsage", "inhibited by CriticalMemoryUsage")
    assert "HighMemoryUsage" in {one.alert for one in staging.fired}
    assert "HighMemoryUsage" not in {one.alert for one in staging.delivered}


def test_neither_a_process_nor_a_port_is_left_behind(whole):
    """Nor is a folder."""
    _, before, after = whole
    assert after == before
    assert after[0] == []


def test_a_rule_that_never_fires_and_an_inhibition_are_told_apart():
    """The one raises nothing; the other holds back what was raised, and says by what."""
    faults = ("rule-never-fires", "muted-by-its-own-warning")
    seen = rehearse({"database-down", "critical-memory"}, *faults)
    silent, muted = (seen.value.of(name) for name in ("database-down", "critical-memory"))
    assert (silent.unknown, muted.unknown) == ("", "")
    assert (silent.fired, silent.delivered) == ((), ())
    assert "CriticalMemoryUsage" in {one.alert for one in muted.fired}
    assert {one.severity for one in muted.delivered} == {"warning"}
    assert [(one.alert, one.by) for one in muted.held] == [
        ("CriticalMemoryUsage", "inhibited by HighMemoryUsage")
    ]


def test_a_route_to_the_wrong_receiver_is_seen():
    """The message arrives, and on one of three channels only."""
    seen = rehearse({"database-down"}, "routed-to-the-wrong-receiver")
    staging = seen.value.of("database-down")
    assert staging.unknown == ""
    assert {one.kind for one in staging.delivered} == {"slack"}


def test_what_was_not_reached_in_time_is_unknown():
    """And never taken for an alert that does not arrive."""
    seen = rehearse(REQUIRED, seconds=24.0)
    unknown = [one for one in seen.value.stagings if one.unknown]
    assert 0 < len(unknown) < len(REQUIRED)
    assert all("over before it was" in one.unknown for one in unknown)


def test_without_the_programs_it_is_told_what_is_missing(monkeypatch, tmp_path):
    """With the command that installs them."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("prometheus") is None
    seen = rehearse({"database-down"})
    assert isinstance(seen, ToolMissing)
    assert "apt-get install prometheus prometheus-alertmanager" in seen.reason


def test_a_configuration_that_is_refused_is_told_in_the_programs_words(monkeypatch):
    """It is unknown then whether anything would arrive."""
    monkeypatch.setattr(Run, "repository", _without_receivers(Run.repository))
    seen = rehearse({"database-down"})
    assert isinstance(seen, NotObserved)
    assert seen.reason.startswith("Alertmanager ended with status 1")


def _without_receivers(read):
    def changed(self):
        self.files.write(ALERTMANAGER, "route: {receiver: nobody}\n")
        return read(self)

    return changed
