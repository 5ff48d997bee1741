"""Documents as plain data that still know the line of every key.

Reading is strict about the text (`DocumentError`) and tolerant about the data: a value of the wrong
type is reported by whoever validates the document, never raised by whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from plimsoll.facts.json_composition import compose_json
from plimsoll.facts.position import Composition, DocumentError, Duplicate, Key, Place
from plimsoll.facts.yaml_composition import compose_yaml

__all__ = [
    "MISSING",
    "Document",
    "DocumentError",
    "Duplicate",
    "Key",
    "Part",
    "Problem",
    "duplicate_problems",
    "parse_json",
    "parse_yaml",
    "parse_yaml_document",
    "spell",
]


class _Missing(Enum):
    MISSING = "missing"

    def __bool__(self) -> Literal[False]:
        return False


MISSING: Final = _Missing.MISSING
PARSED_DOCUMENTS: Final = 128
Missing: TypeAlias = Literal[_Missing.MISSING]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a document: where (``path:line``), what is wrong, what was expected."""

    where: str
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} (expected: {self.expected})"


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One document: plain data (mapping keys are text), the path it came from, its lines.

    A document is itself and no other, so what is worked out of one can be kept for it. Nobody
    changes its data. Places in an answer that has no lines anybody saw are spelled as keys.
    """

    path: str
    data: object
    place: Place = field(default_factory=lambda: Place(1))
    duplicates: tuple[Duplicate, ...] = ()
    is_spelled: bool = False

    def get(self, *keys: Key) -> object:
        """Return the value at a key path, or MISSING, which is not None, where there is none."""
        return self.part(*keys).value

    def line(self, *keys: Key) -> int:
        """Return the line of a key path, or that of its nearest known parent."""
        place = self.place
        for key in keys:
            inner = place.children.get(key)
            if inner is None:
                break
            place = inner
        return place.line

    def where(self, *keys: Key) -> str:
        """Return ``path:line`` of a key path, or of its nearest known parent; or the keys."""
        if self.is_spelled:
            return f"{self.path} {spell(keys)}".rstrip()
        return f"{self.path}:{self.line(*keys)}"

    def part(self, *keys: Key) -> Part:
        """Return the part of the document at a key path; its value is MISSING if there is none."""
        part = Part(self, (), self.data)
        for key in keys:
            part = part[key]
        return part


@dataclass(frozen=True, slots=True)
class Part:
    """A place in a document and the value found there; typed readings give None for other types."""

    document: Document
    keys: tuple[Key, ...]
    value: object

    def __getitem__(self, key: Key) -> Part:
        """Return the part below ``key``; its value is MISSING where there is none."""
        value: object = MISSING
        if isinstance(self.value, Mapping):
            value = self.value.get(key, MISSING)
        elif isinstance(self.value, list) and isinstance(key, int) and 0 <= key < len(self.value):
            value = self.value[key]
        return Part(self.document, (*self.keys, key), value)

    def __iter__(self) -> Iterator[Part]:
        """Yield the values of a mapping or the items of a list; nothing for any other value."""
        if isinstance(self.value, Mapping):
            keys: Sequence[Key] = list(self.value)
        else:
            keys = range(len(self.value)) if isinstance(self.value, list) else ()
        for key in keys:
            yield self[key]

    @property
    def key(self) -> Key:
        """The last key of the path; an empty text at the document's root."""
        return self.keys[-1] if self.keys else ""

    @property
    def where(self) -> str:
        """``path:line`` of the key."""
        return self.document.where(*self.keys)

    @property
    def exists(self) -> bool:
        """Whether the key is there at all, with whatever value."""
        return self.value is not MISSING

    @property
    def text(self) -> str | None:
        """The value if it is text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def integer(self) -> int | None:
        """The value if it is a whole number; true and false are not numbers."""
        is_integer = isinstance(self.value, int) and not isinstance(self.value, bool)
        return self.value if is_integer else None  # type: ignore[return-value]

    @property
    def boolean(self) -> bool | None:
        """The value if it is true or false."""
        return self.value if isinstance(self.value, bool) else None

    def problem(self, what: str, expected: str) -> Problem:
        """Return a problem at this place."""
        return Problem(self.where, what, expected)


@lru_cache(maxsize=PARSED_DOCUMENTS)
def parse_yaml(text: str, path: str) -> tuple[Document, ...]:
    """Parse every document of a YAML stream; an empty stream gives none. Raises DocumentError."""
    return tuple(_document(composition, path) for composition in compose_yaml(text, path))


def parse_yaml_document(text: str, path: str) -> Document:
    """Parse a YAML stream that must hold exactly one document. Raises DocumentError."""
    documents = parse_yaml(text, path)
    if not documents:
        raise DocumentError(path, 1, 1, "is empty")
    if len(documents) > 1:
        raise DocumentError(path, documents[1].line(), 1, "starts a second document")
    return documents[0]


@lru_cache(maxsize=PARSED_DOCUMENTS)
def parse_json(text: str, path: str) -> Document:
    """Parse strict JSON, recording repeated keys and lines. Raises DocumentError."""
    return _document(compose_json(text, path), path)


def duplicate_problems(document: Document) -> tuple[Problem, ...]:
    """Return one problem for each key given more than once, naming every line of it."""
    return tuple(
        Problem(
            f"{document.path}:{duplicate.lines[-1]}",
            f"key {spell(duplicate.keys)} is given {len(duplicate.lines)} times, on lines "
            + ", ".join(map(str, duplicate.lines)),
            "each key once",
        )
        for duplicate in document.duplicates
    )


def spell(keys: tuple[Key, ...]) -> str:
    """Write a key path for people: ``services[0].autoscaling``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def _document(composition: Composition, path: str) -> Document:
    return Document(path, composition.data, composition.place, composition.duplicates)
