"""Validate Alertmanager configurations: every fault at once, each with its place.

Alertmanager and its amtool tell the first fault alone. They expand no variables, so a ``${…}`` is
delivered literally wherever it stands, and they accept one as a key or an address: it is looked for
in every text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.interval_refusals import interval_refusals
from plimsoll.semantics.alertmanager.matchers import Syntax
from plimsoll.semantics.alertmanager.receiver_refusals import receiver_refusals
from plimsoll.semantics.alertmanager.route_refusals import inhibition_refusals, route_refusals
from plimsoll.semantics.schema import bundled, schema_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Document, Part, Problem

_PLACEHOLDER = re.compile(r"\$\{\s*([A-Za-z_]\w*)[^}]*\}?")


def problems(document: Document, syntax: Syntax = Syntax.FALLBACK) -> tuple[Problem, ...]:
    """Return everything for which Alertmanager refuses the file or cannot deliver."""
    found = (*_placeholder_problems(document.part()), *refusals(document, syntax))
    return tuple(dict.fromkeys(found))


def refusals(document: Document, syntax: Syntax = Syntax.FALLBACK) -> tuple[Problem, ...]:
    """Return everything for which Alertmanager refuses the file, and goes on with an older one.

    Source: the checks of its package `config`. The names of time zones are not looked up.
    """
    root = document.part()
    found = list(schema_problems(root, bundled("alertmanager_schema.json")))
    found += route_refusals(root, syntax)
    found += inhibition_refusals(root, syntax)
    found += receiver_refusals(root)
    found += interval_refusals(root)
    return tuple(dict.fromkeys(found))


def receivers(document: Document) -> tuple[str, ...]:
    """Return the names of the receivers that are defined."""
    return tuple(part["name"].text or "" for part in document.part("receivers"))


def _placeholder_problems(part: Part) -> Iterator[Problem]:
    for name in _PLACEHOLDER.findall(part.text or ""):
        yield part.problem(
            f"{part.key} holds the placeholder ${{{name}}}, which Alertmanager never expands",
            "the value itself, or a *_file option",
        )
    for inner in part:
        yield from _placeholder_problems(inner)
