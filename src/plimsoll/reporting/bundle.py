"""A run on disk: its record, its reports, its evidence, and the manifest of them all."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from plimsoll.reporting.document import Document
from plimsoll.reporting.formats import FORMATS, render
from plimsoll.reporting.manifest import FileDigest, render_manifest

MANIFEST = "MANIFEST.json"
_EVIDENCE = "evidence"


class UnsafePathError(ValueError):
    """An evidence path that does not stay below `evidence/`."""


def write_bundle(document: Document, directory: Path, evidence: Mapping[str, bytes]) -> None:
    """Write evidence, record and every report below `directory`, then seal it.

    Evidence paths are relative to the bundle and begin with `evidence/`; UnsafePathError otherwise.
    Each file appears whole or not at all. Evidence and record come first: should a report fail,
    what it is derived from is there.
    """
    targets = {_evidence_path(path): content for path, content in evidence.items()}
    for path in sorted(targets):
        _write(directory / path, targets[path])
    for format_name, form in FORMATS.items():
        text = render(document, format_name)
        _write(directory / form.file_name, text.encode())
    seal(directory)


def seal(directory: Path) -> None:
    """Write MANIFEST.json over every file in `directory`; call again when a file was added."""
    files = {
        path.relative_to(directory).as_posix(): _digest(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    files.pop(MANIFEST, None)
    _write(directory / MANIFEST, render_manifest(files).encode())


def _evidence_path(path: str) -> Path:
    pure = PurePosixPath(path)
    below = pure.parts[:1] == (_EVIDENCE,) and len(pure.parts) > 1
    if not below or ".." in pure.parts or "\0" in path:
        message = f"evidence path {path!r} does not stay below {_EVIDENCE}/"
        raise UnsafePathError(message)
    return Path(pure)


def _digest(path: Path) -> FileDigest:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileDigest(sha256, path.stat().st_size)


def _write(path: Path, content: bytes) -> None:
    """Write a file by renaming a finished temporary one, readable as any other file is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
