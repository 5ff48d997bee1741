"""Whether something is watched: by an alert policy that would speak, to somebody it can reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.facts.alert_policy import AlertPolicy

POLICY_TYPES = {
    ("droplet", "cpu"): "v1/insights/droplet/cpu",
    ("droplet", "memory"): "v1/insights/droplet/memory_utilization_percent",
    ("droplet", "disk"): "v1/insights/droplet/disk_utilization_percent",
    ("database", "cpu"): "v1/dbaas/alerts/cpu_alerts",
    ("database", "memory"): "v1/dbaas/alerts/memory_utilization_alerts",
    ("database", "disk"): "v1/dbaas/alerts/disk_utilization_alerts",
}
"""Scope and metric → what the platform calls a policy on it."""


class UnclearError(ValueError):
    """Whether something is watched cannot be told from what the answer holds."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Something that a policy must watch: one database by its id, or all machines with a tag.

    A policy that names nothing is taken to watch every machine. Of databases the platform does not
    say so: `id` or a tag must be named.
    """

    name: str
    tags: tuple[str, ...] | None
    id: str | None = None

    def by(self, policy: AlertPolicy) -> bool | None:
        """Whether a policy watches it; None where the answer does not hold what would tell."""
        entities, tags = policy.entities, policy.tags
        if self.id is not None and self.id in (entities or ()):
            return True
        if tags and self.tags is not None and set(tags) & set(self.tags):
            return True
        if entities is None or tags is None or (tags and self.tags is None):
            return None
        return self.id is None and not entities and not tags


@dataclass(frozen=True, slots=True)
class Demand:
    """What a policy must be: its type, the highest threshold in percent, whom it must tell."""

    type: str
    threshold_percent: float
    channels: tuple[str, ...]


def watching(
    policies: Iterable[AlertPolicy], kind: str, watched: Watched
) -> tuple[AlertPolicy, ...]:
    """Return the policies of a type that watch something.

    Raises UnclearError where none surely does and one may.
    """
    of_kind = [policy for policy in policies if policy.type == kind]
    sure = tuple(policy for policy in of_kind if watched.by(policy))
    if not sure:
        _require_clear(of_kind, watched)
    return sure


def gaps(
    policies: Sequence[AlertPolicy], demand: Demand, watched: Watched, where: str
) -> tuple[Problem, ...]:
    """Return what keeps something from being watched as demanded; empty where nothing does.

    Policies may share the work, one telling by e-mail and one by Slack. Where none would speak,
    what is wrong with the nearest of them is returned. Raises UnclearError where it cannot be told.
    """
    there = watching(policies, demand.type, watched)
    speaking = [policy for policy in there if not any(_defects(policy, demand))]
    if not there:
        expected = f"a policy {demand.type} that watches {watched.name}"
        found = [Problem(where, "absent", expected)]
    elif not speaking:
        found = min((list(_defects(policy, demand)) for policy in there), key=len)
    else:
        found = [
            Problem(speaking[0].destinations.where, f"no {channel} destination", "one at least")
            for channel in demand.channels
            if not any(policy.destinations.of(channel) for policy in speaking)
        ]
    if found:
        _require_clear((policy for policy in policies if policy.type == demand.type), watched)
    return tuple(found)


def _require_clear(policies: Iterable[AlertPolicy], watched: Watched) -> None:
    if any(watched.by(policy) is None for policy in policies):
        message = (
            f"the answer does not tell whether a policy watches {watched.name}: its entities or"
            " tags are missing (the token may lack tag:read)"
        )
        raise UnclearError(message)


def _defects(policy: AlertPolicy, demand: Demand) -> Iterator[Problem]:
    if not policy.enabled:
        yield Problem(policy.where, "disabled", "enabled")
    if policy.compare != "GreaterThan":
        yield Problem(policy.where, f"compares {policy.compare}", "GreaterThan")
    if policy.threshold > demand.threshold_percent:
        expected = f"at {demand.threshold_percent:g} % or less"
        yield Problem(policy.where, f"speaks at {policy.threshold:g} %", expected)
