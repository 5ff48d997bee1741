"""A real browser for the tests of the auditor's report, and axe-core for accessibility."""

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_VERSION = "4.14.1"
TIMEOUT_SECONDS = 120
OFFLINE = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
)


@dataclass(frozen=True)
class Browser:
    """Chromium with a profile of its own, run once for each question."""

    executable: str
    directory: Path

    def dom(self, page: str) -> str:
        """Load a page and return what it has become."""
        return self._run(page, "--dump-dom", "--virtual-time-budget=60000").stdout

    def log(self, page: str) -> str:
        """Load a page and return what the browser has to say about it."""
        return self._run(page, "--dump-dom").stderr

    def pdf(self, page: str) -> Path:
        """Print a page."""
        target = self.directory / "page.pdf"
        self._run(page, f"--print-to-pdf={target}", "--no-pdf-header-footer")
        return target

    def _run(self, page: str, *options: str) -> subprocess.CompletedProcess[str]:
        path = self.directory / "page.html"
        path.write_text(page, encoding="utf-8")
        profile = f"--user-data-dir={self.directory / 'profile'}"
        command = [self.executable, *OFFLINE, profile, *options, path.as_uri()]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=True
        )


def missing(reason: str) -> None:
    """Skip where a tool is absent; in continuous integration its absence is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """Start from an empty profile."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        missing("Chromium is not installed: apt-get install chromium")
    return Browser(str(executable), tmp_path)


@pytest.fixture
def axe() -> str:
    """Return the source of axe-core."""
    if not AXE.is_file():
        missing(f"axe-core is not installed: npm install --no-save axe-core@{AXE_VERSION}")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def pdftotext() -> str:
    """Return the path of pdftotext."""
    executable = shutil.which("pdftotext")
    if executable is None:
        missing("pdftotext is not installed: apt-get install poppler-utils")
    return str(executable)


@pytest.fixture(scope="session")
def documents() -> ModuleType:
    """Load the builders of results documents that the unit tests use."""
    path = ROOT / "tests" / "unit" / "reporting" / "documents.py"
    spec = importlib.util.spec_from_file_location("reporting_documents", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
