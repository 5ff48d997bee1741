"""Reads an environment file, or says everything that is wrong with it.

Secrets never stand in the file: settings that are secret are named by the environment variable
that holds them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from plimsoll import resources
from plimsoll.environment.form import VARIABLE, in_words
from plimsoll.environment.problem import ConfigurationError, UnknownEnvironmentError
from plimsoll.facts.document import (
    Document,
    DocumentError,
    duplicate_problems,
    parse_yaml_document,
    spell,
)
from plimsoll.findings.redaction import mask

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from plimsoll.environment.model import Environment
    from plimsoll.facts.document import Key

Model = TypeVar("Model", bound="BaseModel")
SHOWN_VALUE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class LoadedEnvironment:
    """An environment, the file it came from, and the digest of that file's bytes."""

    name: str
    path: Path
    sha256: str
    model: Environment
    document: Document


def locate(name_or_path: str) -> Path:
    """Return the file of an environment given by path, or by name under `environments/`.

    Raises UnknownEnvironmentError with the names at hand.
    """
    given = Path(name_or_path)
    if given.suffix in {".yaml", ".yml"} or given.is_file():
        if given.is_file():
            return given
        raise UnknownEnvironmentError((f"{given}: there is no such file",))
    for folder in (Path("environments"), resources.environments()):
        candidate = folder / f"{name_or_path}.yaml"
        if candidate.is_file():
            return candidate
    known = known_environments()
    near = get_close_matches(name_or_path, known, 1)
    hint = f"; did you mean {near[0]}?" if near else "."
    listed = ", ".join(known) or "none"
    raise UnknownEnvironmentError(
        (f"unknown environment {name_or_path!r}{hint} Known: {listed}, or give a path to a file.",)
    )


def known_environments() -> list[str]:
    """Return the names of the environments at hand, sorted."""
    folders = (Path("environments"), resources.environments())
    found = {path for folder in folders for path in folder.glob("*.yaml")}
    return sorted({path.stem for path in found if not path.stem.endswith(".waivers")})


def load(name_or_path: str) -> LoadedEnvironment:
    """Return the environment. Raises ConfigurationError naming file, line, key and expectation."""
    path = locate(name_or_path)
    return _loaded(path, read(path))


@lru_cache(maxsize=4)
def _loaded(path: Path, content: bytes) -> LoadedEnvironment:
    """Return the environment in these bytes; the same bytes are understood once."""
    from plimsoll.environment.model import Environment  # noqa: PLC0415 (pydantic is slow to import)

    document = parse(content, path)
    model = validated(Environment, document)
    problems = _unknown_sources(model.sources, document)
    if problems:
        raise ConfigurationError(problems)
    return LoadedEnvironment(path.stem, path, hashlib.sha256(content).hexdigest(), model, document)


def read(path: Path) -> bytes:
    """Return a file's bytes. Raises ConfigurationError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError((f"{path}: cannot be read: {error.strerror}",)) from error


def parse(content: bytes, path: Path) -> Document:
    """Return the one YAML document in these bytes; repeated keys are errors."""
    try:
        document = parse_yaml_document(content.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise ConfigurationError((f"{path}: is not UTF-8 text: {error.reason}",)) from error
    except DocumentError as error:
        raise ConfigurationError((str(error),)) from error
    repeated = duplicate_problems(document)
    if repeated:
        raise ConfigurationError(tuple(map(str, repeated)))
    return document


def validated(model: type[Model], document: Document) -> Model:
    """Return the document as the model. Raises ConfigurationError with every problem."""
    from pydantic import ValidationError  # noqa: PLC0415 (pydantic is slow to import)

    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise ConfigurationError(_told(error, document)) from None


def _told(error: ValidationError, document: Document) -> tuple[str, ...]:
    every = error.errors(include_url=False)
    details = [detail for detail in every if not _follows(detail, every)]
    details.sort(key=lambda detail: document.line(*detail["loc"]))
    return tuple(_one(detail, document) for detail in details)


def _follows(detail: ErrorDetails, every: list[ErrorDetails]) -> bool:
    """Say whether a list seems too short only because something in it is wrong, as told there."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in every
    )


def _one(detail: ErrorDetails, document: Document) -> str:
    keys: tuple[Key, ...] = tuple(detail["loc"])
    place = f"{document.where(*keys)}: {spell(keys) or 'the file'}"
    if detail["type"] == "missing":
        return f"{place}: is missing"
    if detail["type"] == "extra_forbidden":
        return f"{place}: is not a key that is known here; check the spelling"
    found = mask(repr(detail["input"]))
    if len(found) > SHOWN_VALUE_CHARACTERS:
        found = found[: SHOWN_VALUE_CHARACTERS - 1] + "…"
    if detail["type"] == "string_pattern_mismatch":
        pattern = detail["ctx"]["pattern"]
        shown = "something else, not shown: it may be a secret" if pattern == VARIABLE else found
        return f"{place}: expected: {in_words(pattern)}; found: {shown}"
    if detail["type"] == "too_short":
        return (
            f"{place}: expected: a list of at least {detail['ctx']['min_length']}; found: {found}"
        )
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if detail["type"] == "value_error" and isinstance(detail["input"], dict):
        return f"{place}: {message}"
    return f"{place}: expected: {message[0].lower()}{message[1:]}; found: {found}"


def _unknown_sources(sources: dict[str, str], document: Document) -> tuple[str, ...]:
    return tuple(
        f"{document.where('sources', key)}: sources: {key} is not a place in this file"
        for key in sources
        if not _stands(document.data, key.split("."))
    )


def _stands(value: object, keys: list[str]) -> bool:
    if not keys:
        return True
    if isinstance(value, dict):
        return keys[0] in value and _stands(value[keys[0]], keys[1:])
    if isinstance(value, list):
        named = [item for item in value if isinstance(item, dict) and item.get("name") == keys[0]]
        return any(_stands(item, keys[1:]) for item in named) or any(
            _stands(item, keys) for item in value if isinstance(item, dict)
        )
    return False
