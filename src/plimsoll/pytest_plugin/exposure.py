"""What checks see of the deployed world: what is scraped, with what is exposed and attached.

It is put together of the repository's files and of the expositions that the environment declares.
Something real and something simulated are not put together: what the files alone tell is still
judged, and the rest is not tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from plimsoll.environment.exposure_inventory import shown_targets
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotObserved, NotTested, Observed

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_model import Scrape
    from plimsoll.facts.exchange import Exchange
    from plimsoll.facts.exposition import Exposition
    from plimsoll.facts.exposure import ExposedMetric, Exposure
    from plimsoll.findings import Sighting
    from plimsoll.pytest_plugin.examination import Examination
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.semantics.exposure.assembly import Evidence
    from plimsoll.semantics.exposure.deployment import Deployment
    from plimsoll.semantics.exposure.supply import Unseen

OK = 200
NOT_COMPARED = "what is exposed is simulated and the repository is not: the two are not compared"
NOT_COMPARED_EITHER = (
    "the repository is simulated and what is exposed is not: they are not compared"
)


def exposition_plan(environment: Environment, _subject: object) -> tuple[HttpProbe, ...]:
    """Return a GET of every declared exposition, in every region."""
    scrape = environment.repository.scrape if environment.repository else None
    if scrape is None:
        return ()
    endpoints = dict.fromkeys(scrape.expositions.values())
    return tuple(
        _get(environment, target)
        for endpoint in endpoints
        for target in shown_targets(environment, endpoint)
    )


@pytest.fixture
def scraped_world(examination: Examination, repository: RepositoryView) -> Deployment:
    """Return what the declared Prometheus scrapes, and who exposes what, as far as it is known."""
    return examination.once("who exposes what", lambda: deployment(examination, repository))


@pytest.fixture
def exposure(examination: Examination, repository: RepositoryView) -> Observed[Exposure]:
    """Return what scraped components really expose, for the declared rule files to go by.

    Raises NotObserved where not one exposition that was asked for could be seen.
    """
    asked = exposition_plan(examination.environment, None)
    sightings = [examination.sighting(probe) for probe in asked]
    unseen = [one for one in sightings if isinstance(one, NotObserved)]
    if unseen and unseen == sightings and not any(isinstance(one, NotTested) for one in unseen):
        raise unseen[0]
    return examination.once("what is exposed", lambda: rules_exposure(examination, repository))


def deployment(examination: Examination, repository: RepositoryView) -> Deployment:
    """Put together who exposes what. Raises NotObserved where nothing says what is scraped."""
    from plimsoll.semantics.exposure.assembly import supplies  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.exposure.deployment import Deployment  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.exposure.stack import Stack  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.exposure.targets import external_labels  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.rule_file import recording_rules  # noqa: PLC0415 (lazy)

    declared = examination.environment.repository
    if declared is None or declared.scrape is None:
        raise NotObserved("no repository.scrape is declared", repository.origin)
    scrape = declared.scrape
    prometheus = repository.document(scrape.config)
    stack = Stack.of(repository.document(scrape.compose), scrape.zones)
    documents = [repository.document(path) for path in declared.rule_files or ()]
    return Deployment(
        supplies(prometheus, stack, _evidence(examination, repository, scrape)),
        (rule for document in documents for rule in recording_rules(document)),
        external_labels(prometheus),
    )


def rules_exposure(examination: Examination, repository: RepositoryView) -> Observed[Exposure]:
    """Return what is exposed, complete or not for the metrics that the declared rules read.

    An exposition that was not looked at, or could not be seen, leaves its target incomplete: what
    may come from there is not known, and what belongs to an exporter that nobody scrapes is absent.
    """
    from plimsoll.semantics.exposure.liveness import metrics_read  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.rule_file import alert_rules, recording_rules  # noqa: PLC0415 (lazy)

    world = deployment(examination, repository)
    declared = examination.environment.repository
    documents = [repository.document(path) for path in (declared and declared.rule_files) or ()]
    read = [rule.expression for one in documents for rule in alert_rules(one)]
    read += [rule.expression for one in documents for rule in recording_rules(one)]
    asked = {metric for expression in read for metric in metrics_read(expression)}
    return Observed(
        world.exposure(name for name in asked if name), repository.origin, repository.at
    )


def _evidence(examination: Examination, repository: RepositoryView, scrape: Scrape) -> Evidence:
    from plimsoll.semantics.exposure.assembly import Evidence, Likeness  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.exposure.supply import Shown  # noqa: PLC0415 (lazy)

    shown = {}
    for service, endpoint in scrape.expositions.items():
        targets = shown_targets(examination.environment, endpoint)
        seen = {one.region: _seen(examination, repository, one) for one in targets}
        if targets:
            shown[service] = Shown(urlsplit(targets[0].url).path or "/", seen)
    alike = {
        service: Likeness(shared.of, shared.families)
        for shared in scrape.shared_instruments
        for service in shared.services
    }
    written = {
        exporter: _written(repository, scripts) for exporter, scripts in scrape.textfiles.items()
    }
    return Evidence(shown, alike, written)


def _seen(
    examination: Examination, repository: RepositoryView, target: Target
) -> Exposition | Unseen:
    """Return what an endpoint exposes, or why that is not known."""
    from plimsoll.facts.exposition import Exposition  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.exposition import parse_exposition  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.exposure.supply import Unseen  # noqa: PLC0415 (lazy)

    sighting: Sighting[tuple[Exchange, ...]] = examination.sighting(
        _get(examination.environment, target)
    )
    if isinstance(sighting, NotObserved):
        return Unseen(str(sighting), untested=isinstance(sighting, NotTested))
    if sighting.origin.simulated != repository.origin.simulated:
        reason = NOT_COMPARED if sighting.origin.simulated else NOT_COMPARED_EITHER
        return Unseen(reason, untested=True)
    answer = sighting.value[0]
    if answer.status != OK or answer.truncated:
        cut = " and more than is read" if answer.truncated else ""
        return Unseen(f"{target.url} answered with {answer.status}{cut}")
    found = parse_exposition(answer.text, answer.header("content-type") or "")
    if isinstance(found, Exposition):
        return found
    return Unseen(f"{target.url} cannot be read as metrics: {found.reason}")


def _written(
    repository: RepositoryView, scripts: tuple[str, ...]
) -> tuple[ExposedMetric, ...] | Unseen:
    """Return what scripts leave for a node-exporter, or why that is not known."""
    from plimsoll.semantics.exposure.supply import Unseen  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.exposure.textfiles import written_metrics  # noqa: PLC0415 (lazy)
    from plimsoll.semantics.shell.script import ShellError  # noqa: PLC0415 (lazy)

    found: list[ExposedMetric] = []
    for path in scripts:
        if not repository.has(path):
            continue
        try:
            found += written_metrics(repository.text(path), path)
        except (ShellError, NotObserved) as error:
            return Unseen(f"what {path} writes is not known: {error}")
    return tuple(found)


def _get(environment: Environment, target: Target) -> HttpProbe:
    credential = environment.metrics.credential if environment.metrics else None
    return HttpProbe(target.url, credential=credential or "")
