"""Read what a panel queries: its targets for Prometheus, and what cannot be followed from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.facts.dashboard import Query
from plimsoll.semantics.dashboards.untyped import mapping, mappings, string
from plimsoll.semantics.dashboards.variables import fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.semantics.dashboards.nesting import Placed
    from plimsoll.semantics.dashboards.variables import Filled, Variable

_EXPRESSIONS = ("__expr__", "-100")
_PROMETHEUS = frozenset(
    (
        "",
        "prometheus",
        "grafana-amazonprometheus-datasource",
        "grafana-azureprometheus-datasource",
        "victoriametrics-datasource",
        "victoriametrics-metrics-datasource",
    )
)
_MIXED = "-- Mixed --"
_GRAFANA_ITSELF = ("-- Dashboard --", "-- Grafana --")
_KEEPING = frozenset(
    (
        "configFromData",
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


@dataclass(frozen=True, slots=True)
class Target:
    """A query of a panel in either schema.

    `source` is the type of its datasource, where it is told, `reference` its letter.
    """

    specification: Mapping[str, object]
    source: str
    reference: str = ""
    hidden: bool = False


def queries(
    placed: Placed, variables: Mapping[str, Variable], interval_seconds: float
) -> tuple[Query, ...]:
    """Return the queries of a panel that ask Prometheus and are visible, or may be.

    Of hidden ones those are kept that Grafana may compute a visible answer from.
    """
    units, doubt = _Units.of(placed.panel), _doubt(placed)
    targets = tuple(_targets(placed.panel))
    computed = [one for one in targets if one.source in _EXPRESSIONS and not one.hidden]
    kept: list[Query] = []
    for target in targets:
        expression = string(target.specification.get("expr"))
        if target.source not in _PROMETHEUS or not expression.strip():
            continue
        why = doubt
        if target.hidden and computed:
            why = f"it is hidden, and what {computed[0].reference} computes is not known"
        if computed or not target.hidden:
            filled = fill_in(expression, variables, interval_seconds)
            kept.append(_query(target, filled, units, why))
    return tuple(kept)


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
        if name == "organize" and not any(mapping(options.get("excludeByName")).values()):
            continue
        yield name or "without a name"


def _targets(panel: dict[str, object]) -> Iterator[Target]:
    whole = _source(panel.get("datasource"))
    for target in mappings(panel.get("targets")):
        own = _source(target.get("datasource"))
        source = own or ("" if whole == _MIXED else whole)
        yield Target(target, source, string(target.get("refId")), target.get("hide") is True)
    data = mapping(mapping(panel.get("data")).get("spec"))
    for query in mappings(data.get("queries")):
        specification = mapping(query.get("spec"))
        inner = mapping(specification.get("query"))
        told = inner.get("group") or mapping(specification.get("datasource")).get("type")
        if not told and inner.get("kind") != "DataQuery":
            told = inner.get("kind")
        yield Target(
            mapping(inner.get("spec")),
            string(told),
            string(specification.get("refId")),
            specification.get("hidden") is True,
        )


def _source(datasource: object) -> str:
    """Return the type of a datasource; one that is referred to by name alone may be any."""
    if isinstance(datasource, str):
        return datasource if datasource in (*_EXPRESSIONS, _MIXED, *_GRAFANA_ITSELF) else ""
    reference = mapping(datasource)
    uid = string(reference.get("uid"))
    if uid in (*_EXPRESSIONS, _MIXED, *_GRAFANA_ITSELF):
        return uid
    kind = string(reference.get("type"))
    return "" if kind.startswith("$") else kind


def _query(target: Target, filled: Filled, units: _Units, doubt: str) -> Query:
    return Query(
        string(target.specification.get("expr")),
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
        config = mapping(mapping(panel.get("vizConfig")).get("spec"))
        fields = mapping(panel.get("fieldConfig") or config.get("fieldConfig"))
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
