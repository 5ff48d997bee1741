"""A copy of a fixture's repository that faults may edit, and that becomes a git tree of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath
from shutil import which

from plimsoll.environment.loader import parse, read
from plimsoll.environment.problem import ConfigurationError

MODES_FILE = "modes.yaml"
_AUTHOR = "Fixture <fixture@example.invalid> 1767225600 +0000"
_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tbare = false
\thooksPath = /dev/null
\tfsync = none
[fastimport]
\tunpackLimit = 1
"""
"""Nothing here must survive a crash, and one pack is written faster than many loose objects."""
_GIT_SECONDS = 30


class RepositoryCopy:
    """The files of a repository, by path, and which of them git records as executable."""

    def __init__(self, files: dict[str, bytes], executable: set[str]) -> None:
        self.files = files
        self.executable = executable

    @classmethod
    def of(cls, folder: Path) -> RepositoryCopy | None:
        """Return the copy of `<folder>/repository`, modes from `modes.yaml`; None without one.

        Raises ConfigurationError where `modes.yaml` is no list of files of the repository.
        """
        root = folder / "repository"
        if not root.is_dir():
            return None
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
        return cls(files, _executable(folder / MODES_FILE, files))

    def text(self, path: str) -> str:
        """Return a file's text. Raises LookupError where there is no such file."""
        return self._existing(path).decode("utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace text in a file. Raises LookupError where the file or the text is not there."""
        text = self.text(path)
        if old not in text:
            message = f"{path} has no {old!r}"
            raise LookupError(message)
        self.files[path] = text.replace(old, new).encode("utf-8")

    def write(self, path: str, text: str) -> None:
        """Write a file, new or not, inside the repository. Raises ValueError for a path outside."""
        parts = PurePosixPath(path).parts
        if not parts or {"/", "..", ".git"} & {*parts} or "\n" in path or path.startswith('"'):
            message = f"{path!r} is no path inside the repository"
            raise ValueError(message)
        self.files[path] = text.encode("utf-8")

    def delete(self, path: str) -> None:
        """Delete a file. Raises LookupError where there is no such file."""
        self._existing(path)
        del self.files[path]
        self.executable.discard(path)

    def set_mode(self, path: str, *, executable: bool) -> None:
        """Record a file as executable or not. Raises LookupError where there is no such file."""
        self._existing(path)
        if executable:
            self.executable.add(path)
        else:
            self.executable.discard(path)

    def materialize(self, root: Path) -> Path:
        """Write the files below `root` as a git tree with one commit; plain files without git."""
        git = which("git")
        root.mkdir(parents=True)
        if git is None:
            self._write_files(root)
        else:
            self._commit(git, root)
        return root

    def _existing(self, path: str) -> bytes:
        if path not in self.files:
            message = f"the repository has no {path}"
            raise LookupError(message)
        return self.files[path]

    def _write_files(self, root: Path) -> None:
        for path, content in self.files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(0o755 if path in self.executable else 0o644)

    def _commit(self, git: str, root: Path) -> None:
        """Commit without the working copy, then let git write it: two short processes in all."""
        for part in ("objects", "refs"):
            (root / ".git" / part).mkdir(parents=True)
        (root / ".git/HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
        (root / ".git/config").write_text(_CONFIG, encoding="ascii")
        _run(git, root, "fast-import", "--quiet", stream=self._stream())
        _run(git, root, "reset", "--quiet", "--hard")

    def _stream(self) -> bytes:
        lines = [
            f"commit refs/heads/main\ncommitter {_AUTHOR}\ndata 7\nFixture\n".encode(),
        ]
        for path, content in sorted(self.files.items()):
            mode = "100755" if path in self.executable else "100644"
            lines.append(f"M {mode} inline {path}\ndata {len(content)}\n".encode())
            lines += [content, b"\n"]
        return b"".join(lines)


def _run(git: str, root: Path, *arguments: str, stream: bytes = b"") -> None:
    environment = {
        "PATH": str(Path(git).parent),
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "LC_ALL": "C",
    }
    subprocess.run(
        [git, "-C", str(root), *arguments],
        input=stream,
        env=environment,
        check=True,
        capture_output=True,
        timeout=_GIT_SECONDS,
    )


def _executable(path: Path, files: dict[str, bytes]) -> set[str]:
    if not path.exists():
        return set()
    document = parse(read(path), path)
    data = document.data
    keys = ("executable",) if isinstance(data, dict) else ()
    listed = document.get(*keys)
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise ConfigurationError((f"{document.where(*keys)}: expected: a list of paths",))
    missing = [
        f"{document.where(*keys, at)}: the repository has no {item}"
        for at, item in enumerate(listed)
        if item not in files
    ]
    if missing:
        raise ConfigurationError(tuple(missing))
    return set(listed)
