"""Which TLS versions an endpoint speaks, measured against the least that is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.handshake import ACCEPTED, REFUSED

if TYPE_CHECKING:
    from datetime import datetime

    from plimsoll.facts.handshake import Handshake

ORDER = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
LEAST_OF_APP_PLATFORM = "1.2"
"""What an app's domain accepts where it says nothing (App Platform, app specification)."""
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class VersionFindings:
    """What is known of the versions on either side of a minimum.

    `too_old` are those below it that are accepted, `unknown` those below it of which nothing is
    known, each with the reason. `allowed` are those from the minimum up that are accepted; without
    one `silence` tells why nothing is known of the others, and is empty where all were refused.
    """

    too_old: tuple[str, ...]
    unknown: tuple[str, ...]
    allowed: tuple[str, ...]
    silence: tuple[str, ...]


def judge_versions(handshake: Handshake, minimum: str) -> VersionFindings:
    """Compare what an endpoint speaks with the least version (`1.2`) that it may speak.

    Raises ValueError for a minimum that is no version of TLS.
    """
    first = ORDER.index(f"TLSv{minimum.removesuffix('.0')}")
    known = dict(handshake.versions)
    below = {name: known.get(name, "it was not tried") for name in ORDER[:first]}
    above = {name: known.get(name, "it was not tried") for name in ORDER[first:]}
    return VersionFindings(
        too_old=tuple(name for name, outcome in below.items() if outcome == ACCEPTED),
        unknown=_unknown(below),
        allowed=tuple(name for name, outcome in above.items() if outcome == ACCEPTED),
        silence=_unknown(above),
    )


def is_at_least(version: str, minimum: str) -> bool:
    """Whether a version (`1.2`) is a known one and no older than the minimum."""
    name, least = f"TLSv{version.removesuffix('.0')}", f"TLSv{minimum.removesuffix('.0')}"
    return name in ORDER and ORDER.index(name) >= ORDER.index(least)


def days_left(not_after: datetime, at: datetime) -> int:
    """Return the whole days from a moment to the end of validity; negative once that has passed."""
    return int((not_after - at).total_seconds() // _SECONDS_A_DAY)


def _unknown(outcomes: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{name}: {outcome}"
        for name, outcome in outcomes.items()
        if outcome not in {ACCEPTED, REFUSED}
    )
