"""What promtool confirmed of the claims about rules, as it is recorded and read again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plimsoll.semantics.alerting.certificate import Certificate
    from plimsoll.semantics.alerting.watches import Watch

PASSED = 0


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """The exit status of promtool for each certificate, and for the test that must fail."""

    statuses: Mapping[tuple[str, str], int]
    """Alert and scenario (empty where all scenarios of a rule were claimed at once) → status."""
    sentinel_status: int


def written(
    certificates: Iterable[Certificate], statuses: Iterable[int], sentinel_status: int
) -> str:
    """Return the record as JSON, with everything that was claimed, for whoever reads evidence."""
    rules = [
        {
            "alert": one.watch.name,
            "where": one.watch.where,
            "scenario": one.claims[0].scenario.name if one.is_open else "",
            "exit_status": status,
            "claims": [
                [claim.scenario.name, claim.moment, "fires" if claim.fires else "is silent"]
                for claim in one.claims
            ],
        }
        for one, status in zip(certificates, statuses, strict=True)
    ]
    return json.dumps({"sentinel_exit_status": sentinel_status, "rules": rules}, indent=1)


def read(text: str) -> TrialRecord:
    """Return what `written` wrote. Raises ValueError for anything else."""
    try:
        told = json.loads(text)
        statuses: dict[tuple[str, str], int] = {}
        for one in told["rules"]:
            key = (str(one["alert"]) + "\n" + str(one["where"]), str(one["scenario"]))
            # A scenario may be claimed for several required alerts: one refusal is one too many.
            statuses[key] = max(statuses.get(key, PASSED), abs(int(one["exit_status"])))
        return TrialRecord(statuses, int(told["sentinel_exit_status"]))
    except (LookupError, TypeError, ValueError) as error:
        message = f"this is no record of trials: {error}"
        raise ValueError(message) from None


def key_of(watch: Watch) -> str:
    """Return what a record calls a rule: its alert and its place."""
    return f"{watch.name}\n{watch.where}"


def disagreement(record: TrialRecord, rules: Iterable[Watch]) -> str:
    """Return why promtool's word speaks against what was worked out about rules; empty if not.

    A rule that was not claimed anything about cannot be contradicted.
    """
    if record.sentinel_status == PASSED:
        return "promtool passed a test that must fail, so that what it confirms proves nothing"
    for watch in rules:
        if record.statuses.get((key_of(watch), ""), PASSED) != PASSED:
            return f"promtool does not confirm what was worked out about {watch.name}"
    return ""


def confirmed(record: TrialRecord) -> frozenset[tuple[str, str]]:
    """Return the rules and scenarios in which promtool alone confirmed what is owed.

    Nothing is, where promtool also passed the test that must fail.
    """
    if record.sentinel_status == PASSED:
        return frozenset()
    return frozenset(key for key, status in record.statuses.items() if key[1] and status == PASSED)
