"""Whether the number of series will grow: labels whose values never end.

Every value of a label is a series of its own, kept in memory and in every block
(prometheus.io/docs/practices/naming, labels). A label that holds ids or raw paths grows with the
traffic, and takes the server down long after it was deployed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from plimsoll.facts.exposition import Gravity, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.exposition import Exposition

MOST_SERIES = 10_000
"""More than any single process should export; it would fill a small server with ten of them."""

MANY = 3
"""How many values show that a label is made of such, and is not one that happens to look so."""

_MEASURED = frozenset(("le", "quantile"))
_ENDLESS = {
    "an id": re.compile(
        r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,}|\d{6,}",
        re.IGNORECASE | re.ASCII,
    ),
    "an address of a person": re.compile(r"[^@\s/]+@[^@\s/]+\.[a-z]{2,}", re.IGNORECASE),
    "a path with an id in it": re.compile(
        r"(?:https?:/)?/(?:[^/\s]*/)*(?:\d+|[0-9a-f-]{16,})(?:[/?][^\s]*)?",
        re.IGNORECASE | re.ASCII,
    ),
    "a path with a query": re.compile(r"(?:https?:/)?/[^\s?]*\?[^\s]*"),
}


def growth_problems(parsed: Exposition) -> Iterator[Problem]:
    """Yield the labels whose values look endless, and a body with too many series."""
    series = sum(len(family.samples) for family in parsed.families)
    if series > MOST_SERIES:
        message = f"{series:,} series of a single target, more than {MOST_SERIES:,}"
        yield Problem(Gravity.WARNING, message)
    for family in parsed.families:
        values: defaultdict[str, set[str]] = defaultdict(set)
        for sample in family.samples:
            for name, value in sample.labels.items():
                values[name].add(value)
        for name in sorted(values.keys() - _MEASURED):
            what = _endless(values[name])
            if what:
                message = f"{family.name}: the label {name} holds {what}, so its series never end"
                yield Problem(Gravity.WARNING, message, family.line)


def _endless(values: set[str]) -> str:
    """Return what the values of a label are, where there is no end to such; else nothing."""
    if len(values) < MANY:
        return ""
    kinds = (
        (what, sum(bool(form.fullmatch(value[:500])) for value in values))
        for what, form in _ENDLESS.items()
    )
    return next((what for what, count in kinds if count >= MANY), "")
