"""Every region is there and able to serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import health_document
from plimsoll.semantics.app_spec import components
from plimsoll.semantics.digitalocean.running import running_spec
from plimsoll.semantics.health_document import HealthDocumentError

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.region_inventory import RegionSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.exchange import Exchange
    from plimsoll.facts.running_instance import ComponentHealth
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.region_view import RegionalApp, RegionView

ACTIVE = "ACTIVE"
HEALTHY = "HEALTHY"
RUNNING = ("service", "worker")


@pytest.mark.control("REG-01")
def test_region_answers_healthy(
    region: RegionSubject, regional: RegionView, expect: Expect, environment: Environment
) -> None:
    """Look at the apps of each region on the platform, and ask the region directly.

    An app must run in the declared place, its active deployment must be in phase ACTIVE and not
    pinned by a rollback under way, and every component must be healthy with all its replicas ready.

    Asked is the readiness endpoint, or else the health endpoint. The status must be 2xx. Where the
    answer is a document with a status word, or just a word, this must not be one that is declared
    to mean unhealthy, nor `fail`, `error` or `down`; the health document's must be one that means
    healthy. A document that cannot be read, or not to its end, tells nothing.
    """
    for one in regional.apps:
        _judge_app(one, expect)
        if one.health is not None:
            _judge_components(one.health, expect)
            _require_all(one.app, one.health)
    answer = regional.answer
    if answer is not None and region.endpoint is not None:
        _judge_answer(answer, region.endpoint.kind, expect, environment)


def _judge_app(one: RegionalApp, expect: Expect) -> None:
    app, at, name = one.app.value, one.app.origin, one.declared.name
    place = one.declared.platform_region
    expect.equal(place, app.region, f"place of app {name}", at=at)
    expect.equal(ACTIVE, app.active_phase, f"active deployment of app {name}", at=at)
    expect.that(
        app.pinned is None,
        f"deployment of app {name} pinned by a rollback",
        observed=app.pinned,
        expected="none",
        at=at,
    )


def _judge_components(health: Observed[tuple[ComponentHealth, ...]], expect: Expect) -> None:
    origin = health.origin
    if not health.value:
        raise NotObserved("tells no component", origin)
    for one in health.value:
        at = origin.at(one.where)
        expect.equal(HEALTHY, one.state, f"state of component {one.component}", at=at)
        expect.that(
            one.ready is not None and one.desired is not None and one.ready >= one.desired > 0,
            f"replicas of component {one.component}",
            observed=f"{_shown(one.ready)} of {_shown(one.desired)} ready",
            expected="all ready, one at least",
            at=at,
        )


def _require_all(app: Observed[App], health: Observed[tuple[ComponentHealth, ...]]) -> None:
    """Raise NotObserved where a component that runs instances is not among those told."""
    told = {one.component for one in health.value}
    running = [one.name for one in components(running_spec(app)) if one.kind in RUNNING]
    silent = [name for name in running if name not in told]
    if silent:
        raise NotObserved(f"tells no health of {', '.join(silent)}", health.origin)


def _shown(count: int | None) -> str:
    return "an unknown number" if count is None else str(count)


def _judge_answer(
    exchange: Observed[Exchange], kind: str, expect: Expect, environment: Environment
) -> None:
    answer, origin = exchange.value, exchange.origin
    expect.that(answer.is_success, "status", observed=answer.status, expected="2xx", at=origin)
    declared = environment.health
    word = _status_word(exchange)
    if kind == "health" and declared is not None:
        expect.one_of(declared.healthy, word, "reported status", at=origin)
        return
    unhealthy = declared.unhealthy if declared else ()
    expect.that(
        not health_document.contradicts_health(word, unhealthy),
        "reported status",
        observed=word,
        expected="no word that means unhealthy",
        at=origin,
    )


def _status_word(exchange: Observed[Exchange]) -> str | None:
    """Return the status word; many an endpoint answers with nothing but the word itself."""
    text = exchange.value.text.strip().removeprefix("\ufeff")
    if exchange.value.truncated:
        raise NotObserved("the body is larger than what is read", exchange.origin)
    try:
        return health_document.read(text, exchange.value.url).status
    except HealthDocumentError as problem:
        if text.startswith("{"):
            raise NotObserved(f"no health document: {problem}", exchange.origin) from None
        word = text.strip('"')
        return word if word.isalpha() else None
