"""What a metric tells of the imaginary system, and what is known of a metric to tell it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from plimsoll.semantics.alerting.system import System
from plimsoll.semantics.dashboard_signals import STATUS_LABELS

if TYPE_CHECKING:
    from plimsoll.semantics.promql import Selector

Kind = Literal["counter", "gauge", "bucket"]
"""`bucket` is the cumulative `_bucket` of a histogram, a counter split by `le`."""

Level = Callable[[System, Mapping[str, str]], float]

OUTCOME_LABELS = frozenset(
    ("status_class", "statuscode", "http_response_code", "outcome", "result", "grpc_code")
)
"""Labels beside those of dashboards by which requests are told apart."""

RATES = frozenset(("rate", "irate", "increase"))
_SUFFIXES = ("_total", "_count", "_sum", "_bucket")
_LEVELS = frozenset(("rate", "ratio", "percent", "percentage", "usage", "utilization", "gauge"))


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


FAILURES = words(
    "error errors failed failure failures fail refused aborted timeouts denied invalid"
)
"""Words of what went wrong."""
MOST = words("max maximum limit capacity")
"""Words of how much there may be."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a metric tells.

    Attributes:
        name: of the role, for people.
        kind: how it is exposed; counters and buckets add up what `level` says.
        facts: the fields of `System` that it reads.
        level: system and labels → the value of a gauge, or what a counter gains per second.
        partition: labels that tell its parts from one another (`status`, `le`, `mode` …).
        unit: of its values.
        assumed: what was guessed and a verdict must mention; empty where nothing was.
        follows_clock: whether the level counts from now: a unix time, told as minus an age.
        is_total: whether the level is that of all instances together: only one of them tells it.

    """

    name: str
    kind: Kind
    facts: frozenset[str]
    level: Level = field(compare=False, repr=False)
    partition: tuple[str, ...] = ()
    unit: str = ""
    assumed: str = ""
    follows_clock: bool = False
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a metric.

    Attributes:
        name: its name, in lower case.
        words: the words of the name, in their order.
        labels: the labels that selectors, or what exposes it, mention.
        kind: `counter` or `gauge`: as declared, else as name and use suggest.
        declared: what its exposition declares; None where none was seen.

    """

    name: str
    words: tuple[str, ...]
    labels: frozenset[str]
    kind: Literal["counter", "gauge"]
    declared: str | None = None

    def has(self, *words: str) -> bool:
        """Tell whether the name contains one of the words."""
        return not frozenset(words).isdisjoint(self.words)

    def has_any(self, words: frozenset[str]) -> bool:
        """Tell whether the name contains one of the words."""
        return not words.isdisjoint(self.words)

    @property
    def status_labels(self) -> tuple[str, ...]:
        """The labels that tell how a request ended."""
        return tuple(sorted(self.labels & (STATUS_LABELS | OUTCOME_LABELS)))


def reading_of(
    metric: str,
    selectors: tuple[Selector, ...],
    declared: str | None,
    exposed: frozenset[str] = frozenset(),
) -> Reading:
    """Return what is known of a metric.

    Args:
        metric: its name.
        selectors: every selector that reads it.
        declared: what its exposition declares (`untyped` says nothing).
        exposed: the labels it is exposed with, where that was seen.

    """
    name = metric.lower()
    known = None if declared in (None, "", "untyped", "unknown") else declared
    mentioned = {one.label for selector in selectors for one in selector.matchers}
    grouped = {x for selector in selectors for step in selector.steps for x in step.by or ()}
    spelled = tuple(name.replace("response_time", "responsetime").split("_"))
    kind = _kind(name, spelled, selectors, known)
    return Reading(name, spelled, frozenset(mentioned | grouped) | exposed, kind, known)


def _kind(
    name: str, spelled: tuple[str, ...], selectors: tuple[Selector, ...], declared: str | None
) -> Literal["counter", "gauge"]:
    if declared == "gauge":
        return "gauge"
    if declared == "counter" or name.endswith(_SUFFIXES):
        return "counter"
    if declared is not None:  # the quantiles of a summary; a histogram's parts have suffixes
        return "gauge"
    rated = any(RATES.intersection(selector.functions) for selector in selectors)
    return "counter" if rated and not _LEVELS.intersection(spelled[-1:]) else "gauge"


def plain(name: str, fact: str, kind: str = "gauge", factor: float = 1.0) -> Role:
    """Return the role of a metric that tells a fact as it is, or a multiple of it."""

    def level(system: System, _: Mapping[str, str]) -> float:
        return factor * float(getattr(system, fact))

    return Role(name, "counter" if kind == "counter" else "gauge", frozenset({fact}), level)
