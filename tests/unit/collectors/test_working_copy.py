"""What runs in a copy finds the code and none of the secrets beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors import working_copy
from plimsoll.collectors.working_copy import TooLargeError, copy_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a folder with code, settings, history and links."""
    folder = tmp_path / "source"
    for name in ("src", ".git", "node_modules/.store/left"):
        (folder / name).mkdir(parents=True)
    for name in ("src/app.js", ".git/config", ".env", "src/.env.local", "environment.js"):
        (folder / name).write_text(name)
    for name in (".npmrc", "src/.netrc"):
        (folder / name).write_text(name)
    (tmp_path / "outside").write_text("secret")
    (folder / "node_modules/left").symlink_to(".store/left")
    (folder / "out").symlink_to("../outside")
    (folder / "far").symlink_to(tmp_path / "outside")
    return folder


def test_code_and_inner_links_come_along(source: Path, tmp_path: Path) -> None:
    """History, settings and what lies outside stay where they are."""
    copy_folder(source, tmp_path / "copy")
    copied = {
        path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*")
    }
    assert copied == {
        *("src", "src/app.js", "environment.js"),
        *("node_modules", "node_modules/.store", "node_modules/.store/left", "node_modules/left"),
    }
    assert (tmp_path / "copy/node_modules/left").is_symlink()


@pytest.mark.parametrize(("bound", "most"), [("MOST_FILES", 2), ("MOST_BYTES", 10)])
def test_a_folder_that_is_too_large_is_refused(
    source: Path, tmp_path: Path, monkeypatch, bound: str, most: int
) -> None:
    """A copy is bounded in files and in bytes."""
    monkeypatch.setattr(working_copy, bound, most)
    with pytest.raises(TooLargeError, match="more than"):
        copy_folder(source, tmp_path / "copy")
