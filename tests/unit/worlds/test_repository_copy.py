"""A world's repository is a git tree of its own, as the fixture has it and faults leave it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from plimsoll.environment.problem import ConfigurationError
from plimsoll.worlds.repository_copy import RepositoryCopy

if TYPE_CHECKING:
    from pathlib import Path

git_only = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def copy(fixtures: Path) -> RepositoryCopy:
    """Return the copy of the small system's repository."""
    made = RepositoryCopy.of(fixtures / "ferry")
    assert made is not None
    return made


def git(root: Path, *arguments: str) -> str:
    """Ask git about a tree."""
    return subprocess.run(
        ["git", "-C", str(root), *arguments],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@git_only
def test_the_tree_is_committed_with_modes(copy: RepositoryCopy, tmp_path: Path) -> None:
    """Write the tree; see git's modes, one commit, nothing changed, ignored files included."""
    root = copy.materialize(tmp_path / "tree")
    listed = [line.split()[::3] for line in git(root, "ls-files", "--stage").splitlines()]
    assert listed == [
        ["100644", ".gitignore"],
        ["100644", "app/spec.yaml"],
        ["100644", "kept.log"],
        ["100755", "run.sh"],
    ]
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "rev-list", "--count", "HEAD") == "1\n"
    assert (root / "app/spec.yaml").read_text(encoding="utf-8") == "instances: 2\n"
    assert os.access(root / "run.sh", os.X_OK)


@git_only
def test_the_same_files_give_the_same_commit(copy: RepositoryCopy, tmp_path: Path) -> None:
    """Write the tree twice and compare the commits."""
    roots = [copy.materialize(tmp_path / name) for name in ("one", "two")]
    assert len({git(root, "rev-parse", "HEAD") for root in roots}) == 1


@git_only
def test_the_surrounding_git_is_not_touched(
    copy: RepositoryCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Point git's variables elsewhere; see the tree written where it was asked for."""
    elsewhere = tmp_path / "elsewhere"
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(elsewhere))
    root = copy.materialize(tmp_path / "tree")
    assert (root / "run.sh").is_file()
    assert not elsewhere.exists()


@git_only
def test_edits_are_in_the_commit(copy: RepositoryCopy, tmp_path: Path) -> None:
    """Replace, write, delete and change a mode; see exactly that in git, and the fixture whole."""
    copy.replace("app/spec.yaml", "instances: 2", "instances: 20")
    copy.write("deep/new.txt", "new")
    copy.write("data 3\\n", "a name that needs no quoting")
    copy.delete("kept.log")
    copy.set_mode("run.sh", executable=False)
    copy.set_mode("app/spec.yaml", executable=True)
    root = copy.materialize(tmp_path / "tree")
    listed = git(root, "ls-files", "--stage", "-z").split("\0")[:-1]
    modes = {line.partition("\t")[2]: line.split()[0] for line in listed}
    assert modes == {
        ".gitignore": "100644",
        "app/spec.yaml": "100755",
        "data 3\\n": "100644",
        "deep/new.txt": "100644",
        "run.sh": "100644",
    }
    assert git(root, "show", "HEAD:app/spec.yaml") == "instances: 20\n"
    assert git(root, "status", "--porcelain") == ""


def test_without_git_the_files_are_plain(
    copy: RepositoryCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hide git; see the files and no repository around them."""
    monkeypatch.setenv("PATH", str(tmp_path))
    root = copy.materialize(tmp_path / "tree")
    assert (root / "kept.log").read_text(encoding="utf-8") == "ignored, and still there\n"
    assert not (root / ".git").exists()


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("replace", ("run.sh", "absent", "x")),
        ("replace", ("none.sh", "exit", "x")),
        ("text", ("none.sh",)),
        ("delete", ("none.sh",)),
    ],
)
def test_an_edit_that_changes_nothing_is_refused(
    copy: RepositoryCopy, method: str, arguments: tuple[str, ...]
) -> None:
    """Edit what is not there."""
    with pytest.raises(LookupError):
        getattr(copy, method)(*arguments)


def test_a_mode_of_no_file_is_refused(copy: RepositoryCopy) -> None:
    """Change the mode of a file that is not there."""
    with pytest.raises(LookupError, match=r"the repository has no none\.sh"):
        copy.set_mode("none.sh", executable=True)


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", "", ".git/config", "a\nb", '"a'])
def test_nothing_is_written_outside(copy: RepositoryCopy, path: str) -> None:
    """Write to places outside the repository, or to names that git would read otherwise."""
    with pytest.raises(ValueError, match="no path inside the repository"):
        copy.write(path, "x")


def test_a_system_without_files_has_no_repository(tmp_path: Path) -> None:
    """Look at a fixture folder that holds no repository."""
    assert RepositoryCopy.of(tmp_path) is None


@pytest.mark.parametrize(
    ("modes", "problem"),
    [
        ("- run.sh", None),
        ("executable: [run.sh]", None),
        ("- none.sh", r"modes\.yaml:1: the repository has no none\.sh"),
        ("executable: run.sh", r"modes\.yaml:1: expected: a list of paths"),
        ("other: [run.sh]", "expected: a list of paths"),
        ("- 5", "expected: a list of paths"),
    ],
)
def test_modes_are_a_list_of_files(tmp_path: Path, modes: str, problem: str | None) -> None:
    """Read lists of executable files, good and bad."""
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository/run.sh").write_text("exit", encoding="utf-8")
    (tmp_path / "modes.yaml").write_text(modes, encoding="utf-8")
    if problem is None:
        made = RepositoryCopy.of(tmp_path)
        assert made is not None
        assert made.executable == {"run.sh"}
    else:
        with pytest.raises(ConfigurationError, match=problem):
            RepositoryCopy.of(tmp_path)
