"""Programs that are run: never through a shell, bounded in time, with nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Completed:
    """What a program wrote, and its exit status (negative: the signal that ended it)."""

    exit_status: int
    output: bytes
    complaint: str


class ProgramFailedError(Exception):
    """A program that could not be started, or did not finish in time."""


def find(program: str, first: Path | None = None) -> str | None:
    """Return the path of a program: in `first`, then beside this interpreter, then on the PATH."""
    for folder in (first, Path(sys.executable).parent):
        candidate = folder / program if folder else None
        if candidate and candidate.is_file() and os.access(candidate, os.X_OK):
            return str(candidate)
    return shutil.which(program)


def run(
    command: Sequence[str],
    *,
    timeout_seconds: float,
    text: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> Completed:
    """Run a program with `text` on its standard input and a bare environment.

    It runs in a process group of its own, from the root folder; after `timeout_seconds` the whole
    group is killed. Raises ProgramFailedError when there is nothing to report about.
    """
    program = Path(command[0]).name
    bare = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **(environment or {})}
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env=bare,
            start_new_session=True,
        )
    except OSError as error:
        message = f"{program} could not be started: {error.strerror}"
        raise ProgramFailedError(message) from None
    with child:
        try:
            output, complaint = child.communicate(text, timeout_seconds)
        except BaseException as error:
            # Not yet waited for, so the number still names this group and no other.
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            message = f"{program} did not finish within {timeout_seconds:g} s"
            raise ProgramFailedError(message) from None
    first_line = complaint.decode(errors="replace").strip().partition("\n")[0]
    return Completed(child.returncode, output, first_line)
