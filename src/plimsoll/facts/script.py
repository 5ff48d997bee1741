"""What a shell script is seen to do, with the lines that show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Answer(Enum):
    """A conservative answer: what cannot be told for certain is unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Consequence:
    """Whether a failure reaches the script's exit status, why, and the line that settles it."""

    answer: Answer
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Signal:
    """Something the script does: which, how it shows in the text, and where."""

    name: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class RollbackSignals:
    """What an automation for rolling back does.

    `decides` holds `health`, `error_rate` and `response_time` where a condition that leads to a
    rollback depends on them; `platforms` holds `compose`, `kubernetes` and `digitalocean`.
    """

    decides: tuple[Signal, ...]
    platforms: tuple[Signal, ...]
    notifies: tuple[Signal, ...]
    validates: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class ScalingMonitorSignals:
    """What a monitor of scaling does; `loops` is empty where it looks once and ends."""

    counts: tuple[Signal, ...]
    compares: tuple[Signal, ...]
    notifies: tuple[Signal, ...]
    loops: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class LoadTestRunner:
    """How a script runs k6: what a missed objective leads to, its reports, what it overrides.

    `failures` has one consequence for each `k6 run`; none means that k6 is not run at all.
    `scripts` are the load tests that are run, as far as the text names them. `undecided` says what
    the text leaves open: what k6 is handed from elsewhere, or, where no `k6 run` is seen, which
    commands may hide one.
    """

    failures: tuple[Consequence, ...]
    scripts: tuple[Signal, ...]
    reports: tuple[Signal, ...]
    overrides: tuple[Signal, ...]
    undecided: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A finding of static analysis; `level` is `error`, `warning`, `info` or `style`."""

    line: int
    level: str
    code: str
    message: str
