"""The evidence files of a run: what the results relied on, and where it lies in the bundle."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plimsoll.findings import Result
    from plimsoll.pytest_plugin.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Exhibits:
    """Evidence files by their path in the bundle, and, for each observation's name, its files."""

    files: dict[str, bytes] = field(default_factory=dict)
    index: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def exhibits(assessment: Assessment, results: Sequence[Result]) -> Exhibits:
    """Return the evidence that the results relied on, projected and masked."""
    return Exhibits()
