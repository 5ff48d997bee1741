"""The vocabulary of a judgment: verdicts, observations, deviations, controls, results.

Standard library only: everything else in the package speaks these words, and they speak no other.
"""

from plimsoll.findings.control import Conflict, Control
from plimsoll.findings.deviation import Deviation, NonCompliant
from plimsoll.findings.expectation import Expect
from plimsoll.findings.observation import (
    NotExercised,
    NotListening,
    NotObserved,
    NotTested,
    Observed,
    Origin,
    ScopeMissing,
    Sighting,
    ToolMissing,
)
from plimsoll.findings.result import Result, VantageVerdict
from plimsoll.findings.verdict import Severity, Verdict, roll_up
from plimsoll.findings.waiver import Waiver

__all__ = [
    "Conflict",
    "Control",
    "Deviation",
    "Expect",
    "NonCompliant",
    "NotExercised",
    "NotListening",
    "NotObserved",
    "NotTested",
    "Observed",
    "Origin",
    "Result",
    "ScopeMissing",
    "Severity",
    "Sighting",
    "ToolMissing",
    "VantageVerdict",
    "Verdict",
    "Waiver",
    "roll_up",
]
