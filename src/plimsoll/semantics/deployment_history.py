"""What a history of deployments proves: a way back, and failures that replaced nothing."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from plimsoll.facts.deployment import ACTIVE, AUTO_ROLLBACK, ERROR, PHASES, SUPERSEDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plimsoll.facts.deployment import Deployment


class Fate(Enum):
    """What became of the good deployment when a later one failed."""

    KEPT = "went on serving"
    RETURNED = "came back by an automatic rollback"
    REPLACED = "was replaced"
    UNTOLD = "is no longer in the history"


def has_way_back(history: Sequence[Deployment]) -> bool | None:
    """Whether an earlier deployment once served; None where the history does not tell."""
    served = {one.has_served for one in history if one.phase == SUPERSEDED}
    return True if True in served else None if None in served else False


def failures(history: Sequence[Deployment]) -> tuple[Deployment, ...]:
    """Return the deployments that failed."""
    return tuple(one for one in history if one.phase == ERROR)


def unclear(history: Sequence[Deployment]) -> tuple[Deployment, ...]:
    """Return the deployments in a phase that nobody knows: each may have failed."""
    return tuple(one for one in history if one.phase not in PHASES)


def fate(failed: Deployment, history: Sequence[Deployment], active: str | None) -> Fate:
    """Return what became of the good deployment when this one failed.

    It went on serving if it was still active when the failure was final: its phase changed no
    sooner. `active` is the id of what runs now, None where nothing does.
    """
    if active in {None, failed.id}:
        return Fate.REPLACED
    earlier = [one for one in history if one.created_at < failed.created_at]
    standing = [one for one in earlier if one.has_served is not False and _stood(one, failed)]
    if any(one.has_served for one in standing):
        return Fate.KEPT
    successor = _successor(failed, history)
    if successor and successor.has_served and successor.cause == AUTO_ROLLBACK:
        return Fate.RETURNED
    is_known = any(one.has_served for one in earlier) and not standing
    return Fate.REPLACED if is_known else Fate.UNTOLD


def _stood(good: Deployment, failed: Deployment) -> bool:
    return good.phase == ACTIVE or good.phase_since >= failed.phase_since


def _successor(failed: Deployment, history: Sequence[Deployment]) -> Deployment | None:
    later = [one for one in history if one.created_at > failed.created_at]
    taking_over = [one for one in later if one.has_served is not False]
    return min(taking_over, key=lambda one: one.created_at, default=None)
