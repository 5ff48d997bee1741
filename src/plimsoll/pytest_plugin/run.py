"""The hooks of one run, from the first collected check to the sealed bundle."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.pytest_plugin import (
    account,
    alerting,
    distribution,
    domains,
    edges,
    engineer,
    exposure,
    facts,
    judging,
    monitoring,
    rehearsal,
    store,
)
from plimsoll.pytest_plugin.assessment import assessment_of, run_directory
from plimsoll.pytest_plugin.collection import CATALOGUE, plan, unchecked
from plimsoll.pytest_plugin.exhibits import Exhibits, exhibits
from plimsoll.pytest_plugin.keys import CONTROL
from plimsoll.pytest_plugin.observing import Surroundings, look, planned_probes, surroundings
from plimsoll.pytest_plugin.recollection import judged_before
from plimsoll.pytest_plugin.recording import Recorder
from plimsoll.pytest_plugin.run_document import Ending, build

if TYPE_CHECKING:
    from collections.abc import Generator

    from plimsoll.facts.probe import Probe
    from plimsoll.reporting.document import Document

NOT_OBSERVED_STATUS = 10
INCOMPLETE_STATUS = 11


class Run:
    """One run in one process. A worker observes and judges; the controller records and reports."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.assessment = assessment_of(config)
        self.recorder = Recorder()
        self.document: Document | None = None
        self.directory: Path | None = None
        self._others_failed = False
        self._around: Surroundings | None = None
        self._shared: distribution.SharedFolder | None = None
        config.pluginmanager.register(facts, "plimsoll-facts")
        config.pluginmanager.register(account.AccountFixtures(), "plimsoll-account")
        config.pluginmanager.register(alerting, "plimsoll-alerting")
        config.pluginmanager.register(store, "plimsoll-store")
        config.pluginmanager.register(domains, "plimsoll-domains")
        config.pluginmanager.register(edges, "plimsoll-edges")
        config.pluginmanager.register(exposure, "plimsoll-exposure")
        config.pluginmanager.register(monitoring, "plimsoll-monitoring")
        config.pluginmanager.register(rehearsal, "plimsoll-rehearsal")
        if self._is_recorder and self.assessment.settings.reports:
            self._prepare_reports()

    @property
    def _is_recorder(self) -> bool:
        return not distribution.is_worker(self.config) and not self.config.option.collectonly

    def _prepare_reports(self) -> None:
        self.directory = run_directory(self.assessment)
        has_html = hasattr(self.config.option, "htmlpath")
        if has_html and self.assessment.settings.engineer:
            engineer.configure(self.config, self.directory)
            self.config.pluginmanager.register(engineer.EngineerLog(), "plimsoll-engineer")

    # From collected checks to what was seen.

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Let no module of checks leave itself out: what it would have judged is not known."""
        report = yield
        if report.skipped and (collector.path.parent / CATALOGUE).is_file():
            report.outcome = "failed"
            report.longrepr = f"{report.nodeid}: a module of checks cannot be skipped"
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember that something was not collected, even where pytest is told to go on."""
        self.recorder.interrupted |= report.failed

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Observe once, before the first check, what the selected checks need."""
        checks = [item for item in session.items if CONTROL in item.stash]
        self.assessment.planned = [*map(plan, checks), *unchecked(self.config)]
        if self.config.option.collectonly or not checks:
            return
        probes = planned_probes(checks, self.assessment)
        if distribution.is_worker(self.config):
            self._observe_in_worker(probes)
        elif not distribution.is_controller(self.config):
            self._around = self._surroundings()
            self.assessment.sightings = look(probes, self._around, self._progress).sightings
            self._take_over(session)

    def _take_over(self, session: pytest.Session) -> None:
        """In a drill, keep the results of checks that would read what they have read before."""
        known = judged_before(self.assessment)
        self.recorder.results.update(known)
        session.items[:] = [item for item in session.items if item.nodeid not in known]

    def _surroundings(self) -> Surroundings:
        around = surroundings(self.assessment)
        self.assessment.credentials = around.context.credentials
        return around

    def _observe_in_worker(self, probes: list[Probe]) -> None:
        given = self.config.workerinput["plimsoll"]  # type: ignore[attr-defined]
        context = distribution.context_in_worker(given["context"])
        self.assessment.credentials = context.credentials
        shared = distribution.SharedFolder(Path(given["shared"]))
        shared.keep_plan(given["worker"], self.assessment.planned)
        around = Surroundings(context)
        seen = shared.observe_once(lambda: look(probes, around, None))
        self.assessment.sightings = (
            distribution.unobserved(probes) if seen is None else seen.sightings
        )

    def _progress(self, progress: Any) -> None:  # noqa: ANN401 (handed on as it came)
        self.config.hook.pytest_plimsoll_progress(progress=progress)

    # The checks.

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Open the examination of a check."""
        if CONTROL in item.stash:
            judging.begin(item)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Leave out the body of a check that was decided while its facts were gathered."""
        return judging.skip_settled(pyfuncitem)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport | None:
        """Report a check in words, not as a traceback."""
        return judging.report(item, call) if CONTROL in item.stash else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result of a check, and that some other test failed."""
        self.recorder.take(report)
        self._others_failed |= report.failed and "control" not in dict(report.user_properties)

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the run was stopped."""
        self.recorder.interrupted = True

    def pytest_internalerror(self) -> None:
        """Remember that the run broke."""
        self.recorder.interrupted = True

    # Workers.

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401 (xdist is untyped)
        """Tell a worker where to look and what to share."""
        self._shared = self._shared or distribution.SharedFolder.create()
        self._around = self._around or self._surroundings()
        node.workerinput["plimsoll_started_at"] = self.assessment.started_at.isoformat()
        node.workerinput["plimsoll"] = {
            "context": distribution.context_to_worker(self._around.context),
            "shared": str(self._shared.path),
            "worker": node.workerinput["workerid"],
        }

    # The end.

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> Generator[None, object, object]:
        """Record, report and seal, after every other plugin has written what it writes."""
        outcome = yield
        if self._is_recorder:
            self._record(session, exitstatus)
            self._say()
        return outcome

    def _record(self, session: pytest.Session, exitstatus: int) -> None:
        self._gather_from_workers()
        if exitstatus == pytest.ExitCode.USAGE_ERROR:
            return
        results = self.recorder.complete(self.assessment.planned, dict(self.assessment.catalogue))
        shown = exhibits(self.assessment, results) if self.directory else Exhibits()
        interrupted = self.recorder.interrupted or exitstatus in {
            pytest.ExitCode.INTERRUPTED,
            pytest.ExitCode.INTERNAL_ERROR,
        }
        ending = Ending(datetime.now(UTC), interrupted, shown.index)
        self.document = build(self.assessment, results, ending)
        if self.directory is not None:
            self._write(self.directory, self.document, shown.files)
        if not self._others_failed:
            session.exitstatus = exit_status(self.document, exitstatus)

    @staticmethod
    def _write(directory: Path, document: Document, evidence: dict[str, bytes]) -> None:
        from plimsoll.reporting.bundle import write_bundle  # noqa: PLC0415 (at the end of a run)

        write_bundle(document, directory, evidence)
        latest = directory.parent / "latest"
        fresh = directory.parent / f".latest-{directory.name}"
        fresh.symlink_to(directory.name)
        fresh.replace(latest)

    def _gather_from_workers(self) -> None:
        if self._shared is None:
            return
        self.assessment.planned = self._shared.planned()
        if self._shared.snapshot.exists():
            from plimsoll.collectors.snapshot import Snapshot  # noqa: PLC0415 (only under xdist)

            content = self._shared.snapshot.read_bytes()
            self.assessment.sightings = Snapshot.from_json(content).sightings
        shutil.rmtree(self._shared.path, ignore_errors=True)

    def _say(self) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None or self.document is None:
            return
        from plimsoll.reporting.terminal import decision_line  # noqa: PLC0415 (at the end of a run)

        terminal.write_sep("=", "plimsoll")
        terminal.write_line(decision_line(self.document["decision"]))
        if self.directory is not None:
            terminal.write_line(f"reports: {self.directory}")

    def pytest_unconfigure(self) -> None:
        """Stop the world."""
        if self._around is not None:
            self._around.close()
        if self.directory is not None and self.document is None:
            shutil.rmtree(self.directory, ignore_errors=True)


def exit_status(document: Document, of_pytest: int) -> int:
    """Return the status of a plain pytest run: pytest's own, or what only the record knows."""
    if of_pytest not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        return of_pytest
    counts = document["counts"]
    if counts["fail"]:
        return int(pytest.ExitCode.TESTS_FAILED)
    if counts["planned"] != counts["recorded"]:
        return INCOMPLETE_STATUS
    return NOT_OBSERVED_STATUS if document["decision"]["status"] == "undecidable" else 0
