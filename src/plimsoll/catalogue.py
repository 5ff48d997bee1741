"""Reads the catalogue: every `controls.yaml` under the folders of checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.environment.loader import parse, read
from plimsoll.environment.problem import ConfigurationError
from plimsoll.findings import Control, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from plimsoll.facts.document import Part

CONTROL_ID = re.compile(r"[A-Z]{3}-\d{2}[a-z]?")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TEXTS = ("id", "title", "severity", "requirement", "why", "remedy")
KEYS = {*TEXTS, "frameworks", "seeds", "optional"}


def is_named(control: str, names: Container[str]) -> bool:
    """Whether a control is among these names, by its own or by its family's (SEC-06 of SEC-06b)."""
    return control in names or control.rstrip(LETTERS) in names


def load_catalogue(folders: Iterable[Path]) -> dict[str, Control]:
    """Return every control by id, sorted by area and id.

    Raises ConfigurationError for unknown, missing or empty keys and for an id given twice.
    """
    problems: list[str] = []
    found: dict[str, Control] = {}
    for path in sorted(path for folder in folders for path in folder.glob("*/controls.yaml")):
        for part in parse(read(path), path).part():
            faults = list(_faults(part))
            identity = part["id"].text or ""
            if identity in found:
                faults.append(f"{part['id'].where}: {identity} is already in the catalogue")
            problems += faults
            if not faults:
                found[identity] = _control(part, path.parent.name)
    if problems:
        raise ConfigurationError(tuple(problems))
    return dict(sorted(found.items(), key=lambda entry: (entry[1].area, entry[0])))


def _faults(part: Part) -> Iterator[str]:
    keys = set(part.value) if isinstance(part.value, dict) else set()
    for key in sorted(keys - KEYS):
        yield f"{part[key].where}: {key} is not a key of a control"
    for key in TEXTS:
        text = part[key].text
        if not text or not text.strip():
            yield f"{part[key].where}: {key} is missing or empty"
    if not CONTROL_ID.fullmatch(part["id"].text or ""):
        yield f"{part['id'].where}: id is three capitals, a dash and two digits"
    if part["severity"].text not in set(Severity):
        yield f"{part['severity'].where}: severity is one of {', '.join(Severity)}"
    if part["optional"].exists and part["optional"].boolean is None:
        yield f"{part['optional'].where}: optional is true or false"


def _control(part: Part, area: str) -> Control:
    texts = {key: " ".join((part[key].text or "").split()) for key in TEXTS}
    frameworks = {
        str(framework.key): tuple(str(one.value) for one in framework)
        for framework in part["frameworks"]
    }
    return Control(
        id=texts["id"],
        area=area,
        title=texts["title"],
        severity=Severity(texts["severity"]),
        requirement=texts["requirement"],
        why=texts["why"],
        remedy=texts["remedy"],
        frameworks=frameworks,
        seeds=tuple(str(seed.value) for seed in part["seeds"]),
        optional=part["optional"].boolean is True,
    )
