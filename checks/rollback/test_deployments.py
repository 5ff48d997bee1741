"""The history of deployments leads back to a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.deployment_history import Fate, failures, fate, has_way_back, unclear

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.deployment import Deployment
    from plimsoll.findings import Expect, Observed

GOOD = (Fate.KEPT, Fate.RETURNED)


@pytest.mark.control("RBK-02")
def test_app_has_a_deployment_to_return_to(
    reversible_app: AppSubject,
    app: Observed[App],
    app_deployments: Observed[tuple[Deployment, ...]],
    expect: Expect,
) -> None:
    """Read the deployments of the app that the platform keeps.

    Beside the active one there must be one that was superseded after all its steps had succeeded;
    one that never served is no way back. No deployment may be pinned by a rollback under way.
    """
    pinned = "deployment pinned by a rollback"
    observed = app.value.pinned
    expect.that(observed is None, pinned, observed=observed, expected="none", at=app.origin)
    answer = has_way_back(app_deployments.value)
    if answer is None:
        raise NotObserved("does not tell whether an earlier one served", app_deployments.origin)
    expect.that(
        answer,
        f"earlier deployment of {reversible_app.id}",
        observed=None,
        expected="one that served",
        at=app_deployments.origin,
    )


@pytest.mark.control("RBK-03")
def test_failed_deployments_did_not_replace_the_good_one(
    tried_app: AppSubject,
    app: Observed[App],
    app_deployments: Observed[tuple[Deployment, ...]],
    expect: Expect,
) -> None:
    """Find the failed deployments in the history that the platform keeps, and what came of each.

    The deployment that was active must have stayed so until the failure was final, or must have
    come back by an automatic rollback; what runs now must not be one that failed. Where none has
    failed, or what was active before is no longer kept, nothing is known.
    """
    history, origin = app_deployments.value, app_deployments.origin
    failed = failures(history)
    if not failed:
        reason = f"no deployment of {tried_app.id} has failed in the history the platform keeps"
        raise NotObserved(reason, origin)
    fates = {one: fate(one, history, app.value.active_id) for one in failed}
    for one, became in fates.items():
        if became is not Fate.UNTOLD:
            expect.that(
                became in GOOD,
                f"deployment before the failed {one.id}",
                observed=became.value,
                expected=" or ".join(good.value for good in GOOD),
                at=origin.at(one.where),
            )
    strange = [f"{one.id} is in phase {one.phase}" for one in unclear(history)]
    if strange:
        raise NotObserved(f"what became of it is not told: {'; '.join(strange)}", origin)
    untold = [one.id for one, became in fates.items() if became is Fate.UNTOLD]
    if untold:
        reason = f"what was active before {', '.join(untold)} {Fate.UNTOLD.value}"
        raise NotObserved(reason, origin)
