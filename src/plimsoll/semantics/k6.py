"""A k6 script's options, as a sandbox that evaluated the script answered."""

from __future__ import annotations

import json

from plimsoll.facts.load_test import RUN_TIME_VALUE, K6Options


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
