"""Evaluates a k6 script's options as k6 itself would see them, without k6, in a confined child."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import TYPE_CHECKING

from plimsoll.semantics.k6 import ScriptError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SANDBOX = (sys.executable, "-I", "-m", "plimsoll.collectors.k6_sandbox")


def options_json(
    sources: Mapping[str, str], entry: str, environment: Mapping[str, str], timeout_seconds: float
) -> str:
    """Evaluate the module scope of `sources[entry]`; return the sandbox's answer as JSON text.

    Args:
        sources: every file the script may import or open, by its path.
        entry: the script's path in `sources`.
        environment: what the script reads as `__ENV`.
        timeout_seconds: after which the child is killed.

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
