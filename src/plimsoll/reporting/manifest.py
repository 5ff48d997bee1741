"""MANIFEST.json: the size and SHA-256 of every file of a bundle, so that an edit shows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA = "plimsoll/manifest/1"


@dataclass(frozen=True, slots=True)
class FileDigest:
    """The SHA-256, in hexadecimal, and the size of one file."""

    sha256: str
    size_bytes: int


def digest(content: bytes) -> FileDigest:
    """Measure the content of a file."""
    return FileDigest(hashlib.sha256(content).hexdigest(), len(content))


def render_manifest(files: Mapping[str, FileDigest]) -> str:
    """List files by their path within the bundle, sorted; the manifest cannot list itself."""
    entries = [
        {"path": path, "sha256": files[path].sha256, "size_bytes": files[path].size_bytes}
        for path in sorted(files)
    ]
    return json.dumps({"schema": SCHEMA, "files": entries}, indent=1, sort_keys=True) + "\n"
