"""The templates that messages name: one that nobody defines is an error for each message.

Source: `template/default.tmpl` of Alertmanager, and Go's `text/template`: the configuration loads,
and whatever it has to tell then fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.facts.document import Part

_NAMED = re.compile(r"\{\{-?\s*template\s+(?:\"([^\"]+)\"|`([^`]+)`)")
_DEFINED = re.compile(r"\{\{-?\s*(?:define|block)\s+(?:\"([^\"]+)\"|`([^`]+)`)")
_COMMENT = re.compile(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}", re.DOTALL)
_OWN = {
    "slack": "title username fallback callbackid pretext titlelink iconemoji iconurl text footer",
    "email": "subject html",
    "pagerduty": "description client clientURL instances",
}
_SHARED = frozenset(
    (
        "__alertmanager",
        "__alertmanagerURL",
        "__subject",
        "__description",
        "__text_alert_list",
        "__text_alert_list_markdown",
    )
)


@dataclass(frozen=True, slots=True)
class NamedTemplate:
    """A template that a message names, and where."""

    name: str
    where: str


@dataclass(frozen=True, slots=True)
class DefinedTemplates:
    """The templates that files define; `are_all` tells whether every file was read."""

    names: frozenset[str]
    are_all: bool = True


def named_templates(entry: Part) -> tuple[NamedTemplate, ...]:
    """Return the templates that a channel names and neither it nor Alertmanager itself defines."""
    return tuple(dict.fromkeys(_named(entry)))


def defined_templates(texts: Iterable[str]) -> frozenset[str]:
    """Return the names of the templates that files define."""
    return frozenset(name for text in texts for name in _found(_DEFINED, text))


def _named(part: Part) -> Iterator[NamedTemplate]:
    if part.text is not None:
        inline = set(_found(_DEFINED, part.text))
        for name in _found(_NAMED, part.text):
            if name not in inline and not _is_built_in(name):
                yield NamedTemplate(name, part.where)
        return
    for inner in part:
        yield from _named(inner)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(_COMMENT.sub("", text)):
        yield match[1] or match[2]


def _is_built_in(name: str) -> bool:
    """Tell whether Alertmanager brings a template; of rarer channels, all `default` ones count."""
    kind, is_default, rest = name.partition(".default.")
    if not is_default:
        return name in _SHARED
    return rest in _OWN[kind].split() if kind in _OWN else True
