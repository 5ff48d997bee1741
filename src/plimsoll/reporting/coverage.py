"""How the controls relate to frameworks, and what neither framework nor verdict covers."""

from collections.abc import Iterable
from dataclasses import dataclass

from plimsoll.reporting.summary import Area, ControlResults


@dataclass(frozen=True, slots=True)
class Reference:
    """One requirement of a framework with the controls that support it."""

    id: str
    controls: tuple[ControlResults, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework: the requirements that controls refer to, and controls that refer to none."""

    name: str
    references: tuple[Reference, ...]
    silent: tuple[ControlResults, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every framework that a control names, controls without any, and areas not judged."""

    frameworks: tuple[Framework, ...]
    unmapped: tuple[ControlResults, ...]
    unjudged: tuple[Area, ...]


def coverage_of(areas: Iterable[Area]) -> Coverage:
    """Turn the controls' references around: from each framework's requirements to controls."""
    areas = tuple(areas)
    controls = tuple(entry for area in areas for entry in area.controls)
    names = {name for entry in controls for name in entry.control["frameworks"]}
    return Coverage(
        frameworks=tuple(_framework(name, controls) for name in sorted(names)),
        unmapped=tuple(c for c in controls if not any(c.control["frameworks"].values())),
        unjudged=tuple(area for area in areas if not area.judged),
    )


def _framework(name: str, controls: tuple[ControlResults, ...]) -> Framework:
    by_reference: dict[str, list[ControlResults]] = {}
    silent = []
    for entry in controls:
        references = entry.control["frameworks"].get(name, [])
        for reference in references:
            by_reference.setdefault(reference, []).append(entry)
        if not references:
            silent.append(entry)
    return Framework(
        name,
        tuple(
            Reference(key, tuple(by_reference[key])) for key in sorted(by_reference, key=_natural)
        ),
        tuple(silent),
    )


def _natural(reference: str) -> list[tuple[int, str]]:
    """Sort `cp-9` before `cp-10` and `8.6` before `8.10`: of two numbers, the longer is greater."""
    words = reference.replace("-", " ").replace(".", " ").split()
    return [(len(word) if word.isdigit() else 0, word) for word in words]
