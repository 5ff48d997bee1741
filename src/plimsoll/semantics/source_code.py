"""Whether Dart or TypeScript code really collects a metric that it names.

A modest reader: it follows values within one file. What it cannot follow is unknown; a name in a
comment, a constant and a random number are not a measurement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

import tree_sitter_dart
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from plimsoll.facts.script import Answer
from plimsoll.semantics.javascript import line_of, text_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRAMMARS = {
    "dart": tree_sitter_dart.language,
    "typescript": tree_sitter_typescript.language_typescript,
    "tsx": tree_sitter_typescript.language_tsx,
}
_READ = ("identifier", "property_identifier", "shorthand_property_identifier")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAMES = frozenset(
    (
        "identifier",
        "property_identifier",
        "private_property_identifier",
        "shorthand_property_identifier",
        "string",
        "string_literal",
    )
)
_FUNCTIONS = frozenset(("function_declaration", "method_definition"))
_SIGNATURES = frozenset(("function_signature", "getter_signature", "method_signature"))
_MAKES_NOTHING = frozenset(
    (
        *("random", "nextint", "nextdouble", "nextbool", "duration", "delayed", "value"),
        *("round", "floor", "ceil", "toint", "todouble", "tofixed", "tostring", "number"),
        *("math", "map", "list", "set", "object", "string", "parse", "parseint", "parsefloat"),
        *("resolve", "future", "promise", "min", "max", "abs", "future.value"),
    )
)


class SourceCodeError(ValueError):
    """The text cannot be parsed in its language; `line` is where that shows."""

    def __init__(self, language: str, line: int) -> None:
        super().__init__(f"line {line}: not {language}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Collection:
    """Whether a metric is collected, why this is said, and the line it is said about."""

    answer: Answer
    reason: str
    line: int | None


class _Value(IntEnum):
    CONSTANT = 0
    UNKNOWN = 1
    MEASURED = 2


@cache
def _parser(language: str) -> Parser:
    return Parser(Language(_GRAMMARS[language]()))


def metric_collection(source: str, language: str, metric: str) -> Collection:
    """Tell whether the code gives the metric a value that it obtains from somewhere.

    The metric is recognized in identifiers, keys and string arguments that contain its words
    (`cpu usage` in `cpuUsage`, `cpu_usage`, `getCpuUsage`).

    Args:
        source: the text of the file.
        language: `dart`, `typescript` or `tsx`.
        metric: the name, in any spelling.

    Raises:
        SourceCodeError: the text cannot be parsed.
        KeyError: the language is not one of these.

    """
    root = _parser(language).parse(source.encode(errors="replace")).root_node
    if root.has_error:
        broken = next((n for n in walk(root) if n.is_error or n.is_missing), root)
        raise SourceCodeError(language, line_of(broken))
    wanted = _words(metric)
    named = [n for n in walk(root) if n.type in _NAMES and wanted and wanted <= _words(text_of(n))]
    if not named:
        return Collection(Answer.NO, f"no code names {metric}", None)
    code = _Code(root)
    verdicts = [
        (code.value(values), line) for name, values, line in code.given if wanted <= _words(name)
    ]
    if not verdicts:
        reason = f"{metric} is named and no value is seen to be given to it"
        return Collection(Answer.UNKNOWN, reason, line_of(named[0]))
    best, line = max(verdicts, key=lambda verdict: verdict[0])
    return Collection(*_ANSWERS[best], line)


_ANSWERS = {
    _Value.MEASURED: (Answer.YES, "its value is read or computed"),
    _Value.UNKNOWN: (Answer.UNKNOWN, "where its value comes from is not in this file"),
    _Value.CONSTANT: (Answer.NO, "its value is a constant or a random number"),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _WORD.findall(text))


class _Code:
    """Every value that is given to a name: the name, the value's nodes, the line."""

    def __init__(self, root: Node) -> None:
        self.given = tuple(found for node in walk(root) for found in _given(node))
        self._by_name: dict[str, list[Node]] = {}
        for name, values, _ in self.given:
            self._by_name.setdefault(name, []).extend(values)

    def value(self, nodes: tuple[Node, ...]) -> _Value:
        """Judge a value by the best of all that flows into it: one measurement is enough."""
        best, pending, seen = _Value.CONSTANT, list(nodes), set()
        while pending:
            for part in walk(pending.pop()):
                name = text_of(part)
                if part.type not in _READ:
                    continue
                if name not in self._by_name:
                    best = max(best, _worth(part, name))
                elif name not in seen:
                    seen.add(name)
                    pending.extend(self._by_name[name])
        return best


def _worth(node: Node, name: str) -> _Value:
    """Judge a name that the file gives no value to."""
    if name.lower() in _MAKES_NOTHING or _is_key(node):
        return _Value.CONSTANT
    return _Value.MEASURED if _is_obtained(node) else _Value.UNKNOWN


def _is_key(node: Node) -> bool:
    parent = node.parent
    if parent is None or parent.type == "label":
        return parent is not None
    return parent.type == "pair" and parent.named_children[0] == node


def _is_obtained(node: Node) -> bool:
    """Tell whether a name is called, or is a member of a class that stands for the outside.

    Any other member is worth what its owner is worth.
    """
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "call_expression":
        return parent.child_by_field_name("function") == node
    if parent.type == "member_expression":
        owner = text_of(parent.child_by_field_name("object"))
        outer = parent.parent
        called = outer is not None and outer.type == "call_expression"
        return owner != "Math" and node != parent.named_children[0] and (called or _is_class(owner))
    if parent.type.endswith("_assignable_selector"):
        selector = parent.parent if parent.parent is not None else parent
        owner = text_of(selector.prev_named_sibling)
        return _is_called(selector) or _is_class(owner)
    return _is_called(node)


def _is_class(name: str) -> bool:
    return name[:1].isupper() and name.lower() not in _MAKES_NOTHING


def _is_called(node: Node) -> bool:
    following = node.next_named_sibling
    return following is not None and any(
        child.type == "argument_part" for child in following.named_children
    )


def _given(node: Node) -> Iterator[tuple[str, tuple[Node, ...], int]]:
    if node.type in _FUNCTIONS:
        body = node.child_by_field_name("body")
        if body is not None:
            yield text_of(node.child_by_field_name("name")), (body,), line_of(node)
    elif node.type in _SIGNATURES and node.parent is not None:
        body = node.next_named_sibling
        name = next((c for c in node.named_children if c.type == "identifier"), None)
        inner = next((c for c in node.named_children if c.type in _SIGNATURES), None)
        name = name or next(
            (c for c in (inner.named_children if inner else ()) if c.type == "identifier"), None
        )
        if body is not None and body.type == "function_body" and name is not None:
            yield text_of(name), (body,), line_of(node)
    elif node.type == "arguments":
        yield from _recorded(node)
    elif node.type == "named_argument" and node.named_children:
        label, *values = node.named_children
        yield text_of(label).rstrip(":"), tuple(values), line_of(node)
    else:
        yield from _assigned(node)


def _assigned(node: Node) -> Iterator[tuple[str, tuple[Node, ...], int]]:
    """Yield what stands on the two sides of `=`, or of the `:` of a key."""
    signs = ("=", "+=", "??=") if node.type != "pair" else (":",)
    for index, child in enumerate(node.children):
        if child.type in signs:
            name = text_of(node.children[index - 1]) if index else ""
            values = tuple(c for c in node.children[index + 1 :] if c.is_named)
            if name and values:
                yield name.removeprefix("this."), values, line_of(node)
            return


def _recorded(arguments: Node) -> Iterator[tuple[str, tuple[Node, ...], int]]:
    """Yield a call such as `record('cpu', value)`: the name first, then what is recorded."""
    if len(arguments.named_children) < 2:
        return
    first, *others = arguments.named_children
    text = text_of(first)
    if first.type in ("string", "string_literal") or text[:1] in "\"'":
        yield text[1:-1], tuple(others), line_of(arguments)
