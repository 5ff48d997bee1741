"""A bundle holds record, reports and evidence, and a manifest in which every edit shows."""

import hashlib
import json
from pathlib import Path
from types import ModuleType

import pytest

from plimsoll.reporting.bundle import UnsafePathError, seal, write_bundle
from plimsoll.reporting.manifest import digest, render_manifest

FILES = {
    "results.json",
    "report.html",
    "report.md",
    "junit.xml",
    "metrics.prom",
    "evidence/a/b.json",
}


@pytest.fixture
def bundle(documents: ModuleType, tmp_path: Path) -> Path:
    """Write a bundle two directories deep."""
    directory = tmp_path / "app-oint" / "20261120T020000Z"
    write_bundle(documents.failing(1), directory, {"evidence/a/b.json": b"{}"})
    return directory


def listed(directory: Path) -> dict[str, tuple[str, int]]:
    """Read the manifest."""
    manifest = json.loads((directory / "MANIFEST.json").read_text())
    return {each["path"]: (each["sha256"], each["size_bytes"]) for each in manifest["files"]}


def test_manifest_lists_every_file_but_itself(bundle: Path) -> None:
    """Each file of the bundle is there with its digest and its size."""
    files = listed(bundle)
    assert files.keys() == FILES
    for path, (sha256, size_bytes) in files.items():
        content = (bundle / path).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size_bytes)


def test_sealing_again_takes_in_what_was_added(bundle: Path) -> None:
    """The engineer's log, written by another hand, is in the manifest after a second seal."""
    (bundle / "engineer.html").write_text("<!DOCTYPE html>")
    seal(bundle)
    assert listed(bundle).keys() == FILES | {"engineer.html"}


def test_an_edit_shows(bundle: Path) -> None:
    """One changed byte changes the manifest that would be made."""
    before = listed(bundle)
    path = bundle / "results.json"
    path.write_bytes(path.read_bytes().replace(b"fail", b"pass", 1))
    seal(bundle)
    assert {name for name, entry in listed(bundle).items() if entry != before[name]} == {
        "results.json"
    }


def test_nothing_temporary_is_left(bundle: Path) -> None:
    """Only the files of the bundle are in it."""
    found = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert found == FILES | {"MANIFEST.json"}


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "evidence/../../x", "report.html", "", "evidence/\0", "evidence"]
)
def test_evidence_stays_below_its_directory(
    documents: ModuleType, tmp_path: Path, path: str
) -> None:
    """A path that leads elsewhere is refused before anything is written."""
    with pytest.raises(UnsafePathError):
        write_bundle(documents.compliant(), tmp_path / "bundle", {path: b""})
    assert not (tmp_path / "bundle").exists()


def test_manifest_is_sorted() -> None:
    """The order in which files are found does not show."""
    one, two = digest(b"1"), digest(b"2")
    assert render_manifest({"b": two, "a": one}) == render_manifest({"a": one, "b": two})
