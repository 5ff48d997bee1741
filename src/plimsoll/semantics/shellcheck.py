"""Read what shellcheck found, from its JSON output (`--format json` or `json1`)."""

from __future__ import annotations

import json

from plimsoll.facts.script import LintFinding

LEVELS = ("error", "warning", "info", "style")


class LintOutputError(ValueError):
    """The text is not shellcheck's JSON; nothing can be said about the script."""


def parse_shellcheck(json_text: str) -> tuple[LintFinding, ...]:
    """Return the findings, in order of line.

    Raises:
        LintOutputError: the text is not shellcheck's output; an empty text is none either.

    """
    try:
        document = json.loads(json_text)
    except (ValueError, RecursionError) as error:
        raise LintOutputError(f"shellcheck's output is not JSON: {error}") from error
    comments = document.get("comments") if isinstance(document, dict) else document
    if not isinstance(comments, list):
        raise LintOutputError("shellcheck's output has no list of comments")
    return tuple(sorted((_finding(item) for item in comments), key=lambda f: (f.line, f.code)))


def _finding(item: object) -> LintFinding:
    match item:
        case {"line": int(line), "level": str(level), "code": int(code), "message": str(message)}:
            if level in LEVELS:
                return LintFinding(line, level, f"SC{code}", message)
    raise LintOutputError(f"not a finding of shellcheck: {str(item)[:80]}")
