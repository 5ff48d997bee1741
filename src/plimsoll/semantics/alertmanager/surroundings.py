"""What Prometheus does to labels besides evaluating rules: what it attaches, and what it sends.

Source: the Prometheus configuration's `global.external_labels`, `scrape_configs` and `alerting`;
`config/config.go` for variables in external labels, which Prometheus 3 expands and 2 can.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.labels import Unknown

if TYPE_CHECKING:
    from plimsoll.facts.document import Document, Part

_ATTACHED = frozenset({"job", "instance"})
_WRITING = frozenset({"replace", "hashmod", "lowercase", "uppercase"})
_RENAMING = frozenset({"labelmap", "labeldrop", "labelkeep"})
_VARIABLE = re.compile(r"\$(?:\{[^}]*\}?|\w+|[*#@!?-])", re.ASCII)


class RelabeledError(ValueError):
    """The labels of alerts are rewritten on their way, in a manner that is not read here."""


@dataclass(frozen=True, slots=True)
class TargetLabels:
    """The labels of a job's targets: those that all have, those that some may have, no others.

    `job` is the value of that label; None where relabeling decides about it.
    """

    job: str | None
    present: frozenset[str]
    unsure: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of labels apart from the rules.

    `recorded` are the names of recording rules, `external` the labels that every alert gets which
    does not carry them, each with its value or what is known of that; `targets` the labels of the
    targets of each job, None if not known.
    """

    recorded: frozenset[str] = frozenset()
    external: tuple[tuple[str, str | Unknown], ...] = ()
    targets: tuple[TargetLabels, ...] | None = None


def surroundings(prometheus: Document | None, recorded: frozenset[str]) -> Surroundings:
    """Return what a Prometheus configuration does to labels; little is known without one.

    Raises:
        RelabeledError: it rewrites the labels of alerts.

    """
    if prometheus is None:
        return Surroundings(recorded)
    alerting = prometheus.part("alerting")
    managers = alerting["alertmanagers"]
    for part in (alerting, *managers):
        if part["alert_relabel_configs"].value:
            where = part["alert_relabel_configs"].where
            raise RelabeledError(f"{where}: the labels of alerts are rewritten, which is not read")
    external = tuple(
        (str(one.key), _external(one.text or ""))
        for one in prometheus.part("global", "external_labels")
    )
    return Surroundings(recorded, external, _targets(prometheus))


def _external(text: str) -> str | Unknown:
    """Return the value of an external label; with a dollar in it, what is known of the value.

    No file tells what a variable holds. One that is not set leaves nothing, and whether two dollars
    stand for one is for the version to say.
    """
    if "$" not in text:
        return text
    return Unknown.PRESENT if _VARIABLE.sub("", text) else Unknown.ANY


def _targets(prometheus: Document) -> tuple[TargetLabels, ...] | None:
    """Return the labels of every job's targets; None where discovery or patterns decide."""
    found = [_target_labels(job) for job in prometheus.part("scrape_configs")]
    known = tuple(one for one in found if one is not None)
    return known if found and len(known) == len(found) else None


def _target_labels(job: Part) -> TargetLabels | None:
    rules = tuple(job["relabel_configs"])
    written = [
        rule for rule in rules if rule["action"].text in _WRITING or not rule["action"].exists
    ]
    names = [rule["target_label"].text or "" for rule in written]
    if any(rule["action"].text in _RENAMING for rule in rules) or "$" in "".join(names):
        return None
    if any(str(one.key).endswith("_sd_configs") for one in job):
        return None
    groups = [{str(label.key) for label in one["labels"]} for one in job["static_configs"]]
    given = {name for name in names if name and not name.startswith("__")}
    always = set.intersection(*groups) if groups else set()
    some = set().union(*groups, given) - always - _ATTACHED
    is_job_fixed = "job" not in given and not any("job" in group for group in groups)
    name = job["job_name"].text if is_job_fixed else None
    return TargetLabels(name, frozenset(always | _ATTACHED), frozenset(some))
