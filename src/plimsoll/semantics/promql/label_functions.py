"""Functions that change labels: `label_replace` and `label_join`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.promql.columns import Column
from plimsoll.semantics.promql.errors import EvaluationError
from plimsoll.semantics.promql.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plimsoll.semantics.promql.dialect import Dialect

_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})", re.ASCII)


def label_replaced(
    columns: Iterable[Column], texts: Sequence[str], dialect: Dialect
) -> list[Column]:
    """Answer `label_replace`; `texts` are the target, the replacement, the source, the pattern.

    Raises:
        EvaluationError: the target is no label name.
        UnsupportedError: the pattern cannot be evaluated.

    """
    target, replacement, source, expression = texts
    _require_label(target)
    read = pattern(expression, dot_matches_newline=dialect.dot_matches_newline)
    found = []
    for column in columns:
        match = read.match(column.labels.get(source, ""))
        labels = column.labels
        if match is not None:
            labels = _with(labels, target, _expanded(replacement, match))
        found.append(Column(labels, column.values))
    return found


def label_joined(columns: Iterable[Column], texts: Sequence[str]) -> list[Column]:
    """Answer `label_join`; `texts` are the target, the separator and the sources.

    Raises:
        EvaluationError: a name is no label name.

    """
    target, separator, *sources = texts
    for name in (target, *sources):
        _require_label(name)
    return [
        Column(
            _with(
                column.labels,
                target,
                separator.join(column.labels.get(source, "") for source in sources),
            ),
            column.values,
        )
        for column in columns
    ]


def _require_label(name: str) -> None:
    if not _LABEL_NAME.fullmatch(name):
        raise EvaluationError(f"{name!r} is not a label name")


def _with(labels: Mapping[str, str], label: str, value: str) -> Mapping[str, str]:
    """Return the labels with one set; an empty value takes it away."""
    changed = {name: text for name, text in labels.items() if name != label}
    if value:
        changed[label] = value
    return changed


def _expanded(replacement: str, match: re.Match[str]) -> str:
    """Fill in `$1`, `${1}`, `$name` and `$$` as Go does; an unknown group is empty."""

    def filled(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        key: int | str = int(name) if name.isdigit() else name
        try:
            return match[key] or ""
        except IndexError:
            return ""

    return _REFERENCE.sub(filled, replacement)
