"""Installed anywhere, the package does its main job: it carries what it needs."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = "plimsoll/carried"
pytestmark = pytest.mark.slow


def run(*command, **options):
    """Run a program of this environment; fail with what it said."""
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        capture_output=True, text=True, timeout=240, check=False, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run("-m", "pip", "wheel", *quiet, "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    """Every path in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel into an empty folder; its dependencies are those of this environment."""
    target = tmp_path_factory.mktemp("installed")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run("-m", "pip", "install", *quiet, "--target", target, wheel)
    return target


def tracked(*folders):
    """The files that git has, or is about to have, under some folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def test_the_wheel_carries_checks_environments_and_fixtures_completely(names):
    """Every file, those whose name begins with a dot included, and nothing made on the way."""
    expected = {f"{CARRIED}/{name}" for name in tracked("checks", "environments", "fixtures")}
    assert {name for name in names if name.startswith(f"{CARRIED}/")} == expected
    repository = f"{CARRIED}/fixtures/app-oint/repository"
    for hidden in (".do/app.yaml", ".dockerignore", ".gitignore", ".github/workflows/checks.yml"):
        assert f"{repository}/{hidden}" in names


def test_the_wheel_carries_the_package_s_own_data(names):
    """Schemas, templates, the style and pytest's configuration are there beside the code."""
    expected = {name.removeprefix("src/") for name in tracked("src")}
    assert expected - names == set()
    assert "plimsoll/pytest_plugin/check.ini" in expected
    assert any(name.endswith("_schema.json") for name in expected)
    assert any(name.endswith(".html.j2") for name in expected)


def test_the_wheel_carries_nothing_else(names):
    """No tests, no reports, no caches."""
    others = {name for name in names if not name.startswith(("plimsoll/", "pytest_plimsoll-"))}
    assert others == set()
    assert not any("__pycache__" in name or name.endswith(".pyc") for name in names)


def test_installed_anywhere_the_main_job_runs(installed, tmp_path):
    """`plimsoll check app-oint --mock` in an empty folder is ready, and writes its reports there."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = run(
        "-c", "import plimsoll, plimsoll.resources as r; print(plimsoll.__file__, r.home())",
        cwd=tmp_path, env=environment,
    )  # fmt: skip
    assert all(Path(one).is_relative_to(installed) for one in where.split())
    program = installed / "bin" / "plimsoll"
    out = run(program, "check", "app-oint", "--mock", cwd=tmp_path, env=environment)
    assert "ready (simulated)" in out
    latest = tmp_path / "reports" / "app-oint" / "latest"
    written = {path.name for path in latest.iterdir()}
    assert written >= {"results.json", "report.html", "report.md", "engineer.html", "junit.xml"}
    document = json.loads((latest / "results.json").read_text())
    assert document["counts"]["pass"] > 100
    assert all(one["node"].startswith("checks/") for one in document["results"])
    assert {path.name for path in tmp_path.iterdir()} == {"reports"}
