"""Whether what fires gets through: past the inhibition by what else fires then, to its channels.

Judged are the very alerts that fired in the trial, with the labels that they had, beside everything
else that fired with them. Labels of single rules are made up rule by rule, so that what is `equal`
in two alerts is so where both stand for the same thing. To whom they are routed must not hang on
what is made up: of every label that real alerts of the rule bear, only what the rule says is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.alerting.accounts import Outcome
from plimsoll.semantics.alerting.certainty import why_open
from plimsoll.semantics.alerting.demands import QUIET_SCENARIOS
from plimsoll.semantics.alerting.proof import AFTERWARDS_SECONDS
from plimsoll.semantics.alerting.reaction import reaction, reads_any
from plimsoll.semantics.alertmanager.delivery import gaps, uncertain_gaps, ways
from plimsoll.semantics.alertmanager.inhibition import InhibitRule, inhibit_rules, mutes
from plimsoll.semantics.alertmanager.labels import LabelSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plimsoll.environment import alerting_model
    from plimsoll.facts.document import Document
    from plimsoll.semantics.alerting.accounts import Proof
    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.watches import Watch
    from plimsoll.semantics.alertmanager.matchers import Syntax

Labels = dict[str, str]


class NothingFiresError(ValueError):
    """No alert fires that could be delivered, or it is not known whether one does."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How alerts are delivered: Alertmanager's configuration, and what is declared of it.

    `shapes` are what is known of the labels of real alerts, by their names; of a name that is not
    there, the labels are taken for what they were in the trial.
    """

    config: Document
    syntax: Syntax
    route: alerting_model.Route
    may_be_muted_by: Mapping[str, Sequence[str]]
    external: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, Sequence[LabelSet]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Muted:
    name: str
    by: str
    where: str


def obstacles(
    proof: Proof, rules: Sequence[Watch], setting: Setting, delivery: Delivery
) -> tuple[Problem, ...]:
    """Return what keeps the required alert from its channels in the clearest case; none if nothing.

    Raises:
        NothingFiresError: the rules raise no alert that could be delivered, or one that may reach
            others than in the trial.
        InhibitionError, RoutingError, UnclearMatcherError: where it goes cannot be told.

    """
    account = proof.accounts[0]
    if account.outcome is not Outcome.FIRES:
        reason = f"in {account.trial} no alert fires that could be delivered"
        raise NothingFiresError(reason)
    moment = float(proof.required.within_seconds)
    covering = {heard.watch.name for heard in account.by}
    firing = list(_firing(rules, proof, setting, moment, delivery.external))
    wanted = [
        labels
        for labels in firing
        if labels["alertname"] in covering and labels.get("severity") == proof.required.severity
    ]
    if not wanted:
        reason = f"in {account.trial} no alert fires after {moment:g} s that could be delivered"
        raise NothingFiresError(reason)
    muted = [(labels, _muted(labels, firing, delivery)) for labels in wanted]
    heard = [labels for labels, by in muted if by is None]
    if not heard:
        return tuple(
            dict.fromkeys(
                Problem(by.where, f"{by.name} is muted by {by.by}", "an alert that is heard")
                for _, by in muted
                if by is not None
            )
        )
    doubt = _may_mute(rules, proof, setting, heard, delivery)
    if doubt:
        raise NothingFiresError(doubt)
    missing = [(tuple(_missing(labels, delivery)), labels) for labels in heard]
    arriving = [labels for problems, labels in missing if not problems]
    doubts = [_hangs_on_more(labels, delivery) for labels in arriving]
    if doubts and all(doubts):
        raise NothingFiresError(doubts[0])
    return min((problems for problems, _ in missing), key=len)


def _firing(
    rules: Sequence[Watch],
    proof: Proof,
    setting: Setting,
    moment: float,
    external: Mapping[str, str],
) -> Iterator[Labels]:
    """Yield the labels of every alert that fires at a moment of the clearest case."""
    for watch, lived, until in _lived(rules, proof, setting):
        for one in reaction(watch, lived, until, setting).firings:
            if one.fires_at(moment):
                yield {**external, **dict(one.labels)}


def _lived(
    rules: Sequence[Watch], proof: Proof, setting: Setting
) -> Iterator[tuple[Watch, Scenario, float]]:
    """Yield each rule with what it lives through in the clearest case, and until when.

    One that reads nothing of the fault does what it does on a healthy system.
    """
    scenario = proof.accounts[0].trial.scenario
    until = proof.required.within_seconds + AFTERWARDS_SECONDS
    for watch in rules:
        struck = reads_any(watch, scenario.touches, setting)
        yield watch, scenario if struck else QUIET_SCENARIOS[0], until


def _may_mute(
    rules: Sequence[Watch],
    proof: Proof,
    setting: Setting,
    heard: Sequence[Labels],
    delivery: Delivery,
) -> str:
    """Return why it is not known whether anything mutes what is heard; empty where something is.

    That is a rule of which nothing is known, whose alerts would mute all that is heard if they
    bore the labels of those that they would mute.
    """
    for watch, lived, until in _lived(rules, proof, setting):
        seen = reaction(watch, lived, until, setting)
        reason = seen.unknown or ("" if seen.firings else why_open(watch, setting))
        if reason and all(_would_mute(watch, labels, delivery) for labels in heard):
            return f"{watch.name} ({watch.where}) may mute it, and is not known: {reason}"
    return ""


def _would_mute(watch: Watch, labels: Labels, delivery: Delivery) -> bool:
    other = {**labels, "severity": "", "alertname": watch.name, **dict(watch.labels)}
    if watch.name in delivery.may_be_muted_by.get(labels["alertname"], ()):
        return False
    found = inhibit_rules(delivery.config, delivery.syntax)
    return other != labels and any(mutes(rule, other, labels) for rule in found)


def _muted(labels: Labels, firing: Sequence[Labels], delivery: Delivery) -> _Muted | None:
    """Return by what an alert is muted, unless that is meant and is heard itself."""
    for rule in inhibit_rules(delivery.config, delivery.syntax):
        for other in firing:
            if other is labels or not mutes(rule, other, labels):
                continue
            if not _is_meant(rule, other, labels, firing, delivery):
                return _Muted(labels["alertname"], other["alertname"], rule.where)
    return None


def _is_meant(
    rule: InhibitRule,
    muting: Labels,
    muted: Labels,
    firing: Sequence[Labels],
    delivery: Delivery,
) -> bool:
    allowed = delivery.may_be_muted_by.get(muted["alertname"], ())
    if muting["alertname"] not in allowed:
        return False
    return not any(mutes(rule, other, muting) for other in firing if other is not muting)


def _hangs_on_more(labels: Labels, delivery: Delivery) -> str:
    """Return why an alert that arrives in the trial may not arrive; empty where it surely does.

    In the trial it bears values that are made up, of labels by which it may be routed.
    """
    name, severity = labels["alertname"], labels.get("severity", "")
    shapes = delivery.shapes.get(name)
    if shapes is None:
        return ""
    meant = [one for one in shapes if one.united(LabelSet(labels, is_open=True))]
    for shape in meant:
        found = ways(delivery.config, shape.having("severity", severity), delivery.syntax)
        for told in (gaps, uncertain_gaps):
            for what, problem in told(name, found, delivery.route):
                return f"that it arrives hangs on more than is known: {what}: {problem.what}"
    return "" if meant else f"what labels {name} bears is not known"


def _missing(labels: Labels, delivery: Delivery) -> Iterator[Problem]:
    found = ways(delivery.config, LabelSet(labels), delivery.syntax)
    for what, problem in gaps(labels["alertname"], found, delivery.route):
        yield Problem(problem.where, f"{what}: {problem.what}", problem.expected)
