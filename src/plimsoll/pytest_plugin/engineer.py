"""The engineer's log: pytest-html, self-contained, with its faults of integrity cured.

The plugin leaves out a test whose worker died and writes node ids into the page unescaped; it knows
no control and no severity. Everything here is a hook it offers for that.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("control", "severity")


def configure(config: pytest.Config, directory: Path) -> None:
    """Have pytest-html write its log into the run's folder, unless it was told where to."""
    if hasattr(config.option, "htmlpath") and not config.option.htmlpath:
        config.option.htmlpath = str(directory / "engineer.html")
        config.option.self_contained_html = True


class EngineerLog:
    """pytest-html's hooks; registered only where that plugin is."""

    def pytest_html_report_title(self, report: Any) -> None:  # noqa: ANN401 (untyped plugin)
        """Name the page for what it is."""
        report.title = "Engineer's log"

    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Lead to the report that decides."""
        prefix.append('<p>The decision is in the <a href="report.html">auditor\'s report</a>.</p>')

    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Add the columns by which people look for a check."""
        for offset, name in enumerate(COLUMNS):
            cells.insert(
                1 + offset,
                f'<th class="sortable" data-column-type="{name}">{name.capitalize()}</th>',
            )

    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        """Fill the columns and escape the node id, which may hold anything."""
        known = dict(getattr(report, "user_properties", ()))
        cells[1] = f'<td class="col-testId">{escape(report.nodeid)}</td>'
        for offset, name in enumerate(COLUMNS):
            value = escape(str(known.get(name, "")))
            cells.insert(1 + offset, f'<td class="col-{name}">{value}</td>')

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, report: pytest.TestReport) -> None:
        """Make the log show a check whose worker died: it waits for a last phase otherwise."""
        report.when = "teardown"
