"""Whether rules do what is required of an alert, told trial by trial.

Every rule whose metrics tell of the fault is tried. What counts is what fires, how severe, from
when and for how long; names and texts of rules count for nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.accounts import Account, Heard, Outcome, Proof
from plimsoll.semantics.alerting.certainty import certain_reaction, in_quiet, why_open
from plimsoll.semantics.alerting.conditions import facts_of
from plimsoll.semantics.alerting.demands import QUIET_SCENARIOS, Duty, Trial, lesser, trials
from plimsoll.semantics.alerting.elsewhere import alone, elsewhere
from plimsoll.semantics.alerting.kinship import may_tell
from plimsoll.semantics.alerting.reaction import (
    Firing,
    Reaction,
    in_logic,
    reads_any,
    step_seconds,
    synthesis_of,
)
from plimsoll.semantics.alerting.trial_record import key_of
from plimsoll.semantics.alerting.untried import reads_state, why_untried
from plimsoll.semantics.alerting.watches import may_bear

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.environment.alerting_model import RequiredAlert
    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.watches import Watch

AFTERWARDS_SECONDS = 420.0
"""How long a fault lasts beyond the time by which it must be told: the alert must last as well."""
NOTHING_CONFIRMED: frozenset[tuple[str, str]] = frozenset()
_HEALTHY = QUIET_SCENARIOS[0]
_STEPS = frozenset({"clear", "extreme", "edge", "below"})
"""The trials that differ in nothing but how much of the condition there is."""
_NOT_DEPLOYED = frozenset({"edge", "below", "spike"})
"""What is tried on the logic alone: where buckets and windows are coarse, edges tell nothing."""


def prove(
    required: RequiredAlert,
    rules: Iterable[Watch],
    setting: Setting,
    confirmed: frozenset[tuple[str, str]] = NOTHING_CONFIRMED,
) -> Proof:
    """Try the rules in every trial that the required alert asks for.

    `confirmed` are the rules and scenarios in which another engine saw what is owed; it counts
    where our own cannot tell.
    """
    return _proof(required, tuple(rules), setting, confirmed)


@lru_cache(maxsize=512)
def _proof(
    required: RequiredAlert,
    rules: tuple[Watch, ...],
    setting: Setting,
    confirmed: frozenset[tuple[str, str]],
) -> Proof:
    tried = [
        trial
        for trial in trials(required)
        if setting.deployment is None or trial.kind not in _NOT_DEPLOYED
    ]
    kin = [watch for watch in rules if _is_kin(watch, required, setting)]
    accounts = [_account(required, trial, kin, setting, confirmed) for trial in tried]
    if setting.deployment is not None:
        beyond = elsewhere(required, _telling(required, accounts, setting), setting)
        accounts += [_account(required, trial, kin, setting, confirmed) for trial in beyond]
    strange = (one for one in rules if one not in kin and may_bear(one, required.severity))
    beside = tuple(one for one in strange if synthesis_of(one, in_logic(setting)).unknown)
    return Proof(required, tuple(accounts), beside)


def _telling(
    required: RequiredAlert, accounts: Sequence[Account], setting: Setting
) -> tuple[Watch, ...]:
    """Return the rules that told of the clearest case; of what befalls single instances, alone.

    Which instance was struck is not the matter: another rule may be about another one.
    """
    told = tuple(heard.watch for heard in accounts[0].by)
    single = next((one for one in accounts if one.trial.kind == "one instance"), None)
    if single is None:
        return told
    already = [heard.watch for heard in single.by]
    tells = (
        watch in already
        or any(
            _account(required, trial, [watch], setting, NOTHING_CONFIRMED).by
            for trial in alone(required, watch, setting)
        )
        for watch in told
    )
    return tuple(watch for watch, is_one in zip(told, tells, strict=True) if is_one)


def effective_bound(
    proof: Proof, rules: Sequence[Watch], setting: Setting
) -> tuple[float, float] | None:
    """Return between which magnitudes the alert begins to fire; None where that is not known.

    The lower is the greatest that is silent, nought where all fire; the upper the least that fires.
    """
    required = proof.required
    kin = [watch for watch in rules if _is_kin(watch, required, setting)]
    tried = [
        *(one for one in proof.accounts if one.trial.kind in _STEPS and one.trial.magnitude),
        *(_account(required, one, kin, setting, NOTHING_CONFIRMED) for one in lesser(required)),
    ]
    fires = [one.trial.magnitude or 0.0 for one in tried if one.by]
    if not fires or any(one.unknown for one in tried):
        return None
    silent = [one.trial.magnitude or 0.0 for one in tried if not one.by]
    return max((one for one in silent if one < min(fires)), default=0.0), min(fires)


def always_firing(
    rules: Iterable[Watch], setting: Setting, scenarios: Sequence[Scenario] = QUIET_SCENARIOS
) -> Iterator[tuple[Watch, Scenario, Reaction]]:
    """Yield the rules that fire, or of which it is unknown, although nothing is wrong."""
    for watch in rules:
        seen = [(one, in_quiet(watch, one, _quiet_until(watch), setting)) for one in scenarios]
        told = next((pair for pair in seen if pair[1].firings), None)
        told = told or next((pair for pair in seen if pair[1].unknown), None)
        if told is not None:
            yield watch, *told


def _quiet_until(watch: Watch) -> float:
    return watch.for_seconds + AFTERWARDS_SECONDS


def _is_kin(watch: Watch, required: RequiredAlert, setting: Setting) -> bool:
    """Whether a rule reads anything of the fault, or may: who knows what is not understood."""
    if reads_state(watch) or reads_any(watch, facts_of(required.condition), setting):
        return True
    unknown = synthesis_of(watch, in_logic(setting)).unknown
    return any(may_tell(metric, required.condition) for metric in unknown)


def _account(
    required: RequiredAlert,
    trial: Trial,
    kin: Iterable[Watch],
    setting: Setting,
    confirmed: frozenset[tuple[str, str]],
) -> Account:
    until = required.within_seconds + AFTERWARDS_SECONDS
    by, otherwise, silent, unknown = [], [], [], []
    for watch in kin:
        seen = certain_reaction(watch, trial.scenario, until, setting)
        if seen.unknown and _is_confirmed(watch, trial, setting, confirmed):
            seen = _as_owed(watch, trial, required)
        reason = seen.unknown or _not_understood(watch, required, setting, seen)
        told = seen.of_severity(required.severity)
        if reason:
            if may_bear(watch, required.severity):
                unknown.append((watch, reason))
        elif not seen.firings:
            silent.append(watch)
        elif told.firings and not _fires_in_health(watch, required.severity, setting):
            by.append(Heard(watch, told))
        else:
            otherwise.append(Heard(watch, seen))
    by.sort(key=lambda heard: heard.reaction.first)
    outcome = _outcome(required, trial, by, step=_coarsest(by, setting))
    if unknown and outcome in {Outcome.MISSED, Outcome.LATE, Outcome.RESOLVES, Outcome.SILENT}:
        outcome = Outcome.UNKNOWN
    return Account(trial, outcome, tuple(by), tuple(otherwise), tuple(silent), tuple(unknown))


def _is_confirmed(
    watch: Watch, trial: Trial, setting: Setting, confirmed: frozenset[tuple[str, str]]
) -> bool:
    """Tell whether another engine saw it do what is owed, with all that it reads."""
    seen = (key_of(watch), trial.scenario.name) in confirmed
    return seen and not (why_open(watch, setting) or why_untried(watch, setting))


def _as_owed(watch: Watch, trial: Trial, required: RequiredAlert) -> Reaction:
    """Return what a rule does where another engine confirmed that it does what is owed."""
    if trial.duty is not Duty.FIRE:
        return Reaction()
    within = float(required.within_seconds)
    labels = tuple(sorted({**dict(watch.labels), "alertname": watch.name}.items()))
    return Reaction((Firing(labels, ((within, within + AFTERWARDS_SECONDS),)),))


def _not_understood(watch: Watch, required: RequiredAlert, setting: Setting, seen: Reaction) -> str:
    """Return which metric, of which too little is known, may be why a rule stayed silent.

    In a rule about the condition that is any of them: it may stand beside what tells of it.
    """
    if seen.firings:
        return ""
    is_about = reads_any(watch, facts_of(required.condition), setting)
    for metric, reason in synthesis_of(watch, setting).unknown.items():
        if is_about or may_tell(metric, required.condition):
            return f"{metric}: {reason}"
    return ""


def _fires_in_health(watch: Watch, severity: str, setting: Setting) -> bool:
    seen = in_quiet(watch, _HEALTHY, _quiet_until(watch), setting)
    return bool(seen.of_severity(severity).firings)


def _coarsest(by: Iterable[Heard], setting: Setting) -> float:
    return max((step_seconds(heard.watch, setting) for heard in by), default=1.0)


def _outcome(required: RequiredAlert, trial: Trial, by: Sequence[Heard], *, step: float) -> Outcome:
    if trial.duty is Duty.SILENCE:
        return Outcome.NOISY if by else Outcome.SILENT
    if trial.duty is Duty.EITHER:
        return Outcome.FIRES if by else Outcome.SILENT
    if not by:
        return Outcome.MISSED
    if by[0].reaction.first > required.within_seconds:
        return Outcome.LATE
    lasts = not trial.is_lasting or _lasts(by, float(required.within_seconds), step)
    return Outcome.FIRES if lasts else Outcome.RESOLVES


def _lasts(by: Sequence[Heard], within: float, step: float) -> bool:
    """Whether some rule fires at every moment from when it is due until the end."""
    due = int((AFTERWARDS_SECONDS - step) // step) + 1
    moments = (within + number * step for number in range(due))
    return all(any(_fires_around(heard, moment, step) for heard in by) for moment in moments)


def _fires_around(heard: Heard, moment: float, step: float) -> bool:
    """Whether a rule fires at its evaluation nearest to a moment, before or after it."""
    return any(
        start - step < moment < end + step
        for one in heard.reaction.firings
        for start, end in one.spans
    )
