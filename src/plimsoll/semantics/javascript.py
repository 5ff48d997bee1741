"""Read ES modules: rewrite them for an engine without modules.

Only the shape of the text is used; nothing is evaluated here. Line numbers survive the rewriting,
so that an engine's complaint still points at the author's line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

if TYPE_CHECKING:
    from collections.abc import Iterator


class JavaScriptError(ValueError):
    """The text is not JavaScript; `line` is where reading stopped making sense."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_javascript.language()))


def text_of(node: Node | None) -> str:
    """Return the source text of a node, and nothing for no node."""
    return "" if node is None or node.text is None else node.text.decode(errors="replace")


def line_of(node: Node) -> int:
    """Return the line a node starts on, counted from 1."""
    return node.start_point[0] + 1


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the text."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))


def parse(source: str) -> Node:
    """Return the syntax tree of a script.

    Raises:
        JavaScriptError: the text has a syntax error.

    """
    root = _parser().parse(source.encode(errors="replace")).root_node
    if root.has_error:
        broken = next((n for n in walk(root) if n.is_error or n.is_missing), root)
        raise JavaScriptError("syntax error", line_of(broken))
    return root


def desugar(source: str) -> str:
    """Turn an ES module into the body of a function of `__import`, `__export` and `__late`.

    An import becomes a read of `__import(specifier)`. An exported name lands on `__export` when
    the functions pushed on `__late` run, after the body: an exported binding is live in ECMAScript,
    so what later statements do to it must be seen.

    Raises:
        JavaScriptError: the text has a syntax error, or awaits at the top level.

    """
    root = parse(source)
    code = source.encode(errors="replace")
    edits = [edit for child in root.children if (edit := _edit(child)) is not None]
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        lines = code[edit.start : edit.end].count(b"\n") - edit.text.count("\n")
        code = code[: edit.start] + (edit.text + "\n" * lines).encode() + code[edit.end :]
    return code.decode(errors="replace")


def _edit(node: Node) -> _Edit | None:
    if node.type == "import_statement":
        return _Edit(node.start_byte, node.end_byte, _import(node))
    if node.type == "export_statement":
        return _Edit(node.start_byte, node.end_byte, _export(node))
    return None


def _imported(source: Node) -> str:
    return f"__import({json.dumps(text_of(source)[1:-1])})"


def _import(node: Node) -> str:
    source = node.child_by_field_name("source")
    if source is None:
        raise JavaScriptError("an import without a module", line_of(node))
    module = _imported(source)
    clause = next((c for c in node.children if c.type == "import_clause"), None)
    if clause is None:
        return f"{module};"
    return " ".join(_bindings(clause, module))


def _bindings(clause: Node, module: str) -> Iterator[str]:
    for part in clause.children:
        if part.type == "identifier":
            yield f"const {text_of(part)} = {module}.default;"
        elif part.type == "namespace_import":
            yield f"const {text_of(part.children[-1])} = {module};"
        elif part.type == "named_imports":
            for item in part.children:
                if item.type == "import_specifier":
                    name = text_of(item.child_by_field_name("name"))
                    local = text_of(item.child_by_field_name("alias")) or name
                    yield f"const {local} = {module}[{_key(name)}];"


def _key(name: str) -> str:
    return name if name[:1] in "\"'" else json.dumps(name)


def _export(node: Node) -> str:
    declaration = node.child_by_field_name("declaration")
    source = node.child_by_field_name("source")
    if any(child.type == "default" for child in node.children):
        return _default(declaration, node.child_by_field_name("value"))
    if declaration is not None:
        return text_of(declaration) + "; " + " ".join(_late(n, n) for n in _declared(declaration))
    clause = next((c for c in node.children if c.type == "export_clause"), None)
    if clause is not None:
        return "; " + " ".join(_re_exports(clause, source))
    namespace = next((c for c in node.children if c.type == "namespace_export"), None)
    if source is not None and namespace is not None:
        return f"; __export[{_key(text_of(namespace.children[-1]))}] = {_imported(source)};"
    if source is not None:
        return f"; Object.assign(__export, {_imported(source)});"
    raise JavaScriptError("an export of a kind not known here", line_of(node))


def _default(declaration: Node | None, value: Node | None) -> str:
    name = declaration.child_by_field_name("name") if declaration is not None else None
    if declaration is not None and name is not None:
        return f"{text_of(declaration)}; {_late('default', text_of(name))}"
    return f"__export.default = ({text_of(declaration or value)});"


def _late(name: str, value: str) -> str:
    return f"__late.push(() => {{ __export[{_key(name)}] = {value}; }});"


def _re_exports(clause: Node, source: Node | None) -> Iterator[str]:
    for item in clause.children:
        if item.type == "export_specifier":
            name = text_of(item.child_by_field_name("name"))
            alias = text_of(item.child_by_field_name("alias")) or name
            yield _late(alias, name if source is None else f"{_imported(source)}[{_key(name)}]")


def _declared(declaration: Node) -> Iterator[str]:
    name = declaration.child_by_field_name("name")
    if name is not None:
        yield text_of(name)
    for child in declaration.children:
        if child.type == "variable_declarator":
            yield from _bound(child.child_by_field_name("name"))


def _bound(pattern: Node | None) -> Iterator[str]:
    names = ("identifier", "shorthand_property_identifier_pattern")
    for node in walk(pattern) if pattern is not None else ():
        if node.type in names:
            yield text_of(node)
