"""What the sandbox evaluates, seen from inside its process."""

from __future__ import annotations

import io
import json

import pytest

from plimsoll.collectors import k6_sandbox
from plimsoll.collectors.k6_sandbox import evaluate
from plimsoll.semantics.javascript import JavaScriptError, desugar


def options(*lines: str, **files: str) -> object:
    """Return the options of a script, beside files named by their stem."""
    sources = {"load.js": "\n".join(lines), **{f"{stem}.js": text for stem, text in files.items()}}
    return evaluate(sources, "load.js", {}).get("options")


@pytest.mark.parametrize(
    "lines",
    [
        ("import value from './lib.js';",),
        ("import { default as value } from './lib.js';",),
        ("import { named as value } from './lib.js';",),
        ("import * as lib from './lib.js';", "const value = lib.named;"),
        ("import './lib.js';", "import first, { named as value } from './lib.js';"),
        ("const value = require('./lib.js').named;",),
    ],
)
def test_every_form_of_import_binds_its_name(lines: tuple[str, ...]) -> None:
    """What is imported can be used, whatever it is called."""
    library = "export const named = 7;\nexport default 7;"
    assert options(*lines, "export const options = { vus: value };", lib=library) == {"vus": 7}


@pytest.mark.parametrize(
    "library",
    [
        "export const options = { vus: 7 };",
        "export let { options, rest: [other] } = { options: { vus: 7 }, rest: [1] };",
        "const inner = { vus: 7 };\nexport { inner as options };",
        "export function unused() {}\nexport class Unused {}\nexport var options = { vus: 7 };",
    ],
)
@pytest.mark.parametrize(
    "script", ["export * from './lib.js';", "export { options } from './lib.js';"]
)
def test_every_form_of_export_reaches_the_options(library: str, script: str) -> None:
    """Options may come from another file, by name or all together."""
    assert options(script, lib=library) == {"vus": 7}


def test_a_namespace_can_be_exported_as_a_name() -> None:
    """All of a module's exports become one object."""
    assert options("export * as options from './lib.js';", lib="export const vus = 7;") == {
        "vus": 7
    }


@pytest.mark.parametrize(
    "script",
    [
        "export default function () {}",
        "export default function run() {}",
        "export default class Run {}",
        "export default () => 1;",
    ],
)
def test_the_default_function_is_told(script: str) -> None:
    """k6 runs it unless a scenario names another one."""
    answer = evaluate({"load.js": f"{script}\nexport const data = 5;"}, "load.js", {})
    assert answer == {"options": {}, "functions": ["default"]}


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ({}, "not at hand"),
        ({"load.js": "import './data.csv';", "data.csv": "a,b"}, "not JavaScript"),
        ({"load.js": "1", "broken.js": "export {"}, "syntax error"),
        ({"load.js": "throw {};"}, "[object Object]"),
    ],
)
def test_what_cannot_be_evaluated_says_why(sources: dict[str, str], reason: str) -> None:
    """The answer holds an error and no options."""
    answer = evaluate(sources, "load.js", {})
    assert set(answer) == {"error"}
    assert reason in str(answer["error"])


def test_files_that_are_not_scripts_may_lie_beside_it() -> None:
    """A TypeScript file that nothing imports does no harm."""
    assert evaluate({"load.js": "1", "types.ts": "let x: number ="}, "load.js", {})["options"] == {}


def test_line_numbers_survive_the_rewriting() -> None:
    """An import over many lines stays as many lines."""
    rewritten = desugar("import {\n  a,\n  b,\n} from './x.js';\nlast();")
    assert rewritten.splitlines()[4] == "last();"


def test_what_is_not_javascript_names_its_line() -> None:
    """The error points at the author's line."""
    with pytest.raises(JavaScriptError, match="line 2"):
        desugar("ok();\nconst = 5;")


def test_the_process_answers_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program reads JSON, confines itself, and writes JSON; too large an answer is an error."""
    limits: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(k6_sandbox.resource, "setrlimit", lambda *limit: limits.append(limit))
    for size, expected in ((1, "options"), (2_000_000, "error")):
        source = f"export const options = {{ tags: {{ x: 'y'.repeat({size}) }} }};"
        request = {
            "sources": {"a.js": source},
            "entry": "a.js",
            "environment": {},
            "cpu_seconds": 5,
        }
        written = io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(request)))
        monkeypatch.setattr("sys.stdout", written)
        k6_sandbox.main()
        assert expected in json.loads(written.getvalue())
    assert (k6_sandbox.resource.RLIMIT_FSIZE, (0, 0)) in limits
