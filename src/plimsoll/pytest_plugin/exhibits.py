"""The evidence files of a run: what its results relied on, and where each lies in the bundle."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from plimsoll.facts.repository import Repository
from plimsoll.findings import Observed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plimsoll.collectors.evidence import Evidence
    from plimsoll.facts.probe import Probe
    from plimsoll.findings import Result, Sighting
    from plimsoll.pytest_plugin.assessment import Assessment

MOST_SLUG_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Exhibits:
    """Evidence files by their path in the bundle, and, for each observation's name, its files."""

    files: dict[str, bytes] = field(default_factory=dict)
    index: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def exhibits(assessment: Assessment, results: Sequence[Result]) -> Exhibits:
    """Return the evidence that the results relied on, projected to what checks read, and masked."""
    relied_on = {name for result in results for name in result.evidence}
    made = Exhibits()
    for probe, sighting in assessment.sightings.items():
        for name, evidence in _named(probe, sighting, relied_on):
            content = _without(evidence.content, assessment)
            path = _path(name, evidence.origin.source)
            made.files[path] = content
            made.index.setdefault(name, []).append(_entry(path, content, evidence))
    return made


def _named(
    probe: Probe, sighting: Sighting[Any], relied_on: set[str]
) -> Iterator[tuple[str, Evidence]]:
    """Yield what was relied on of a sighting: of a repository, the listing and single files."""
    from plimsoll.collectors.evidence import evidence  # noqa: PLC0415 (at the end of a run)

    if isinstance(sighting, Observed) and isinstance(sighting.value, Repository):
        read = tuple(record for record in sighting.value.files if record.path in relied_on)
        sighting = replace(sighting, value=replace(sighting.value, files=read))
        names = [str(probe), *(record.path for record in read)]
        yield from zip(names, evidence(probe, sighting), strict=True)
    elif str(probe) in relied_on:
        yield from ((str(probe), one) for one in evidence(probe, sighting))


def _entry(path: str, content: bytes, evidence: Evidence) -> dict[str, str]:
    at = evidence.observed_at
    return {
        "path": path,
        "sha256": hashlib.sha256(content).hexdigest(),
        "origin": evidence.origin.where or evidence.name,
        "observed_at": at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else "",
    }


def _path(name: str, source: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:MOST_SLUG_CHARACTERS]
    digest = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:8]
    return f"evidence/{source.partition(':')[0] or 'unknown'}/{slug}-{digest}.json"


def _without(content: bytes, assessment: Assessment) -> bytes:
    """Return the content without the credentials that this very run used."""
    for value in assessment.credentials.values():
        content = content.replace(value.encode(), b"masked")
    return content
