"""The fixtures that checks ask for: what was observed of their subject, and what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest

from plimsoll.findings import Expect, NonCompliant, NotObserved, Observed
from plimsoll.pytest_plugin import domains, probes
from plimsoll.pytest_plugin.keys import EXAMINATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.environment.model import Environment
    from plimsoll.facts.counted_traffic import CountedTraffic
    from plimsoll.facts.dns_answer import DnsAnswer
    from plimsoll.facts.exchange import Exchange
    from plimsoll.facts.load_test import K6Options, LoadProfile, Threshold
    from plimsoll.facts.repository import Repository
    from plimsoll.facts.tool_output import ToolOutput
    from plimsoll.pytest_plugin.autoscaler_view import AutoscalerView
    from plimsoll.pytest_plugin.delivery_view import DeliveryView
    from plimsoll.pytest_plugin.examination import Examination
    from plimsoll.pytest_plugin.region_view import RegionView
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.pytest_plugin.vantages import Vantages

T = TypeVar("T")


@pytest.fixture
def examination(request: pytest.FixtureRequest) -> Examination:
    """Return the examination under way: its subject, evidence and statements."""
    return cast("Examination", request.node.stash[EXAMINATION])


@pytest.fixture
def environment(examination: Examination) -> Environment:
    """Return what the environment file declares."""
    return examination.environment


@pytest.fixture
def expect(examination: Examination) -> Expect:
    """Return the collector of this check's statements."""
    return examination.expect


@pytest.fixture
def exchange(examination: Examination) -> Observed[Exchange]:
    """Return the answer to one GET of the subject's URL."""
    return _first(examination, probes.get)


@pytest.fixture
def authorized_exchange(examination: Examination) -> Observed[Exchange]:
    """Return the answer to one GET with the declared credential."""
    return _first(examination, probes.authorized_get)


@pytest.fixture
def unknown_path_exchange(examination: Examination) -> Observed[Exchange]:
    """Return the answer to a GET of a page that does not exist."""
    return _first(examination, probes.unknown_path_get)


@pytest.fixture
def malformed_exchange(examination: Examination) -> Observed[Exchange]:
    """Return the answer to a GET with a malformed path."""
    return _first(examination, probes.malformed_get)


@pytest.fixture
def plain_sighting(examination: Examination) -> Observed[Exchange] | NotObserved:
    """Return what plain HTTP says on the subject's host, a refused connection included."""
    sighting = examination.sighting(probes.plain_get(examination.environment, examination.subject))
    if isinstance(sighting, NotObserved):
        return sighting
    return _first(examination, probes.plain_get)


@pytest.fixture
def sample(examination: Examination) -> Observed[tuple[Exchange, ...]]:
    """Return the answers to a small sample of GETs, one after the other."""
    return _observed(examination, probes.sample)


@pytest.fixture
def burst(examination: Examination) -> Observed[tuple[Exchange, ...]]:
    """Return the answers to one request more than the rate limit allows."""
    return _observed(examination, probes.burst)


@pytest.fixture
def counted_traffic(examination: Examination) -> Observed[CountedTraffic]:
    """Return the scrapes of the subject before and after requests, and what answered these."""
    return _observed(examination, probes.counted_traffic)


@pytest.fixture
def exchanges_by_origin(examination: Examination) -> dict[tuple[str, str], Observed[Exchange]]:
    """Return what is answered to each origin, by the method and the origin asked in the name of."""
    planned = probes.by_origin(examination.environment, examination.subject)
    seen = {probe: examination.observed(probe) for probe in planned}
    return {
        (probe.method, dict(probe.headers)["origin"]): Observed(one.value[0], one.origin, one.at)
        for probe, one in seen.items()
    }


@pytest.fixture
def dns_answers(examination: Examination) -> Observed[tuple[DnsAnswer, ...]]:
    """Return what each authoritative server says."""
    return _observed(examination, domains.record_plan)


@pytest.fixture
def repository(examination: Examination) -> RepositoryView:
    """Return the deployed system's repository."""
    from plimsoll.pytest_plugin.repository_view import RepositoryView  # noqa: PLC0415 (lazy)

    seen: Observed[Repository] = _observed(examination, probes.repository)
    return RepositoryView(examination, seen)


@pytest.fixture
def delivery(repository: RepositoryView, examination: Examination) -> DeliveryView:
    """Return how alerts are delivered."""
    from plimsoll.pytest_plugin.delivery_view import DeliveryView  # noqa: PLC0415 (lazy)

    return DeliveryView(examination, repository)


@pytest.fixture
def autoscalers(examination: Examination) -> AutoscalerView:
    """Return the autoscalers, from every vantage point that is declared."""
    from plimsoll.pytest_plugin.autoscaler_view import AutoscalerView  # noqa: PLC0415 (lazy)

    return AutoscalerView(
        examination,
        _repository(examination, probes.autoscaler_files),
        examination.environment.repository,
    )


@pytest.fixture
def vantages(examination: Examination) -> Vantages:
    """Return what the subject can be looked at from, each place apart from the others."""
    from plimsoll.pytest_plugin.vantages import Vantages  # noqa: PLC0415 (lazy)

    return Vantages(examination)


@pytest.fixture
def regional(examination: Examination) -> RegionView:
    """Return the region, from every vantage point that is declared."""
    from plimsoll.pytest_plugin.region_view import RegionView  # noqa: PLC0415 (lazy)

    return RegionView(examination)


@pytest.fixture
def shellcheck(repository: RepositoryView, examination: Examination) -> Observed[ToolOutput]:
    """Return the static analysis of the subject's script; a missing script is a deviation."""
    repository.text(cast("Any", examination.subject).id)
    return _observed(examination, probes.shellcheck)


@pytest.fixture
def k6_options(repository: RepositoryView, examination: Examination) -> Observed[K6Options]:
    """Return the load test's options as k6 would see them; a missing script is a deviation."""
    from plimsoll.semantics.k6 import ScriptError, parse_options  # noqa: PLC0415 (lazy)

    repository.text(cast("Any", examination.subject).id)
    told: Observed[ToolOutput] = _observed(examination, probes.k6_options)
    try:
        options = parse_options(told.value.output, told.value.path)
    except ScriptError as error:
        raise NotObserved(f"cannot be evaluated: {error}", told.origin) from None
    return Observed(options, told.origin, told.at)


@pytest.fixture
def load_profile(
    k6_options: Observed[K6Options], examination: Examination
) -> Observed[LoadProfile]:
    """Return the load that the options guarantee; options that k6 refuses are a deviation."""
    from plimsoll.semantics.load_profile import load_profile as read  # noqa: PLC0415 (lazy)

    return _as_k6_reads(examination, k6_options, read)


@pytest.fixture
def load_profiles(
    k6_options: Observed[K6Options], repository: RepositoryView, examination: Examination
) -> tuple[Observed[LoadProfile], ...]:
    """Return the load of each call of the load test; options that k6 refuses are a deviation."""
    from plimsoll.semantics.load_profile import load_profile as read  # noqa: PLC0415 (lazy)

    return _as_it_is_called(examination, repository, k6_options, read)


@pytest.fixture
def thresholds(
    k6_options: Observed[K6Options], repository: RepositoryView, examination: Examination
) -> tuple[Observed[tuple[Threshold, ...]], ...]:
    """Return the thresholds of each call of the load test; ones k6 refuses are a deviation."""
    from plimsoll.semantics.thresholds import thresholds as read  # noqa: PLC0415 (lazy)

    return _as_it_is_called(examination, repository, k6_options, read)


@pytest.fixture
def k6_version(examination: Examination) -> Observed[ToolOutput]:
    """Return what the k6 program on this machine says of its version."""
    return _observed(examination, probes.k6_version)


def _as_it_is_called(
    examination: Examination,
    repository: RepositoryView,
    options: Observed[K6Options],
    read: Callable[[K6Options], T],
) -> tuple[Observed[T], ...]:
    from plimsoll.pytest_plugin.load_runs import load_runs  # noqa: PLC0415 (lazy)

    return tuple(
        _as_k6_reads(
            examination,
            Observed(options.value, options.origin.at(where), options.at),
            read,
            applied,
        )
        for where, applied in load_runs(examination.subject, repository, options)
    )


def _as_k6_reads(
    examination: Examination,
    options: Observed[K6Options],
    read: Callable[[K6Options], T],
    applied: Callable[[K6Options], K6Options] = lambda options: options,
) -> Observed[T]:
    from plimsoll.semantics.k6 import ScriptError  # noqa: PLC0415 (lazy)

    try:
        return Observed(read(applied(options.value)), options.origin, options.at)
    except ScriptError as refusal:
        if refusal.is_undecided:
            raise NotObserved(f"cannot be told: {refusal}", options.origin) from None
        expected = "options that k6 accepts"
        examination.expect.none(
            [(str(refusal), "")], "options", expected=expected, at=options.origin
        )
        raise NonCompliant(tuple(examination.expect.deviations)) from None


def _repository(examination: Examination, plan: Any) -> RepositoryView | None:  # noqa: ANN401
    """Return the repository where it is asked for; one that could not be seen is remembered."""
    from plimsoll.pytest_plugin.repository_view import RepositoryView  # noqa: PLC0415 (lazy)

    probe = plan(examination.environment, examination.subject)
    if probe is None:
        return None
    sighting = examination.sighting(probe)
    if isinstance(sighting, NotObserved):
        examination.missed(sighting.origin, sighting)
        return None
    return RepositoryView(examination, sighting)


def _observed(examination: Examination, plan: Any) -> Observed[Any]:  # noqa: ANN401 (any value)
    return examination.observed(plan(examination.environment, examination.subject))


def _first(examination: Examination, plan: Any) -> Observed[Exchange]:  # noqa: ANN401
    seen = _observed(examination, plan)
    return Observed(seen.value[0], seen.origin, seen.at)
