"""A program that is started to be told to stop: bounded in everything, with nothing left behind.

It gets its own process group, a bare environment and no input. Whatever it has started is killed
with it: what left the group is still known by a variable that only its descendants have.
"""

from __future__ import annotations

import atexit
import os
import resource
import secrets
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, Self

from plimsoll.collectors.process import ProgramFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

MARK: Final = "PLIMSOLL_REHEARSAL"
"""The variable by which descendants are recognized."""
_KEPT_BYTES: Final = 4_000
_CHUNK_BYTES: Final = 1_000
_CPU_SECONDS: Final = 120
_FILE_BYTES: Final = 200_000_000
_KILL_ROUNDS: Final = 20
_PAUSE_SECONDS: Final = 0.05


class Application:
    """A running program. Use as a context manager: at the end everything it started is dead."""

    def __init__(self, command: Sequence[str], folder: Path, settings: Mapping[str, str]) -> None:
        """Start the program in a folder. Raises ProgramFailedError where that is impossible."""
        self._mark = secrets.token_hex(16)
        self._kept: deque[bytes] = deque(maxlen=_KEPT_BYTES // _CHUNK_BYTES)
        bare = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C",
            "HOME": str(folder),
            MARK: self._mark,
        }
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**bare, **settings},
                start_new_session=True,
            )
        except OSError as error:
            message = f"{Path(command[0]).name} could not be started: {error.strerror}"
            raise ProgramFailedError(message) from None
        # A thread that is cut off by the end of the interpreter runs no `finally`.
        atexit.register(self.kill)
        self._limit()
        if self._child.stdout is not None:
            Thread(target=self._read, args=(self._child.stdout,), daemon=True).start()

    def __enter__(self) -> Self:
        """Return the running program."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill what is left of it."""
        self.kill()
        atexit.unregister(self.kill)

    @property
    def exit_code(self) -> int | None:
        """Its exit status, negative for a signal that ended it; None while it runs."""
        return self._child.poll()

    @property
    def output(self) -> str:
        """The end of what it wrote."""
        return b"".join(tuple(self._kept)).decode(errors="replace").strip()

    def terminate(self) -> None:
        """Send SIGTERM to the program alone, as a platform does."""
        self._child.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the program and everything it started, and wait until that is done."""
        if self._child.poll() is None:
            # Not yet waited for, so the number still names this group and no other.
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        elif sys.platform != "linux":
            # Without /proc the group is all that is known of what the program left behind.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._child.pid, signal.SIGKILL)
        for _ in range(_KILL_ROUNDS):
            left = _marked(self._mark)
            if not left:
                return
            for process in left:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(_PAUSE_SECONDS)

    def _limit(self) -> None:
        """Bound its processor time and the size of the files it writes, where the system can."""
        if sys.platform != "linux":
            return
        limits = {
            resource.RLIMIT_CPU: _CPU_SECONDS,
            resource.RLIMIT_FSIZE: _FILE_BYTES,
            resource.RLIMIT_CORE: 0,
        }
        for kind, most in limits.items():
            with suppress(ProcessLookupError, PermissionError, ValueError):
                resource.prlimit(self._child.pid, kind, (most, most))

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while chunk := os.read(stream.fileno(), _CHUNK_BYTES):
                self._kept.append(chunk)


def _marked(mark: str) -> list[int]:
    """Return the processes with the mark in their environment; none where there is no /proc."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found
