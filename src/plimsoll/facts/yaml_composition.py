"""Compose YAML text into plain data with the line of every key.

The reading is that of the Go consumers of these files (doctl, kubectl, Compose, Prometheus): YAML
1.1 scalars, except that base-60 numbers and timestamps stay text, and mapping keys are always text.
Repeated keys are recorded, and the last one wins. Tags that would build anything but plain data are
refused, and so are texts whose aliases expand beyond a limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import yaml

from plimsoll.facts.position import (
    DEPTH_LIMIT,
    VALUE_LIMIT,
    Composition,
    DocumentError,
    Duplicates,
    Key,
    Place,
    refuse_oversized,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PREFIX = "tag:yaml.org,2002:"
_MERGE = f"{_PREFIX}merge"
_TRUE = frozenset({"yes", "true", "on"})
_INTEGER = re.compile(r"([-+]?)(?:0b([01_]+)|0x([0-9a-fA-F_]+)|0([0-7_]+)|([0-9][0-9_]*))")
_BASES = (2, 16, 8, 10)


_Event: TypeAlias = Any  # its published types leave out that a parser always sets the marks
_Loader: TypeAlias = Any


@dataclass(slots=True)
class _Node:
    value: object
    place: Place
    size: int = 1
    text: str | None = None
    is_merge: bool = False


def compose_yaml(text: str, path: str) -> Iterator[Composition]:
    """Yield one composition for each document of the stream; raises DocumentError."""
    refuse_oversized(text, path)
    loader = yaml.CSafeLoader(text)
    try:
        yield from _Composer(loader, path).documents()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = ", ".join(filter(None, (error.context, error.problem)))
        raise DocumentError(path, line, column, problem or "is not YAML") from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise DocumentError(path, line, 1, error.reason) from None
    finally:
        loader.dispose()


class _Composer:
    def __init__(self, loader: _Loader, path: str) -> None:
        self._loader = loader
        self._path = path
        self._anchors: dict[str, _Node | None] = {}
        self._keys: list[Key] = []
        self._duplicates = Duplicates()

    def documents(self) -> Iterator[Composition]:
        while not isinstance(event := self._loader.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors, self._duplicates = {}, Duplicates()
                root = self._node(self._loader.get_event())
                yield Composition(root.value, root.place, self._duplicates.found())

    def _node(self, event: _Event) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        else:
            if len(self._keys) >= DEPTH_LIMIT:
                self._refuse(event, f"nested deeper than {DEPTH_LIMIT} levels")
            if event.anchor is not None:
                self._anchors[event.anchor] = None
            node = self._collection(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: _Event) -> _Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            fault = "contains itself" if event.anchor in self._anchors else "is undefined"
            self._refuse(event, f"alias *{event.anchor} {fault}")
        return node

    def _collection(self, event: _Event) -> _Node:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        expected = f"{_PREFIX}{'map' if is_mapping else 'seq'}"
        if event.tag not in (None, "!", expected):
            self._refuse(event, f"the tag {event.tag} is not accepted")
        node = self._mapping(event) if is_mapping else self._sequence(event)
        if node.size > VALUE_LIMIT:
            self._refuse(event, f"its aliases expand to more than {VALUE_LIMIT} values")
        return node

    def _sequence(self, start: _Event) -> _Node:
        items: list[object] = []
        node = _Node(items, Place(start.start_mark.line + 1))
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            item = self._inside(len(items), event)
            node.place.children[len(items)] = Place(event.start_mark.line + 1, item.place.children)
            node.size += item.size
            items.append(item.value)
        return node

    def _mapping(self, start: _Event) -> _Node:
        data: dict[str, object] = {}
        node = _Node(data, Place(start.start_mark.line + 1))
        merged: list[_Node] = []
        while not isinstance(event := self._loader.get_event(), yaml.MappingEndEvent):
            key = self._node(event)
            if key.text is None:
                self._refuse(event, "a mapping key must be a scalar")
            line = event.start_mark.line + 1
            value_event = self._loader.get_event()
            value = self._inside(key.text, value_event)
            node.size += value.size
            if key.is_merge:
                merged += self._merge_sources(value, value_event)
                continue
            if key.text in data:
                first_line = node.place.children[key.text].line
                self._duplicates.add((*self._keys, key.text), first_line, line)
            data[key.text] = value.value
            node.place.children[key.text] = Place(line, value.place.children)
        for source in merged:
            _merge(source, node)
        return node

    def _inside(self, key: Key, event: _Event) -> _Node:
        self._keys.append(key)
        node = self._node(event)
        self._keys.pop()
        return node

    def _merge_sources(self, node: _Node, event: _Event) -> list[_Node]:
        sources = [node]
        if isinstance(node.value, list):
            sources = [_Node(item, node.place.children[at]) for at, item in enumerate(node.value)]
        if not all(isinstance(source.value, dict) for source in sources):
            self._refuse(event, "a merge key takes a mapping or a list of mappings")
        return sources

    def _scalar(self, event: _Event) -> _Node:
        place = Place(event.start_mark.line + 1)
        tag = event.tag
        if tag is None:
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        elif tag == "!":
            tag = f"{_PREFIX}str"
        if tag == _MERGE:
            return _Node(event.value, place, text=event.value, is_merge=True)
        try:
            value = _KINDS[tag.removeprefix(_PREFIX)](event.value)
        except KeyError:
            self._refuse(event, f"the tag {tag} is not accepted")
        except ValueError:
            if event.tag is not None:
                self._refuse(event, f"is not of the type {tag.removeprefix(_PREFIX)}")
            value = event.value
        return _Node(value, place, text=event.value)

    def _refuse(self, event: _Event, problem: str) -> NoReturn:
        mark = event.start_mark
        raise DocumentError(self._path, mark.line + 1, mark.column + 1, problem)


def _merge(source: _Node, target: _Node) -> None:
    if not isinstance(source.value, dict) or not isinstance(target.value, dict):
        return
    for key, value in source.value.items():
        if key not in target.value:
            target.value[key] = value
            target.place.children[key] = source.place.children[key]


def _integer(text: str) -> int:
    match = _INTEGER.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, *digits = match.groups()
    base, number = next((b, n) for b, n in zip(_BASES, digits, strict=True) if n is not None)
    return int(sign + number.replace("_", ""), base)


def _float(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _boolean(text: str) -> bool:
    if text.lower() not in _TRUE | {"no", "false", "off"}:
        raise ValueError(text)
    return text.lower() in _TRUE


_KINDS: dict[str, Callable[[str], object]] = {
    "str": str,
    "int": _integer,
    "float": _float,
    "bool": _boolean,
    "null": lambda _text: None,
    "timestamp": str,
    "value": str,
}
