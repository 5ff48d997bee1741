"""What became of a trial, in sentences for whoever must mend the rule."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from plimsoll.facts.document import Problem
from plimsoll.semantics.alerting.accounts import Account, Outcome, Proof
from plimsoll.semantics.alerting.conditions import spelled
from plimsoll.semantics.alerting.proof import AFTERWARDS_SECONDS, effective_bound
from plimsoll.semantics.alerting.reaction import Setting, series_seen, synthesis_of
from plimsoll.semantics.alerting.watches import metrics_of
from plimsoll.semantics.promql import PromqlError
from plimsoll.semantics.promql.explain import first_silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.semantics.alerting.accounts import Heard
    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.watches import Watch

_FAILED = frozenset({Outcome.MISSED, Outcome.LATE, Outcome.RESOLVES, Outcome.NOISY})
MOST_TOLD = 3
"""So many rules are explained for one trial; the others are named."""
MOST_UNDECIDED = 2
"""So many reasons are told why something is not known, and of so many rules each."""


def failures(proof: Proof, setting: Setting, where: str) -> Iterator[tuple[str, Problem]]:
    """Yield each trial in which the rules did not do what they owe, and what they did instead.

    `where` is the place to point to where no rule is to blame.
    """
    for account in proof.accounts:
        if account.outcome in _FAILED:
            blamed = [heard.watch for heard in (*account.by, *account.otherwise)]
            place = next((one.where for one in (*blamed, *account.silent) if one.where), where)
            told = _told(proof, account, setting)
            yield str(account.trial), Problem(place, told, expectation(proof, account))


def problems(proof: Proof, setting: Setting, where: str) -> Iterator[Problem]:
    """Yield the failures as problems that name their trial themselves."""
    for trial, found in failures(proof, setting, where):
        yield Problem(found.where, f"{trial}: {found.what}", found.expected)


def doubts(proof: Proof) -> tuple[str, ...]:
    """Return why some trials could not be decided: each reason once, after the rules it is of."""
    return undecided(
        (watch, reason)
        for account in proof.accounts
        if account.outcome is Outcome.UNKNOWN
        for watch, reason in account.unknown
    )


def undecided(rules: Iterable[tuple[Watch, str]]) -> tuple[str, ...]:
    """Return each reason why something is not known of rules, once, after the rules it is of."""
    found: dict[str, dict[str, None]] = {}
    for watch, reason in rules:
        found.setdefault(reason, {})[f"{watch.name} ({watch.where})"] = None
    return tuple(f"{shortened(list(names), ', ')}: {reason}" for reason, names in found.items())


def shortened(told: Sequence[str], joint: str = "; ") -> str:
    """Return the first of many as one text, with how many there are more."""
    more = len(told) - MOST_UNDECIDED
    first = joint.join(told[:MOST_UNDECIDED])
    return f"{first}{joint}and {more} more" if more > 0 else first


def expectation(proof: Proof, account: Account) -> str:
    """Return what was owed in a trial."""
    severity = proof.required.severity
    if account.outcome is Outcome.NOISY:
        return f"no alert with severity {severity}"
    lasting = " that lasts as long as the fault" if account.outcome is Outcome.RESOLVES else ""
    return f"one with severity {severity} within {proof.required.within_seconds} s{lasting}"


def row(proof: Proof, rules: Sequence[Watch], setting: Setting) -> tuple[str, str, str, str]:
    """Return a required alert for a table: what fires, when, from where on, and what is wrong."""
    fired = [account for account in proof.accounts if account.by]
    names = ", ".join(watch.name for watch in proof.covering) or "nothing"
    times = [account.first for account in fired if 0 <= account.first < inf]
    when = f"{min(times):g}-{max(times):g} s" if times else "–"
    bound = effective_bound(proof, rules, setting)
    beyond = f"{spelled(bound[0])} to {spelled(bound[1])}" if bound else "–"
    wrong = [
        f"{account.trial.kind}: {account.outcome.value}"
        for account in proof.accounts
        if account.outcome not in {Outcome.FIRES, Outcome.SILENT}
    ]
    return names, when, beyond, "; ".join(wrong) or "proven"


def _told(proof: Proof, account: Account, setting: Setting) -> str:
    parts = [_outcome(account, proof.required.severity)]
    parts += [_other(heard, proof.required.severity) for heard in account.otherwise[:MOST_TOLD]]
    if account.outcome is Outcome.MISSED:
        parts += _silences(account, proof.required.within_seconds, setting)
        if not (account.silent or account.otherwise or account.unknown):
            parts.append("no rule reads anything that would tell")
        if proof.not_understood:
            named = ", ".join(one.name for one in proof.not_understood[:MOST_TOLD])
            parts.append(f"not understood, and by name about something else: {named}")
    parts += _assumed(account, setting)
    return "; ".join(parts)


def _assumed(account: Account, setting: Setting) -> list[str]:
    """Return what was guessed about the metrics of the rules that are told of."""
    told = [*(heard.watch for heard in (*account.by, *account.otherwise)), *account.silent]
    guessed = (one for watch in told[:MOST_TOLD] for one in assumptions(watch, setting))
    return [f"assumed: {', '.join(found)}"] if (found := tuple(dict.fromkeys(guessed))) else []


def assumptions(watch: Watch, setting: Setting) -> tuple[str, ...]:
    """Return what was guessed about the metrics that a rule reads; none for one unreadable."""
    try:
        world = synthesis_of(watch, setting)
        guessed = (one for text in watch.expressions for one in world.assumptions(text))
        return tuple(dict.fromkeys(guessed))
    except PromqlError:
        return ()


def _outcome(account: Account, severity: str) -> str:
    names = ", ".join(heard.watch.name for heard in account.by[:MOST_TOLD])
    match account.outcome:
        case Outcome.LATE:
            return f"{names} fires after {account.first:g} s"
        case Outcome.RESOLVES:
            ends = max(
                end for h in account.by for one in h.reaction.firings for _, end in one.spans
            )
            return f"{names} fires after {account.first:g} s and resolves after {ends:g} s"
        case Outcome.NOISY:
            return f"{names} fires after {max(0.0, account.first):g} s"
    return f"no {severity} alert fires"


def _other(heard: Heard, severity: str) -> str:
    watch = heard.watch
    if watch.severity != severity:
        return f"{watch.name} fires with severity {watch.severity or 'none'}"
    return f"{watch.name} fires on a healthy system too, which tells nothing"


def _silences(account: Account, moment: float, setting: Setting) -> list[str]:
    """Return why rules stayed silent, each by the first part of it that answered nothing."""
    scenario = account.trial.scenario
    told = [
        f"{one.name} ({one.where}) is silent: {silence(one, scenario, moment, setting)}"
        for one in account.silent[:MOST_TOLD]
    ]
    more = [watch.name for watch in account.silent[MOST_TOLD:]]
    return told + ([f"silent as well: {', '.join(more)}"] if more else [])


def silence(watch: Watch, scenario: Scenario, moment: float, setting: Setting) -> str:
    """Return the first part of a rule that answered nothing at a moment of a scenario."""
    try:
        world = synthesis_of(watch, setting)
        absent = {**world.missing, **world.unknown}
        named = sorted(absent.keys() & _leaves(watch))
        if named:
            return f"{named[0]}: {absent[named[0]]}"
        store = series_seen(watch, scenario, moment + AFTERWARDS_SECONDS, setting)
        found = first_silent(watch.expression, store, moment, setting.dialect)
    except PromqlError as error:
        return str(error).partition("\n")[0]
    held = f"it holds for less than {watch.for_seconds:g} s"
    return str(found) if found is not None else held


def _leaves(watch: Watch) -> frozenset[str]:
    return frozenset().union(*(metrics_of(one) for one in watch.expressions)) - watch.recorded
