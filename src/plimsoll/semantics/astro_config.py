"""What an Astro configuration says of `build.clean`: read as JavaScript, never by its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.script import Answer
from plimsoll.semantics.javascript import parse, text_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 8


def cleans_before_build(source: str) -> tuple[Answer, int | None]:
    """Tell whether the default export says `build: {clean: true}`, and on which line.

    The answer is unknown where the value is computed. Raises JavaScriptError where the text is no
    JavaScript.
    """
    root = parse(source)
    exported = next((node for node in root.children if _is_default(node)), None)
    if exported is None:
        return Answer.NO, None
    value = exported.child_by_field_name("value") or exported.child_by_field_name("declaration")
    config = _object(value, root, 0)
    for key in ("build", "clean"):
        if config is None or config.type != "object":
            return Answer.UNKNOWN, exported.start_point[0] + 1
        member, is_settled = _member(config, key)
        if member is None or not is_settled:
            return (Answer.NO if is_settled else Answer.UNKNOWN), config.start_point[0] + 1
        config = _object(member, root, 0)
    line = config.start_point[0] + 1 if config is not None else None
    if config is None or config.type not in ("true", "false"):
        return Answer.UNKNOWN, line
    return (Answer.YES if config.type == "true" else Answer.NO), line


def _is_default(node: Node) -> bool:
    return node.type == "export_statement" and any(c.type == "default" for c in node.children)


def _object(value: Node | None, root: Node, depth: int) -> Node | None:
    """Return what a value is: through `defineConfig` and the like, and names of constants.

    A call with several arguments makes something of its own of them.
    """
    if value is None or depth > _DEEPEST:
        return None
    if value.type in ("parenthesized_expression", "satisfies_expression", "as_expression"):
        return _object(value.named_children[0], root, depth + 1)
    if value.type == "call_expression":
        arguments = value.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        given = [one for one in given if one.type != "comment"]
        return _object(given[0] if len(given) == 1 else None, root, depth + 1)
    if value.type in ("identifier", "shorthand_property_identifier"):
        return _object(_constant(text_of(value), root), root, depth + 1)
    return value


def _constant(name: str, root: Node) -> Node | None:
    found = [
        node.child_by_field_name("value")
        for node in walk(root)
        if node.type == "variable_declarator"
        and text_of(node.child_by_field_name("name")) == name
        and node.parent is not None
        and text_of(node.parent).startswith("const ")
    ]
    return found[0] if len(found) == 1 else None


def _member(config: Node, key: str) -> tuple[Node | None, bool]:
    """Return the value of a key, the last one where it is given twice, and whether that is sure.

    What is spread into an object may give any of its keys another value, until that is given again.
    """
    found, is_settled = None, True
    for pair in config.named_children:
        before = found
        if pair.type == "spread_element":
            is_settled = False
        if pair.type == "pair":
            name = pair.child_by_field_name("key")
            if text_of(name).strip("\"'") == key:
                found = pair.child_by_field_name("value")
        elif pair.type == "shorthand_property_identifier" and text_of(pair) == key:
            found = pair
        is_settled |= found is not before
    return found, is_settled
