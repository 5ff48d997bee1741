"""Read what a panel queries: its targets for Prometheus, and what cannot be followed from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.dashboard import Query
from plimsoll.semantics.dashboards.sources import (
    asked_of,
    is_prometheus,
    source_of,
    source_of_query,
)
from plimsoll.semantics.dashboards.untyped import mapping, mappings, string
from plimsoll.semantics.dashboards.variables import fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.semantics.dashboards.nesting import Placed
    from plimsoll.semantics.dashboards.sources import Source
    from plimsoll.semantics.dashboards.variables import Filled, Variable

ASK_NOTHING = frozenset(
    ("alertlist", "annolist", "dashlist", "gettingstarted", "live", "news", "text", "welcome")
)
"""Kinds of panels whose queries Grafana never runs. Source: `skipDataQuery` of its own panels."""
_KEEPING = frozenset(
    (
        "convertFieldType",
        "formatTime",
        "joinByField",
        "joinByLabels",
        "labelsToFields",
        "merge",
        "prepareTimeSeries",
        "reduce",
        "renameByRegex",
        "seriesToColumns",
        "seriesToRows",
        "sortBy",
        "timeSeriesTable",
        "transpose",
    )
)
"""Transformations that rearrange an answer and take nothing away from it."""
_TIME = "Time"
"""What Grafana calls the field of times, which is no series."""


@dataclass(frozen=True, slots=True)
class Target:
    """A query of a panel in either schema.

    `source` is what it is asked of, `reference` its letter.
    """

    specification: Mapping[str, object]
    source: Source
    reference: str = ""
    hidden: bool = False

    @property
    def expression(self) -> str:
        """What it asks, in the language of Prometheus or one like it; empty where nothing is."""
        written = string(self.specification.get("expr"))
        return written if written.strip() else ""


def queries(
    placed: Placed, variables: Mapping[str, Variable], interval_seconds: float
) -> tuple[Query, ...]:
    """Return the queries of a panel that ask Prometheus and are visible, or may be.

    Of hidden ones those are kept that Grafana may compute a visible answer from.
    """
    units, doubt = _Units.of(placed.panel), _doubt(placed)
    asked = tuple(targets(placed.panel))
    computed = [one for one in asked if one.source.is_expression and not one.hidden]
    kept: list[Query] = []
    for target in asked:
        kind = target.source.told(variables)
        if (kind and not is_prometheus(kind)) or not target.expression:
            continue
        why = doubt or _hiding(placed.panel, target.reference)
        if target.hidden and computed:
            why = f"it is hidden, and what {computed[0].reference} computes is not known"
        if computed or not target.hidden:
            filled = fill_in(target.expression, variables, interval_seconds)
            kept.append(_query(target, filled, units, why))
    return tuple(kept)


def targets(panel: dict[str, object]) -> Iterator[Target]:
    """Yield the queries of a panel in either schema, whatever they are asked of."""
    whole = source_of(panel.get("datasource"))
    for target in mappings(panel.get("targets")):
        source = asked_of(whole, source_of(target.get("datasource")))
        yield Target(target, source, string(target.get("refId")), target.get("hide") is True)
    data = mapping(mapping(panel.get("data")).get("spec"))
    for query in mappings(data.get("queries")):
        specification = mapping(query.get("spec"))
        yield Target(
            mapping(mapping(specification.get("query")).get("spec")),
            source_of_query(specification),
            string(specification.get("refId")),
            specification.get("hidden") is True,
        )


def unread(placed: Placed) -> tuple[str, ...]:
    """Return why a panel may show more than the queries that are known."""
    if not isinstance(placed.panel.get("libraryPanel"), dict):
        return ()
    name = string(mapping(placed.panel["libraryPanel"]).get("name")) or "without a name"
    return (f"its queries stand in the library panel {name}, which is no part of the file",)


def _doubt(placed: Placed) -> str:
    if placed.condition:
        return "it is shown only under a condition"
    taken = next(_transformations(placed.panel), None)
    return f"the transformation {taken} may take away what it answers" if taken else ""


def _transformations(panel: dict[str, object]) -> Iterator[str]:
    """Yield the transformations that may hide something."""
    data = mapping(mapping(panel.get("data")).get("spec"))
    for one in (*mappings(panel.get("transformations")), *mappings(data.get("transformations"))):
        specification = mapping(one.get("spec")) or one
        name = string(one.get("id")) or string(one.get("group")) or string(one.get("kind"))
        options = mapping(specification.get("options"))
        if specification.get("disabled") is True or name in _KEEPING:
            continue
        if name == "organize" and not _leaves_out(options):
            continue
        yield name or "without a name"


def _leaves_out(options: Mapping[str, object]) -> bool:
    """Tell whether fields are taken away by their names, or all but some are."""
    excluded, included = mapping(options.get("excludeByName")), options.get("includeByName")
    return any(excluded.values()) or bool(mapping(included))


def _hiding(panel: dict[str, object], reference: str) -> str:
    """Return why the series of a query may not be drawn, though it is asked.

    Grafana itself writes such an override where a reader clicks at one series of the legend.
    """
    fields = _fields(panel)
    custom = mapping(mapping(fields.get("defaults")).get("custom"))
    if mapping(custom.get("hideFrom")).get("viz") is True:
        return "its series are hidden (custom.hideFrom)"
    for override in mappings(fields.get("overrides")):
        matcher = mapping(override.get("matcher"))
        other = matcher.get("id") == "byFrameRefID" and matcher.get("options") != reference
        if not other and matcher.get("options") != _TIME and _hides(override):
            return "an override hides some of its series (custom.hideFrom)"
    return ""


def _hides(override: Mapping[str, object]) -> bool:
    given = [p for p in mappings(override.get("properties")) if p.get("id") == "custom.hideFrom"]
    return bool(given) and mapping(given[-1].get("value")).get("viz") is True


def _fields(panel: Mapping[str, object]) -> dict[str, object]:
    """Return how a panel's fields are shown, in either schema."""
    config = mapping(mapping(panel.get("vizConfig")).get("spec"))
    return mapping(panel.get("fieldConfig") or config.get("fieldConfig"))


def _query(target: Target, filled: Filled, units: _Units, doubt: str) -> Query:
    return Query(
        target.expression,
        filled.text,
        string(target.specification.get("legendFormat")),
        unknown_variables=tuple(filled.unknown),
        literal_variables=tuple(filled.literal),
        reference=target.reference,
        unit=units.of_query(target.reference),
        doubt=doubt,
    )


@dataclass(frozen=True, slots=True)
class _Units:
    """The unit of a panel, and those of single queries; `by_name` where series have their own."""

    panel: str
    queries: Mapping[str, str]
    by_name: bool

    @classmethod
    def of(cls, panel: dict[str, object]) -> _Units:
        fields = _fields(panel)
        axes = mappings(panel.get("yaxes"))
        own = string(mapping(fields.get("defaults")).get("unit"))
        legacy = string(panel.get("format")) or (string(axes[0].get("format")) if axes else "")
        single, by_name = {}, False
        for override in mappings(fields.get("overrides")):
            matcher = mapping(override.get("matcher"))
            given = [p for p in mappings(override.get("properties")) if p.get("id") == "unit"]
            if given and matcher.get("id") == "byFrameRefID":
                single[string(matcher.get("options"))] = string(given[-1].get("value"))
            by_name = by_name or (bool(given) and matcher.get("id") != "byFrameRefID")
        return cls(own or legacy, single, by_name)

    def of_query(self, reference: str) -> str:
        """Return the unit of a query's answer; empty where it is not told or depends on names."""
        return "" if self.by_name else self.queries.get(reference, self.panel)
