"""How a process ended that was told to, while it was still answering."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ShutdownProbe:
    """Start a command in the repository, hold a request open, send SIGTERM, and see what happens.

    `port_variable` is the environment variable that tells the process its port; `path` answers
    slowly enough for the signal to come in between. `ready_path` tells that it is up.
    """

    command: tuple[str, ...]
    port_variable: str
    ready_path: str
    path: str
    timeout_seconds: int
    exercise: str = "shutdown"

    def __str__(self) -> str:
        """Return what evidence calls it."""
        return f"SIGTERM to {' '.join(self.command)} during {self.path}"


@dataclass(frozen=True, slots=True)
class Shutdown:
    """What was seen: whether it listened, and how the request and the process ended.

    `status` is that of the request held open, None where it was cut off; `exit_code` is None for a
    process that had to be killed, and negative for one that a signal ended. Times run from the
    signal.
    """

    status: int | None
    answered_after_ms: float | None
    exit_code: int | None
    exited_after_ms: float | None
    refused_new: bool | None
    output: str
