"""Every required alert fires when it must, and stays silent when it must."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotTested
from plimsoll.semantics.alerting.demands import Duty
from plimsoll.semantics.alerting.proof import always_firing
from plimsoll.semantics.alerting.telling import doubts, failures, shortened, undecided

if TYPE_CHECKING:
    from plimsoll.environment.alerting_inventory import RequiredAlertSubject
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.facts.exposure import Exposure
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.alerting import RuleBench
    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.watches import Watch


@pytest.mark.control("ALR-01a")
def test_the_required_alert_fires(
    required_alert: RequiredAlertSubject, rules: RuleBench, expect: Expect
) -> None:
    """Try the rules on an imaginary system in which the condition holds: the alert must fire.

    Series are made for exactly the metrics that the rules read. The condition holds clearly, in the
    extreme, and just beyond its bound; it begins, or was always there; it strikes all instances or
    one; the series that would tell are gone. In each case an alert of the required severity must
    fire in time, and last as long as the fault. Its name counts for nothing. Where promtool is at
    hand it is given the same series, and must come to the same.
    """
    _state(expect, required_alert, rules, Duty.FIRE)


@pytest.mark.control("ALR-02a")
def test_the_required_alert_stays_silent_where_it_must(
    bounded_alert: RequiredAlertSubject, rules: RuleBench, expect: Expect
) -> None:
    """Try the rules just below the bound, and with a spike shorter than the alert's hold.

    No alert of the required severity may fire. A rule that is stricter than what is required is
    told here, unless the environment says up to where it must be quiet. Where no rule tells of the
    condition at all, that nothing fires shows nothing.
    """
    _state(expect, bounded_alert, rules, Duty.SILENCE)


@pytest.mark.control("ALR-01b")
def test_the_required_alert_fires_on_what_is_really_exposed(
    deployed_alert: RequiredAlertSubject,
    rules: RuleBench,
    exposure: Observed[Exposure],
    expect: Expect,
) -> None:
    """Try the rules on the series that scraped components really expose, as they are labeled.

    Only metrics that some target of the scrape configuration exposes are there, with the type they
    declare and the labels that the configuration attaches. A rule on a metric that nobody exports
    stays silent. The condition is tried as well where no rule that tells of it looks: at another
    instance, in another region, of another job that exposes the same.
    """
    _state(expect, deployed_alert, rules, Duty.FIRE, exposure.value)


@pytest.mark.control("ALR-02b")
def test_no_alert_fires_on_a_healthy_system(
    watched_rule_file: FileSubject, rules: RuleBench, environment: Environment, expect: Expect
) -> None:
    """Try every rule of the file on a system that is well.

    It is healthy, restarts, is not scraped for a while, and has hardly any traffic. Nothing may
    fire but what the environment says fires always (a dead man's switch).
    """
    _state_quiet(expect, rules, rules.of_file(watched_rule_file.id), environment, rules.setting())


@pytest.mark.control("ALR-02c")
def test_no_alert_fires_on_what_a_healthy_system_really_exposes(
    watched_rule_file: FileSubject,
    rules: RuleBench,
    exposure: Observed[Exposure],
    environment: Environment,
    expect: Expect,
) -> None:
    """Try every rule of the file on what scraped components really expose while all is well.

    Nothing may fire but what the environment says fires always.
    """
    setting = rules.setting(exposure.value)
    _state_quiet(expect, rules, rules.of_file(watched_rule_file.id), environment, setting)


def _state(
    expect: Expect,
    subject: RequiredAlertSubject,
    rules: RuleBench,
    duty: Duty,
    exposure: Exposure | None = None,
) -> None:
    whole = rules.prove(subject, exposure)
    proof = whole.narrowed(duty)
    if not proof.accounts:
        raise NotTested("nothing was tried", rules.origin)
    if duty is Duty.SILENCE and not whole.covering:
        raise NotTested("no rule tells of it, so that silence shows nothing", rules.origin)
    found = tuple(failures(proof, rules.setting(exposure), rules.origin.where))
    for number, (trial, problem) in enumerate(found):
        repeat = number == 0 and exposure is None
        told = f"{problem.what}; to repeat: {rules.command(subject)}" if repeat else problem.what
        expect.no_problems([replace(problem, what=told)], trial, at=rules.origin)
    if found:
        return
    expect.no_problems([], subject.id, at=rules.origin)
    unknown = doubts(proof)
    if unknown:
        raise NotTested(shortened(unknown), rules.origin)


def _state_quiet(
    expect: Expect,
    rules: RuleBench,
    watches: tuple[Watch, ...],
    environment: Environment,
    setting: Setting,
) -> None:
    if not watches:
        raise NotTested("the file holds no alert that could fire", rules.origin)
    on_purpose = environment.alerts.always_firing if environment.alerts else ()
    fires, unknown = [], []
    for watch, scenario, seen in always_firing(watches, setting):
        if watch.name in on_purpose:
            continue
        if seen.unknown:
            unknown.append((watch, seen.unknown))
        else:
            told = f"{watch.name} fires after {max(0.0, seen.first):g} s in {scenario.name}"
            fires.append((told, watch.where))
    expect.none(fires, "alerts", expected="none that fires", at=rules.origin)
    if unknown:
        raise NotTested(shortened(undecided(unknown)), rules.origin)
