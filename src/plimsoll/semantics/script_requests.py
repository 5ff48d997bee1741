"""Which requests a k6 script makes, as far as its text says before it runs.

A request counts only in a function that the scenarios can reach. What is computed at run time
stands in the URL as `{name}`; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.load_test import ScriptRequest
from plimsoll.semantics.javascript import line_of, parse, text_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tree_sitter import Node

_METHODS = frozenset(
    ("get", "post", "put", "patch", "del", "head", "options", "request", "asyncRequest", "batch")
)
_METHOD_FIRST = frozenset(("request", "asyncRequest"))
_FUNCTIONS = frozenset(
    ("function_declaration", "function_expression", "arrow_function", "generator_function")
)
_WHOLE_MODULE = ("import_clause", "namespace_import")
_MODULE = "<module>"
_DEPTH = 8


def requests(source: str, entries: Iterable[str] = ("default",)) -> tuple[ScriptRequest, ...]:
    """Return the requests that the exported functions `entries` can reach, in the text's order.

    A function is reachable when a reachable function, or the module itself, names it. Functions
    of imported files are not followed.

    Raises:
        JavaScriptError: the text has a syntax error.

    """
    root = parse(source)
    clients = _clients(root)
    functions = _functions(root)
    known_values = constants(root)
    reached = _reachable(functions, entries)
    calls = [
        (node, name)
        for node in walk(root)
        if node.type == "call_expression" and (name := _enclosing(node, functions)) in reached
    ]
    found: list[ScriptRequest] = []
    for call, name in calls:
        verb = _verb(call, clients)
        for site, caller, arguments in _sites(name, functions, calls) if verb is not None else ():
            known = {
                key: _text(value, _Scope(known_values, {})) for key, value in arguments.items()
            }
            line = line_of(site or call)
            found.extend(_request(call, verb or "", caller, line, _Scope(known_values, known)))
    return tuple(sorted(found, key=lambda request: request.line))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What names stand for: initial values in the module, and one call's arguments."""

    constants: Mapping[str, Node]
    arguments: Mapping[str, str]


def _sites(
    name: str, functions: Mapping[str, Node], calls: Iterable[tuple[Node, str]]
) -> Iterator[tuple[Node | None, str, dict[str, Node]]]:
    """Yield each call of a function with its arguments; once without, where it takes none."""
    parameters = _parameters(functions[name]) if name in functions else []
    sites = [
        (call, caller)
        for call, caller in calls
        if parameters and text_of(call.child_by_field_name("function")) == name
    ]
    for call, caller in sites:
        arguments = call.child_by_field_name("arguments")
        values = arguments.named_children if arguments is not None else []
        yield call, caller, dict(zip(parameters, values, strict=False))
    if not sites:
        yield None, name, {}


def _parameters(function: Node) -> list[str]:
    parameters = function.child_by_field_name("parameters")
    return [text_of(node) for node in parameters.named_children] if parameters is not None else []


def _clients(root: Node) -> dict[str, str | None]:
    """Map a local name to the `k6/http` function it stands for, or to None for the module."""
    clients: dict[str, str | None] = {}
    for node in root.children:
        source = text_of(node.child_by_field_name("source"))[1:-1]
        if node.type != "import_statement" or source != "k6/http":
            continue
        for part in walk(node):
            if part.type == "import_specifier":
                name = text_of(part.child_by_field_name("name"))
                clients[text_of(part.child_by_field_name("alias")) or name] = name
            elif part.parent is not None and part.parent.type in _WHOLE_MODULE:
                clients.update({text_of(part): None} if part.type == "identifier" else {})
    return clients or {"http": None}


def _verb(call: Node, clients: Mapping[str, str | None]) -> str | None:
    function = call.child_by_field_name("function")
    if function is None:
        return None
    if function.type == "identifier":
        verb = clients.get(text_of(function))
        return verb if verb in _METHODS else None
    if function.type == "member_expression":
        owner = text_of(function.child_by_field_name("object"))
        verb = text_of(function.child_by_field_name("property"))
        if owner in clients and clients[owner] is None and verb in _METHODS:
            return verb
    return None


def _functions(root: Node) -> dict[str, Node]:
    functions: dict[str, Node] = {}
    for node in walk(root):
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        if node.type == "variable_declarator" and value is not None and value.type in _FUNCTIONS:
            functions[text_of(name)] = value
        elif node.type in _FUNCTIONS and name is not None:
            functions[text_of(name)] = node
        if node.type == "export_statement" and any(c.type == "default" for c in node.children):
            functions["default"] = node
    return functions


def _reachable(functions: Mapping[str, Node], entries: Iterable[str]) -> set[str]:
    pending = [*entries, "setup", "teardown"]
    reached = {_MODULE}
    while pending:
        name = pending.pop()
        if name in reached or name not in functions:
            continue
        reached.add(name)
        pending.extend(text_of(n) for n in walk(functions[name]) if n.type == "identifier")
        pending.extend(
            text_of(n) for n in walk(functions[name]) if n.type == "shorthand_property_identifier"
        )
    return reached


def _enclosing(node: Node, functions: Mapping[str, Node]) -> str:
    names = {body.id: name for name, body in functions.items()}
    parent = node.parent
    while parent is not None:
        if parent.id in names:
            return names[parent.id]
        parent = parent.parent
    return _MODULE


def constants(root: Node) -> dict[str, Node]:
    """Return what each name is initialized with, unless it is declared or assigned twice."""
    declared: dict[str, Node] = {}
    spoiled: set[str] = set()
    for node in walk(root):
        if node.type == "variable_declarator":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is None or value is None or name.type != "identifier":
                continue
            if text_of(name) in declared:
                spoiled.add(text_of(name))
            declared[text_of(name)] = value
        elif node.type in ("assignment_expression", "augmented_assignment_expression"):
            spoiled.add(text_of(node.child_by_field_name("left")))
    return {name: value for name, value in declared.items() if name not in spoiled}


def _request(
    call: Node, verb: str, function: str, line: int, scope: _Scope
) -> Iterator[ScriptRequest]:
    arguments = call.child_by_field_name("arguments")
    values = list(arguments.named_children) if arguments is not None else []
    if verb == "batch":
        for node in walk(arguments) if arguments is not None else ():
            url = _text(node, scope) if node.type in ("string", "template_string") else ""
            if url.startswith(("/", "http", "{")):
                yield ScriptRequest("BATCH", url, function, line_of(node))
        return
    method = "DELETE" if verb == "del" else verb.upper()
    if verb in _METHOD_FIRST and values:
        method = _text(values.pop(0), scope).upper()
    if values:
        yield ScriptRequest(method, _text(values[0], scope), function, line)


def _text(node: Node, scope: _Scope, depth: int = _DEPTH) -> str:
    """Return the string an expression gives, with `{expression}` for what is not known."""
    name = text_of(node)
    if node.type == "identifier" and name in scope.arguments:
        return scope.arguments[name]
    if depth and node.type == "identifier" and name in scope.constants:
        known = _text(scope.constants[name], scope, depth - 1)
        return f"{{{name}}}" if known.startswith("{") and known.endswith("}") else known
    if depth and node.type == "string":
        return name[1:-1]
    parts = _parts(node) if depth else None
    if parts is None:
        return f"{{{name}}}"
    return "".join(_piece(part, scope, depth) for part in parts)


def _parts(node: Node) -> list[Node] | None:
    """Return what an expression joins to a string; None where it does something else."""
    joins = node.type == "binary_expression" and text_of(node.children[1]) == "+"
    if node.type in ("template_string", "parenthesized_expression") or joins:
        return node.named_children
    return None


def _piece(part: Node, scope: _Scope, depth: int) -> str:
    if part.type == "template_substitution" and part.named_children:
        return _text(part.named_children[0], scope, depth - 1)
    is_literal = part.type in ("string_fragment", "escape_sequence")
    return text_of(part) if is_literal else _text(part, scope, depth - 1)
