"""What a check reads of what a run saw, and whether it would read the same in another run.

A check judges what it reads and nothing else: no clock, no file, no network. Where every question
it asked has the answer it had before, its verdict is the one it had before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from plimsoll.facts.repository import Repository
from plimsoll.facts.tool_output import ToolOutput
from plimsoll.findings import Observed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plimsoll.facts.probe import Probe
    from plimsoll.facts.repository import FileRecord
    from plimsoll.findings import Sighting

    Sightings = Mapping[Probe, Sighting[Any]]

THERE = ("modes_known",)
"""What every repository answers: a check that was given one has read at least that it is there."""
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of a run's sightings: all that a probe saw, or one thing of a repository.

    `of_repository` names what is asked, and what it is asked about: `("file", "README.md")`.
    """

    probe: Probe
    of_repository: tuple[str, ...] = ()


class WatchedRepository:
    """A repository that tells what it is asked, and answers as the one behind it does."""

    def __init__(self, repository: Repository, told: Callable[[tuple[str, ...]], None]) -> None:
        self._repository = repository
        self._told = told

    def file(self, path: str) -> FileRecord | None:
        """Return the record of a path, as a repository does."""
        self._told(("file", path))
        return self._repository.file(path)

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the paths that match, as a repository does."""
        self._told(("matching", pattern))
        return self._repository.matching(pattern)

    def __getattr__(self, name: str) -> object:
        """Return whatever else a repository has."""
        self._told((name,))
        return getattr(self._repository, name)


def watched(
    probe: Probe, sightings: Sightings, read: Callable[[Question], None]
) -> Sighting[Any] | None:
    """Return what was seen of a probe, None where nobody looked, and tell what is read of it."""
    sighting = sightings.get(probe)
    if not _holds_repository(sighting):
        read(Question(probe))
        return sighting
    read(Question(probe, THERE))
    whole = WatchedRepository(sighting.value, lambda asked: read(Question(probe, asked)))
    return replace(sighting, value=cast("Repository", whole))


def reads_alike(question: Question, before: Sightings, now: Sightings) -> bool:
    """Whether a question has the same answer in both runs.

    When it was seen does not matter, nor where on this machine a copy of the same files lies.
    """
    one, other = before.get(question.probe), now.get(question.probe)
    if one is other:
        return True
    if not isinstance(one, Observed) or not isinstance(other, Observed):
        return type(one) is type(other) and one == other
    return _answer(one, question) == _answer(other, question)


def _holds_repository(sighting: Sighting[Any] | None) -> TypeGuard[Observed[Repository]]:
    return isinstance(sighting, Observed) and isinstance(sighting.value, Repository)


def _answer(seen: Observed[Any], question: Question) -> tuple[object, ...]:
    origin, value = seen.origin, seen.value
    if question.of_repository:
        name, *given = question.of_repository
        found = getattr(value, name)
        return origin.source, origin.simulated, found(*given) if given else found
    if isinstance(value, ToolOutput):
        return origin, replace(value, at=_EPOCH)
    return origin, value
