"""Every required alert that fires gets through to the channels of its severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved, NotTested
from plimsoll.semantics.alerting.passage import Delivery, NothingFiresError, obstacles
from plimsoll.semantics.alertmanager.inhibition import InhibitionError
from plimsoll.semantics.alertmanager.matchers import UnclearMatcherError
from plimsoll.semantics.alertmanager.raised_alerts import by_name
from plimsoll.semantics.alertmanager.routing import RoutingError

if TYPE_CHECKING:
    from plimsoll.environment.alerting_inventory import RequiredAlertSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.alerting import RuleBench
    from plimsoll.pytest_plugin.delivery_view import DeliveryView


@pytest.mark.control("ALR-01c")
def test_the_required_alert_gets_through(
    delivered_alert: RequiredAlertSubject, rules: RuleBench, delivery: DeliveryView, expect: Expect
) -> None:
    """Let the condition hold in its clearest case; follow what fires through Alertmanager.

    Among the alerts that fire with the required severity, one must not be muted by anything else
    that fires in the same case, unless the environment says that this is meant, and must be routed
    to every channel declared for its severity. Where it is so only with values of labels that are
    made up in the trial, it is not tested.
    """
    origin, subject = delivery.origin, delivered_alert
    severity = subject.required.severity
    routes = [one for one in subject.alerts.routes or () if one.severity == severity]
    if not routes:
        raise NotTested(f"no route is declared for alerts of severity {severity}", origin)
    delivery.require_loadable()
    proof, setting = rules.prove(subject), rules.setting()
    way = Delivery(
        delivery.config,
        delivery.syntax,
        routes[0],
        subject.alerts.may_be_muted_by,
        delivery.external_labels,
        by_name(delivery.alerts),
    )
    try:
        found = obstacles(proof, rules.watches, setting, way)
    except NothingFiresError as error:
        raise NotTested(str(error), rules.origin) from None
    except (InhibitionError, RoutingError, UnclearMatcherError) as error:
        raise NotObserved(str(error), origin) from None
    expect.no_problems(found, subject.id, at=origin)
