"""Counters are believed when they rise by what was sent, and not when that cannot be known."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.exposition import Exposition
from plimsoll.semantics.counter_contract import Outcome, judge_contract
from plimsoll.semantics.exposition import parse_exposition

SENT = (200,) * 15 + (404,) * 5
START = 1795080000


def scrape(
    good: float = 100,
    bad: float = 10,
    timed: float | None = None,
    *,
    start: float | None = START,
    label: str = "",
    more: str = "",
) -> tuple:
    """What a process exports that counted so many successes and failures."""
    timed = good + bad if timed is None else timed
    extra = f",{label}" if label else ""
    lines = [
        "# TYPE http_requests_total counter",
        f'http_requests_total{{status="200"{extra}}} {good:g}',
        f'http_requests_total{{status="404"{extra}}} {bad:g}',
        "# TYPE http_request_duration_seconds histogram",
        f'http_request_duration_seconds_bucket{{le="1"{extra}}} {timed:g}',
        f'http_request_duration_seconds_bucket{{le="+Inf"{extra}}} {timed:g}',
        f"http_request_duration_seconds_sum{{{label}}} 5",
        f"http_request_duration_seconds_count{{{label}}} {timed:g}",
    ]
    if start is not None:
        lines += ["# TYPE process_start_time_seconds gauge"]
        lines += [f"process_start_time_seconds{{{label}}} {start}"]
    parsed = parse_exposition("\n".join(lines) + "\n" + more)
    assert isinstance(parsed, Exposition), parsed
    return parsed.families


def judged(
    before: list[tuple], after: list[tuple], statuses=SENT, *, timed: bool = True
) -> Outcome:
    """The outcome of these scrapes around the usual traffic."""
    return judge_contract(before, after, statuses, timed=timed)


def broken(outcome: Outcome) -> dict[str, str]:
    """What does not hold, and what was seen of it."""
    return {one.what: one.observed for one in outcome.statements if not one.holds}


def test_counters_that_rise_by_what_was_sent_fulfil_the_contract() -> None:
    """Every statement holds and nothing is left open."""
    outcome = judged([scrape()] * 3, [scrape(115, 15)] * 3)
    assert (broken(outcome), outcome.undecided) == ({}, ())
    assert [one.what for one in outcome.statements] == [
        "count of requests",
        "count of durations of requests",
        "count of 4xx answers",
        "counters",
        "series",
        "histograms",
    ]


@pytest.mark.parametrize(
    ("after", "what", "observed"),
    [
        (scrape(), "count of requests", "http_requests_total rose by 0"),
        (scrape(115, 10), "count of 4xx answers", "http_requests_total rose by 0"),
        (scrape(120, 10, 130), "count of 4xx answers", "http_requests_total rose by 0"),
        (scrape(115, 15, 110), "count of durations of requests", "seconds rose by 0"),
        (scrape(107, 12), "count of requests", "http_requests_total rose by 9"),
        (scrape(math.nan, 15), "count of requests", "rose by nan"),
    ],
)
def test_a_rise_by_less_is_told_with_its_numbers(after: tuple, what: str, observed: str) -> None:
    """Never attached, only successes, classes mixed up, half of the workers, no number at all."""
    outcome = judged([scrape()] * 3, [after] * 3)
    assert observed in broken(outcome)[what]
    assert outcome.undecided == ()


def test_a_series_that_begins_with_the_traffic_began_at_zero() -> None:
    """The first failure ever makes a series of its own."""
    first = 'http_requests_total{status="404",route="new"} 5\n'
    outcome = judged([scrape()], [scrape(115, 10, 130, more=first)])
    assert broken(outcome) == {}


def test_scrapes_that_are_counted_do_not_stand_in_for_requests() -> None:
    """A counter that counts every scrape must have counted those beside the traffic."""
    before = [scrape(100 + n, 10) for n in range(3)]
    short = [scrape(102 + 1 + 12 + n, 15) for n in range(3)]
    enough = [scrape(102 + 1 + 15 + n, 15) for n in range(3)]
    assert broken(judged(before, enough)) == {}
    assert "3 scrapes in it" in broken(judged(before, short))["count of requests"]


def test_requests_of_others_prove_nothing_and_excuse_nothing() -> None:
    """What rises while nothing is sent leaves a full count open, and a short one short."""
    busy = [scrape(100 + 50 * n, 10) for n in range(3)]
    outcome = judged(busy, [scrape(400, 15)] * 3)
    assert broken(outcome) == {}
    assert "requests of others" in outcome.undecided[0]
    assert "count of 4xx answers" in broken(judged(busy, [scrape(400, 11)] * 3))


@pytest.mark.parametrize(
    ("after", "undecided"),
    [
        (scrape(480, 30), ["requests", "durations of requests", "4xx answers"]),
        (scrape(116, 15), []),
        (scrape(134, 15), []),
        (scrape(135, 15), ["requests", "durations of requests"]),
        (scrape(115, 19), []),
        (scrape(115, 20), ["4xx answers"]),
        (scrape(400, 15, 131), ["requests"]),
        (scrape(math.inf, 15, 131), ["requests"]),
    ],
)
def test_a_surplus_that_could_be_everything_proves_nothing(after: tuple, undecided) -> None:
    """Others may have asked for all that was counted; a probe beside the traffic is no matter."""
    outcome = judged([scrape()] * 3, [after] * 3)
    assert broken(outcome) == {}
    said = [reason.partition(":")[0].removeprefix("count of ") for reason in outcome.undecided]
    assert said == undecided


def test_a_metric_that_rose_by_what_was_sent_proves_it_whatever_others_did() -> None:
    """The least of the sufficient rises counts."""
    typed = "# TYPE api_requests_total counter\n"
    before, after = (f'{typed}api_requests_total{{status="200"}} {n}\n' for n in (5, 25))
    outcome = judged([scrape(more=before)] * 3, [scrape(480, 15, 130, more=after)] * 3)
    assert (broken(outcome), outcome.undecided) == ({}, ())


def test_a_restart_between_the_scrapes_is_said_and_judged_by_nothing() -> None:
    """Another start time is another process: its counts begin anew."""
    outcome = judged([scrape()] * 3, [scrape(15, 5, start=START + 60)] * 3)
    assert outcome.statements == ()
    assert "no process answered on both sides" in outcome.undecided[0]
    assert f"{START + 60}" in outcome.undecided[0]


def test_instances_behind_one_address_prove_by_what_they_count_together() -> None:
    """Enough on all of them together is proof; less says nothing of those that were not scraped."""
    one, other = {"label": 'instance="a"'}, {"label": 'instance="b"'}
    before = [scrape(**one), scrape(50, 5, **other), scrape(**one)]
    shared = [scrape(108, 12, **one), scrape(57, 8, **other), scrape(108, 12, **one)]
    outcome = judged(before, shared)
    assert (broken(outcome), outcome.undecided) == ({}, ())
    short = judged(before, [scrape(108, 12, **one), scrape(50, 5, **other)])
    assert broken(short) == {}
    assert "2 processes answered the scrapes" in short.undecided[0]


def test_a_counter_that_falls_while_its_process_runs_breaks_the_contract() -> None:
    """Reset by a scrape: the start time is the same, so it was no restart."""
    outcome = judged([scrape()] * 3, [scrape(115, 15), scrape(), scrape()])
    assert "fell from 115 to 100" in broken(outcome)["counters"]


def test_a_fall_of_a_process_that_does_not_say_who_it_is_tells_nothing() -> None:
    """Without a start time it may have been another instance, or a restart."""
    outcome = judged(
        [scrape(start=None)] * 2, [scrape(115, 15, start=None), scrape(3, 1, start=None)]
    )
    assert broken(outcome) == {}
    assert any("do not tell whether another process" in reason for reason in outcome.undecided)
    quiet = judged([scrape(start=None)] * 2, [scrape(start=None)] * 2)
    assert "count of requests" in broken(quiet)


def test_a_series_that_changes_its_labels_breaks_the_contract() -> None:
    """Rates of it start over again with each scrape."""
    gone = 'jobs_total{seen="1"} 4\n'
    other = 'jobs_total{seen="2"} 4\n'
    typed = "# TYPE jobs_total counter\n"
    outcome = judged([scrape(more=typed + gone)], [scrape(115, 15, more=typed + other)])
    assert "jobs_total{seen=1} is gone" in broken(outcome)["series"]


@pytest.mark.parametrize(
    ("low", "high", "count", "said"),
    [(20, 10, 10, "larger bucket gained less"), (20, 20, 5, "+Inf gained 20, _count 5")],
)
def test_parts_of_a_histogram_must_agree_on_what_was_added(low, high, count, said) -> None:
    """What a larger bucket holds includes what a smaller one does, and +Inf holds everything."""

    def waits(low: int, high: int, count: int) -> str:
        return (
            f'# TYPE waits histogram\nwaits_bucket{{le="1"}} {low}\n'
            f'waits_bucket{{le="+Inf"}} {high}\nwaits_sum 1\nwaits_count {count}\n'
        )

    before, after = waits(50, 90, 90), waits(50 + low, 90 + high, 90 + count)
    outcome = judged([scrape(more=before)], [scrape(115, 15, more=after)])
    assert said in broken(outcome)["histograms"]


def test_without_a_counter_the_contract_is_broken() -> None:
    """Nothing that counts requests or failures is not nothing to judge."""
    only = parse_exposition(
        "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 5\n"
    )
    assert isinstance(only, Exposition)
    outcome = judged([only.families], [only.families])
    assert set(broken(outcome).values()) == {"no metric counts them"}
    assert len(broken(judged([only.families], [only.families], timed=False))) == 2


@pytest.mark.parametrize(
    ("before", "after", "statuses"),
    [([], [scrape()], SENT), ([scrape()], [], SENT), ([scrape()], [scrape()], ()),
     ([scrape()], [scrape(115, 10)], (200,) * 15)],
)  # fmt: skip
def test_what_was_not_looked_at_is_undecided(before, after, statuses) -> None:
    """No scrape on a side, no answer, no failure: never a contract that holds."""
    outcome = judge_contract(before, after, statuses, timed=True)
    assert outcome.undecided
    assert outcome.statements == ()


@settings(max_examples=60, deadline=None)
@given(
    risen=st.integers(-20, 40), failed=st.integers(-5, 10), sent=st.integers(2, 30),
    known=st.booleans(), after=st.integers(0, 2),
)  # fmt: skip
def test_a_contract_holds_only_where_enough_was_counted(risen, failed, sent, known, after) -> None:
    """Whatever is counted, less than was sent is never said to hold."""
    start = START if known else None
    late = [scrape(100 + risen, 10 + failed, start=start)] * after
    outcome = judge_contract([scrape(start=start)], late, (200,) * (sent - 1) + (404,), timed=True)
    if not broken(outcome) and not outcome.undecided:
        assert after
        assert risen + failed >= sent
        assert failed >= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=6), st.integers(0, 6))
def test_any_numbers_give_an_outcome(values: list[tuple[float, float]], split: int) -> None:
    """NaN, infinities and falls never raise."""
    scrapes = [scrape(good, bad) for good, bad in values]
    assert isinstance(judged(scrapes[:split], scrapes[split:]), Outcome)
