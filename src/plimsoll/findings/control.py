"""A requirement that can be judged, as the catalogue states it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.findings.verdict import Severity


@dataclass(frozen=True, slots=True)
class Conflict:
    """A requirement that the platform cannot meet as written: what was asked, and what can be."""

    asked: str
    reality: str


@dataclass(frozen=True, slots=True)
class Control:
    """One entry of a `controls.yaml`. `frameworks` maps a framework to the ids it supports."""

    id: str
    area: str
    title: str
    severity: Severity
    requirement: str
    why: str
    remedy: str
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seeds: tuple[str, ...] = ()
    optional: bool = False
