"""A k6 script's options as k6 itself would see them, without k6.

`evaluate_options` is the one function here that starts something: a confined child process
(`k6_sandbox`). It is for collectors; what judges reads the recorded JSON with `parse_options`.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import TYPE_CHECKING

from plimsoll.facts.load_test import RUN_TIME_VALUE, K6Options

if TYPE_CHECKING:
    from collections.abc import Mapping

_SANDBOX = (sys.executable, "-I", "-m", "plimsoll.semantics.k6_sandbox")


class ScriptError(ValueError):
    """A load-test script that cannot be evaluated, or whose options k6 would refuse."""

    def __init__(self, reason: str, where: str) -> None:
        super().__init__(f"{where}: {reason}" if where else reason)
        self.reason = reason
        self.where = where

    @property
    def is_undecided(self) -> bool:
        """Whether k6 might think otherwise: the reason is a value that only k6 itself knows."""
        return RUN_TIME_VALUE in self.reason


def evaluate_options(
    sources: Mapping[str, str], entry: str, environment: Mapping[str, str], timeout_seconds: float
) -> K6Options:
    """Evaluate the module scope of `sources[entry]` in a confined child process.

    Args:
        sources: every file the script may import or open, by its path.
        entry: the script's path in `sources`.
        environment: what the script reads as `__ENV`.
        timeout_seconds: after which the child is killed.

    Raises:
        ScriptError: the script does not evaluate, imports what is not there, or takes too long.

    """
    return parse_options(options_json(sources, entry, environment, timeout_seconds), entry)


def options_json(
    sources: Mapping[str, str], entry: str, environment: Mapping[str, str], timeout_seconds: float
) -> str:
    """Return the sandbox's answer as JSON text, ready to be kept as evidence.

    Raises:
        ScriptError: the child process took too long or died without an answer.

    """
    request = {
        "sources": dict(sources),
        "entry": entry,
        "environment": dict(environment),
        "cpu_seconds": max(1, math.ceil(timeout_seconds)),
    }
    try:
        child = subprocess.run(
            _SANDBOX,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=timeout_seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = f"the script did not finish within {timeout_seconds:g} s"
        raise ScriptError(reason, entry) from None
    if child.returncode != 0:
        reason = f"the sandbox ended with status {child.returncode} and no answer"
        raise ScriptError(reason, entry)
    return child.stdout.decode(errors="replace")


def parse_options(answer: str, entry: str = "") -> K6Options:
    """Read what the sandbox answered.

    Raises:
        ScriptError: the answer is an error, or not the sandbox's.

    """
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise ScriptError("the sandbox's answer is not JSON", entry) from error
    if not isinstance(document, dict):
        raise ScriptError("the sandbox's answer is not an object", entry)
    match document:
        case {"error": {"reason": str(reason), "where": str(where)}}:
            raise ScriptError(reason, where)
        case {"options": dict(options), "functions": [*functions]}:
            return K6Options(options, tuple(str(name) for name in functions))
        case {"options": _}:
            raise ScriptError("the script exports options that are not an object", entry)
    raise ScriptError("the sandbox's answer has no options", entry)
