"""The rules that a running Prometheus has loaded, and how it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule: `kind` is alerting or recording, `health` ok, err, or unknown until it is evaluated.

    `evaluated_at` is None where the server does not say, or has not evaluated it yet.
    """

    name: str
    kind: str
    health: str
    last_error: str
    evaluated_at: datetime | None
    where: str


@dataclass(frozen=True, slots=True)
class LoadedGroup:
    """A group of rules that are evaluated one after the other, each `interval_seconds`."""

    name: str
    file: str
    interval_seconds: float | None
    rules: tuple[LoadedRule, ...]
    where: str


@dataclass(frozen=True, slots=True)
class AlertmanagerLinks:
    """The addresses that alerts are sent to, and those that were found and dropped."""

    active: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfigurationLoad:
    """Whether the configuration was loaded when it was last told to; None where it is not said."""

    is_loaded: bool | None
