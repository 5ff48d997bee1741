"""Metrics endpoints answer what Prometheus can read, to whom they should, with every signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.facts.exposition import Found, Gravity, ParseFailure
from plimsoll.findings import NotObserved, Observed
from plimsoll.semantics.counter_contract import judge_contract
from plimsoll.semantics.exposition import parse_exposition, sample_names
from plimsoll.semantics.exposition_lint import lint
from plimsoll.semantics.metric_signals import signal_evidence

if TYPE_CHECKING:
    from plimsoll.environment.contract_inventory import CountedMetrics
    from plimsoll.environment.inventory import Target
    from plimsoll.environment.model import Environment
    from plimsoll.facts.counted_traffic import CountedTraffic
    from plimsoll.facts.exchange import Exchange
    from plimsoll.facts.exposition import Exposition
    from plimsoll.findings import Expect

REFUSALS = (401, 403, 404)
"""404 hides what is there (RFC 9110 §15.5.4); the authenticated answer shows that it is there."""


@pytest.mark.control("MET-01")
def test_metrics_endpoint_answers_in_exposition_format(
    metrics: Target, authorized_exchange: Observed[Exchange], expect: Expect
) -> None:
    """Send one GET, with the declared credential, to the metrics endpoint of each region.

    Its status must be 200, and its content type and body such that Prometheus reads every sample
    as it was meant. What only misleads, such as a metric without a type, is not counted.
    """
    answer, origin = authorized_exchange.value, authorized_exchange.origin
    if not expect.equal(200, answer.status, "status", at=origin):
        return
    if answer.truncated:
        raise NotObserved("the body is larger than what is read", origin)
    errors = [
        problem
        for problem in lint(answer.text, answer.header("content-type"), answer.at)
        if problem.gravity is Gravity.ERROR
    ]
    expect.none(
        [(str(problem), "") for problem in errors],
        "exposition format",
        expected="a body that Prometheus reads without errors",
        at=origin,
    )


@pytest.mark.control("MET-02")
def test_metrics_are_served_only_to_the_authenticated(
    protected_metrics: Target,
    exchange: Observed[Exchange],
    authorized_exchange: Observed[Exchange],
    expect: Expect,
) -> None:
    """Ask for the metrics without and with the declared credential.

    Without it the answer must be 401, 403 or 404 and hold no metric; a redirect is no refusal, for
    where it leads is served to everyone. With it the answer must be 200.
    """
    refused, served = exchange.value, authorized_exchange.value
    expect.one_of(REFUSALS, refused.status, "status without credential", at=exchange.origin)
    expect.equal(200, served.status, "status with credential", at=authorized_exchange.origin)
    if refused.status in REFUSALS:
        expect.none(
            [(f"metric {name}", "") for name in sorted(sample_names(refused.text))],
            "body without credential",
            expected="no metric",
            at=exchange.origin,
        )


@pytest.mark.control("MET-03")
def test_metrics_carry_every_declared_signal(
    metrics: Target,
    authorized_exchange: Observed[Exchange],
    expect: Expect,
    environment: Environment,
) -> None:
    """Look for every declared signal among the metrics that each region exports.

    A signal counts where it can be computed: a rate needs a counter, a percentile needs buckets or
    quantiles, and buckets must lie on both sides of each declared bound of latency.
    """
    exported = _exposition(authorized_exchange)
    signals = environment.metrics.signals if environment.metrics else ()
    bounds = environment.metrics.latency_bounds_seconds if environment.metrics else ()
    found = {signal: signal_evidence(exported.families, signal) for signal in signals}
    latency = next((one for one in found if one.startswith("duration_p")), None)
    if latency and isinstance(found[latency], Found):
        for bound in bounds:
            found[f"{latency} around {bound:g} s"] = signal_evidence(
                exported.families, latency, bound
            )
    for signal, evidence in found.items():
        expect.that(
            isinstance(evidence, Found),
            f"signal {signal}",
            observed=evidence.reason,
            expected="metrics it can be computed from",
            at=authorized_exchange.origin,
        )


@pytest.mark.control("MET-03b")
def test_counters_count_what_is_served(
    counted_metrics: CountedMetrics,
    counted_traffic: Observed[CountedTraffic],
    expect: Expect,
    environment: Environment,
) -> None:
    """Scrape each region, send it the declared requests of which some must fail, scrape it again.

    The counter of requests, and where durations are declared their histogram, must have risen by as
    many requests as were answered; the counter of the failures' class by as many as failed. In all
    scrapes of a process no counter may fall and no series may vanish or change its labels. Where
    several processes answered, or requests of others were counted meanwhile, what was counted is no
    proof. This is the exercise `traffic`.
    """
    seen, origin = counted_traffic.value, counted_traffic.origin
    wanted = counted_metrics.contract.failing.status
    refused = sorted({status for status in seen.failing_statuses if status != wanted})
    if refused:
        reason = f"{counted_metrics.failing_url} answers {refused[0]} where {wanted} is declared"
        raise NotObserved(reason, origin)
    before, after = (
        [_exposition(Observed(one, origin, one.at)).families for one in scrapes]
        for scrapes in (seen.before, seen.after)
    )
    statuses = (*seen.statuses, *seen.failing_statuses)
    signals = environment.metrics.signals if environment.metrics else ()
    timed = any(signal.startswith("duration_") for signal in signals)
    outcome = judge_contract(before, after, statuses, timed=timed)
    for one in outcome.statements:
        expect.that(one.holds, one.what, observed=one.observed, expected=one.expected, at=origin)
    if outcome.undecided:
        raise NotObserved("; ".join(outcome.undecided), origin)


def _exposition(exchange: Observed[Exchange]) -> Exposition:
    answer = exchange.value
    if not answer.is_success or answer.truncated:
        reason = "cut off" if answer.truncated else f"refused with {answer.status}"
        raise NotObserved(f"the metrics were not read: {reason}", exchange.origin)
    parsed = parse_exposition(answer.text, answer.header("content-type") or "")
    if isinstance(parsed, ParseFailure):
        raise NotObserved(f"the metrics cannot be read: {parsed.reason}", exchange.origin)
    return parsed
