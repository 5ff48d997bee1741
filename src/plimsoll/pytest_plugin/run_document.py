"""Builds the results document: the one record of a run, every number in it derived."""

from __future__ import annotations

import getpass
import os
import platform
import shlex
import socket
import sys
import uuid
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import plimsoll
from plimsoll.findings import NotObserved, Severity, Verdict, roll_up
from plimsoll.findings.decision import Circumstances, Decision, decide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Control, Result, Waiver
    from plimsoll.pytest_plugin.assessment import Assessment
    from plimsoll.reporting.document import Document

PLUGINS = ("pytest", "pytest-html", "pytest-xdist", "httpx", "pydantic", "dnspython")


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known when a run ends, beside its results."""

    finished_at: datetime
    interrupted: bool
    evidence: Mapping[str, Sequence[dict[str, str]]]
    """For the name of an observation, the evidence files that hold it."""


def build(assessment: Assessment, results: Sequence[Result], ending: Ending) -> Document:
    """Return the document of a run."""
    around = _circumstances(assessment, results, ending)
    decision = decide(results, assessment.catalogue, around)
    document: dict[str, Any] = {
        "schema": "plimsoll/results/1",
        "run": _run(assessment, ending),
        "decision": _decision(decision),
        "counts": _counts(results, around),
        "controls": _controls(assessment, results),
        "results": [_result(one, assessment, ending) for one in results],
        "waivers": [_waiver(one, results, assessment) for one in assessment.waivers],
        "named_requirements": _named(assessment, results),
        "proof": _proof(assessment, results),
    }
    return document  # type: ignore[return-value]


def _circumstances(
    assessment: Assessment, results: Sequence[Result], ending: Ending
) -> Circumstances:
    settings, model = assessment.settings, assessment.environment.model
    simulated = settings.mock or any(seen.simulated for one in results for seen in one.vantage)
    return Circumstances(
        planned=len(assessment.planned),
        recorded=sum(not one.lost for one in results),
        interrupted=ending.interrupted,
        simulated=simulated,
        require_live=settings.require_live,
        fail_on=Severity(settings.fail_on) if settings.fail_on else model.fail_on,
    )


def _run(assessment: Assessment, ending: Ending) -> dict[str, Any]:
    environment = assessment.environment
    stamp = assessment.started_at.strftime("%Y%m%dT%H%M%SZ")
    return {
        "id": f"{environment.name}-{stamp}-{uuid.uuid4().hex[:8]}",
        "environment": environment.name,
        "system": environment.model.system,
        "mode": "mock" if assessment.settings.mock else "live",
        "started_at": _instant(assessment.started_at),
        "finished_at": _instant(ending.finished_at),
        "command": shlex.join(["plimsoll" if _is_cli() else "pytest", *sys.argv[1:]]),
        "executor": os.environ.get("GITHUB_ACTOR") or _user(),
        "host": socket.gethostname(),
        "trigger": os.environ.get("GITHUB_EVENT_NAME")
        or ("ci" if os.environ.get("CI") else "manual"),
        "interrupted": ending.interrupted,
        "tool": {
            "plimsoll": plimsoll.__version__,
            "python": platform.python_version(),
            "plugins": {name: version(name) for name in PLUGINS},
        },
        "environment_sha256": environment.sha256,
        "waivers_sha256": assessment.waivers_sha256,
        "repository": _repository(assessment),
        "endpoints": sorted(
            {sighting.origin.where for sighting in assessment.sightings.values()} - {""}
        ),
        "values": _values(assessment),
        "missing_scopes": _missing_scopes(assessment),
    }


def _is_cli() -> bool:
    return Path(sys.argv[0]).name == "plimsoll"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _repository(assessment: Assessment) -> dict[str, Any]:
    for probe, sighting in assessment.sightings.items():
        if type(probe).__name__ == "RepositoryProbe" and not isinstance(sighting, NotObserved):
            seen: Repository = sighting.value
            return {"commit": seen.commit, "dirty": seen.dirty}
    return {"commit": None, "dirty": None}


def _missing_scopes(assessment: Assessment) -> list[str]:
    from plimsoll.collectors.digitalocean_reads import (  # noqa: PLC0415 (where there is an account)
        missing_scopes,
    )

    return list(missing_scopes(assessment.sightings))


def _values(assessment: Assessment) -> list[dict[str, Any]]:
    document = assessment.environment.document
    values = []
    for place, source in sorted(assessment.environment.model.sources.items()):
        derived = source.startswith("derived")
        shown = _shown(document.data, place.split("."))
        values.append({"name": place, "value": shown, "source": source, "derived": derived})
    return values


def _shown(value: object, keys: list[str]) -> str:
    if not keys:
        return _text(value)
    if isinstance(value, dict):
        return _shown(value[keys[0]], keys[1:]) if keys[0] in value else ""
    if isinstance(value, list):
        named = [one for one in value if isinstance(one, dict) and one.get("name") == keys[0]]
        parts = [_shown(one, keys[1:]) for one in named] or [_shown(one, keys) for one in value]
        return ", ".join(dict.fromkeys(part for part in parts if part))
    return ""


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "; ".join(_text(inner) for inner in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "status": str(decision.status),
        "simulated": decision.simulated,
        "reason": decision.reason,
        "fail_on": str(decision.fail_on),
    }


def _counts(results: Sequence[Result], around: Circumstances) -> dict[str, int]:
    tally = Counter(one.verdict for one in results)
    counts = {str(verdict): tally[verdict] for verdict in Verdict}
    return {**counts, "planned": around.planned, "recorded": around.recorded}


def _controls(assessment: Assessment, results: Sequence[Result]) -> list[dict[str, Any]]:
    judged: dict[str, list[Verdict]] = {}
    for one in results:
        judged.setdefault(one.control, []).append(one.verdict)
    conflicts = assessment.environment.model.conflicts
    return [
        _control(control, judged[control.id], conflicts.get(control.id))
        for control in assessment.catalogue.values()
        if control.id in judged
    ]


def _control(control: Control, verdicts: Sequence[Verdict], conflict: Any) -> dict[str, Any]:  # noqa: ANN401 (a pydantic section)
    return {
        "id": control.id,
        "area": control.area,
        "title": control.title,
        "severity": str(control.severity),
        "requirement": control.requirement,
        "why": control.why,
        "remedy": control.remedy,
        "frameworks": {name: list(ids) for name, ids in control.frameworks.items()},
        "seeds": list(control.seeds),
        "required": not control.optional,
        "conflict": conflict and {"asked": conflict.asked, "reality": conflict.reality},
        "verdict": str(roll_up(verdicts)),
    }


def _result(result: Result, assessment: Assessment, ending: Ending) -> dict[str, Any]:
    files = [file for name in result.evidence for file in ending.evidence.get(name, ())]
    return {
        "control": result.control,
        "subject": result.subject,
        "names": _names(result, assessment),
        "verdict": str(result.verdict),
        "raw_verdict": str(result.raw_verdict),
        "required": result.required,
        "summary": result.summary,
        "deviations": [
            {key: value for key, value in asdict(one).items() if key != "source"}
            for one in result.deviations
        ],
        "vantage": [{**asdict(seen), "verdict": str(seen.verdict)} for seen in result.vantage],
        "evidence": files,
        "waiver": result.waiver,
        "procedure": result.procedure,
        "node": result.node,
        "duration_ms": result.duration_ms,
    }


def _names(result: Result, assessment: Assessment) -> list[str]:
    return [
        row.name
        for row in assessment.environment.model.named_requirements
        if row.control == result.control and (not row.subjects or result.subject in row.subjects)
    ]


def _named(assessment: Assessment, results: Sequence[Result]) -> list[dict[str, Any]]:
    rows = []
    for row in assessment.environment.model.named_requirements:
        deciding = [one for one in results if row.name in _names(one, assessment)]
        rows.append(
            {
                "name": row.name,
                "control": row.control,
                "subjects": [one.subject for one in deciding],
                "verdict": str(roll_up(one.verdict for one in deciding)),
            }
        )
    return rows


def _waiver(waiver: Waiver, results: Sequence[Result], assessment: Assessment) -> dict[str, Any]:
    used = any(one.waiver == waiver.id for one in results)
    in_force = waiver.in_force(assessment.started_at)
    status = "in force" if used else "unused" if in_force else "expired"
    return {
        "id": waiver.id,
        "control": waiver.control,
        "subject": waiver.subject,
        "reason": waiver.reason,
        "requested_by": waiver.requested_by,
        "approved_by": waiver.approved_by,
        "ticket": waiver.ticket,
        "expires_at": _instant(waiver.expires_at),
        "status": status,
    }


def _proof(assessment: Assessment, results: Sequence[Result]) -> list[dict[str, str]]:
    from plimsoll.worlds.faults import load_faults  # noqa: PLC0415 (faults are many small modules)

    judged = {one.control for one in results if one.verdict is not Verdict.NOT_APPLICABLE}
    fixtures = assessment.environment.model.fixtures
    return [
        {
            "control": fault.control,
            "fault": fault.name,
            "vantage": fault.vantage,
            "effect": fault.description,
        }
        for _, fault in sorted(load_faults().items())
        if fault.control in judged and (not fault.environments or fixtures in fault.environments)
    ]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
