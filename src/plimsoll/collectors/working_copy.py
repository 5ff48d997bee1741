"""A copy of a folder in which its programs may run: what they write stays in the copy.

Neither version control nor files of settings and logins (`.env`, `.npmrc`) come along, nor links
that lead out: what runs in the copy has none of the secrets that lie beside the code.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MOST_FILES = 200_000
MOST_BYTES = 2_000_000_000
_LEFT_BEHIND = frozenset({".git", ".env", ".npmrc", ".netrc", ".pgpass"})


class TooLargeError(Exception):
    """A folder that is too large to be copied."""


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder's regular files and inner links to `target`, which must not be there.

    Raises TooLargeError beyond `MOST_FILES` or `MOST_BYTES`, OSError for what cannot be read.
    """
    home = source.resolve()
    files = size = 0
    for folder, folders, names in os.walk(home):
        here = Path(folder)
        there = target / here.relative_to(home)
        there.mkdir(parents=True)
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(linked) - _LEFT_BEHIND)
        for name in (*names, *linked):
            file = here / name
            if name in _LEFT_BEHIND or name.startswith(".env."):
                continue
            files, size = files + 1, size + file.lstat().st_size
            if files > MOST_FILES or size > MOST_BYTES:
                message = f"it holds more than {MOST_FILES:,} files or {MOST_BYTES:,} bytes"
                raise TooLargeError(message)
            _copy(file, there / name, home)


def _copy(file: Path, target: Path, home: Path) -> None:
    if file.is_symlink():
        link = file.readlink()
        leads = Path(os.path.normpath(file.parent / link))
        if not link.is_absolute() and leads.is_relative_to(home):
            target.symlink_to(link)
    elif file.is_file():
        shutil.copy2(file, target)
