"""What a person sees of a run: progress while it looks, the findings, the decision, the reports."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, TextIO

import pytest

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from plimsoll.collectors.engine import Progress
    from plimsoll.pytest_plugin.run import Run

MOST_COLUMNS = 110


class Presenter:
    """Takes the place of pytest's reporter; progress goes to `error`, the rest to `out`."""

    def __init__(self, out: TextIO, error: TextIO) -> None:
        self.run: Run | None = None
        self._out = out
        self._error = error
        self._bars: Bars | None = None
        self._tasks: dict[str, Any] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Silence pytest's own reporter and remember the run."""
        config.pluginmanager.unregister(name="terminalreporter")
        self.run = config.pluginmanager.get_plugin("plimsoll-run")

    def pytest_plimsoll_progress(self, progress: Progress) -> None:
        """Show how far the observation is: bars on a terminal, a line a source elsewhere."""
        if self._error.isatty():
            self._advance(progress)
        elif progress.done == progress.total:
            self._error.write(f"observed {progress.source}: {progress.done} of {progress.total}\n")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say why a file of checks could not be loaded."""
        if report.failed:
            self._error.write(
                f"plimsoll: {report.nodeid}: cannot be loaded\n{report.longreprtext}\n"
            )

    def pytest_internalerror(self, excrepr: Any) -> None:  # noqa: ANN401 (private type of pytest)
        """Say in one sentence that the run broke, and where."""
        crash = getattr(excrepr, "reprcrash", None)
        where = f"{crash.path}:{crash.lineno}: {crash.message}" if crash else str(excrepr)
        self._error.write(f"plimsoll: the run broke, nothing is decided: {where}\n")

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Print the summary, once everything is written."""
        if self._bars is not None:
            self._bars.stop()
        if self.run is None or self.run.document is None:
            return
        from plimsoll.reporting.terminal import (  # noqa: PLC0415 (at the end of a run)
            colored,
            summary_lines,
            unstyled,
        )

        width = min(shutil.get_terminal_size((100, 24)).columns, MOST_COLUMNS)
        style = colored if self._out.isatty() else unstyled
        for line in summary_lines(self.run.document, width, style):
            self._out.write(f"{line}\n")
        if self.run.directory is not None:
            self._out.write(f"reports: {self.run.directory}\n")

    def _advance(self, progress: Progress) -> None:
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        if progress.source not in self._tasks:
            self._tasks[progress.source] = self._bars.add_task(
                progress.source, total=progress.total
            )
        self._bars.update(self._tasks[progress.source], completed=progress.done)


def _bars() -> Bars:
    from rich.console import Console  # noqa: PLC0415 (only on a terminal)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("observing {task.description:<11}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
