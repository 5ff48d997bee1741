"""What a program said about a file of the repository."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (read at run time when a snapshot is restored)


@dataclass(frozen=True, slots=True, order=True)
class ToolProbe:
    """A program to run on a file of the repository, or without one to learn its version.

    `tool` is `shellcheck`, `k6-options` (the script's options evaluated in a sandbox) or
    `k6-version`. `settings` are the environment variables the file is evaluated with.
    """

    tool: str
    path: str = ""
    settings: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return what evidence calls it."""
        return f"{self.tool} {self.path}".rstrip()


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What it printed (JSON where the tool offers it) and its exit status."""

    tool: str
    path: str
    version: str
    exit_status: int
    output: str
    at: datetime
