"""A folder with a checkout in it: which files it has, and what they hold.

No link is followed out of the folder, or into its `.git`.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from plimsoll.collectors.git import work_tree
from plimsoll.facts.repository import FileRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.collectors.git import WorkTree

MOST_FILES = 50_000
SKIPPED = frozenset({".git", "node_modules", ".venv"})


class UnreadableError(Exception):
    """A folder of which nothing can be said."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The files of a folder. `names` maps a path, as shown, to the path as the system has it.

    `problems` are the folders below that could not be listed: what is in them is not known.
    """

    root: Path
    names: Mapping[str, str]
    tree: WorkTree | None
    problems: tuple[FileRecord, ...] = field(default=())

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file's path, in order."""
        return tuple(self.names)

    @property
    def commit(self) -> str | None:
        """The commit that is checked out."""
        return self.tree.commit if self.tree else None

    @property
    def dirty(self) -> bool | None:
        """Whether anything differs from the commit; None where git was not there to say."""
        return self.tree.dirty if self.tree else None

    @property
    def modes_known(self) -> bool:
        """Whether git was there to say anything about modes."""
        return self.tree is not None

    def read(self, path: str, cap_bytes: int) -> FileRecord:
        """Return a file's contents, or the problem that keeps them from being read as text."""
        mode = self.tree.modes.get(self.names[path]) if self.tree else None
        try:
            content, size = _content(self.root, self.names[path], cap_bytes)
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or "a link that leads back to itself"
            return FileRecord(path, 0, "", None, f"cannot be read: {reason}", mode)
        except UnreadableError as error:
            return FileRecord(path, 0, "", None, str(error), mode)
        if content is None:
            problem = f"larger than the {cap_bytes:,} bytes that are read"
            return FileRecord(path, size, "", None, problem, mode)
        digest = hashlib.sha256(content).hexdigest()
        try:
            return FileRecord(path, size, digest, content.decode(), "", mode)
        except UnicodeDecodeError as error:
            problem = f"not UTF-8 text: byte {error.start}"
            return FileRecord(path, size, digest, None, problem, mode)


def open_checkout(root: Path, timeout_seconds: float) -> Checkout:
    """List a folder's files: those of its own git work tree, or else those that lie there.

    Raises UnreadableError where the folder is missing, cannot be listed, or holds too many files
    for a listing to be complete.
    """
    if not root.is_dir():
        message = "there is no such folder"
        raise UnreadableError(message)
    try:
        next(root.iterdir(), None)
    except OSError as error:
        message = f"the folder cannot be listed: {error.strerror}"
        raise UnreadableError(message) from None
    problems: list[FileRecord] = []
    tree = work_tree(root, timeout_seconds)
    if tree is None:
        found = _walk(root, problems)
    else:
        found = (path for path in tree.modes if os.path.lexists(root / path))
    names: dict[str, str] = {}
    for name in found:
        names[os.fsencode(name).decode(errors="replace")] = name
        if len(names) > MOST_FILES:
            message = f"the folder holds more than {MOST_FILES:,} files"
            raise UnreadableError(message)
    return Checkout(root, dict(sorted(names.items())), tree, tuple(problems))


def _walk(root: Path, problems: list[FileRecord]) -> Iterator[str]:
    def unlisted(error: OSError) -> None:
        path = os.path.relpath(os.fsdecode(error.filename), root)
        problems.append(FileRecord(path, 0, "", None, f"cannot be listed: {error.strerror}"))

    for folder, folders, files in os.walk(root, onerror=unlisted):
        folders[:] = sorted(set(folders) - SKIPPED)
        here = Path(folder)
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *linked):
            if name not in SKIPPED:
                yield str((here / name).relative_to(root))


def _content(root: Path, name: str, cap_bytes: int) -> tuple[bytes | None, int]:
    """Return a file's bytes, None where there are too many, and its size."""
    home = root.resolve()
    target = (home / name).resolve(strict=True)
    if not target.is_relative_to(home) or target.is_relative_to(home / ".git"):
        message = "a link that leads out of the repository"
        raise UnreadableError(message)
    # A pipe would block, and a link put there since would be followed, without these flags.
    descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            message = "not a regular file"
            raise UnreadableError(message)
        content = file.read(cap_bytes + 1)
    return (content if len(content) <= cap_bytes else None), status.st_size
