"""Imports point one way, and judging does no I/O."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "plimsoll"
LAYERS = [
    {"findings"},
    {"facts"},
    {"environment", "resources", "catalogue"},
    {"semantics"},
    {"collectors", "worlds", "reporting"},
    {"pytest_plugin"},
    {"cli", "commands"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
IO = {"socket", "ssl", "subprocess", "httpx", "dns", "asyncio", "threading", "urllib.request", "os"}
PURE = ["findings", "facts", "semantics"]


def modules(folder):
    """Every Python file under a folder."""
    return sorted(folder.rglob("*.py"))


def imports(path, *, at_run_time=False):
    """The modules a file imports; without those only named for types, where asked for."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if at_run_time and id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def layer(path):
    """The layer of a module: its folder, or its own name at the top."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("path", modules(SOURCE), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_one_way(path):
    """A module imports its own layer and those below it, and its peers never."""
    mine = layer(path)
    if mine == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "plimsoll" or len(parts) == 1:
            continue
        theirs = parts[1]
        allowed = theirs == mine or RANK[theirs] < RANK[mine] or {mine, theirs} <= LAYERS[-1]
        if mine == "worlds" and theirs == "collectors":
            allowed = parts[2:] == ["network"]
        assert allowed or {mine, theirs} <= LAYERS[2], f"{path}: imports {name}"


@pytest.mark.parametrize("path", modules(SOURCE / "findings"), ids=lambda path: path.name)
def test_the_vocabulary_needs_the_standard_library_only(path):
    """Everything speaks these words; they speak no other."""
    import sys

    foreign = {
        name.split(".")[0]
        for name in imports(path)
        if name.split(".")[0] not in {*sys.stdlib_module_names, "plimsoll"}
    }
    assert foreign == set()


@pytest.mark.parametrize(
    "path",
    [path for folder in PURE for path in modules(SOURCE / folder) if "sandbox" not in path.name]
    + modules(ROOT / "checks"),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_judging_does_no_io(path):
    """Pure layers and checks import nothing that could look at the world."""
    used = set(imports(path, at_run_time=True))
    assert not {name for name in used if name in IO or name.split(".")[0] in IO - {"os"}}
    assert not any(name.startswith("plimsoll.collectors") for name in used)
    assert "open" not in {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow"}
    }


@pytest.mark.parametrize(
    "path", modules(ROOT / "checks"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_check_knows_the_pure_layers_only(path):
    """At run time; what fixtures give it may be named for types."""
    used = {name.split(".")[1] for name in imports(path, at_run_time=True) if "plimsoll." in name}
    assert used <= set(PURE)


def test_the_root_conftest_holds_no_logic():
    """It loads the plugin, in fifteen lines or fewer."""
    text = (ROOT / "conftest.py").read_text()
    assert len(text.splitlines()) <= 15
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
