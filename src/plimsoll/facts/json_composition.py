"""Compose JSON text into plain data with the line of every key and the keys that are repeated."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from plimsoll.facts.position import (
    DEPTH_LIMIT,
    Composition,
    DocumentError,
    Duplicate,
    Duplicates,
    Key,
    Place,
    refuse_oversized,
)

_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def compose_json(text: str, path: str) -> Composition:
    """Compose strict JSON (no NaN, no Infinity); raises DocumentError."""
    refuse_oversized(text, path)
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
        if _SURROGATE.search(text):
            json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise DocumentError(path, error.lineno, error.colno, error.msg) from None
    except RecursionError:
        raise _too_deep(path, 1) from None
    except UnicodeEncodeError:
        raise DocumentError(path, 1, 1, "contains a character that is not text") from None
    except ValueError as error:
        raise DocumentError(path, 1, 1, str(error)) from None
    place, duplicates = _Scan(path).scan(text)
    return Composition(data, place, duplicates)


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _too_deep(path: str, line: int) -> DocumentError:
    return DocumentError(path, line, 1, f"nested deeper than {DEPTH_LIMIT} levels")


class _Scan:
    """Walks the signs of a text already known to be JSON, so that no sign can be out of order."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open: list[Place] = []
        self._keys: list[Key] = []
        self._duplicates = Duplicates()
        self._awaits_key = False

    def scan(self, text: str) -> tuple[Place, tuple[Duplicate, ...]]:
        line, position, root = 1, 0, Place(1)
        for match in _SIGN.finditer(text):
            line += text.count("\n", position, match.start())
            position = match.start()
            sign = match.group()
            if sign in "{[":
                root = self._enter(sign, line) or root
            elif sign in "}]":
                self._leave()
            elif sign == ",":
                self._next()
            elif sign != ":":
                self._value(sign, line)
        return root, self._duplicates.found()

    def _enter(self, sign: str, line: int) -> Place | None:
        place = self._place(line)
        is_root = not self._open
        self._open.append(place)
        if len(self._open) > DEPTH_LIMIT:
            raise _too_deep(self._path, line)
        self._keys.append(0 if sign == "[" else "")
        self._awaits_key = sign == "{"
        return place if is_root else None

    def _leave(self) -> None:
        self._open.pop()
        self._keys.pop()
        self._awaits_key = False

    def _next(self) -> None:
        key = self._keys[-1]
        if isinstance(key, int):
            self._keys[-1] = key + 1
        else:
            self._awaits_key = True

    def _value(self, sign: str, line: int) -> None:
        if not self._awaits_key:
            self._place(line)
            return
        self._awaits_key = False
        self._keys[-1] = json.loads(sign)
        siblings = self._open[-1].children
        if self._keys[-1] in siblings:
            self._duplicates.add(tuple(self._keys), siblings[self._keys[-1]].line, line)
        siblings[self._keys[-1]] = Place(line)

    def _place(self, line: int) -> Place:
        if not self._open:
            return Place(line)
        siblings = self._open[-1].children
        return siblings.setdefault(self._keys[-1], Place(line))
