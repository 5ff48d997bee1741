"""The application ends as it must when the platform tells it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.app_spec import grace_periods
from plimsoll.semantics.digitalocean.running import running_spec
from plimsoll.semantics.javascript import JavaScriptError
from plimsoll.semantics.signal_handling import signal_handling

if TYPE_CHECKING:
    from plimsoll.environment.delivery_inventory import ShutdownSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.shutdown import Shutdown
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.pytest_plugin.vantages import Vantages

EVENTS = ("SIGTERM", "SIGINT", "uncaughtException")


@pytest.mark.control("DLV-03")
def test_application_shuts_down_gracefully(
    shutdown: ShutdownSubject, vantages: Vantages, expect: Expect
) -> None:
    """Start the application, hold a request open, send SIGTERM; read its source and its platform.

    The request must be finished, new ones refused, and the process must end by itself with status
    0 in the declared time. The source must handle SIGTERM, SIGINT and uncaught exceptions, and
    force the end no later than declared. Each app must be given at least that long before it is
    killed; one of static sites alone is never told to end. Where nothing says how to start it,
    source and platform alone are judged.
    """
    seconds = shutdown.shutdown.timeout_seconds
    with vantages.apart():
        _judge_source(vantages.repository(), shutdown.id, seconds, expect)
    with vantages.apart():
        seen = vantages.shutdown()
        if seen is not None:
            _judge_end(seen, seconds, expect)
    for app in vantages.declared_apps:
        with vantages.apart():
            _judge_grace(vantages.app(app), seconds, expect)


def _judge_source(repository: RepositoryView, path: str, seconds: int, expect: Expect) -> None:
    origin = repository.origin_of(path)
    try:
        found = signal_handling(repository.text(path), path)
    except JavaScriptError as error:
        raise NotObserved(str(error), origin.at(f"{path}:{error.line}")) from None
    for event in EVENTS:
        handled = event in found.handled
        what = f"handler of {event}"
        expect.that(handled, what, observed=None, expected="one that acts", at=origin)
    if found.timeout_line is None:
        expect.missing("forced end", expected=f"≤ {seconds} s", at=origin)
        return
    place = origin.at(f"{path}:{found.timeout_line}")
    if found.timeout_ms is None:
        raise NotObserved("the time until the forced end is computed elsewhere", place)
    expect.at_most(seconds, found.timeout_ms / 1000, "forced end", at=place, unit="s")


def _judge_end(seen: Observed[Shutdown], seconds: int, expect: Expect) -> None:
    ended, at = seen.value, seen.origin
    is_finished = ended.status is not None and 200 <= ended.status < 300
    expect.that(
        is_finished,
        "request under way",
        observed=ended.status or "cut off",
        expected="a complete answer with status 2xx",
        at=at,
    )
    took = None if ended.exited_after_ms is None else ended.exited_after_ms / 1000
    expect.at_most(seconds, took, "time until the end", at=at, unit="s")
    if took is not None:
        expect.equal(0, ended.exit_code, "exit status", at=at)
    if ended.refused_new is None:
        raise NotObserved("it ended before a new connection could be tried", at)
    expect.that(
        ended.refused_new,
        "new connections",
        observed="accepted",
        expected="refused after the signal",
        at=at,
    )


def _judge_grace(app: Observed[App], seconds: int, expect: Expect) -> None:
    for name, grace, where in grace_periods(running_spec(app)):
        what = f"grace period of {name} of {app.value.name}"
        expect.at_least(seconds, grace, what, at=app.origin.at(where), unit="s")
