"""What alerts and panels ask for that nobody exports or attaches, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.exposure.deployment import Standing
from plimsoll.semantics.exposure.labelling import Labelling
from plimsoll.semantics.exposure.liveness import Liveness, metrics_read
from plimsoll.semantics.promql.errors import PromqlError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.semantics.exposure.deployment import Deployment
    from plimsoll.semantics.exposure.questions import Question

_EXPORTED = "a scraped target that exposes it"
_ATTACHED = "a label that is attached or exposed"
_CONSEQUENCES = {
    Standing.NOBODY: ", so it can never fire",
    Standing.UNKNOWN: "",
    Standing.EXPORTED: ", so a part of it has nothing to go by",
}
_MOST_NAMED = 12


@dataclass(slots=True)
class Findings:
    """What was judged, what is wrong with each, and what could not be judged.

    Attributes:
        judged: what asks (an alert, a panel) → what is wrong with it.
        dead: the alerts that can never fire.
        doubts: reason → what could not be judged for it.
        untested: whether every doubt is there only because nobody looked.

    """

    judged: dict[str, list[Problem]] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    untested: bool = True

    @property
    def doubt(self) -> str:
        """Return what could not be judged, and why; empty where everything was."""
        found = (f"{_listed(names)} cannot be judged: {why}" for why, names in self.doubts.items())
        return "; ".join(found)

    def add(self, title: str, problems: Iterable[Problem]) -> None:
        """Remember that something was judged, and what is wrong with it."""
        known = self.judged.setdefault(title, [])
        known += [one for one in dict.fromkeys(problems) if one not in known]

    def leave_open(self, what: str, reason: str, *, untested: bool = False) -> None:
        """Remember that something could not be judged."""
        names = self.doubts.setdefault(reason, [])
        if what not in names:
            names.append(what)
        self.untested = self.untested and untested


def metric_findings(questions: Iterable[Question], deployment: Deployment) -> Findings:
    """Return which of the metrics that are asked for nobody exports; recordings are followed."""
    liveness, found = Liveness(deployment), Findings()
    for question in questions:
        try:
            standing = liveness.standing(question.expression)
        except PromqlError as error:
            found.leave_open(question.name, _unread(error))
            continue
        if question.kind == "alert" and standing is Standing.NOBODY:
            found.dead.append(question.name)
        found.add(question.title, _absences(question, standing, liveness, found))
    return found


def label_findings(questions: Iterable[Question], deployment: Deployment) -> Findings:
    """Return which of the labels that are relied on no series has.

    Where variables stand in a query, the values that labels are compared with are not judged. What
    nobody exports has no labels to speak of: that is found elsewhere.
    """
    labelling, found = Labelling(deployment, Liveness(deployment)), Findings()
    for question in questions:
        try:
            reading = labelling.of(question.expression, with_values=not question.has_variables)
        except PromqlError as error:
            found.leave_open(question.name, _unread(error))
            continue
        doubts = list(reading.doubts)
        for label in question.template_labels:
            doubts += ((label, unseen) for unseen in reading.names.doubts(label))
        for label, unseen in doubts:
            what = f"the label {label} of {question.title}"
            found.leave_open(what, unseen.reason, untested=unseen.untested)
        templates = (
            f"the templates read the label {label}, which no answer of the expression has"
            for label in question.template_labels
            if reading.names.lacks(label)
        )
        foreign = (
            f"the templates read the external label {label}, which is not declared"
            for label in question.external_labels
            if label not in deployment.external_labels
        )
        lacks = (*reading.lacks, *templates, *foreign)
        found.add(question.title, (Problem(question.where, one, _ATTACHED) for one in lacks))
    return found


def _absences(
    question: Question, standing: Standing, liveness: Liveness, found: Findings
) -> Iterator[Problem]:
    consequence = _CONSEQUENCES[standing] if question.kind == "alert" else ""
    for metric in metrics_read(question.expression):
        came = liveness.provenance(metric)
        if came.standing is Standing.UNKNOWN:
            found.leave_open(metric or question.name, came.reason, untested=came.untested)
        elif came.standing is Standing.NOBODY:
            what = f"{metric} is exported by nobody ({came.reason}){consequence}"
            yield Problem(question.where, what, _EXPORTED)


def _unread(error: PromqlError) -> str:
    reason = str(error).partition("\n")[0]
    return f"its expression cannot be read ({reason})"


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
