"""Evaluate a k6 script's module scope in QuickJS, inside a process that can do nothing else.

Run as `python -m plimsoll.collectors.k6_sandbox`: JSON on standard input, JSON on standard output.
The script sees the sources and the environment it was handed, and no clock limit it could move,
no file, no network. Whatever k6 itself provides (`k6/http`, remote modules) answers as a stand-in;
a value that depends on a stand-in is marked, so that no default takes its place unseen.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from typing import TYPE_CHECKING

import quickjs

from plimsoll.facts.load_test import RUN_TIME_VALUE
from plimsoll.semantics.javascript import JavaScriptError, desugar

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMORY_BYTES = 256 << 20
STACK_BYTES = 4 << 20
ADDRESS_SPACE_BYTES = 2 << 30
OUTPUT_CHARACTERS = 1_000_000

_PRELUDE = r"""
"use strict";
const RUN_TIME = %(run_time)s;
const __standIn = new Proxy(function () {}, {
  get: (target, key) =>
    key === Symbol.toPrimitive ? (hint) => (hint === "number" ? NaN : RUN_TIME)
    : key === Symbol.iterator ? function* () {}
    : key === "then" ? undefined
    : key === "toJSON" ? () => RUN_TIME
    : key === "prototype" ? target.prototype
    : __standIn,
  apply: () => __standIn, construct: () => __standIn, has: () => true, set: () => true,
});
const __fail = (message) => { throw new Error(message); };
function SharedArray(name, build) { return build(); }
const __data = { SharedArray, default: { SharedArray } };
const __sources = %(sources)s, __texts = %(texts)s, __ENV = %(environment)s;
const __modules = {}, __loading = [];
const console = __standIn, crypto = __standIn, URL = __standIn, __VU = 0, __ITER = 0;
const setTimeout = () => 0, clearTimeout = setTimeout, setInterval = setTimeout;
function __absolute(from, to) {
  const parts = to.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of to.replace(/^file:\/\//, "").split("/")) {
    if (part === "..") parts.pop(); else if (part !== "." && part !== "") parts.push(part);
  }
  return (from.startsWith("/") || to.startsWith("/") ? "/" : "") +
    parts.filter((part) => part !== "").join("/");
}
function __importFrom(file) {
  return (specifier) => {
    if (specifier === "k6/data") return __data;
    if (specifier === "k6" || /^(k6\/|https?:\/\/)/.test(specifier)) return __standIn;
    if (!/^(\.|\/|file:\/\/)/.test(specifier)) __fail(`k6 cannot resolve the module ${specifier}`);
    const path = __absolute(file, specifier);
    return path in __texts ? __load(path) : __fail(`the imported file ${path} is not at hand`);
  };
}
function __openFrom(file) {
  return (path) => {
    const target = __absolute(file, path);
    return target in __texts ? __texts[target] : __fail(`the opened file ${target} is not at hand`);
  };
}
function __load(path) {
  if (path in __modules) return __modules[path];
  if (path.endsWith(".json")) return __modules[path] = { default: JSON.parse(__texts[path]) };
  if (!(path in __sources)) __fail(`${path} is not JavaScript`);
  const module = { exports: {} }, late = [];
  __modules[path] = module.exports;
  __loading.push(path);
  const from = __importFrom(path);
  __evaluate(__sources[path])(from, module.exports, late, __openFrom(path), from, module,
    module.exports);
  late.forEach((publish) => publish());
  __loading.pop();
  return __modules[path] = module.exports;
}
const __evaluate = (0, eval);
function __marked(key, value) {
  return typeof value === "number" && !isFinite(value) ? RUN_TIME : value;
}
function __answer(path) {
  const script = __load(path);
  const functions = Object.keys(script).filter((name) => typeof script[name] === "function");
  return JSON.stringify({ options: script.options ?? {}, functions }, __marked);
}
"""
_HEAD = "(function (__import, __export, __late, open, require, module, exports) { 'use strict'; "
_LINE = re.compile(r"<input>:(\d+)")


def evaluate(
    sources: Mapping[str, str], entry: str, environment: Mapping[str, str]
) -> dict[str, object]:
    """Return `options` and `functions` of the entry script, or `error` with `reason` and `where`.

    Call it in a process of its own: a hostile script is stopped only by the process's limits.
    """
    bodies: dict[str, str] = {}
    for path, text in sources.items():
        if path.endswith((".json", ".csv", ".txt")):
            continue
        try:
            bodies[path] = f"{_HEAD}{desugar(text)}\n}})"
        except JavaScriptError as error:
            if path == entry or path.endswith((".js", ".mjs")):
                return _error(error.reason, f"{path}:{error.line}")
    if entry not in bodies:
        return _error("the script is not at hand", entry)
    context = quickjs.Context()
    context.set_memory_limit(MEMORY_BYTES)
    context.set_max_stack_size(STACK_BYTES)
    prelude = _PRELUDE % {
        "run_time": json.dumps(RUN_TIME_VALUE),
        "sources": json.dumps(bodies),
        "texts": json.dumps(dict(sources)),
        "environment": json.dumps(dict(environment)),
    }
    try:
        context.eval(prelude)
        answer: dict[str, object] = json.loads(context.eval(f"__answer({json.dumps(entry)})"))
    except quickjs.JSException as error:
        return _error(*_explained(context, str(error), entry))
    return answer


def _explained(context: quickjs.Context, message: str, entry: str) -> tuple[str, str]:
    reason, _, trace = message.partition("\n")
    try:
        path = context.eval("__loading.at(-1)") or entry
    except quickjs.JSException:
        path = entry
    line = _LINE.search(trace)
    at_home = line is not None and "__" not in trace[: line.start()]
    where = f"{path}:{line[1]}" if line is not None and at_home else str(path)
    # An engine with no memory left cannot even build its exception.
    return "out of memory" if reason == "null" else reason.removeprefix("Error: "), where


def _error(reason: str, where: str) -> dict[str, object]:
    return {"error": {"reason": reason, "where": where}}


def _confine(cpu_seconds: int) -> None:
    limits = {
        resource.RLIMIT_AS: ADDRESS_SPACE_BYTES,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, limit in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (value, value))


def main() -> None:
    """Read one request from standard input and write its answer to standard output."""
    request = json.load(sys.stdin)
    _confine(int(request["cpu_seconds"]))
    answer = json.dumps(evaluate(request["sources"], request["entry"], request["environment"]))
    if len(answer) > OUTPUT_CHARACTERS:
        answer = json.dumps(_error("the options are unreasonably large", request["entry"]))
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
