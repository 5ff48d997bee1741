"""What a Prometheus server reads and where it sends its alerts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Target:
    """An address as it is scraped, with the labels it is given; ``port`` None where none is stated.

    ``doubt`` says why relabeling could not be evaluated; address and labels are then those before.
    """

    address: str
    host: str
    port: int | None
    where: str
    labels: Mapping[str, str] = field(default_factory=dict)
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ScrapeJob:
    """A scrape job with its static targets, after relabeling; dropped ones are none.

    ``discoveries`` names the service discovery mechanisms, whose targets no file shows. ``path``
    is where the metrics are asked for; ``interval_seconds`` is None where none is stated.
    """

    name: str
    where: str
    targets: tuple[Target, ...]
    path: str
    scheme: str
    path_where: str
    discoveries: tuple[str, ...] = ()
    interval_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RuleFilePattern:
    """A path or glob of rule files, as the server sees it."""

    pattern: str
    where: str
