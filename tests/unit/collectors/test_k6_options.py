"""The options of a k6 script, evaluated in its sandbox."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors.k6_process import options_json
from plimsoll.facts.load_test import RUN_TIME_VALUE, K6Options
from plimsoll.semantics.javascript import JavaScriptError, desugar
from plimsoll.semantics.k6 import ScriptError, parse_options

SECONDS = 20.0


def evaluate_options(
    sources: dict[str, str], entry: str, environment: dict[str, str], seconds: float
) -> K6Options:
    """Evaluate in the sandbox, and read its answer."""
    return parse_options(options_json(sources, entry, environment, seconds), entry)


def options(source: str, **environment: str) -> dict[str, object]:
    """Return the options of a script that stands alone."""
    return dict(evaluate_options({"load.js": source}, "load.js", environment, SECONDS).values)


def test_options_are_what_the_module_exports_at_its_end() -> None:
    """An exported binding is live: what later statements do to it is seen."""
    assert options("export let options = { vus: 1 };\noptions.vus = 7;") == {"vus": 7}


def test_modules_files_and_environment_are_at_the_script_s_disposal() -> None:
    """Imports, opened files and __ENV come from what the caller hands over, by relative path."""
    sources = {
        "load/main.js": (
            "import { SharedArray } from 'k6/data';\n"
            "import steps, { peak as most } from './lib/plan.js';\n"
            "const users = new SharedArray('users', () => JSON.parse(open('../users.json')));\n"
            "export const options = {\n"
            "  stages: steps(most), vus: users.length, tags: { region: __ENV.REGION } };\n"
            "export default function () {}\nexport { steps as renamed };\n"
        ),
        "load/lib/plan.js": (
            "export const peak = 9;\n"
            "export default function plan(n) { return [{ duration: '1m', target: n }]; }\n"
        ),
        "users.json": "[1, 2, 3]",
    }
    found = evaluate_options(sources, "load/main.js", {"REGION": "fra1"}, SECONDS)
    assert found.values == {
        "stages": [{"duration": "1m", "target": 9}],
        "vus": 3,
        "tags": {"region": "fra1"},
    }
    assert found.functions == ("default", "renamed")


def test_common_js_scripts_are_read_too() -> None:
    """Exports by assignment count as k6 counts them."""
    source = "const http = require('k6/http'); exports.options = { vus: 2 };"
    assert options(source) == {"vus": 2}


def test_a_value_of_k6_s_run_time_never_becomes_a_default() -> None:
    """What depends on a module of k6 is marked, so that no reader mistakes it for absent."""
    source = "import exec from 'k6/execution';\nexport const options = { vus: exec.a.b, iterations: +exec.c };"
    assert options(source) == {"vus": RUN_TIME_VALUE, "iterations": RUN_TIME_VALUE}


@pytest.mark.parametrize(
    ("source", "reason", "where"),
    [
        ("\n\nmissing.value;", "'missing' is not defined", "load.js:3"),
        ("throw new Error('no base URL');", "no base URL", "load.js"),
        ("export const options = {;", "syntax error", "load.js:1"),
        ("import x from './absent.js';", "absent.js is not at hand", "load.js"),
        ("import x from 'lodash';", "cannot resolve", "load.js"),
        ("open('./data.csv');", "data.csv is not at hand", "load.js"),
        ("export const options = 5;", "not an object", "load.js"),
        ("const f = () => f();\nf();", "stack overflow", "load.js"),
        ("let s = 'x'; for (;;) s += s;", "out of memory", "load.js"),
    ],
)
def test_a_script_that_k6_could_not_start_is_an_error(source: str, reason: str, where: str) -> None:
    """The error names the reason and the place."""
    with pytest.raises(ScriptError) as caught:
        options(source)
    assert reason in caught.value.reason
    assert caught.value.where.startswith(where)


def test_a_script_that_never_ends_is_stopped() -> None:
    """The child process is killed after the time it was given."""
    with pytest.raises(ScriptError, match="did not finish within 1 s"):
        evaluate_options({"load.js": "for (;;) {}"}, "load.js", {}, 1.0)


@pytest.mark.parametrize(
    ("source", "reason", "seconds"),
    [
        ("const kept = new Uint8Array(1 << 29);", "out of memory", 30),
        ("let text = 'x'; for (;;) text = text.padEnd(2 * text.length, 'y');", "", 30),
        ("const deep = () => deep() + 1; deep();", "stack overflow", 30),
        ("export const options = { tags: { x: 'y'.repeat(2e6) } };", "unreasonably large", 30),
        ("/^(a+)+$/.test('a'.repeat(40) + 'b');", "did not finish", 1),
        ("export const options = { get vus() { for (;;) {} } };", "did not finish", 1),
    ],
)
def test_a_script_that_takes_too_much_is_refused(source: str, reason: str, seconds: float) -> None:
    """Memory, stack, output and time each end in the declared error, in a process of their own."""
    with pytest.raises(ScriptError) as caught:
        evaluate_options({"load.js": source}, "load.js", {}, seconds)
    assert reason in caught.value.reason


def test_a_script_cannot_reach_the_host() -> None:
    """No global of the engine leads to files, processes or the network."""
    source = (
        "export const options = {\n"
        "  names: ['std', 'os', 'process', 'require_', 'fetch', 'XMLHttpRequest']\n"
        "    .filter((name) => typeof globalThis[name] !== 'undefined') };"
    )
    assert options(source) == {"names": []}


@given(st.text())
def test_any_text_is_read_or_refused_as_the_sandbox_s_answer(text: str) -> None:
    """Only a well-formed answer becomes options; nothing else escapes but the declared error."""
    try:
        found = parse_options(text, "load.js")
    except ScriptError:
        return
    assert set(json.loads(text)) >= {"options"}
    assert isinstance(found.values, dict)


@given(st.text(alphabet="import export{}()=>'\"`$;/*\n defaultconst.,[]"))
def test_any_text_is_desugared_or_refused(text: str) -> None:
    """Rewriting keeps the number of lines, so that line numbers stay true."""
    try:
        rewritten = desugar(text)
    except JavaScriptError:
        return
    assert rewritten.count("\n") >= text.count("\n")


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"options": 5}', "[" * 100_000])
def test_an_answer_that_is_none_is_an_error(answer: str) -> None:
    """No answer is not an empty set of options."""
    with pytest.raises(ScriptError):
        parse_options(answer, "load.js")
