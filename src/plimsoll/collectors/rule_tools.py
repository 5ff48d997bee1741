"""What promtool and amtool say of the files that they, or their servers, read in production."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from plimsoll.collectors.process import Completed, ProgramFailedError, run
from plimsoll.environment.alerting_model import Alerts
from plimsoll.facts.document import DocumentError, parse_yaml_document
from plimsoll.semantics.alerting.certificate import RULES_FILE, certificates, sentinel
from plimsoll.semantics.alerting.rule_set import setting_of, watches_of
from plimsoll.semantics.alerting.trial_record import written
from plimsoll.semantics.promql.dialect import Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plimsoll.facts.document import Document
    from plimsoll.semantics.alerting.certificate import Certificate

ACCEPTING = {
    "accepts-rules": ("promtool", "check", "rules"),
    "accepts-prometheus": ("promtool", "check", "config", "--syntax-only"),
    "accepts-alertmanager": ("amtool", "check-config"),
}
"""How each kind of file is given to the program that reads it in production."""

_KEPT: dict[str, object] = {}
"""What programs said of the same bytes before, in this process and those forked from it."""


class TrialError(ValueError):
    """Why rules cannot be given to promtool."""


def acceptance(program: str, tool: str, text: str, seconds: float) -> Completed:
    """Return what a program says of a file. Raises ProgramFailedError where it says nothing."""
    key = _digest(program, tool, text)
    if key not in _KEPT:
        with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
            path = Path(folder) / "checked.yml"
            path.write_text(text)
            command = [program, *ACCEPTING[tool][1:], str(path)]
            _KEPT[key] = run(command, timeout_seconds=seconds)
    kept = _KEPT[key]
    assert isinstance(kept, Completed)  # noqa: S101 (what was put in)
    return kept


def trials(
    program: str, files: Mapping[str, str], settings: Mapping[str, str], seconds: float
) -> str:
    """Return what promtool confirms of what was worked out about the rules, as a record.

    Raises TrialError where the files are no rules, ProgramFailedError where promtool does not end.
    """
    alerts = Alerts.model_validate_json(settings["alerts"])
    rules = watches_of(tuple(_document(files, path) for path in json.loads(settings["rules"])))
    config, compose = (
        _document(files, settings[name]) if settings[name] else None
        for name in ("config", "compose")
    )
    setting = replace(setting_of(alerts, config, compose), dialect=_dialect(program, seconds))
    made = list(certificates(rules, alerts.required, setting))
    with ThreadPoolExecutor(max_workers=2) as pool:
        statuses = list(pool.map(lambda one: _status(program, one, seconds), made))
    return written(made, statuses, _exit(program, {"test.yml": sentinel(setting)}, seconds))


def _dialect(program: str, seconds: float) -> Dialect:
    """Return the semantics of promtool's own version: it confirms what was worked out by them.

    Raises TrialError where it does not tell its version.
    """
    told = version_of(program, seconds)
    if not told[:1].isdigit():
        message = "promtool does not tell its version"
        raise TrialError(message)
    return Dialect.of_major(int(told.partition(".")[0]))


def version_of(program: str, seconds: float) -> str:
    """Return the version that promtool or amtool tells; empty where it tells none."""
    told = run([program, "--version"], timeout_seconds=seconds)
    line = re.search(r"version (\d[\w.+~-]*)", told.output.decode(errors="replace"))
    return line[1] if line else ""


def _status(program: str, certificate: Certificate, seconds: float) -> int:
    files = {RULES_FILE: certificate.rules, "test.yml": certificate.test}
    return _exit(program, files, seconds)


def _exit(program: str, files: Mapping[str, str], seconds: float) -> int:
    key = _digest(program, *(part for pair in sorted(files.items()) for part in pair))
    if key not in _KEPT:
        _KEPT[key] = _run_test(program, files, seconds)
    kept = _KEPT[key]
    assert isinstance(kept, int)  # noqa: S101 (what was put in)
    return kept


def _run_test(program: str, files: Mapping[str, str], seconds: float) -> int:
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        command = [program, "test", "rules", str(Path(folder) / "test.yml")]
        ended = run(command, timeout_seconds=seconds)
    if ended.exit_status < 0:
        message = f"promtool was ended by signal {-ended.exit_status}"
        raise ProgramFailedError(message)
    return ended.exit_status


def _document(files: Mapping[str, str], path: str) -> Document:
    if path not in files:
        message = f"{path} is not in the repository"
        raise TrialError(message)
    try:
        return parse_yaml_document(files[path], path)
    except DocumentError as error:
        raise TrialError(str(error)) from None


def _digest(*parts: str | Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
