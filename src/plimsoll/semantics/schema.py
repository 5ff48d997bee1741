"""Validate parts of documents against bundled JSON schemas, with problems written for people."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jsonschema_rs import ValidationError, ValidationErrorKind, Validator, validator_for

from plimsoll.facts.document import Part, Problem, spell
from plimsoll.findings.redaction import mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
_LIMITS = {
    "minimum": "at least {limit}",
    "maximum": "at most {limit}",
    "exclusiveMinimum": "more than {limit}",
    "minLength": "at least {limit} characters",
    "maxLength": "at most {limit} characters",
    "minItems": "at least {limit} items",
    "maxItems": "at most {limit} items",
    "minProperties": "at least {limit} keys",
    "maxProperties": "at most {limit} keys",
    "uniqueItems": "each item once",
    "pattern": "text matching {pattern}",
}
_SHOWN_CHARACTERS = 60


@cache
def bundled(name: str) -> Validator:
    """Load a schema of this package by its file name; loading happens once."""
    text = files("plimsoll.semantics").joinpath(name).read_text(encoding="utf-8")
    return validator_for(json.loads(text))


def schema_problems(part: Part, validator: Validator) -> tuple[Problem, ...]:
    """Return everything in which a part differs from a schema, in the order of its lines."""
    try:
        found = list(_explain(part, validator.iter_errors(part.value)))
    except ValueError as error:
        return (part.problem(f"cannot be validated: {error}", "plain data"),)
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: _line(problem.where)))


def shown(value: object) -> str:
    """Write a value for people: short, and without secrets."""
    text = mask(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _explain(root: Part, errors: Iterable[ValidationError]) -> Iterator[Problem]:
    for error in errors:
        part = root
        for key in error.instance_path:
            part = part[key]
        yield from _problems(root, part, error)


def _problems(root: Part, part: Part, error: ValidationError) -> Iterator[Problem]:
    kind, name = error.kind, spell(part.keys) or "the document"
    match kind:
        case ValidationErrorKind.AdditionalProperties():
            for field in kind.unexpected:
                yield part[field].problem(
                    f"unknown field {spell((*part.keys, field))}", "no such field"
                )
        case ValidationErrorKind.Required():
            yield part.problem(f"{name} has no {kind.property}", f"{kind.property} is required")
        case ValidationErrorKind.Type():
            expected = " or ".join(
                _KINDS.get(str(accepted), str(accepted)) for accepted in kind.types
            )
            yield part.problem(f"{name} is {_kind(part.value)}", expected)
        case ValidationErrorKind.Enum():
            options = ", ".join(map(str, kind.options))
            yield part.problem(f"{name} is {shown(part.value)}", f"one of {options}")
        case ValidationErrorKind.OneOfNotValid() | ValidationErrorKind.AnyOf():
            branches = [branch for branch in kind.context if not _is_other_type(error, branch)]
            if len(branches) == 1:
                yield from _explain(root, branches[0])
            else:
                yield part.problem(
                    f"{name} is {_kind(part.value)} of no accepted form", "another form"
                )
        case _:
            yield part.problem(f"{name} is {shown(part.value)}", _requirement(kind))


def _requirement(kind: ValidationErrorKind) -> str:
    return _LIMITS.get(kind.name, kind.name).format(**kind.as_dict())


def _is_other_type(error: ValidationError, branch: list[ValidationError]) -> bool:
    return any(
        isinstance(inner.kind, ValidationErrorKind.Type)
        and list(inner.instance_path) == list(error.instance_path)
        for inner in branch
    )


def _kind(value: object) -> str:
    names: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (dict, "object"),
        (list, "array"),
        (str, "string"),
        (int, "integer"),
        (float, "number"),
    )
    return next((_KINDS[name] for kind, name in names if isinstance(value, kind)), "nothing")


def _line(where: str) -> int:
    line = where.rpartition(":")[2]
    return int(line) if line.isdigit() else 0
