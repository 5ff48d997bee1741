"""Reads the waivers that stand beside an environment file.

A waiver names exactly one control, exactly one subject and the deviations it accepts; it is asked
for by one person and approved by another, and it ends. Anything looser is refused.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from plimsoll.environment.loader import parse, read, validated
from plimsoll.environment.value import ControlId, Text, Url
from plimsoll.findings import Waiver

if TYPE_CHECKING:
    from pathlib import Path

LEAST_REASON_CHARACTERS = 30


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]
    control: ControlId
    subject: Annotated[str, StringConstraints(min_length=1)]
    deviations: Annotated[tuple[Text, ...], Field(min_length=1)]
    reason: Annotated[str, StringConstraints(min_length=LEAST_REASON_CHARACTERS)]
    requested_by: Text
    approved_by: Text
    ticket: Url
    expires_at: AwareDatetime

    @field_validator("subject")
    @classmethod
    def _exact(cls, subject: str) -> str:
        if set(subject) & set("*?[]"):
            message = "exactly one subject; a pattern would waive what nobody looked at"
            raise ValueError(message)
        return subject

    @model_validator(mode="after")
    def _four_eyes(self) -> Self:
        if self.requested_by.casefold() == self.approved_by.casefold():
            message = "requested_by and approved_by are two different people"
            raise ValueError(message)
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Annotated[Literal["plimsoll/waivers/1"], Field(alias="schema")]
    waivers: tuple[_Entry, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [entry.id for entry in self.waivers]
        repeated = sorted({one for one in ids if ids.count(one) > 1})
        if repeated:
            message = f"each id once; repeated: {', '.join(repeated)}"
            raise ValueError(message)
        return self


def waivers_path(environment_path: Path) -> Path:
    """Return where the waivers of an environment stand: `NAME.waivers.yaml` beside it."""
    return environment_path.with_name(f"{environment_path.stem}.waivers.yaml")


def load_waivers(environment_path: Path) -> tuple[tuple[Waiver, ...], str | None]:
    """Return the waivers and the digest of their file; none and None where there is no file.

    Raises ConfigurationError with file, line and key of everything that is not acceptable.
    """
    path = waivers_path(environment_path)
    if not path.exists():
        return (), None
    content = read(path)
    entries = validated(_File, parse(content, path)).waivers
    waivers = tuple(Waiver(**entry.model_dump()) for entry in entries)
    return waivers, hashlib.sha256(content).hexdigest()
