"""Pages made from code are those that the code makes, and every link leads somewhere."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "reports" / "README.md"])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
FENCED = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)


def test_the_catalogue_page_is_the_catalogue():
    """`scripts/generate` writes it; whoever changes a control runs that."""
    done = subprocess.run(
        [sys.executable, "-m", "plimsoll.cli", "controls", "--format", "markdown"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    page = ROOT / "docs" / "controls.md"
    assert page.read_text() == done.stdout, "run scripts/generate"


def anchors(page):
    """The names under which the headings of a page can be reached, as GitHub makes them."""
    text = FENCED.sub("", page.read_text())
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in HEADING.findall(text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_of_this_repository_leads_there(page):
    """Files and headings that a page links to exist."""
    broken = []
    for target in LINK.findall(FENCED.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        there = (page.parent / name) if name else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_folder_and_file_a_page_names_by_its_path_is_there(page):
    """Paths in code spans, from the repository's top or from the package, exist."""
    named = re.findall(
        r"`((?:src|checks|docs|environments|fixtures|scripts|tests)/[\w./-]*)`", page.read_text()
    )
    missing = [name for name in named if "<" not in name and not (ROOT / name).exists()]
    assert missing == []
