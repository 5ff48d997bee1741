"""A firing alert reaches whom it is meant for, and nothing of another cause silences it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.alertmanager.delivery import (
    gaps,
    sent_alerts,
    uncertain_gaps,
    undefined_templates,
    ways,
)
from plimsoll.semantics.alertmanager.inhibition import InhibitionError, inhibit_rules
from plimsoll.semantics.alertmanager.matchers import UnclearMatcherError
from plimsoll.semantics.alertmanager.muting import muting_problems, uncertain_mutings
from plimsoll.semantics.alertmanager.raised_alerts import by_name
from plimsoll.semantics.alertmanager.routing import RoutingError

if TYPE_CHECKING:
    from plimsoll.environment.alerting_inventory import AlertRouteSubject
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.facts.document import Problem
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.delivery_view import DeliveryView


@pytest.mark.control("ALR-03a")
def test_a_firing_alert_reaches_the_declared_channels(
    alert_route: AlertRouteSubject, delivery: DeliveryView, expect: Expect
) -> None:
    """Send every alert of the severity (or one with the declared labels) through the routes.

    An alert is sent with the labels of its rule and those that survive its expression; where one
    is not known, every way that it may go is followed. Each must lead to receivers that have all
    declared channels between them, at any time of the day, and within the declared time, also
    where an alert joins a group that was told of before. Where that hangs on an external label
    whose value is a variable of Prometheus' environment, or on a label that no file tells, it is
    not known. Every template that a message names must be defined. Alertmanager must load the file;
    there must be an alert of the severity.
    """
    origin = delivery.origin
    unsure: list[tuple[str, Problem]] = []
    if not expect.no_problems(
        delivery.refusals, "configuration that Alertmanager loads", at=origin
    ):
        return
    sent = sent_alerts(alert_route.route, delivery.alerts)
    others = [shape for _, shape in sent]
    defined = delivery.message_templates
    undefined: list[Problem] = []
    expect.at_least(1, len(sent), f"alerts of the route {alert_route.id}", at=origin)
    for name, shape in sent:
        try:
            found = ways(delivery.config, shape, delivery.syntax)
        except RoutingError as error:
            raise NotObserved(str(error), origin) from None
        for what, problem in gaps(name, found, alert_route.route, others):
            expect.no_problems([problem], what, at=origin)
        unsure += uncertain_gaps(name, found, alert_route.route, others)
        undefined += undefined_templates(found, alert_route.route, defined)
    if defined.are_all:
        expect.no_problems(dict.fromkeys(undefined), "templates of messages", at=origin)
    if unsure and not expect.deviations:
        what, problem = unsure[0]
        reason = f"{what}: {problem.what}, or not: a label decides that no file tells"
        raise NotObserved(reason, origin.at(problem.where))
    if undefined and not defined.are_all and not expect.deviations:
        reason = f"{undefined[0].what} that is known, and not all of them are"
        raise NotObserved(reason, origin.at(undefined[0].where))


@pytest.mark.control("ALR-03b")
def test_no_alert_is_muted_by_one_of_another_cause(
    alertmanager_config: FileSubject,
    delivery: DeliveryView,
    environment: Environment,
    expect: Expect,
) -> None:
    """Read the rules of inhibition, and which alerts may mute which; missing in both is equal.

    No alert may mute another unless the environment file names the pair, and then only one about
    the same thing. No two may mute each other, nothing that always fires may mute anything, and
    every label under `equal` must be carried by some alert of the rule. Where a pair mutes each
    other only if labels say so that no file tells, that is not known.
    """
    origin, declared = delivery.origin, environment.alerts
    delivery.require_loadable()
    allowed = declared.may_be_muted_by if declared else {}
    constant = declared.always_firing if declared else ()
    alerts = by_name(delivery.alerts)
    if not alerts:
        raise NotObserved("the rule files hold no alert that could be muted", origin)
    try:
        rules = inhibit_rules(delivery.config, delivery.syntax)
        found = muting_problems(rules, alerts, allowed, constant)
        unsure = uncertain_mutings(rules, alerts, allowed)
    except (InhibitionError, UnclearMatcherError) as error:
        raise NotObserved(str(error), origin) from None
    expect.no_problems(found, "alerts that are heard", at=origin)
    if unsure and not found:
        first = unsure[0]
        reason = f"{first.source} may mute {first.target}, if {' and '.join(first.assumed)}"
        raise NotObserved(reason, origin.at(first.where))
