"""A target that a running Prometheus scrapes, and how the last scrape went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ScrapeTarget:
    """An active target. `health` is up, down, or unknown before its first scrape has ended.

    `labels` are those that its series carry; `last_error` is empty where the last scrape was well.
    """

    job: str
    instance: str
    labels: Mapping[str, str] = field(hash=False)
    health: str
    last_error: str
    where: str

    @property
    def host(self) -> str:
        """The host of its instance, without the port."""
        return self.instance.rpartition(":")[0] or self.instance
