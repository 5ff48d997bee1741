"""What git knows of a checkout: its files, their modes, the commit, and whether it was changed.

Only a folder that is itself the root of a work tree has a git of its own. Git is asked without
the user's configuration, without locks, and without the programs a repository may configure.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.collectors.process import ProgramFailedError, find, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUBMODULE = "160000"
_CONFIGURED = ("safe.directory=*", "core.fsmonitor=false", "core.hooksPath=/dev/null")
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True, slots=True)
class WorkTree:
    """Every file's recorded mode by its path (None for an untracked one), commit and changes."""

    modes: Mapping[str, str | None]
    commit: str | None
    dirty: bool


def work_tree(root: Path, timeout_seconds: float) -> WorkTree | None:
    """Return what git knows of the work tree whose root this is, or None where there is none."""
    if not (root / ".git").exists() or not find("git"):
        return None
    try:
        top = _git(root, timeout_seconds, "rev-parse", "--show-toplevel")
        if top is None or os.path.realpath(top.removesuffix("\n")) != os.path.realpath(root):
            return None
        tracked = _git(root, timeout_seconds, "ls-files", "--stage", "-z")
        status = _git(
            root,
            timeout_seconds,
            "status",
            "--porcelain=v2",
            "--branch",
            "--untracked-files=all",
            "--no-renames",
            "-z",
        )
    except ProgramFailedError:
        return None
    return None if tracked is None or status is None else read(tracked, status)


def read(tracked: str, status: str) -> WorkTree:
    """Read `git ls-files --stage -z` and `git status --porcelain=v2 --branch -z`.

    Submodules are other repositories, and no files of this one.
    """
    modes: dict[str, str | None] = {}
    for entry in filter(None, tracked.split("\0")):
        facts, _, path = entry.partition("\t")
        modes.setdefault(path, facts.partition(" ")[0])
    modes = {path: mode for path, mode in modes.items() if mode != SUBMODULE}
    commit, dirty = None, False
    for entry in filter(None, status.split("\0")):
        if entry.startswith("# branch.oid "):
            commit = entry.removeprefix("# branch.oid ")
        elif not entry.startswith("# "):
            dirty = True
            if entry.startswith("? ") and not entry.endswith("/"):
                modes.setdefault(entry.removeprefix("? "), None)
    return WorkTree(modes, None if commit == "(initial)" else commit, dirty)


def _git(root: Path, timeout_seconds: float, *arguments: str) -> str | None:
    options = (word for setting in _CONFIGURED for word in ("-c", setting))
    completed = run(
        [find("git") or "git", *options, "-C", str(root.resolve()), *arguments],
        timeout_seconds=timeout_seconds,
        environment=_ENVIRONMENT,
    )
    return os.fsdecode(completed.output) if completed.exit_status == 0 else None
