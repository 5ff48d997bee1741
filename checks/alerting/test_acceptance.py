"""The programs that read the alerting's files in production accept them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.facts.tool_output import ToolOutput
    from plimsoll.findings import Expect, Observed

MOST_SHOWN = 400


@pytest.mark.control("ALR-05")
def test_the_real_program_accepts_the_file(
    alerting_file: FileSubject, acceptance: Observed[ToolOutput], expect: Expect
) -> None:
    """Give rule files and Prometheus' configuration to promtool, Alertmanager's to amtool.

    The program must end with status 0. It is the same code that reads the file in production; it
    takes placeholders for values, which ALR-04 does not.
    """
    told = acceptance.value
    complaint = " ".join(told.output.split())[:MOST_SHOWN]
    expect.that(
        told.exit_status == 0,
        alerting_file.id,
        observed=complaint or f"status {told.exit_status}",
        expected=f"accepted by {told.tool.removeprefix('accepts-')} {told.version}".rstrip(),
        at=acceptance.origin,
    )
