"""A checkout is read as it lies there; modes come from its own git, or are not known."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors import checkout, git, repository
from plimsoll.collectors.context import Context, Limits
from plimsoll.facts.repository import EXECUTABLE, FileRecord, Repository, RepositoryProbe
from plimsoll.findings import NotObserved, Observed

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = RepositoryProbe(("*",))


def run_git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, whatever the user has configured."""
    identity = (
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.test",
        "-c",
        "commit.gpgsign=false",
    )
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "HOME": "/"}
    return subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def committed(folder: Path) -> Path:
    """Make a folder with one script the root of a repository with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "deploy.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    run_git(folder, "init", "-q")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "-qm", "first")
    return folder


def look(
    root: Path | None, attending, probe: RepositoryProbe = EVERYTHING, **limits: int
) -> Observed[Repository] | NotObserved:
    """Return what one probe sees of a folder."""
    context = Context(repository=root, limits=replace(Limits(), **limits))
    ((_, sighting),) = repository.collect([probe], context, attending)
    return sighting


def seen(root: Path, attending, probe: RepositoryProbe = EVERYTHING, **limits: int) -> Repository:
    """Return the repository that was observed."""
    sighting = look(root, attending, probe, **limits)
    assert isinstance(sighting, Observed), sighting
    return sighting.value


def record(root: Path, path: str, attending, **limits: int) -> FileRecord:
    """Return one file's record."""
    found = seen(root, attending, **limits).file(path)
    assert found is not None
    return found


def test_own_git_tells_modes_commit_and_changes(tmp_path, attending) -> None:
    """A committed script is executable as git has it, whatever the working copy's bits are."""
    root = committed(tmp_path / "app")
    (root / "deploy.sh").chmod(0o644)
    run_git(root, "config", "core.fileMode", "false")
    found = seen(root, attending)
    assert found.modes_known
    assert found.commit == run_git(root, "rev-parse", "HEAD").strip()
    assert found.dirty is False
    assert found.file("deploy.sh") == FileRecord(
        "deploy.sh", 10, hashlib.sha256(b"#!/bin/sh\n").hexdigest(), "#!/bin/sh\n", "", EXECUTABLE
    )


def test_enclosing_git_tells_nothing(tmp_path, attending) -> None:
    """A folder within another repository has no modes, no commit and no changes of its own."""
    outer = committed(tmp_path / "outer")
    inner = outer / "fixtures"
    inner.mkdir()
    (inner / "run.sh").write_text("true\n")
    run_git(outer, "add", ".")
    found = seen(inner, attending)
    assert (found.modes_known, found.commit, found.dirty) == (False, None, None)
    assert found.paths == ("run.sh",)
    assert found.file("run.sh").mode is None


def test_empty_git_folder_does_not_lend_the_enclosing_ones_modes(tmp_path, attending) -> None:
    """A `.git` that is no repository leaves the folder without one."""
    outer = committed(tmp_path / "outer")
    inner = outer / "sub"
    (inner / ".git").mkdir(parents=True)
    (inner / "a").write_text("")
    assert not seen(inner, attending).modes_known


def test_variables_of_a_git_hook_do_not_lead_astray(tmp_path, attending, monkeypatch) -> None:
    """Run from a hook, git's variables name another repository; they do not count."""
    other, root = committed(tmp_path / "other"), committed(tmp_path / "app")
    (root / "more").write_text("")
    run_git(root, "add", ".")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert seen(root, attending).paths == ("deploy.sh", "more")


def test_untracked_file_is_listed_without_a_mode_and_makes_the_tree_dirty(
    tmp_path, attending
) -> None:
    """What git does not know is there, but is not what is deployed."""
    root = committed(tmp_path / "app")
    (root / ".gitignore").write_text("ignored\n")
    (root / "ignored").write_text("x")
    (root / "new.sh").write_text("x")
    found = seen(root, attending)
    assert found.paths == (".gitignore", "deploy.sh", "new.sh")
    assert found.file("new.sh").mode is None
    assert found.dirty is True


def test_deleted_file_is_not_there(tmp_path, attending) -> None:
    """A file that git knows and the folder lacks is absent."""
    root = committed(tmp_path / "app")
    (root / "deploy.sh").unlink()
    found = seen(root, attending)
    assert (found.paths, found.dirty) == ((), True)


def test_repository_without_a_commit_has_none(tmp_path, attending) -> None:
    """Staged files have modes before there is a commit to name."""
    run_git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("")
    run_git(tmp_path, "add", ".")
    found = seen(tmp_path, attending)
    assert (found.commit, found.modes_known, found.file("a").mode) == (None, True, "100644")


def test_looking_changes_nothing(tmp_path, attending) -> None:
    """Git's index is byte for byte what it was, although a file looks newer than it."""
    root = committed(tmp_path / "app")
    os.utime(root / "deploy.sh", (1, 1))
    before = (root / ".git/index").read_bytes()
    seen(root, attending)
    assert (root / ".git/index").read_bytes() == before


def test_program_that_a_repository_configures_is_not_run(tmp_path, attending) -> None:
    """A checkout's own configuration cannot start anything."""
    root = committed(tmp_path / "app")
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    run_git(root, "config", "core.fsmonitor", str(trap))
    assert seen(root, attending).modes_known
    assert not (tmp_path / "sprung").exists()


def test_plain_folder_is_walked_without_its_dependencies(tmp_path, attending) -> None:
    """Installed packages and git's own files are not the system's."""
    for path in ("src/a.py", "node_modules/x/index.js", ".venv/bin/python", ".git/config", "b"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    found = seen(tmp_path, attending)
    assert found.paths == ("b", "src/a.py")
    assert not found.modes_known


def test_only_what_is_asked_for_is_read(tmp_path, attending) -> None:
    """Every path is listed; contents are those of the patterns, at any depth."""
    for path in ("Dockerfile", "services/api/Dockerfile", "app/[id]/page.js", "README"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    probe = RepositoryProbe(("**/Dockerfile", "app/[id]/page.js"))
    found = seen(tmp_path, attending, probe)
    assert found.paths == ("Dockerfile", "README", "app/[id]/page.js", "services/api/Dockerfile")
    assert [file.path for file in found.files] == [
        "Dockerfile",
        "app/[id]/page.js",
        "services/api/Dockerfile",
    ]


def test_link_out_of_the_repository_is_not_followed(tmp_path, attending) -> None:
    """Neither a file of the machine nor git's own configuration is read through a link."""
    root = committed(tmp_path / "app")
    (tmp_path / "secret").write_text("canary")
    (root / "out").symlink_to(tmp_path / "secret")
    (root / "up").symlink_to("../secret")
    (root / "git").symlink_to(".git/config")
    (root / "inside").symlink_to("deploy.sh")
    (root / "lost").symlink_to("nowhere")
    (root / "circle").symlink_to("circle")
    found = seen(root, attending)
    assert found.file("inside").text == "#!/bin/sh\n"
    problems = {name: found.file(name).problem for name in ("out", "up", "git", "lost", "circle")}
    assert {problems[name] for name in ("out", "up", "git")} == {
        "a link that leads out of the repository"
    }
    assert all(problems.values())
    assert "canary" not in repr(found)


def test_file_that_is_no_text_is_a_problem(tmp_path, attending) -> None:
    """Bytes that are not UTF-8 are not guessed at."""
    (tmp_path / "latin").write_bytes("caf\xe9".encode("latin-1"))
    found = record(tmp_path, "latin", attending)
    assert (found.text, found.problem, found.size) == (None, "not UTF-8 text: byte 3", 4)


def test_large_file_is_a_problem(tmp_path, attending) -> None:
    """A file beyond the cap is not read in part."""
    (tmp_path / "large").write_bytes(b"x" * 1001)
    found = record(tmp_path, "large", attending, file_bytes=1000)
    assert (found.text, found.size) == (None, 1001)
    assert found.problem == "larger than the 1,000 bytes that are read"


def test_pipe_does_not_block(tmp_path, attending) -> None:
    """What is no regular file is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    assert record(tmp_path, "pipe", attending).problem == "not a regular file"


def test_name_that_is_no_text_is_shown_and_read(tmp_path, attending) -> None:
    """A file name of other bytes stays readable, and can be written to a report."""
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    (found,) = seen(tmp_path, attending).files
    assert (found.path, found.text) == ("caf\N{REPLACEMENT CHARACTER}.txt", "x")
    assert found.path.encode()


def test_folder_that_fails_to_be_listed_is_told(tmp_path, attending, monkeypatch) -> None:
    """A closed folder below is a problem of its own, not an empty folder."""
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(path: str):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (found,) = seen(tmp_path, attending).files
    assert (found.path, found.problem) == ("closed", "cannot be listed: Permission denied")


def test_too_many_files_are_not_observed(tmp_path, attending, monkeypatch) -> None:
    """A listing that had to stop proves no absence."""
    monkeypatch.setattr(checkout, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / name).write_text("")
    sighting = look(tmp_path, attending)
    assert isinstance(sighting, NotObserved)
    assert sighting.reason == "the folder holds more than 2 files"


def test_missing_folder_is_not_observed(tmp_path, attending) -> None:
    """No folder is not an empty repository; neither is a file, nor none at all."""
    (tmp_path / "file").write_text("")
    reasons = {
        look(root, attending).reason for root in (tmp_path / "gone", tmp_path / "file", None)
    }
    assert reasons == {
        "there is no such folder",
        "no repository was given: name its folder with --repository",
    }


def test_every_probe_is_answered_from_one_reading(tmp_path, attending) -> None:
    """Several probes each get their own files."""
    for name in "abc":
        (tmp_path / name).write_text(name)
    probes = [RepositoryProbe(("a",)), RepositoryProbe(("a", "b")), RepositoryProbe(())]
    context = Context(repository=tmp_path)
    found = dict(repository.collect(probes, context, attending))
    assert [[file.path for file in found[probe].value.files] for probe in probes] == [
        ["a"],
        ["a", "b"],
        [],
    ]


PIECES = st.text(alphabet="ab/*?[].!", max_size=8)


@given(PIECES, st.lists(PIECES, max_size=4))
def test_patterns_mean_what_the_repository_takes_them_for(path, patterns) -> None:
    """A file is read exactly where the fact's own matching would find it, or it is named."""
    listing = Repository("", None, None, False, (path,), (), None)  # type: ignore[arg-type]
    expected = path in patterns or any(listing.matching(pattern) for pattern in patterns)
    assert repository.wants(patterns)(path) == expected


@given(st.text(alphabet="12 ?u#\t\0abc/0123456789", max_size=80), st.text(max_size=80))
def test_any_output_of_git_is_read(tracked, status) -> None:
    """Whatever git prints, reading it raises nothing and names no submodule."""
    tree = git.read(tracked, status)
    assert git.SUBMODULE not in tree.modes.values()
