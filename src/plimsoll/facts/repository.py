"""The files of the deployed system's repository, as they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (read at run time when a snapshot is restored)
from fnmatch import fnmatchcase

EXECUTABLE = "100755"
MOST_FOLDERS = 4
"""How many `**/` of one pattern mean what they say: each doubles the work."""


@dataclass(frozen=True, slots=True, order=True)
class RepositoryProbe:
    """The repository to read: paths, and shell patterns such as `**/Dockerfile`, to read fully."""

    patterns: tuple[str, ...]

    def __str__(self) -> str:
        """Return what evidence calls it."""
        return "repository"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file. `text` is None where it could not be read as text; `problem` then says why.

    `mode` is the mode git has recorded (`100755`), None where git knows nothing of the file: a
    working copy's permissions prove nothing about what is deployed.
    """

    path: str
    size: int
    sha256: str
    text: str | None
    problem: str = ""
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Repository:
    """What was read. `paths` lists every file, `files` those whose content was asked for.

    `modes_known` tells whether a git index was there to say anything about modes.
    """

    root: str
    commit: str | None
    dirty: bool | None
    modes_known: bool
    paths: tuple[str, ...]
    files: tuple[FileRecord, ...]
    at: datetime

    def file(self, path: str) -> FileRecord | None:
        """Return the record of a path, or None where the repository has no such file."""
        return next((record for record in self.files if record.path == path), None)

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the paths that match a shell pattern; `**/` also matches no directory at all."""
        shapes = shapes_of(pattern)
        return tuple(
            path for path in self.paths if any(fnmatchcase(path, shape) for shape in shapes)
        )


def shapes_of(pattern: str) -> tuple[str, ...]:
    """Return the shell patterns that together mean what a pattern with `**/` in it means."""
    first, *others = pattern.split("**/", maxsplit=MOST_FOLDERS)
    shapes = [first]
    for other in others:
        shapes = [shape + folder + other for shape in shapes for folder in ("**/", "")]
    return tuple(shapes)
