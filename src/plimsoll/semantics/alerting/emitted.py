"""A series that is emitted, what the rules ask of the world, and what was made of that."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.alerting.labels import grouping_labels
from plimsoll.semantics.alerting.places import Place, is_beside
from plimsoll.semantics.dashboard_signals import STATUS_LABELS
from plimsoll.semantics.promql import PromqlError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plimsoll.semantics.alerting.role import Role
    from plimsoll.semantics.promql import Matcher, Selector

MOST_LITERALS = 24
_NUMERIC = re.compile(r"[\dxX.*+?|()\[\]^$-]+", re.ASCII)
_STATUSES = (
    *(str(code) for code in range(100, 600)),
    *(f"{family}{rest}" for family in range(1, 6) for rest in ("xx", "XX")),
)
UNNAMED = "{__name__=…}"
"""What a selector that names no metric is reported as."""
_WRAPPERS = (parser.AggregateExpr, parser.ParenExpr, parser.UnaryExpr, parser.SubqueryExpr)


@dataclass(frozen=True, slots=True, eq=False)
class Emitted:
    """One series: its name and labels, what it tells, and where it comes from.

    `is_spared` is one that no fault of the application strikes: `up` of a tool beside it.
    `scrape_seconds` is how often it is scraped; None where that is as often as all are.
    """

    name: str
    labels: Mapping[str, str]
    role: Role
    place: Place
    is_spared: bool = False
    scrape_seconds: float | None = None
    labels_with_name: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Put the name beside the labels, once for all samples."""
        object.__setattr__(self, "labels_with_name", {"__name__": self.name, **self.labels})


def emitted(
    name: str,
    labels: Mapping[str, str],
    role: Role,
    place: Place,
    scrape_seconds: float | None = None,
) -> Emitted:
    """Return a series; labels with an empty value are none."""
    told = {label: value for label, value in labels.items() if value}
    spared = role.name == "up" and is_beside(told.get("job", ""))
    return Emitted(name, told, role, place, spared, scrape_seconds)


@dataclass(frozen=True, slots=True)
class Question:
    """What the rules ask of the world.

    Attributes:
        expressions: the rules' expressions.
        read: each metric with the selectors that read it.
        bounds: latencies in seconds that people ask about.
        compared: numbers that stand beside buckets in rules, which may be latencies.
        used: the labels by which the rules group and match.
        regions: the names of the regions, where they are known.

    """

    expressions: tuple[str, ...]
    read: Mapping[str, tuple[Selector, ...]]
    bounds: tuple[float, ...]
    compared: tuple[float, ...]
    used: frozenset[str]
    regions: tuple[str, ...]

    @classmethod
    def of(
        cls,
        expressions: tuple[str, ...],
        read: Mapping[str, tuple[Selector, ...]],
        bounds: tuple[float, ...],
        regions: tuple[str, ...],
    ) -> Question:
        """Return what these expressions ask, by their labels and the numbers they compare with."""
        trees = tuple(_parsed(expressions))
        counted = tuple(_parsed(one for one in expressions if "_bucket" in one))
        literals = {one for tree in counted for one in _numbers(tree)}
        told = sorted(one for one in literals if 0 < one < math.inf)[:MOST_LITERALS]
        used = grouping_labels(one for selectors in read.values() for one in selectors)
        used |= {label for tree in trees for label in _matched(tree)}
        return cls(expressions, read, bounds, tuple(told), used, regions)


@dataclass(frozen=True, slots=True)
class Made:
    """Series that were made, and of which metrics none were."""

    emitted: tuple[Emitted, ...]
    roles: Mapping[str, Role]
    unknown: Mapping[str, str]
    missing: Mapping[str, str] = field(default_factory=dict)


def told_once(series: Iterable[Emitted]) -> tuple[Emitted, ...]:
    """Return a metric's series; of a total, whatever adds them up gets what one of them tells."""
    made = tuple(series)
    if not made or not made[0].role.is_total:
        return made
    teller = next((one for one in made if one.place.first_instance), made[0])
    silent = replace(teller.role, level=lambda _s, _l: 0.0)
    return tuple(one if one is teller else replace(one, role=silent) for one in made)


def unheard(selectors: Iterable[Selector], series: Iterable[Emitted]) -> str:
    """Return which selector finds none of a metric's series; empty where each finds one.

    A selector of a status that no answer has finds nothing in any world: that is known.

    Raises:
        PromqlError: a pattern is beyond what can be evaluated.

    """
    made = tuple(series)
    for one in selectors:
        if any(map(_is_no_status, one.matchers)):
            continue
        if not any(accepted(one, candidate.labels) for candidate in made):
            told = ",".join(f'{m.label}{m.operator}"{m.value}"' for m in one.matchers)
            return f"no series is known that {{{told}}} selects"
    return ""


def _is_no_status(matcher: Matcher) -> bool:
    """Tell whether a matcher asks for a number that is the status of no answer (RFC 9110 §15)."""
    if matcher.label not in STATUS_LABELS or matcher.operator not in ("=", "=~"):
        return False
    if not matcher.value or not _NUMERIC.fullmatch(matcher.value):
        return False
    return not any(matcher.accepts(status) for status in _STATUSES)


def accepted(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Tell whether a selector finds a series of its metric.

    Raises:
        PromqlError: a pattern is beyond what can be evaluated.

    """
    return all(matcher.accepts(labels.get(matcher.label, "")) for matcher in selector.matchers)


def _parsed(expressions: Iterable[str]) -> Iterator[parser.Expr]:
    for expression in expressions:
        try:
            yield parse(expression)
        except PromqlError:
            continue


def _children(node: parser.Expr) -> Iterator[parser.Expr]:
    if isinstance(node, parser.BinaryExpr):
        yield from (node.lhs, node.rhs)
    elif isinstance(node, parser.Call):
        yield from node.args
    elif isinstance(node, _WRAPPERS):
        yield node.expr


def _numbers(node: parser.Expr) -> Iterator[float]:
    if isinstance(node, parser.NumberLiteral):
        yield node.val
    for child in _children(node):
        yield from _numbers(child)


def _matched(node: parser.Expr) -> Iterator[str]:
    """Yield the labels on which operators match, and those they take over from the other side."""
    if isinstance(node, parser.BinaryExpr) and node.modifier is not None:
        matching = node.modifier.matching
        if matching is not None and str(matching.type).endswith("Include"):
            yield from matching.labels
        yield from node.modifier.group_labels or ()
    for child in _children(node):
        yield from _matched(child)
