"""What an App Platform app went through: its deployments, and how the platform scaled it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (a field's type, as facts state it)

ACTIVE = "ACTIVE"
SUPERSEDED = "SUPERSEDED"
ERROR = "ERROR"
PENDING = ("PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING")
PHASES = frozenset({ACTIVE, SUPERSEDED, ERROR, "CANCELED", *PENDING})
"""Every phase that tells something (API document, deployments); there is UNKNOWN as well."""
AUTO_ROLLBACK = "AUTO_ROLLBACK"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment, in its phase since `phase_since`.

    `SUPERSEDED` is one whose place a later one took. `is_complete` is whether all its steps
    succeeded; `previous` the deployment it followed, `cloned_from` the one a rollback repeats;
    `cause` what started it, such as `MANUAL` or `AUTO_ROLLBACK`. Each is None where it is not told.
    """

    id: str
    phase: str
    created_at: datetime
    phase_since: datetime
    is_complete: bool | None
    previous: str | None
    cloned_from: str | None
    cause: str | None
    where: str

    @property
    def has_served(self) -> bool | None:
        """Whether it was once what users got; None where the history does not tell.

        One that was superseded while it waited never served: its steps are not complete.
        """
        if self.phase == ACTIVE:
            return True
        return self.is_complete if self.phase == SUPERSEDED else False


@dataclass(frozen=True, slots=True)
class Scaling:
    """One component given instances, or having them taken away, by the platform itself."""

    component: str
    before: int | None
    after: int | None
    metric: str | None
    phase: str | None
    at: datetime
    where: str
