"""Whether an expression can ever answer, given who exports what it reads.

Three answers, never merged: it can (as far as names tell), it never can, it is not known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.exposure.deployment import Provenance, Standing
from plimsoll.semantics.promql.errors import PromqlError
from plimsoll.semantics.promql.selection import parse, selected, selectors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.alert_rule import RecordingRule
    from plimsoll.semantics.exposure.deployment import Deployment

_WITHOUT_DATA = frozenset(("absent", "absent_over_time", "scalar", "vector", "time", "pi"))
"""What answers even where its argument has no series."""

_LONGEST_CHAIN = 20
_UNNAMED = "a selector that fixes no metric may read anything"
_BY_MEANING = (Standing.NOBODY, Standing.UNKNOWN, Standing.EXPORTED)


class Liveness:
    """Follows metrics through recording rules to who exports them; remembers what it found."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._known: dict[str, Provenance] = {}
        self._chain: list[str] = []

    def provenance(self, metric: str | None) -> Provenance:
        """Return where a metric comes from, recording rules followed to what they read."""
        if metric is None:
            return Provenance(Standing.UNKNOWN, _UNNAMED)
        if metric not in self._known:
            if metric in self._chain or len(self._chain) >= _LONGEST_CHAIN:
                return Provenance(Standing.UNKNOWN, f"{metric} is recorded from itself")
            self._chain.append(metric)
            self._known[metric] = self._followed(metric)
            self._chain.pop()
        return self._known[metric]

    def standing(self, expression: str) -> Standing:
        """Return whether an expression can answer.

        Raises:
            PromqlError: Prometheus would refuse it, or it cannot be read here.

        """
        return self._answers(parse(expression))

    def _followed(self, metric: str) -> Provenance:
        found = self._deployment.provenance(metric)
        if found.sources or not found.recordings:
            return found
        standings = [self._recorded(rule) for rule in found.recordings]
        best = max(standings, key=_BY_MEANING.index)
        if best is Standing.EXPORTED:
            return found
        rules = found.recordings
        where = " and ".join(rule.where for rule in rules)
        sources = [
            self.provenance(name) for rule in rules for name in metrics_read(rule.expression)
        ]
        poor = [one for one in sources if one.standing is best]
        reasons = "; ".join(dict.fromkeys(one.reason for one in poor if one.reason))
        untested = bool(poor) and all(one.untested for one in poor)
        reason = f"it is recorded at {where}: {reasons or 'its expression cannot be read'}"
        return replace(found, standing=best, reason=reason, untested=untested)

    def _recorded(self, rule: RecordingRule) -> Standing:
        try:
            return self.standing(rule.expression)
        except PromqlError:
            return Standing.UNKNOWN

    def _answers(self, node: parser.Expr) -> Standing:
        node = bare(node)
        if isinstance(node, parser.VectorSelector):
            return self.provenance(selected(node).metric).standing
        if isinstance(node, parser.AggregateExpr):
            return self._all((node.expr, node.param) if node.param is not None else (node.expr,))
        if isinstance(node, parser.Call):
            is_sure = node.func.name in _WITHOUT_DATA
            return Standing.EXPORTED if is_sure else self._all(node.args)
        if isinstance(node, parser.BinaryExpr):
            return self._binary(node)
        return Standing.EXPORTED

    def _binary(self, node: parser.BinaryExpr) -> Standing:
        operator = str(node.op).strip()
        if operator == "unless":
            return self._answers(node.lhs)
        both = (self._answers(node.lhs), self._answers(node.rhs))
        return (max if operator == "or" else min)(both, key=_BY_MEANING.index)

    def _all(self, nodes: Iterable[parser.Expr]) -> Standing:
        found = [self._answers(node) for node in nodes]
        return min(found, key=_BY_MEANING.index, default=Standing.EXPORTED)


def bare(node: parser.Expr) -> parser.Expr:
    """Return what stands inside of brackets, signs and ranges, which change no labels."""
    while True:
        if isinstance(node, parser.ParenExpr | parser.UnaryExpr | parser.SubqueryExpr):
            node = node.expr
        elif isinstance(node, parser.MatrixSelector):
            node = node.vector_selector
        else:
            return node


def metrics_read(expression: str) -> tuple[str | None, ...]:
    """Return the metrics an expression reads, each once; None for a selector that fixes none.

    An expression that cannot be read gives none.
    """
    try:
        return tuple(dict.fromkeys(selector.metric for selector in selectors(expression)))
    except PromqlError:
        return ()
