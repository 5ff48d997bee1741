"""Where a load test says itself which answers are failures.

By default k6 counts every answer outside 200–399 in `http_req_failed`. A response callback takes
the place of that, for all requests or in the parameters of some; with `null` nothing is counted
(grafana.com/docs/k6/latest/javascript-api/k6-http/set-response-callback).
"""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from plimsoll.semantics.javascript import line_of, parse, text_of, walk
from plimsoll.semantics.script_requests import constants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tree_sitter import Node

_SETTER = "setResponseCallback"
_NAMES = (_SETTER, "responseCallback")
_PROPERTIES = ("property_identifier", "shorthand_property_identifier")
_MEMBERS = ("member_expression", "subscript_expression")
_SCRIPTS = (".js", ".mjs", ".cjs", ".ts")
_LEAST_STATUS = 100
_SERVER_ERRORS = 500


def redefined_failures(path: str, read: Callable[[str], str | None]) -> Iterator[str]:
    """Yield where a script, or what it imports, may leave failures of a server uncounted.

    `expectedStatuses` with literals below 500 alone is none: what a server fails with is counted.

    Args:
        path: the script's.
        read: returns the text of a file of the repository, None where there is none.

    Raises:
        JavaScriptError: a text has a syntax error.

    """
    pending, seen = [path], set()
    while pending:
        current = pending.pop(0)
        source = read(current) if current not in seen and current.endswith(_SCRIPTS) else None
        seen.add(current)
        if source is not None:
            root = parse(source)
            yield from (f"{current}:{line}" for line in _callbacks(root))
            pending.extend(_local_imports(root, current))


def _local_imports(root: Node, path: str) -> Iterator[str]:
    for node in walk(root):
        source = node.child_by_field_name("source")
        if node.type == "call_expression" and text_of(node.children[0]) in ("require", "import"):
            arguments = node.child_by_field_name("arguments")
            source = next(iter(arguments.named_children), None) if arguments is not None else None
        specifier = text_of(source)[1:-1].removeprefix("file://")
        if specifier.startswith((".", "/")):
            yield normpath(join(dirname(path), specifier))


def _callbacks(root: Node) -> Iterator[int]:
    known = constants(root)
    for node in walk(root):
        if _is_named(node) and not _counts_server_errors(_given(node), known):
            yield line_of(node)


def _is_named(node: Node) -> bool:
    """Tell whether a callback is set here, or what sets it gets another name."""
    text, holder = text_of(node), node.parent
    if holder is None or text not in _NAMES:
        return False
    if node.type == "string_fragment":
        return holder.parent is not None and holder.parent.type in ("pair", "subscript_expression")
    if node.type == "identifier" and text == _SETTER:
        return holder.type != "import_specifier" or holder.child_by_field_name("alias") is not None
    return node.type in _PROPERTIES


def _given(node: Node) -> Node | None:
    """Return the callback that is set; None where that does not show."""
    if node.type == "shorthand_property_identifier":
        return node
    if node.type == "string_fragment" and node.parent is not None:
        node = node.parent
    holder = node.parent
    if holder is not None and holder.type == "pair":
        return holder.child_by_field_name("value")
    if holder is not None and holder.type in _MEMBERS:
        node, holder = holder, holder.parent
    if holder is not None and holder.type == "assignment_expression":
        return holder.child_by_field_name("right")
    if holder is None or holder.type != "call_expression" or holder.children[0] != node:
        return None
    arguments = holder.child_by_field_name("arguments")
    values = arguments.named_children if arguments is not None else []
    return values[0] if len(values) == 1 else None


def _counts_server_errors(callback: Node | None, known: Mapping[str, Node]) -> bool:
    if callback is None:
        return False
    if callback.type in ("identifier", "shorthand_property_identifier"):
        return _counts_server_errors(known.get(text_of(callback)), {})
    called = text_of(callback.child_by_field_name("function"))
    if callback.type != "call_expression" or called.rpartition(".")[2] != "expectedStatuses":
        return False
    arguments = callback.child_by_field_name("arguments")
    return arguments is not None and all(map(_is_below, arguments.named_children))


def _is_below(statuses: Node) -> bool:
    """Tell whether a literal status, or a range of them, holds none of a failing server."""
    if statuses.type == "object":
        ends = [text_of(pair.child_by_field_name("value")) for pair in statuses.named_children]
    else:
        ends = [text_of(statuses)]
    return all(end.isdecimal() and _LEAST_STATUS <= int(end) < _SERVER_ERRORS for end in ends)
