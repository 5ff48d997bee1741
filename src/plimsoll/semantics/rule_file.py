"""Read and validate Prometheus rule files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.duration import prometheus_seconds
from plimsoll.semantics.promql import PromqlError, parse
from plimsoll.semantics.schema import bundled, schema_problems, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Document, Part, Problem

_METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*", re.ASCII)
_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_RENAMED = re.compile(r"\bholt_winters\b")


def alert_rules(document: Document) -> tuple[AlertRule, ...]:
    """Return the alerting rules; one without a name or an expression is a problem, not a rule."""
    return tuple(
        AlertRule(
            name=name,
            expression=expression,
            group=str(group["name"].value),
            where=rule.where,
            for_seconds=_seconds(rule["for"]),
            keep_firing_for_seconds=_seconds(rule["keep_firing_for"]),
            interval_seconds=_seconds(group["interval"]),
            labels={**_texts(group["labels"]), **_texts(rule["labels"])},
            annotations=_texts(rule["annotations"]),
            offset_seconds=_seconds(group["query_offset"]),
            limit=group["limit"].integer or 0,
        )
        for group, rule in _rules(document)
        if (name := rule["alert"].text) and (expression := rule["expr"].text)
    )


def recording_rules(document: Document) -> tuple[RecordingRule, ...]:
    """Return the recording rules."""
    return tuple(
        RecordingRule(
            name=name,
            expression=expression,
            group=str(group["name"].value),
            where=rule.where,
            labels={**_texts(group["labels"]), **_texts(rule["labels"])},
            interval_seconds=_seconds(group["interval"]),
            offset_seconds=_seconds(group["query_offset"]),
            limit=group["limit"].integer or 0,
        )
        for group, rule in _rules(document)
        if (name := rule["record"].text) and (expression := rule["expr"].text)
    )


def problems(document: Document) -> tuple[Problem, ...]:
    """Return everything for which Prometheus refuses the file, and rules given twice."""
    found = list(schema_problems(document.part(), bundled("rule_file_schema.json")))
    names: dict[str, str] = {}
    for group in document.part("groups"):
        found += _duration_problems(group, ("interval", "query_offset"))
        name = group["name"].text
        if name in names:
            what = f"group {name} is given twice, first at {names[name]}"
            found.append(group["name"].problem(what, "each group name once"))
        elif name is not None:
            names[name] = group.where
    for _, rule in _rules(document):
        found += _rule_problems(rule)
    return tuple(dict.fromkeys(found))


def _rules(document: Document) -> Iterator[tuple[Part, Part]]:
    for group in document.part("groups"):
        for rule in group["rules"]:
            yield group, rule


def _rule_problems(rule: Part) -> Iterator[Problem]:
    alert, record = rule["alert"].text, rule["record"].text
    if not isinstance(rule.value, dict):
        return
    if bool(alert) == bool(record):
        yield rule.problem("the rule has not exactly one of alert and record", "one of the two")
    if record and not _METRIC_NAME.fullmatch(record):
        yield rule["record"].problem(f"{shown(record)} is not a metric name", "a metric name")
    if record:
        for field in ("for", "keep_firing_for", "annotations"):
            if rule[field].exists:
                yield rule[field].problem(f"a recording rule has {field}", "none")
    yield from _duration_problems(rule, ("for", "keep_firing_for"))
    yield from _expression_problems(rule["expr"], alert or record or "the rule")
    for label in rule["labels"]:
        if not _LABEL_NAME.fullmatch(str(label.key)) or label.key == "__name__":
            yield label.problem(f"{shown(label.key)} is not a label name", "a label name")


def _expression_problems(part: Part, name: str) -> Iterator[Problem]:
    if part.text is None:
        return
    if not part.text.strip():
        yield part.problem(f"{name} has an empty expression", "an expression")
        return
    try:
        parse(_RENAMED.sub("double_exponential_smoothing", part.text))
    except PromqlError as error:
        reason = str(error).partition("\n")[0]
        yield part.problem(f"the expression of {name} does not parse: {reason}", "valid PromQL")


def _duration_problems(part: Part, fields: tuple[str, ...]) -> Iterator[Problem]:
    for field in fields:
        text = part[field].text
        if text is not None and prometheus_seconds(text) is None:
            yield part[field].problem(f"{field} is {shown(text)}", "a duration such as 5m")


def _seconds(part: Part) -> float | None:
    return prometheus_seconds(part.text) if part.text is not None else None


def _texts(part: Part) -> dict[str, str]:
    return {str(item.key): item.text for item in part if item.text is not None}
