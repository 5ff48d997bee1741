"""The shape of `fixtures/<system>/spaces.yaml`: which buckets there are, and what lies in them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from plimsoll.environment.loader import parse, read, validated
from plimsoll.environment.value import Count, Name, Positive, Section, Slug, Text
from plimsoll.facts.bucket import LifecycleRule

if TYPE_CHECKING:
    from pathlib import Path

STORE_FILE = "spaces.yaml"

_SPAN = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _span(told: object) -> timedelta:
    match = _SPAN.fullmatch(told) if isinstance(told, str) else None
    if match is None:
        message = "expected: a time such as 30m, 6h or 1d"
        raise ValueError(message)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _ago(told: object) -> timedelta:
    if not isinstance(told, str) or not told.startswith("now-"):
        message = "expected: a moment such as now-30m, now-6h or now-1d"
        raise ValueError(message)
    return _span(told.removeprefix("now-"))


Span = Annotated[timedelta, BeforeValidator(_span)]
Ago = Annotated[timedelta, BeforeValidator(_ago)]


class Series(Section):
    """Objects written one after the other, the last of them so long before now."""

    prefix: Text
    suffix: str = ""
    newest: Ago
    every: Span
    count: Positive
    size: Count
    server_encryption: str = ""
    client_encryption: str = ""


class Rule(Section):
    """A rule of a bucket's lifecycle."""

    id: Slug
    prefix: str = ""
    enabled: bool = True
    expires_after_days: Positive | None = None
    versions_expire_after_days: Positive | None = None

    def made(self) -> LifecycleRule:
        """Return it as the store has it."""
        return LifecycleRule(
            self.id,
            self.prefix,
            self.enabled,
            expires_after_days=self.expires_after_days,
            versions_expire_after_days=self.versions_expire_after_days,
        )


class BucketPlan(Section):
    """A bucket in a region."""

    name: Name
    region: Slug
    versioning: Literal["", "Enabled", "Suspended"] = ""
    lifecycle: tuple[Rule, ...] = ()
    series: Annotated[tuple[Series, ...], Field(min_length=1)]

    @property
    def listed_as(self) -> str:
        """Its name: one is enough for a store."""
        return self.name


class StorePlan(Section):
    """What a mocked object store is made of."""

    format: Annotated[Literal["plimsoll/spaces/1"], Field(alias="schema")]
    buckets: Annotated[tuple[BucketPlan, ...], Field(min_length=1)]


def load_plan(path: Path) -> StorePlan:
    """Return what the file says. Raises ConfigurationError naming file, line and key."""
    return validated(StorePlan, parse(read(path), path))
