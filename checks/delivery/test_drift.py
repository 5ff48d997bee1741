"""What runs is what was reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved, NotTested
from plimsoll.semantics.spec_drift import differences

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.document import Document
    from plimsoll.findings import Expect, Origin
    from plimsoll.pytest_plugin.vantages import Vantages


@pytest.mark.control("DLV-02")
def test_deployed_specification_is_the_reviewed_one(
    reviewed_app: AppSubject, vantages: Vantages, expect: Expect
) -> None:
    """Compare the reviewed specification with what the app was told to run, and with what it runs.

    Each place that differs is a deviation, unless the environment file says that it may. What the
    platform fills in or leaves out is no difference, nor are the values of secrets. While a
    deployment is under way, what still runs cannot be expected to be the same, and is not judged.
    Something real and something simulated are not compared.
    """
    app, reviewed = reviewed_app.app, None
    with vantages.apart():
        repository, path = vantages.repository(), app.reviewed_spec or ""
        document = repository.document(path)
        is_filled = isinstance(document.data, dict) and bool(document.data)
        at = repository.origin_of(path)
        if expect.that(is_filled, "reviewed specification", observed=None, expected="one", at=at):
            reviewed = document
    with vantages.apart():
        live = vantages.app(app)
        if reviewed is None:
            raise NotObserved("there is no reviewed specification to compare with", live.origin)
        if live.origin.simulated != at.simulated:
            reason = "one of the two is simulated and the other is not: they are not compared"
            raise NotTested(reason, live.origin)
        _judge(reviewed, live.value, app.may_differ, expect, live.origin)


def _judge(
    reviewed: Document, app: App, may_differ: tuple[str, ...], expect: Expect, origin: Origin
) -> None:
    asked = differences(reviewed, app.spec, may_differ)
    for one in asked:
        at = origin.at(one.where)
        expect.that(False, one.what, observed=one.observed, expected=one.expected, at=at)  # noqa: FBT003
    if app.active_spec is None:
        expect.missing("active deployment", expected="one that runs", at=origin)
        return
    told = {(one.what, one.observed) for one in asked}
    running = differences(reviewed, app.active_spec, may_differ)
    left = [one for one in running if (one.what, one.observed) not in told]
    if left and app.unfinished_phase:
        raise NotObserved(f"a deployment is under way: {app.unfinished_phase}", origin)
    expect.none([], "specification", expected="the reviewed one", at=origin)
    for one in left:
        what, at = f"{one.what} as it runs", origin.at(one.where)
        expect.that(False, what, observed=one.observed, expected=one.expected, at=at)  # noqa: FBT003
