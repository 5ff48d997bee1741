"""Rule files for a rehearsal: the same groups, rules and labels, in shorter time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part, Problem
    from plimsoll.semantics.rehearsal.time_scale import TimeScale

_KEPT_OF_GROUPS = ("name", "limit", "labels")
_KEPT_OF_RULES = ("alert", "record", "labels", "annotations")
_SPANS = ("for", "keep_firing_for")


@dataclass(frozen=True, slots=True)
class ScaledRules:
    """What a Prometheus is given, as plain data, and the rules that were left out, with why."""

    data: dict[str, Any]
    left_out: tuple[Problem, ...] = ()

    @property
    def group_names(self) -> tuple[str, ...]:
        """The groups that a Prometheus must have loaded."""
        return tuple(str(group["name"]) for group in self.data["groups"])


def scaled_rules(document: Document, scale: TimeScale) -> ScaledRules:
    """Return the rules of a file in the time of the rehearsal.

    Every group is evaluated as often as the server evaluates: how often it would be is too slow
    for a rehearsal. A rule whose expression or spans cannot be read is left out.
    """
    groups, left_out = [], []
    for group in document.part("groups"):
        rules = []
        for rule in group["rules"]:
            try:
                rules.append(_scaled(rule, scale))
            except ValueError as error:
                reason = str(error).partition("\n")[0]
                what = f"{rule['alert'].text or rule['record'].text or 'a rule'}: {reason}"
                left_out.append(rule.problem(what, "a rule that can be read"))
        kept = {key: group[key].value for key in _KEPT_OF_GROUPS if group[key].exists}
        groups.append({"name": "", **kept, "rules": rules})
    return ScaledRules({"groups": groups}, tuple(left_out))


def _scaled(rule: Part, scale: TimeScale) -> dict[str, Any]:
    kept = {key: rule[key].value for key in _KEPT_OF_RULES if rule[key].exists}
    # A number is valid PromQL, and YAML reads it as a number.
    expression = rule["expr"].text if rule["expr"].text is not None else str(rule["expr"].value)
    kept["expr"] = scale.expression(expression)
    for key in _SPANS:
        if rule[key].exists:
            kept[key] = scale.duration(rule[key].text or "")
    return kept
