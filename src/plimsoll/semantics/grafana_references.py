"""Whether what the panels of a dashboard ask is provisioned, and is a Prometheus.

Sources: Grafana's frontend, as `dashboards.sources` tells, and `safeUIDFromName` of its
provisioning for data sources without a uid of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.dashboards.nesting import place_keys, placed_panels
from plimsoll.semantics.dashboards.reading import unwrapped
from plimsoll.semantics.dashboards.sources import BUILT_IN, is_prometheus, source_of
from plimsoll.semantics.dashboards.targets import ASK_NOTHING, targets
from plimsoll.semantics.dashboards.untyped import mapping
from plimsoll.semantics.dashboards.variables import declared_variables, fill_in, referred_alone
from plimsoll.semantics.promql import PromqlError, selectors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from plimsoll.facts.dashboard import Datasource
    from plimsoll.facts.document import Document, Part
    from plimsoll.semantics.dashboards.nesting import Placed
    from plimsoll.semantics.dashboards.sources import Source
    from plimsoll.semantics.dashboards.targets import Target
    from plimsoll.semantics.dashboards.variables import Variable

_BYTES_OF_UID = 8
_A_PROVISIONED = "the uid of a provisioned datasource"
_A_PROMETHEUS = "a datasource of type prometheus"


def generated_uid(name: str) -> str:
    """Return the uid that Grafana makes of the name of a data source provisioned without one."""
    return f"P{sha256(name.encode()).digest()[:_BYTES_OF_UID].hex().upper()}"


def reference_problems(
    dashboard: Document, declared: Collection[Datasource]
) -> tuple[Problem, ...]:
    """Return the datasources that a dashboard asks and nobody provisions, or that are another kind.

    A type that stands beside a uid decides nothing, and a query without a datasource is asked of
    the default one: where none is, of Grafana itself.
    """
    model, path, _ = unwrapped(mapping(dashboard.data))
    variables, provisioned = declared_variables(model), _Provisioned.of(declared)
    found: dict[str, Problem] = {}
    for problem in _unknown(dashboard.part(), variables, provisioned):
        found.setdefault(problem.what, problem)
    for placed in placed_panels(model, path):
        where = dashboard.where(*place_keys(placed.path))
        for what in _mistaken(placed, variables, provisioned):
            found.setdefault(what, Problem(where, what, _A_PROMETHEUS))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Provisioned:
    """The types of the provisioned datasources: by uid, by name, and of those marked as default."""

    by_uid: Mapping[str, str]
    by_name: Mapping[str, str]
    defaults: tuple[str, ...]

    @classmethod
    def of(cls, declared: Collection[Datasource]) -> _Provisioned:
        return cls(
            {one.uid or generated_uid(one.name): one.kind for one in declared},
            {one.name: one.kind for one in declared if one.name},
            tuple(one.kind for one in declared if one.is_default),
        )

    def has(self, name: str) -> bool:
        return name in self.by_uid or name in self.by_name or name in BUILT_IN

    def named(self, name: str) -> str:
        """Return the type of the datasource with this uid or name; empty where there is none."""
        return self.by_uid.get(name) or self.by_name.get(name) or ""


def _unknown(
    part: Part, variables: Mapping[str, Variable], provisioned: _Provisioned
) -> Iterator[Problem]:
    for named in _references(part):
        name = source_of(named.text).name
        if variable := referred_alone(name):
            if variable not in variables:
                what = f"the datasource is the variable {name}, which is defined nowhere"
                yield named.problem(what, _A_PROVISIONED)
        elif name and not provisioned.has(name):
            yield named.problem(f"the datasource {name} is not provisioned", _A_PROVISIONED)


def _references(part: Part) -> Iterator[Part]:
    """Yield the name or uid of every datasource that is referred to, at any depth."""
    for inner in part:
        if inner.key != "datasource":
            yield from _references(inner)
            continue
        for named in (inner, inner["uid"], inner["name"]):
            if named.text is not None:
                yield named
                break


def _mistaken(
    placed: Placed, variables: Mapping[str, Variable], provisioned: _Provisioned
) -> Iterator[str]:
    """Yield what is wrong with what the visible queries of a panel are asked of."""
    if placed.kind in ASK_NOTHING:
        return
    for target in targets(placed.panel):
        if target.expression and not target.hidden and target.source.name not in BUILT_IN:
            if target.source.name or _any_of_kind(target.source, provisioned):
                yield from _asked_of_another(target, variables, provisioned)
            elif not target.source.is_expression:
                yield from _asked_of_the_default(target, variables, provisioned)


def _any_of_kind(source: Source, provisioned: _Provisioned) -> bool:
    return source.of_kind and source.kind in provisioned.by_uid.values()


def _asked_of_another(
    target: Target, variables: Mapping[str, Variable], provisioned: _Provisioned
) -> Iterator[str]:
    kind = provisioned.named(target.source.name) or target.source.told(variables)
    if kind and not is_prometheus(kind) and _is_promql(target, variables):
        yield f"the datasource {target.source.name} is of type {kind}"


def _asked_of_the_default(
    target: Target, variables: Mapping[str, Variable], provisioned: _Provisioned
) -> Iterator[str]:
    kinds = provisioned.defaults
    answers = any(is_prometheus(kind) or not kind for kind in kinds)
    if not kinds:
        yield "a query names no datasource, and none is the default"
    elif not answers and _is_promql(target, variables):
        yield f"a query names no datasource, and the default one is of type {kinds[0]}"


def _is_promql(target: Target, variables: Mapping[str, Variable]) -> bool:
    """Say whether a query is meant for Prometheus: by the type it names, or as it names a metric.

    Other languages stand at the same key; that of Loki has selectors, too, none with a name.
    """
    told = target.source.kind
    if told and not told.startswith("$"):
        return is_prometheus(told)
    try:
        read = selectors(fill_in(target.expression, variables).text)
    except PromqlError:
        return False
    return any(one.metric or any(m.label == "__name__" for m in one.matchers) for one in read)
