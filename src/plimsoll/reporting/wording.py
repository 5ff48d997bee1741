"""The words and signs by which every report names a verdict, so that all of them say the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from plimsoll import findings
from plimsoll.reporting.document import Verdict

ROLL_UP = cast("tuple[Verdict, ...]", tuple(verdict.value for verdict in findings.Verdict))
FINDINGS: tuple[Verdict, ...] = ("fail", "error", "not_tested", "manual", "waived")
JUDGED: tuple[Verdict, ...] = ("pass", "fail")


@dataclass(frozen=True, slots=True)
class Wording:
    """How one verdict is written: as a word, as a count's label, as a sign, and explained."""

    word: str
    label: str
    sign: str
    meaning: str


WORDINGS: dict[Verdict, Wording] = {
    "pass": Wording(
        "pass",
        "Passed",
        "✅",
        "It was looked at, the evidence was complete, and what was found meets the requirement.",
    ),
    "fail": Wording(
        "fail",
        "Failed",
        "❌",
        "It was looked at, and what was found does not meet the requirement.",
    ),
    "error": Wording(
        "error",
        "Errors",
        "⚠️",
        "It could not be decided: a source was unreachable, refused, incomplete or unreadable. "
        "It may be fine or not; nobody knows.",
    ),
    "not_tested": Wording(
        "not tested",
        "Not Tested",
        "⏭️",
        "It should have been looked at and was not; the reason is given.",
    ),
    "not_applicable": Wording(
        "not applicable",
        "Not Applicable",
        "⚪",
        "The environment declares nothing that this control could be about; the reason is given.",
    ),
    "waived": Wording(
        "waived",
        "Waived",
        "📝",
        "It does not meet the requirement, and a waiver in force names exactly this deviation.",
    ),
    "manual": Wording(
        "manual",
        "Manual",
        "✋",
        "Only a person can decide it, and no valid attestation was found.",
    ),
}


def rolled_up(verdicts: Iterable[Verdict]) -> Verdict:
    """Reduce verdicts to the worst for trust; of nothing at all, nothing was tested."""
    return findings.roll_up(map(findings.Verdict, set(verdicts))).value


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: `1 control`, `2 controls`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def lacking(scopes: Iterable[str]) -> str:
    """Say in one sentence which scopes a token lacked, and what follows; empty for none."""
    named = ", ".join(scopes)
    if not named:
        return ""
    return f"DigitalOcean: the token lacks {named}: what they show is not observed"
