"""The load test is heavy, long and strict enough, and does what users do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.load_coverage import is_exercised, is_region_exercised, reached_requests
from plimsoll.semantics.load_profile import longest_stretch_seconds
from plimsoll.semantics.response_callbacks import redefined_failures
from plimsoll.semantics.thresholds import threshold_guarantees

if TYPE_CHECKING:
    from plimsoll.environment.automation_inventory import LoadTestSubject
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_model import LoadTest
    from plimsoll.facts.load_test import LoadProfile, Threshold
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView

MINUTE_SECONDS = 60


@pytest.mark.control("LOD-01")
def test_load_test_reaches_the_declared_users_for_the_declared_time(
    load_test: LoadTestSubject, load_profiles: tuple[Observed[LoadProfile], ...], expect: Expect
) -> None:
    """Evaluate the script's options as k6 does, with the declared settings; add up the scenarios.

    What the runner, and the jobs of the repository that call it or k6, set by flags, by variables
    or in a configuration file takes its place by k6's own order; each of these calls is judged.
    Only load that the options guarantee counts: virtual users on ramps and plateaus, not those that
    an arrival rate may call for, and of an execution segment that the script sets, its part. The
    length is that of the whole test with its ramps, without the minutes in which no scenario has a
    user. How long the peak is held is shown, and judged only where it is declared.
    """
    for load_profile in load_profiles:
        _judge_load(load_test.load_test, load_profile, expect)


def _judge_load(wanted: LoadTest, load_profile: Observed[LoadProfile], expect: Expect) -> None:
    profile, origin = load_profile.value, load_profile.origin
    held = longest_stretch_seconds(profile.ramps, wanted.users) / MINUTE_SECONDS
    lasting = profile.total_seconds / MINUTE_SECONDS
    loaded = profile.loaded_seconds / MINUTE_SECONDS
    uncounted = "; ".join(f"{one.name}: {one.indefinite}" for one in profile.indefinite)
    observed = f"{int(profile.peak_users)} users, {lasting:g} min in all, {held:g} min at the peak"
    observed += f"; {lasting - loaded:g} min of all without users" if loaded < lasting else ""
    observed += f"; not counted: {uncounted}" if uncounted else ""
    bounds = [
        ("concurrent users", profile.peak_users >= wanted.users, f"≥ {wanted.users} users"),
        ("length", loaded >= wanted.minutes, f"≥ {wanted.minutes} min in all, with users"),
    ]
    if wanted.hold_minutes is not None:
        least = f"≥ {wanted.hold_minutes} min at the peak"
        bounds.append(("hold", held >= wanted.hold_minutes, least))
    for what, holds, expected in bounds:
        expect.that(holds, what, observed=observed, expected=expected, at=origin)


@pytest.mark.control("LOD-02")
def test_thresholds_are_at_least_as_strict_as_the_objectives(
    load_test: LoadTestSubject,
    thresholds: tuple[Observed[tuple[Threshold, ...]], ...],
    repository: RepositoryView,
    expect: Expect,
) -> None:
    """Read the thresholds of the options as k6 does; meeting one must make the objective certain.

    A higher percentile vouches for a lower one, an average or a median for none; a threshold on
    tags speaks of some of the requests only and vouches for nothing. A call that switches the
    thresholds off has none. Where the script, or a file of the repository that it imports, says
    itself which answers are failures, and 5xx may not be among them, the share of errors is not
    tested.
    """
    for one in thresholds:
        _judge_thresholds(load_test.load_test, one, expect)
    for where in redefined_failures(load_test.id, partial(_text, repository)):
        reason = "which answers http_req_failed counts is set by a response callback of the script"
        raise NotObserved(reason, repository.origin.at(where))


def _text(repository: RepositoryView, path: str) -> str | None:
    return repository.text(path) if repository.has(path) else None


def _judge_thresholds(
    wanted: LoadTest, thresholds: Observed[tuple[Threshold, ...]], expect: Expect
) -> None:
    share = round(wanted.error_percent / 100, 9)
    for what, metric, aggregation, quantile, bound, expected in (
        ("95th percentile", "http_req_duration", "p", 95.0, wanted.p95_ms, "p(95)"),
        ("99th percentile", "http_req_duration", "p", 99.0, wanted.p99_ms, "p(99)"),
        ("share of errors", "http_req_failed", "rate", None, share, "rate"),
    ):
        on_metric = [one for one in thresholds.value if one.metric == metric]
        expect.that(
            any(threshold_guarantees(t, metric, aggregation, bound, quantile) for t in on_metric),
            f"threshold for the {what}",
            observed="; ".join(map(str, on_metric)) or None,
            expected=f"{metric}: {expected}<{bound:g}",
            at=thresholds.origin,
        )


@pytest.mark.control("LOD-04")
def test_scenarios_do_what_users_do_in_every_region(
    load_test: LoadTestSubject,
    load_profile: Observed[LoadProfile],
    repository: RepositoryView,
    environment: Environment,
    expect: Expect,
) -> None:
    """Follow the functions that scenarios with users run to the requests these make.

    An activity needs a request whose path, or the function making it, is named after it. A region
    needs a scenario that is told the region's id or host, in a setting the script reads, or a
    request to its host.
    """
    source = repository.text(load_test.id)
    made = reached_requests(source, load_profile.value)
    requested = ", ".join(sorted({f"{one.method} {one.url}" for one in made})) or None
    for activity in load_test.load_test.scenarios:
        expect.that(
            is_exercised(activity, made),
            f"activity {activity}",
            observed=requested,
            expected=f"a request for {activity}",
            at=load_profile.origin,
        )
    for region in environment.regions or ():
        host = urlsplit(region.base_url).netloc
        told = ", ".join(
            f"{one.name} {dict(one.environment)}" for one in load_profile.value.scenarios
        )
        expect.that(
            is_region_exercised(region.id, host, source, load_profile.value),
            f"region {region.id}",
            observed=told,
            expected="a scenario that goes there",
            at=load_profile.origin,
        )
