"""What a program's source does when it is told to end: which events it handles, and for how long.

A modest reader of JavaScript and TypeScript for Node.js: it follows values within one file. A
handler that does nothing, or only writes that it was called, handles nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from plimsoll.semantics.javascript import JavaScriptError, line_of, text_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GRAMMARS = {
    ".ts": tree_sitter_typescript.language_typescript,
    ".mts": tree_sitter_typescript.language_typescript,
    ".cts": tree_sitter_typescript.language_typescript,
    ".tsx": tree_sitter_typescript.language_tsx,
}
_REGISTERING = frozenset(("on", "once", "addListener", "prependListener"))
_FUNCTIONS = frozenset(("arrow_function", "function_expression", "function"))
_FIELDS = frozenset(("field_definition", "public_field_definition"))
_NOTHING = frozenset(("undefined", "null"))
_ACTING = frozenset(
    (
        "assignment_expression",
        "augmented_assignment_expression",
        "update_expression",
        "throw_statement",
        "new_expression",
    )
)
_ENDING = ("process.exit", "process.abort", "process.kill")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class SignalHandling:
    """Each event that is handled with its line, and after how long the process forces its end.

    `timeout_ms` is None where nothing forces it (`timeout_line` is None as well) or where the time
    is computed out of sight.
    """

    handled: Mapping[str, int]
    timeout_ms: float | None
    timeout_line: int | None


def signal_handling(source: str, path: str) -> SignalHandling:
    """Read what a source file does about signals and uncaught errors.

    Raises JavaScriptError where the text cannot be parsed.
    """
    parser = Parser(_language(PurePosixPath(path).suffix))
    root = parser.parse(source.encode(errors="replace")).root_node
    if root.has_error:
        broken = next((n for n in walk(root) if n.is_error or n.is_missing), root)
        raise JavaScriptError("syntax error", line_of(broken))
    calls = [node for node in walk(root) if node.type == "call_expression"]
    handled = {event: line_of(call) for call in calls for event in _events(call, root)}
    forced = [call for call in calls if _forces_an_end(call, root)]
    delays = [_number(_argument(call, 1), root) for call in forced]
    known = [delay for delay in delays if delay is not None]
    return SignalHandling(
        handled=MappingProxyType(handled),
        timeout_ms=max(known) if known and len(known) == len(delays) else None,
        timeout_line=line_of(forced[0]) if forced else None,
    )


@cache
def _language(suffix: str) -> Language:
    return Language(_GRAMMARS.get(suffix, tree_sitter_javascript.language)())


def _events(call: Node, root: Node) -> Iterator[str]:
    """Yield the events for which a call registers a handler on the process."""
    function = call.child_by_field_name("function")
    if function is None or function.type != "member_expression":
        return
    owner = text_of(function.child_by_field_name("object"))
    method = text_of(function.child_by_field_name("property"))
    handler = _argument(call, 1)
    if owner == "process" and method in _REGISTERING and handler and not _is_idle(handler, root):
        yield from _texts(_argument(call, 0), root)


def _argument(call: Node, position: int) -> Node | None:
    arguments = call.child_by_field_name("arguments")
    given = [n for n in arguments.named_children if n.type != "comment"] if arguments else []
    return given[position] if position < len(given) else None


def _is_idle(handler: Node, root: Node) -> bool:
    """Tell whether a handler does nothing but write that it was called."""
    if handler.type in _NOTHING:
        return True
    body = _body(handler, root)
    return body is not None and not any(map(_acts, walk(body)))


def _acts(node: Node) -> bool:
    if node.type == "call_expression":
        return not text_of(node.child_by_field_name("function")).startswith("console.")
    return node.type in _ACTING


def _body(function: Node, root: Node) -> Node | None:
    """Return the body of a function that is written in place, or named in this file."""
    if function.type in _FUNCTIONS:
        return function.child_by_field_name("body")
    name = text_of(function).rpartition(".")[2]
    for node in walk(root):
        declares = node.type in ("function_declaration", "method_definition")
        if declares and text_of(node.child_by_field_name("name")) == name:
            return node.child_by_field_name("body")
        if node.type == "variable_declarator" and text_of(node.child_by_field_name("name")) == name:
            value = node.child_by_field_name("value")
            if value is not None and value.type in _FUNCTIONS:
                return value.child_by_field_name("body")
    return None


def _texts(node: Node | None, root: Node) -> Iterator[str]:
    """Yield the texts a value can be: itself, or those of the array that a loop goes through."""
    if node is None:
        return
    if node.type == "string" or (node.type == "template_string" and "${" not in text_of(node)):
        yield text_of(node)[1:-1]
    if node.type != "identifier":
        return
    for array in _looped(text_of(node), node, root):
        yield from (text_of(item)[1:-1] for item in array.named_children if item.type == "string")


def _looped(name: str, inner: Node, root: Node) -> Iterator[Node]:
    parent = inner.parent
    while parent is not None:
        source: Node | None = None
        if (
            parent.type == "for_in_statement"
            and text_of(parent.child_by_field_name("left")) == name
        ):
            source = parent.child_by_field_name("right")
        elif parent.type in _FUNCTIONS and name in _parameters(parent):
            source = _iterated(parent)
        array = _constant(source, root) if source is not None else None
        if array is not None and array.type == "array":
            yield array
        parent = parent.parent


def _parameters(function: Node) -> list[str]:
    single = function.child_by_field_name("parameter")
    several = function.child_by_field_name("parameters")
    named = [single] if single is not None else (several.named_children if several else [])
    return [text_of(one).partition(":")[0].strip() for one in named]


def _iterated(function: Node) -> Node | None:
    """Return what a callback of `forEach` is called for."""
    call = function.parent.parent if function.parent is not None else None
    method = call.child_by_field_name("function") if call is not None else None
    if method is None or text_of(method.child_by_field_name("property")) != "forEach":
        return None
    return method.child_by_field_name("object")


def _forces_an_end(call: Node, root: Node) -> bool:
    if text_of(call.child_by_field_name("function")).rpartition(".")[2] != "setTimeout":
        return False
    action = _argument(call, 0)
    if action is None:
        return False
    body = _body(action, root)
    ends = (
        [action]
        if body is None
        else [
            node.child_by_field_name("function") or node
            for node in walk(body)
            if node.type == "call_expression"
        ]
    )
    return any(text_of(node).startswith(_ENDING) for node in ends)


def _number(node: Node | None, root: Node, depth: int = 0) -> float | None:
    """Return the number a value stands for, None where that is not seen in this file."""
    if node is None or depth > _DEEPEST:
        return None
    if node.type == "number":
        try:
            return float(text_of(node).replace("_", ""))
        except ValueError:
            return None
    if node.type == "parenthesized_expression":
        return _number(node.named_children[0], root, depth + 1)
    if node.type == "binary_expression":
        return _product(node, root, depth)
    constant = _constant(node, root)
    return None if constant in (None, node) else _number(constant, root, depth + 1)


def _product(node: Node, root: Node, depth: int) -> float | None:
    left = _number(node.child_by_field_name("left"), root, depth + 1)
    right = _number(node.child_by_field_name("right"), root, depth + 1)
    sign = text_of(node.child_by_field_name("operator"))
    if left is None or right is None or sign not in ("*", "+"):
        return None
    return left * right if sign == "*" else left + right


def _constant(node: Node, root: Node) -> Node | None:
    """Return the only value that a name or a field of `this` is given in this file."""
    if node.type not in ("identifier", "member_expression"):
        return node
    name = text_of(node)
    is_field = name.startswith("this.")
    wanted = name.removeprefix("this.")
    found = []
    for one in walk(root):
        if one.type in _FIELDS and is_field:
            named = one.child_by_field_name("property") or one.child_by_field_name("name")
            found += [one.child_by_field_name("value")] * (text_of(named) == wanted)
        elif one.type == "variable_declarator" and not is_field:
            named = one.child_by_field_name("name")
            found += [one.child_by_field_name("value")] * (text_of(named) == wanted)
        elif one.type == "assignment_expression":
            named = one.child_by_field_name("left")
            found += [one.child_by_field_name("right")] * (text_of(named) == name)
    return found[0] if len(found) == 1 else None
