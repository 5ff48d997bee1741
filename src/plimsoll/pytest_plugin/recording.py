"""Collects the results of a run and accounts for every check that was planned."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plimsoll.findings import Deviation, Result, VantageVerdict, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from plimsoll.findings import Control
    from plimsoll.pytest_plugin.assessment import PlannedCheck


class Recorder:
    """Keeps one result a check. Under xdist it lives in the controller."""

    def __init__(self) -> None:
        self.results: dict[str, Result] = {}
        self.interrupted = False

    def take(self, report: pytest.TestReport) -> None:
        """Keep the result that the last report of a check carries."""
        carried = getattr(report, "plimsoll", None)
        if isinstance(carried, str):
            carried = decode(json.loads(carried))
        if isinstance(carried, Result):
            self.results[carried.node] = carried

    def complete(
        self, planned: Iterable[PlannedCheck], catalogue: dict[str, Control]
    ) -> list[Result]:
        """Return the results in catalogue order; a check that never reported is an error."""
        found = dict(self.results)
        for check in planned:
            if check.node not in found:
                found[check.node] = lost(check)
        order = {control: index for index, control in enumerate(catalogue)}
        return sorted(found.values(), key=lambda one: (order[one.control], one.subject, one.node))


def lost(check: PlannedCheck) -> Result:
    """Return the result of a check that was planned and left no result."""
    reason = "the check left no result: it was not found, the run was stopped or its process died"
    return Result(
        control=check.control,
        subject=check.subject,
        verdict=Verdict.ERROR,
        raw_verdict=Verdict.ERROR,
        summary=reason,
        procedure=check.procedure,
        node=check.node,
        lost=True,
    )


def decode(data: dict[str, Any]) -> Result:
    """Return the result that a report carried as JSON."""
    return Result(
        **{
            **data,
            "verdict": Verdict(data["verdict"]),
            "raw_verdict": Verdict(data["raw_verdict"]),
            "deviations": tuple(Deviation(**one) for one in data["deviations"]),
            "vantage": tuple(
                VantageVerdict(**{**one, "verdict": Verdict(one["verdict"])})
                for one in data["vantage"]
            ),
            "evidence": tuple(data["evidence"]),
        }
    )
