"""Which data source a query is asked of, as far as its dashboard tells.

Sources: `DatasourceSrv` and `PanelQueryRunner` of Grafana's frontend, and `getDataSourceForQuery`
for the schema v2. A reference is looked up by its uid, then as a name; the type beside it decides
nothing. Where there is none, the default data source is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.dashboards.untyped import mapping, string
from plimsoll.semantics.dashboards.variables import referred_alone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.semantics.dashboards.variables import Variable

EXPRESSIONS = ("__expr__", "-100")
MIXED = "-- Mixed --"
GRAFANA = "-- Grafana --"
BUILT_IN = frozenset((GRAFANA, MIXED, "-- Dashboard --", "grafana", *EXPRESSIONS))
"""What every Grafana has, whatever is provisioned."""

_DEFAULT = "default"
_PROMETHEUS = frozenset(
    (
        "prometheus",
        "grafana-amazonprometheus-datasource",
        "grafana-azureprometheus-datasource",
        "victoriametrics-datasource",
        "victoriametrics-metrics-datasource",
    )
)


@dataclass(frozen=True, slots=True)
class Source:
    """A reference to a data source.

    Attributes:
        name: its uid or its name; empty where the default one is asked.
        kind: the type that stands beside it; empty where none does.
        of_kind: whether any one of this type is asked where no name is told, as in the schema v2.

    """

    name: str = ""
    kind: str = ""
    of_kind: bool = False

    @property
    def is_expression(self) -> bool:
        """Whether Grafana computes it itself, of other queries."""
        return self.name in EXPRESSIONS or self.kind in EXPRESSIONS

    def told(self, variables: Mapping[str, Variable]) -> str:
        """Return its type as far as the dashboard tells: what Grafana has under its own name.

        A variable has the type that it offers, whatever stands beside its name.
        """
        if self.is_expression:
            return EXPRESSIONS[0]
        if self.name in BUILT_IN:
            return self.name
        variable = variables.get(referred_alone(self.name))
        if variable and variable.datasource:
            return variable.datasource
        return "" if self.kind.startswith("$") else self.kind


def is_prometheus(kind: str) -> bool:
    """Say whether a data source of this type answers PromQL."""
    return kind in _PROMETHEUS


def source_of(reference: object) -> Source:
    """Read a reference to a data source, in the form of any version of Grafana."""
    if isinstance(reference, str):
        return Source("" if reference == _DEFAULT else reference)
    told = mapping(reference)
    name = string(told.get("uid"))
    return Source("" if name == _DEFAULT else name, string(told.get("type")))


def source_of_query(specification: Mapping[str, object]) -> Source:
    """Read which data source a query of the schema v2 names: `spec` of a `PanelQuery`.

    Up to v2alpha1 it stands beside the query, whose kind is its type; later inside of it.
    """
    inner = mapping(specification.get("query"))
    beside, within = mapping(specification.get("datasource")), mapping(inner.get("datasource"))
    name = string(within.get("name")) or string(beside.get("uid"))
    kind = string(inner.get("group")) or string(beside.get("type"))
    if not kind and inner.get("kind") != "DataQuery":
        kind = string(inner.get("kind"))
    return Source("" if name == _DEFAULT else name, kind, of_kind=True)


def asked_of(panel: Source, query: Source) -> Source:
    """Return what a query is asked of: what its panel names, unless that is mixed or nothing."""
    if query.is_expression or panel.name == MIXED:
        return query
    if panel.name:
        return panel
    return query if query.name or query.kind else panel
