"""Evaluate Prometheus' relabeling rules: which labels a target or a sample ends up with.

Source: `model/relabel/relabel.go` of Prometheus 3 and its configuration documentation. Where a
rule cannot be evaluated here, that is an error and never a guess.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.promql import patterns
from plimsoll.semantics.promql.errors import PromqlError
from plimsoll.semantics.schema import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.document import Part

Labels = dict[str, str]

_ANYTHING = "(.*)"
_WHOLE = "$1"
_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_REFERENCE = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))", re.ASCII)


class RelabelError(ValueError):
    """A rule that cannot be evaluated: Prometheus would refuse it, or it is beyond this module."""


@dataclass(frozen=True, slots=True)
class RelabelRule:
    """One rule, defaults filled in; `where` is where it is written."""

    action: str
    where: str
    source_labels: tuple[str, ...] = ()
    separator: str = ";"
    regex: str = _ANYTHING
    target_label: str = ""
    replacement: str = _WHOLE
    modulus: int = 0

    def value(self, labels: Mapping[str, str]) -> str:
        """Return the source labels' values, joined."""
        return self.separator.join(labels.get(name, "") for name in self.source_labels)


def relabel_rules(part: Part) -> tuple[RelabelRule, ...]:
    """Return the rules of `relabel_configs` or `metric_relabel_configs`, in their order."""
    return tuple(_rule(item) for item in part if isinstance(item.value, dict))


def relabeled(labels: Mapping[str, str], rules: tuple[RelabelRule, ...]) -> Labels | None:
    """Return the labels after every rule; None where one drops what bears them.

    A label with an empty value is no label.

    Raises:
        RelabelError: a rule's action or pattern cannot be evaluated.

    """
    found = dict(labels)
    for rule in rules:
        action = _ACTIONS.get(rule.action)
        if action is None:
            raise RelabelError(f"{rule.where}: {shown(rule.action)} is no action of relabeling")
        after = action(found, rule)
        if after is None:
            return None
        found = {name: value for name, value in after.items() if value}
    return found


def matches(pattern: str, value: str) -> re.Match[str] | None:
    """Match a whole value with an anchored pattern, as Prometheus does.

    Raises:
        RelabelError: the pattern is broken, or would take too long on this value.

    """
    try:
        return patterns.pattern(pattern, dot_matches_newline=True).match(value)
    except PromqlError as error:
        raise RelabelError(str(error)) from error


def expanded(template: str, match: re.Match[str]) -> str:
    """Fill in `$1`, `${1}`, `$name` and `$$` as Go does: a group that is not there is empty."""

    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        key: int | str = int(name) if name.isdigit() and len(name) < len("1000") else name
        try:
            return match[key] or ""
        except IndexError:
            return ""

    return _REFERENCE.sub(group, template)


def _rule(part: Part) -> RelabelRule:
    separator, regex = _scalar(part["separator"]), _scalar(part["regex"])
    replacement = _scalar(part["replacement"])
    return RelabelRule(
        action=(_scalar(part["action"]) or "replace").lower(),
        where=part.where,
        source_labels=tuple(item.text for item in part["source_labels"] if item.text),
        separator=";" if separator is None else separator,
        regex=_ANYTHING if regex is None else regex,
        target_label=part["target_label"].text or "",
        replacement=_WHOLE if replacement is None else replacement,
        modulus=part["modulus"].integer or 0,
    )


def _scalar(part: Part) -> str | None:
    if isinstance(part.value, bool):
        return str(part.value).lower()
    return str(part.value) if isinstance(part.value, str | int | float) else None


def _replace(labels: Labels, rule: RelabelRule) -> Labels:
    match = matches(rule.regex, rule.value(labels))
    if match is None:
        return labels
    target = expanded(rule.target_label, match)
    if not _LABEL_NAME.fullmatch(target):
        return labels
    return {**labels, target: expanded(rule.replacement, match)}


def _keep(labels: Labels, rule: RelabelRule) -> Labels | None:
    return labels if matches(rule.regex, rule.value(labels)) else None


def _drop(labels: Labels, rule: RelabelRule) -> Labels | None:
    return None if matches(rule.regex, rule.value(labels)) else labels


def _keepequal(labels: Labels, rule: RelabelRule) -> Labels | None:
    return labels if labels.get(rule.target_label, "") == rule.value(labels) else None


def _dropequal(labels: Labels, rule: RelabelRule) -> Labels | None:
    return None if labels.get(rule.target_label, "") == rule.value(labels) else labels


def _hashmod(labels: Labels, rule: RelabelRule) -> Labels:
    if rule.modulus <= 0:
        raise RelabelError(f"{rule.where}: hashmod without a modulus")
    digest = hashlib.md5(rule.value(labels).encode("utf-8", "replace"), usedforsecurity=False)
    number = int.from_bytes(digest.digest()[8:], "big") % rule.modulus
    return {**labels, rule.target_label: str(number)}


def _labelmap(labels: Labels, rule: RelabelRule) -> Labels:
    found = dict(labels)
    for name, value in sorted(labels.items()):
        match = matches(rule.regex, name)
        if match is not None:
            found[expanded(rule.replacement, match)] = value
    return found


def _labeldrop(labels: Labels, rule: RelabelRule) -> Labels:
    return {name: value for name, value in labels.items() if not matches(rule.regex, name)}


def _labelkeep(labels: Labels, rule: RelabelRule) -> Labels:
    return {name: value for name, value in labels.items() if matches(rule.regex, name)}


def _lowercase(labels: Labels, rule: RelabelRule) -> Labels:
    return {**labels, rule.target_label: rule.value(labels).lower()}


def _uppercase(labels: Labels, rule: RelabelRule) -> Labels:
    return {**labels, rule.target_label: rule.value(labels).upper()}


_ACTIONS = {
    "replace": _replace,
    "keep": _keep,
    "drop": _drop,
    "keepequal": _keepequal,
    "dropequal": _dropequal,
    "hashmod": _hashmod,
    "labelmap": _labelmap,
    "labeldrop": _labeldrop,
    "labelkeep": _labelkeep,
    "lowercase": _lowercase,
    "uppercase": _uppercase,
}
