"""What was worked out about a rule, as files for promtool: its exit status alone confirms it.

Each rule is tested on its own, with the series it was tried on. A claim says that its alert fires,
or does not, at one moment of one scenario. Files are written as JSON, which is YAML.

Three traps are avoided. A test whose evaluation interval exceeds its data passes whatever it says,
so a sentinel with the same interval, which must fail, is run beside it. Moments are whole seconds,
and lie apart from changes of state, where two engines may differ by one evaluation.
Source: Prometheus documentation, "Unit testing for rules".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, lcm
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.conditions import facts_of
from plimsoll.semantics.alerting.demands import QUIET_SCENARIOS, Duty, trials
from plimsoll.semantics.alerting.notation import promtool_series
from plimsoll.semantics.alerting.proof import AFTERWARDS_SECONDS
from plimsoll.semantics.alerting.reaction import (
    facts_read,
    history_seconds,
    reaction,
    step_seconds,
    synthesis_of,
)
from plimsoll.semantics.alerting.untried import why_untried
from plimsoll.semantics.promql import PromqlError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.environment.alerting_model import RequiredAlert
    from plimsoll.semantics.alerting.reaction import Reaction, Setting
    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.watches import Watch

RULES_FILE = "rules.yml"


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether a rule's alert fires at a moment of a scenario, in seconds since the fault began."""

    scenario: Scenario
    moment: float
    fires: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """The claims about one rule, and the files by which promtool confirms all of them or not.

    `is_open` where our own engine could not tell, so that the claims are what is owed.
    """

    watch: Watch
    claims: tuple[Claim, ...]
    rules: str
    test: str
    is_open: bool = False


def certificates(
    rules: Iterable[Watch], required: Sequence[RequiredAlert], setting: Setting
) -> Iterator[Certificate]:
    """Yield what promtool should confirm: a certificate a rule, or one a trial that is open."""
    for watch in rules:
        yield from _certificates_of(watch, tuple(required), setting)


@lru_cache(maxsize=512)
def _certificates_of(
    watch: Watch, required: tuple[RequiredAlert, ...], setting: Setting
) -> tuple[Certificate, ...]:
    if why_untried(watch, setting):
        return ()
    try:
        read = facts_read(watch, setting)
    except PromqlError:
        return ()
    claimed: dict[tuple[str, float], Claim] = {}
    made: list[Certificate] = []
    for demand in required:
        if not read & facts_of(demand.condition) or watch.severity != demand.severity:
            continue
        within = float(demand.within_seconds)
        for scenario, duty, until in _tried(demand):
            seen = reaction(watch, scenario, until, setting)
            if seen.unknown:
                owed = _owed(scenario, duty, within, until)
                made.append(_certificate(watch, owed, setting, is_open=True))
                continue
            moments = _moments(scenario, within, until)
            for claim in _claims(seen, scenario, moments, step_seconds(watch, setting)):
                claimed[scenario.name, claim.moment] = claim
    if claimed:
        made.append(_certificate(watch, tuple(claimed.values()), setting))
    return tuple(made)


def sentinel(setting: Setting) -> str:
    """Return a test that must fail: it claims that a series which is there is not."""
    step = f"{int(setting.evaluation_seconds)}s"
    test = {
        "interval": step,
        "input_series": [{"series": "sentinel", "values": "1x10"}],
        "promql_expr_test": [
            {"expr": "sentinel", "eval_time": step, "exp_samples": []},
        ],
    }
    return json.dumps({"rule_files": [], "evaluation_interval": step, "tests": [test]})


def _tried(demand: RequiredAlert) -> Iterator[tuple[Scenario, Duty, float]]:
    until = demand.within_seconds + AFTERWARDS_SECONDS
    for trial in trials(demand):
        yield trial.scenario, trial.duty, until
    yield QUIET_SCENARIOS[0], Duty.SILENCE, until


def _moments(scenario: Scenario, within: float, until: float) -> tuple[float, ...]:
    """Return when a rule's state is claimed.

    A fault that was always there has been told for as long as the rules are evaluated: when that
    began is not claimed.
    """
    early = () if scenario.begins < 0 else (60.0, within / 2)
    return (*early, within, (within + until) / 2, until)


def _claims(
    seen: Reaction, scenario: Scenario, moments: Iterable[float], step: float
) -> Iterator[Claim]:
    """Yield the state at each moment, but for those around which it changes."""
    for wished in moments:
        moment = wished // step * step
        if not _near_change(seen, moment, step):
            yield Claim(scenario, moment, seen.fires_at(moment))


def _near_change(seen: Reaction, moment: float, step: float) -> bool:
    changes = (at for one in seen.firings for span in one.spans for at in span)
    return any(abs(at - moment) <= step for at in changes)


def _owed(scenario: Scenario, duty: Duty, within: float, until: float) -> tuple[Claim, ...]:
    fires = duty is Duty.FIRE
    moments = (within, until) if fires else range(0, int(until) + 1, 60)
    return tuple(Claim(scenario, float(moment), fires) for moment in moments)


def _certificate(
    watch: Watch, claims: tuple[Claim, ...], setting: Setting, *, is_open: bool = False
) -> Certificate:
    return Certificate(
        watch, claims, _rules(watch, setting), _test(watch, claims, setting), is_open
    )


def _rules(watch: Watch, setting: Setting) -> str:
    recordings = [
        {"record": one.name, "expr": one.expression, "labels": dict(one.labels)}
        for one in watch.recordings
    ]
    alert = {
        "alert": watch.name,
        "expr": watch.expression,
        "for": f"{int(watch.for_seconds)}s",
        "labels": dict(watch.labels),
    }
    if watch.keep_firing_for_seconds:
        alert["keep_firing_for"] = f"{int(watch.keep_firing_for_seconds)}s"
    step = f"{int(step_seconds(watch, setting))}s"
    return json.dumps(
        {"groups": [{"name": "tried", "interval": step, "rules": [*recordings, alert]}]}
    )


def _test(watch: Watch, claims: Iterable[Claim], setting: Setting) -> str:
    by_scenario: dict[Scenario, list[Claim]] = {}
    for claim in claims:
        by_scenario.setdefault(claim.scenario, []).append(claim)
    tests = [_scenario_test(watch, one, told, setting) for one, told in by_scenario.items()]
    step = f"{int(step_seconds(watch, setting))}s"
    return json.dumps({"rule_files": [RULES_FILE], "evaluation_interval": step, "tests": tests})


def _scenario_test(
    watch: Watch, scenario: Scenario, claims: Sequence[Claim], setting: Setting
) -> dict[str, object]:
    history = _history(watch, setting)
    firing = f'ALERTS{{alertstate="firing",alertname={json.dumps(watch.name)}}}'
    samples = synthesis_of(watch, setting).series(
        scenario,
        start=-history,
        end=max(claim.moment for claim in claims) + setting.scrape_seconds,
        step=setting.scrape_seconds,
        epoch=history,
    )
    return {
        "interval": f"{int(setting.scrape_seconds)}s",
        "input_series": [
            {"series": name, "values": values}
            for name, values in promtool_series(samples, setting.scrape_seconds)
        ],
        "promql_expr_test": [
            {
                "expr": f"(count({firing}) > bool 0) or vector(0)",
                "eval_time": f"{int(history + claim.moment)}s",
                "exp_samples": [{"labels": "{}", "value": int(claim.fires)}],
            }
            for claim in claims
        ],
    }


def _history(watch: Watch, setting: Setting) -> float:
    """Return the history before the fault, such that evaluations fall on the same moments."""
    beat = lcm(max(1, int(setting.scrape_seconds)), max(1, int(step_seconds(watch, setting))), 60)
    return float(ceil(history_seconds(watch) / beat) * beat)
