"""Which labels a metric's series bear, so that the rules' selectors find them.

What all selectors ask for is met by one set of labels where that can be, else by one set for each.
Labels by which any rule groups or matches are on every series, so that it is tried in earnest.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.pattern_samples import PatternError, samples
from plimsoll.semantics.promql import PromqlError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plimsoll.semantics.promql import Matcher, Selector

Matchers = tuple["Matcher", ...]

MULTIPLE = frozenset(("job", "service", "app", "application", "component"))
"""Labels that name parts of the system: rules that list several of them count on each."""

DEFAULTS = {
    "job": "app",
    "service": "app",
    "app": "app",
    "application": "app",
    "component": "app",
    "name": "app",
    "container": "app",
    "deployment": "app",
    "namespace": "production",
    "env": "production",
    "environment": "production",
    "cluster": "main",
    "device": "/dev/vda1",
    "mountpoint": "/",
    "fstype": "ext4",
    "method": "GET",
    "path": "/",
    "route": "/",
    "handler": "/",
    "endpoint": "/",
    "datname": "app",
    "check": "database",
}
_ANYTHING = "some"
MOST_ASSIGNMENTS = 32


@dataclass(frozen=True, slots=True)
class Unsatisfiable(Exception):  # noqa: N818 (a reason that is reported, not an error of a program)
    """No label values are known that a selector accepts; `reason` says for which."""

    reason: str


def assignments(
    selectors: Sequence[Selector], special: frozenset[str]
) -> tuple[tuple[Mapping[str, str], ...], str]:
    """Return sets of labels such that every selector accepts one of them, and what was in the way.

    Args:
        selectors: those that read the metric.
        special: labels that are told elsewhere: of parts, of instances and of regions.

    A label with an empty value must be absent. The second is why a selector is left out; empty
    where none is.

    """
    groups = list(dict.fromkeys(_group(one, special) for one in selectors))
    try:
        return tuple(_solved(tuple(dict.fromkeys(m for group in groups for m in group)))), ""
    except Unsatisfiable as error:
        reason = error.reason
    found: list[Mapping[str, str]] = []
    left = ""
    for group in sorted(groups, key=len, reverse=True):
        if any(_accepted(group, labels) for labels in found):
            continue
        try:
            found.extend(_solved(group))
        except Unsatisfiable as error:
            left = error.reason
    return tuple(found), left or ("" if found else reason)


def _group(selector: Selector, special: frozenset[str]) -> Matchers:
    return tuple(m for m in selector.matchers if m.label not in special)


def _accepted(matchers: Matchers, labels: Mapping[str, str]) -> bool:
    return all(matcher.accepts(labels.get(matcher.label, "")) for matcher in matchers)


def _solved(matchers: Matchers) -> Iterator[Mapping[str, str]]:
    by_label: dict[str, list[Matcher]] = {}
    for matcher in matchers:
        by_label.setdefault(matcher.label, []).append(matcher)
    values = [values_of(label, asked) for label, asked in by_label.items()]
    for chosen in islice(product(*values), MOST_ASSIGNMENTS):
        yield dict(zip(by_label, chosen, strict=True))


def values_of(
    label: str, matchers: Sequence[Matcher], known: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return values of a label that all the matchers accept.

    One, or for a label that names parts of the system each that is listed. `known` are tried first.

    Raises:
        Unsatisfiable: none was found.

    """
    try:
        asked = tuple(dict.fromkeys(_asked(matchers)))
        tried = (*known, *asked, DEFAULTS.get(label, _ANYTHING), "other", "")
        accepted = [v for v in tried if all(matcher.accepts(v) for matcher in matchers)]
    except (PatternError, PromqlError) as error:
        raise Unsatisfiable(f"{label}: {error}") from error
    if not accepted:
        told = ", ".join(f"{m.label}{m.operator}{m.value!r}" for m in matchers)
        raise Unsatisfiable(f"no value is known for {told}")
    listed = tuple(value for value in dict.fromkeys(accepted) if value in asked and value)
    return listed if label in MULTIPLE and listed else (accepted[0],)


def _asked(matchers: Iterable[Matcher]) -> Iterator[str]:
    for matcher in matchers:
        if matcher.operator == "=":
            yield matcher.value
        elif matcher.operator == "=~":
            yield from samples(matcher.value)


def grouping_labels(selectors: Iterable[Selector]) -> frozenset[str]:
    """Return the labels by which the selectors are aggregated."""
    return frozenset(x for one in selectors for step in one.steps for x in step.by or ())
