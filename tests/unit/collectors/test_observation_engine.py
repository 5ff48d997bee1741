"""Whatever is asked gets a sighting, in time, whatever the collectors do."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
import types
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors import engine
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.engine import Progress, observe
from plimsoll.collectors.network import Network
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.handshake import TlsProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.facts.tool_output import ToolProbe
from plimsoll.findings import NotObserved, Observed, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "http://api.example.test/"
ONE_OF_EACH = (
    HttpProbe(URL),
    TlsProbe("api.example.test"),
    DnsProbe("api.example.test"),
    RepositoryProbe(("*",)),
    ToolProbe("shellcheck", "a.sh"),
)
NOWHERE = Context(
    network=Network(closed=True), limits=Limits(connect_seconds=0.1, read_seconds=0.1, retries=0)
)


@pytest.fixture
def collector(monkeypatch) -> Callable[..., None]:
    """Return what puts another `collect` in the place of every collector."""

    def replace(collect: Callable[..., object]) -> None:
        module = types.SimpleNamespace(collect=collect)
        monkeypatch.setattr(engine, "import_module", lambda _: module)

    return replace


def test_every_kind_is_observed_in_one_run(web, world, tmp_path) -> None:
    """Probes of every kind come back, in the order they were asked, each once."""
    (tmp_path / "a.sh").write_text("#!/bin/sh\ntrue\n")
    context = world({"api.example.test:80": web.port}, repository=tmp_path)
    snapshot = observe([*ONE_OF_EACH, *ONE_OF_EACH], context)
    assert tuple(snapshot) == ONE_OF_EACH
    kinds = [type(snapshot[probe]) for probe in ONE_OF_EACH]
    assert kinds == [Observed, NotObserved, NotObserved, Observed, Observed]
    assert snapshot.started_at <= snapshot.finished_at
    assert snapshot.finished_at.tzinfo is not None
    assert len(web.log) == 1


def test_tools_have_the_repository_without_anyone_asking_for_it(tmp_path) -> None:
    """A tool's file is read for it; the snapshot still holds only what was asked."""
    (tmp_path / "a.sh").write_text("#!/bin/sh\ntrue\n")
    probe = ToolProbe("shellcheck", "a.sh")
    snapshot = observe([probe], Context(repository=tmp_path))
    assert tuple(snapshot) == (probe,)
    assert isinstance(snapshot[probe], Observed)


def test_nothing_asked_is_nothing_seen() -> None:
    """A run without probes ends at once, with no sighting."""
    assert tuple(observe([], NOWHERE)) == ()


def test_blind_run_sees_nothing() -> None:
    """With every source withheld, every probe is not observed, and says so."""
    blind = Context(withheld=frozenset({"http", "tls", "dns", "repository", "tools"}))
    snapshot = observe(ONE_OF_EACH, blind)
    assert {snapshot[probe].reason for probe in ONE_OF_EACH} == {"withheld"}


@pytest.mark.parametrize(
    ("withheld", "seen"),
    [("repository", [NotObserved, NotObserved]), ("tools", [Observed, NotObserved])],
)
def test_tools_are_withheld_with_the_repository_or_alone(withheld, seen, tmp_path) -> None:
    """Without a repository there is nothing for a tool to read; without tools there still is."""
    (tmp_path / "a.sh").write_text("#!/bin/sh\n")
    probes = [RepositoryProbe(("*",)), ToolProbe("shellcheck", "a.sh")]
    snapshot = observe(probes, Context(repository=tmp_path, withheld=frozenset({withheld})))
    assert [type(snapshot[probe]) for probe in probes] == seen
    assert snapshot[probes[1]].reason == "withheld"


def test_withheld_source_is_not_looked_at(web, world) -> None:
    """One source withheld costs its own probes, and sends nothing."""
    context = world({"api.example.test:80": web.port}, withheld=frozenset({"http"}))
    snapshot = observe(ONE_OF_EACH[:2], context)
    assert snapshot[HttpProbe(URL)] == NotObserved("withheld", Origin("http", URL, simulated=True))
    assert web.log == []


def test_nothing_waits_for_a_source_that_is_withheld(tmp_path) -> None:
    """Programs begin when timed answers have ended, and those that are withheld never begin."""
    (tmp_path / "a.sh").write_text("#!/bin/sh\n")
    blind = Context(
        repository=tmp_path,
        withheld=frozenset({"http"}),
        limits=Limits(overall_seconds=20),
    )
    snapshot = observe([HttpProbe(URL), ToolProbe("shellcheck", "a.sh")], blind)
    waited = getattr(snapshot[ToolProbe("shellcheck", "a.sh")], "reason", "it was read")
    assert "answer within the run" not in waited


@pytest.mark.parametrize("collects", [True, False])
def test_nothing_stops_the_clocks_while_answers_are_timed(collector, collects: bool) -> None:
    """Garbage is collected before and after; whoever has turned that off finds it off."""
    seen = []

    def collect(probes, *_):
        seen.append(gc.isenabled())
        yield probes[0], Observed((), Origin("http", URL), None)

    collector(collect)
    (gc.enable if collects else gc.disable)()
    try:
        observe([HttpProbe(URL)], Context())
        assert (seen, gc.isenabled()) == ([False], collects)
    finally:
        gc.enable()


def test_late_answer_is_not_observed(collector) -> None:
    """What has not answered by the run's deadline is told so, and nothing waits for it."""
    answered = threading.Event()

    def collect(probes, *_):
        yield probes[0], Observed((), Origin("http", URL), None)
        answered.wait(5)
        yield probes[1], Observed((), Origin("http", URL), None)

    collector(collect)
    probes = [HttpProbe(URL), HttpProbe(URL + "late")]
    snapshot = observe(probes, Context(limits=Limits(overall_seconds=0.2)))
    answered.set()
    assert isinstance(snapshot[probes[0]], Observed)
    assert isinstance(snapshot[probes[1]], NotObserved)
    assert snapshot[probes[1]].reason == "no answer within the run's 0.2 s"


def test_collectors_learn_that_nobody_waits(collector) -> None:
    """After the deadline a collector can see that it need not go on."""
    heard: list[bool] = []
    ended = threading.Event()

    def collect(probes, _, sightings):
        heard.append(sightings.awaited())
        while sightings.awaited():
            time.sleep(0.01)
        ended.set()
        yield from ()

    collector(collect)
    observe([HttpProbe(URL)], Context(limits=Limits(overall_seconds=0.1)))
    assert ended.wait(5)
    assert heard == [True]


def test_crash_costs_only_the_collector_s_probes_and_tells_no_secret(collector) -> None:
    """The reason names the kind and place of the accident, never its words."""

    def collect(probes, *_):
        yield probes[0], Observed((), Origin("http", URL), None)
        message = "Bearer canary-7f3a9c51e2"
        raise RuntimeError(message)

    collector(collect)
    probes = [HttpProbe(URL), HttpProbe(URL + "lost")]
    snapshot = observe(probes, NOWHERE)
    assert isinstance(snapshot[probes[0]], Observed)
    assert snapshot[probes[1]].reason.startswith("the collector failed: RuntimeError at test_")
    assert "canary" not in repr(dict(snapshot.sightings))


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 9)), st.booleans())
def test_every_probe_has_a_sighting_whatever_the_collector_yields(asked, told, crashes) -> None:
    """Silence, surplus and accidents never lose a probe, and never make one observed."""

    def collect(*_):
        for number in told:
            yield HttpProbe(str(number)), Observed((), Origin("http", ""), None)
            yield HttpProbe(str(number)), NotObserved("twice", Origin("http", ""))
        if crashes:
            raise ValueError

    probes = [HttpProbe(str(number)) for number in asked]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "import_module", lambda _: types.SimpleNamespace(collect=collect))
        snapshot = observe(probes, NOWHERE)
    assert set(snapshot) == set(probes)
    seen = {probe for probe in snapshot if isinstance(snapshot[probe], Observed)}
    assert seen == {HttpProbe(str(number)) for number in asked & told}


def test_repository_that_crashes_does_not_keep_the_tools_waiting(collector) -> None:
    """A tool that waits for the repository learns that it will not come."""
    heard: list[object] = []

    def collect(probes, _, sightings):
        if isinstance(probes[0], RepositoryProbe):
            raise OSError
        heard.append(sightings.repository())
        yield probes[0], heard[0]

    collector(collect)
    snapshot = observe([ToolProbe("shellcheck", "a.sh")], NOWHERE)
    assert isinstance(snapshot[ToolProbe("shellcheck", "a.sh")], NotObserved)
    assert heard[0].reason == "it was not read"


def test_progress_counts_every_probe_once(tmp_path) -> None:
    """Each source counts from one to its total, the withheld and the lost included."""
    events: list[Progress] = []
    context = Context(
        network=Network(closed=True),
        repository=tmp_path,
        withheld=frozenset({"dns"}),
        limits=NOWHERE.limits,
    )
    observe([*ONE_OF_EACH, HttpProbe(URL + "2")], context, events.append)
    by_source: dict[str, list[Progress]] = {}
    for event in events:
        by_source.setdefault(event.source, []).append(event)
    assert {source: len(found) for source, found in by_source.items()} == {
        "http": 2,
        "tls": 1,
        "dns": 1,
        "repository": 2,
    }
    for found in by_source.values():
        assert [event.done for event in found] == list(range(1, len(found) + 1))
        assert {event.total for event in found} == {len(found)}


def test_interruption_is_passed_on_and_stops_the_collectors(collector) -> None:
    """An interruption does not wait for anybody."""
    stopped = threading.Event()

    def collect(probes, _, sightings):
        yield probes[0], Observed((), Origin("http", URL), None)
        while sightings.awaited():
            time.sleep(0.01)
        stopped.set()

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    collector(collect)
    with pytest.raises(KeyboardInterrupt):
        observe([HttpProbe(URL), HttpProbe(URL + "2")], Context(), interrupt)
    assert stopped.wait(5)


def test_engine_imports_no_client_before_it_is_needed() -> None:
    """Starting up costs none of the libraries that speak to the world."""
    heavy = "{'httpx', 'httpcore', 'h2', 'dns', 'cryptography', 'pydantic', 'yaml', 'quickjs'}"
    code = f"import sys, plimsoll.collectors.engine; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert found.stdout.strip() == "[]"


def test_answer_that_never_comes_does_not_keep_the_process_alive() -> None:
    """After a run that gave up on a server, the process ends at once."""
    code = """
import socket, time
from plimsoll.collectors.context import Context, Limits
from plimsoll.collectors.engine import observe
from plimsoll.collectors.network import Network
from plimsoll.facts.exchange import HttpProbe
silent = socket.create_server(("127.0.0.1", 0))
network = Network({"a.test:80": silent.getsockname()}, closed=True)
limits = Limits(read_seconds=30, overall_seconds=0.3)
snapshot = observe([HttpProbe("http://a.test/")], Context(network, limits=limits))
print(snapshot[HttpProbe("http://a.test/")])
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=20
    )
    assert found.stdout.strip() == "http://a.test/: no answer within the run's 0.3 s"


def test_what_was_seen_before_is_not_looked_at_again(collector) -> None:
    """It comes back as it was, in its place among the others; the others are looked at."""
    asked: list[object] = []

    def collect(probes, context, sightings):
        for probe in probes:
            asked.append(probe)
            yield probe, NotObserved("looked at now", Origin("http", probe.url))

    collector(collect)
    known, new = HttpProbe(URL), HttpProbe(f"{URL}new")
    before = NotObserved("seen before", Origin("http", URL))
    snapshot = observe([known, new], Context(recalled={known: before}))
    assert asked == [new]
    assert tuple(snapshot) == (known, new)
    assert snapshot[known] is before
