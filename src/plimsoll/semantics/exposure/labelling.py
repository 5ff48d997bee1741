"""Which labels the series of an expression can have, and which it asks for in vain.

A label counts as possible where any series may have it, so what is told as lacking is on none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.exposure.deployment import Standing
from plimsoll.semantics.exposure.label_names import Names, union
from plimsoll.semantics.exposure.liveness import bare
from plimsoll.semantics.exposure.supply import Unseen
from plimsoll.semantics.promql.errors import PromqlError
from plimsoll.semantics.promql.selection import parse, selected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.facts.alert_rule import RecordingRule
    from plimsoll.semantics.exposure.deployment import Deployment, Provenance, Source
    from plimsoll.semantics.exposure.liveness import Liveness
    from plimsoll.semantics.promql.selection import Matcher, Selector

_NAME = "__name__"
_KEEPING = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))
_SCALARS = frozenset(("scalar", "time", "pi"))
_ABSENT = frozenset(("absent", "absent_over_time"))
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression's answer is labelled with, and what it asks of its series.

    Attributes:
        names: the labels of the answer.
        lacks: the labels, and values of labels, that no series has, for people.
        doubts: the labels of which it is not known, and why.

    """

    names: Names
    lacks: tuple[str, ...]
    doubts: tuple[tuple[str, Unseen], ...]


class Labelling:
    """Tells the labels of expressions in a deployed world."""

    def __init__(self, deployment: Deployment, liveness: Liveness) -> None:
        self._deployment = deployment
        self._liveness = liveness
        self._chain: list[str] = []

    def of(self, expression: str, *, with_values: bool = True) -> Reading:
        """Return the labels of an expression's answer, and what it asks for.

        Args:
            expression: PromQL.
            with_values: whether the values of attached labels are compared too; not where a
                dashboard's variables stand in the expression.

        Raises:
            PromqlError: Prometheus would refuse it, or it cannot be read here.

        """
        walk = _Walk(self, with_values=with_values)
        names = walk.names(parse(expression))
        return Reading(names, tuple(dict.fromkeys(walk.lacks)), tuple(dict.fromkeys(walk.doubts)))

    def of_metric(self, metric: str | None) -> Names:
        """Return the labels that the series of a metric can have."""
        found = self._liveness.provenance(metric)
        if found.standing is Standing.UNKNOWN or metric is None:
            return Names(unseen=frozenset((Unseen(found.reason, found.untested),)))
        if found.standing is Standing.NOBODY or not (found.sources or found.recordings):
            return Names(is_void=True)
        if metric in self._chain or len(self._chain) >= _LONGEST_CHAIN:
            return Names(unseen=frozenset((Unseen(f"{metric} is recorded from itself"),)))
        self._chain.append(metric)
        names = union(
            (
                *(self._of_recording(rule) for rule in found.recordings),
                *(names_of(source) for source in found.sources),
                Names(unseen=frozenset(self._elsewhere(metric, found))),
            )
        )
        self._chain.pop()
        return names

    def sources(self, metric: str | None) -> tuple[Source, ...]:
        """Return the targets that expose a metric, where no rule and nothing unseen gives it."""
        found = self._liveness.provenance(metric)
        if metric is None or found.recordings or any(self._elsewhere(metric, found)):
            return ()
        return found.sources

    def _of_recording(self, rule: RecordingRule) -> Names:
        try:
            names = self.of(rule.expression).names
        except PromqlError as error:
            return Names(unseen=frozenset((Unseen(f"{rule.where} cannot be read: {error}"),)))
        return names | Names(frozenset(rule.labels))

    def _elsewhere(self, metric: str, found: Provenance) -> Iterator[Unseen]:
        known = {id(source.supply) for source in found.sources}
        for supply in self._deployment.supplies:
            if id(supply) not in known and supply.may_expose(metric):
                yield Unseen(supply.reason, supply.untested)


def names_of(source: Source) -> Names:
    """Return the labels of a metric's samples from one target; an empty value is no label."""
    supply = source.supply
    attached = supply.target.labels
    if source.sets is None or not supply.has_known_labels:
        why = supply.reason or "no sample of it was seen"
        return Names(frozenset(attached), frozenset((Unseen(why, supply.untested),)))
    return Names(
        frozenset(
            name for own in source.sets for name, value in {**attached, **own}.items() if value
        )
    )


class _Walk:
    """One walk through an expression."""

    def __init__(self, labelling: Labelling, *, with_values: bool) -> None:
        self.lacks: list[str] = []
        self.doubts: list[tuple[str, Unseen]] = []
        self._labelling = labelling
        self._with_values = with_values

    def names(self, node: parser.Expr) -> Names:
        node = bare(node)
        if isinstance(node, parser.VectorSelector):
            return self._selector(selected(node))
        if isinstance(node, parser.AggregateExpr):
            return self._aggregate(node)
        if isinstance(node, parser.Call):
            return self._call(node)
        if isinstance(node, parser.BinaryExpr):
            return self._binary(node)
        return Names()

    def _ask(self, labels: Iterable[str], names: Names, lack: str) -> None:
        for label in sorted(labels):
            if names.lacks(label):
                self.lacks.append(lack.format(label=label))
            self.doubts += ((label, unseen) for unseen in names.doubts(label))

    def _selector(self, selector: Selector) -> Names:
        metric = selector.metric
        names = self._labelling.of_metric(metric)
        asked = {one.label for one in selector.matchers if one.value or one.operator != "="}
        self._ask(asked - {_NAME}, names, f"no series of {metric} has the label {{label}}")
        if self._with_values:
            attached = [one for one in selector.matchers if one.label in names.known]
            self._values(metric, attached)
        return names

    def _values(self, metric: str | None, matchers: list[Matcher]) -> None:
        sources = self._labelling.sources(metric)
        if sources and not any(_accepts(source, matchers) for source in sources):
            shown = ", ".join(f'{one.label}{one.operator}"{one.value}"' for one in matchers)
            self.lacks.append(f"no scraped target gives {metric} with {shown}")

    def _aggregate(self, node: parser.AggregateExpr) -> Names:
        inner, modifier = self.names(node.expr), node.modifier
        name = str(node.op).strip()
        if name in _KEEPING:
            return inner
        listed = frozenset(modifier.labels) if modifier is not None else frozenset()
        if modifier is not None and modifier.type == parser.AggModifierType.Without:
            kept = inner.without(listed)
        else:
            self._ask(listed, inner, f"{name} by ({{label}}), which nothing that is read has")
            kept = inner.only(listed)
        if name == "count_values" and isinstance(node.param, parser.StringLiteral):
            kept = kept | Names(frozenset((node.param.val,)))
        return kept

    def _call(self, node: parser.Call) -> Names:
        name = node.func.name
        inner = union([self.names(argument) for argument in node.args])
        if name in _SCALARS or name == "vector":
            return Names()
        if name in _ABSENT:
            return _equal_labels(node.args[0])
        if name in ("label_replace", "label_join") and len(node.args) > 1:
            target = node.args[1]
            given = target.val if isinstance(target, parser.StringLiteral) else ""
            return inner | Names(frozenset((given,)))
        if name == "info":
            return inner | Names(unseen=frozenset((Unseen("info() adds labels of its own"),)))
        return inner.without(frozenset(("le",))) if name == "histogram_quantile" else inner

    def _binary(self, node: parser.BinaryExpr) -> Names:
        left, right = self.names(node.lhs), self.names(node.rhs)
        if _is_scalar(node.rhs) or _is_scalar(node.lhs):
            return right if _is_scalar(node.lhs) else left
        operator, modifier = str(node.op).strip(), node.modifier
        matching = modifier.matching if modifier is not None else None
        listed = frozenset(matching.labels) if matching is not None else frozenset()
        is_on = matching is not None and str(matching.type).endswith("Include")
        for side in (left, right) if is_on else ():
            self._ask(listed, side, "on ({label}), which a side of it never has")
        if operator == "or":
            return left | right
        if operator in ("and", "unless"):
            return left
        card = str(modifier.card) if modifier is not None else ""
        taken = (modifier.group_labels if modifier is not None else None) or ()
        if card.endswith("ManyToOne"):
            return self._grouped(left, right, taken, "group_left")
        if card.endswith("OneToMany"):
            return self._grouped(right, left, taken, "group_right")
        return left.only(listed) if is_on else left.without(listed)

    def _grouped(self, many: Names, one: Names, taken: Iterable[str], what: str) -> Names:
        self._ask(taken, one, f"{what} ({{label}}), which the other side never has")
        return many | Names(frozenset(taken))


def _accepts(source: Source, matchers: Iterable[Matcher]) -> bool:
    """Tell whether a target may give such series, judged by the labels that it is given alone."""
    if source.sets is None or not source.supply.has_known_labels:
        return True
    attached = source.supply.target.labels
    own = {name for one in source.sets for name in one}
    return all(
        _matches(matcher, attached.get(matcher.label, ""))
        for matcher in matchers
        if matcher.label not in own
    )


def _matches(matcher: Matcher, value: str) -> bool:
    """Tell whether a value may be meant; a pattern that cannot be evaluated may mean any."""
    try:
        return matcher.accepts(value)
    except PromqlError:
        return True


def _equal_labels(node: parser.Expr) -> Names:
    """Return the labels that `absent()` gives: those that its selector fixes."""
    node = bare(node)
    if not isinstance(node, parser.VectorSelector):
        return Names()
    fixed = (one.label for one in selected(node).matchers if one.operator == "=" and one.value)
    return Names(frozenset(fixed) - {_NAME})


def _is_scalar(node: parser.Expr) -> bool:
    node = bare(node)
    if isinstance(node, parser.BinaryExpr):
        return _is_scalar(node.lhs) and _is_scalar(node.rhs)
    if isinstance(node, parser.Call):
        return node.func.name in _SCALARS
    return isinstance(node, parser.NumberLiteral)
