"""The mocked App-Oint answers everything that its environment file declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll import resources
from plimsoll.environment.inventory import Target, targets
from plimsoll.environment.loader import load
from plimsoll.facts.exposition import Exposition, Found
from plimsoll.semantics.exposition import parse_exposition
from plimsoll.semantics.exposition_lint import lint
from plimsoll.semantics.metric_signals import signal_evidence
from plimsoll.worlds.world import build, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plimsoll.worlds.world import RunningWorld

    Ask = Callable[..., Any]

APP_OINT = load(str(resources.environments() / "app-oint.yaml")).model
DECLARED = targets(APP_OINT)


@pytest.fixture(scope="module")
def app_oint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorld]:
    """Yield the compliant App-Oint, running."""
    world = build(APP_OINT, resources.fixtures())
    with start(world, tmp_path_factory.mktemp("app-oint")) as running:
        yield running


@pytest.mark.parametrize(
    "target", DECLARED if isinstance(DECLARED, tuple) else (), ids=lambda one: one.id
)
def test_every_declared_endpoint_answers(app_oint: RunningWorld, ask: Ask, target: Target) -> None:
    """Ask every target with the credential; see 200 and no body left to fill in."""
    token = app_oint.credentials["APP_OINT_METRICS_TOKEN"]
    reply = ask(app_oint.network, target.url, token=token)
    assert reply.status == 200
    assert b"{now}" not in reply.body


def test_there_are_endpoints_to_ask() -> None:
    """Count the targets, so that the test above judges something."""
    assert isinstance(DECLARED, tuple)
    assert len(DECLARED) > len(APP_OINT.endpoints or ())


def test_the_health_document_names_every_dependency(app_oint: RunningWorld, ask: Ask) -> None:
    """Read the health document beside the declared dependencies."""
    document = json.loads(ask(app_oint.network, "https://fra1.api.app-oint.com/health").body)
    assert APP_OINT.health is not None
    assert set(APP_OINT.health.dependencies or ()) <= document["checks"].keys()
    assert document["status"] in APP_OINT.health.healthy


def test_the_metrics_carry_every_signal(app_oint: RunningWorld, ask: Ask) -> None:
    """Read the exported metrics; see no problem in them, and every declared signal."""
    token = app_oint.credentials["APP_OINT_METRICS_TOKEN"]
    reply = ask(app_oint.network, "https://nyc1.api.app-oint.com/metrics", token=token)
    text = reply.body.decode("utf-8")
    assert lint(text, reply.headers["content-type"]) == ()
    exposition = parse_exposition(text, reply.headers["content-type"])
    assert isinstance(exposition, Exposition)
    assert APP_OINT.metrics is not None
    evidence = {
        (signal, bound): signal_evidence(exposition.families, signal, bound)
        for signal in APP_OINT.metrics.signals
        for bound in APP_OINT.metrics.latency_bounds_seconds
    }
    assert [key for key, found in evidence.items() if not isinstance(found, Found)] == []


def test_the_repository_is_there(app_oint: RunningWorld) -> None:
    """Look for a declared file in the written repository."""
    assert APP_OINT.repository is not None
    assert app_oint.repository is not None
    assert (app_oint.repository / (APP_OINT.repository.app_spec or "")).is_file()
