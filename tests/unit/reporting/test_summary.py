"""What is said of a run as a whole is derived from its results, and unknown is never green."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.reporting.document import VERDICTS
from plimsoll.reporting.picture import WIDTH, bar
from plimsoll.reporting.summary import (
    areas_of,
    counts_of,
    findings_of,
    instant,
    seconds_between,
    success_rate,
)
from plimsoll.reporting.wording import ROLL_UP, WORDINGS, rolled_up


@pytest.mark.parametrize(
    ("passed", "failed", "rate"),
    [
        (22, 7, "75.9%"),
        (29, 0, "100.0%"),
        (0, 3, "0.0%"),
        (0, 0, "n/a"),
        (9999, 1, "99.9%"),
        (1, 9999, "0.1%"),
        (1, 2, "33.3%"),
        (2, 1, "66.7%"),
    ],
)
def test_success_rate_is_of_those_judged(passed: int, failed: int, rate: str) -> None:
    """The rate has one decimal, and none where nothing was judged."""
    assert success_rate(passed, failed) == rate


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_success_rate_is_never_whole_while_something_failed(passed: int, failed: int) -> None:
    """Rounding never hides a failure."""
    assert success_rate(passed, failed) != "100.0%"


@given(st.sets(st.sampled_from(VERDICTS)))
def test_roll_up_passes_only_when_nothing_worse_is_there(verdicts: set[str]) -> None:
    """An area passes only where something passed and everything else does not apply."""
    green = "pass" in verdicts and verdicts <= {"pass", "not_applicable"}
    assert (rolled_up(verdicts) == "pass") == green


def test_nothing_at_all_is_not_tested() -> None:
    """An empty set proves nothing."""
    assert rolled_up([]) == "not_tested"


def test_every_verdict_has_words_and_a_place_in_the_roll_up() -> None:
    """No verdict can be forgotten by a report."""
    assert set(WORDINGS) == set(ROLL_UP) == set(VERDICTS)


def test_a_control_said_to_pass_without_a_result_is_a_finding(documents: ModuleType) -> None:
    """A pass that no result supports counts as not tested, and takes its area with it."""
    made = documents.compliant()
    made["results"] = [each for each in made["results"] if each["control"] != "SCL-01"]
    areas = areas_of(made)
    assert [(f.control["id"], f.verdict) for f in findings_of(areas)] == [("SCL-01", "not_tested")]
    assert next(area.verdict for area in areas if area.name == "scaling") == "not_tested"


def test_a_result_of_an_unlisted_control_is_not_lost(documents: ModuleType) -> None:
    """Results whose control the document does not list are still shown and counted."""
    made = documents.document([documents.result("XXX-01", "x", "fail")], [])
    assert [finding.control["id"] for finding in findings_of(areas_of(made))] == ["XXX-01"]


def test_counts_of_areas_add_up_to_those_of_the_document(documents: ModuleType) -> None:
    """Every result is in exactly one area."""
    made = documents.failing()
    areas = areas_of(made)
    for verdict, number in counts_of(made["results"]).items():
        assert sum(area.counts[verdict] for area in areas) == number == made["counts"][verdict]


def test_findings_come_worst_first(documents: ModuleType) -> None:
    """Failures stand before what is unknown, and critical ones before the rest."""
    findings = findings_of(areas_of(documents.failing()))
    assert [finding.verdict for finding in findings] == sorted(
        (finding.verdict for finding in findings), key=ROLL_UP.index
    )
    assert findings[0].control["severity"] == "critical"


@given(st.fixed_dictionaries({verdict: st.integers(0, 10**6) for verdict in VERDICTS}))
def test_the_picture_fills_the_bar_and_shows_every_verdict_that_occurs(
    counts: dict[str, int],
) -> None:
    """Segments follow one another, end where the bar ends, and none is invisible."""
    segments = bar(counts)
    assert {segment.verdict for segment in segments} == {
        v for v, number in counts.items() if number
    }
    assert all(segment.width > 0 for segment in segments)
    assert sum(segment.width for segment in segments) == (WIDTH if segments else 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-20T02:00:00Z", "2026-11-20 02:00:00 UTC"),
        ("2026-11-20T02:00:00+02:00", "2026-11-20 00:00:00 UTC"),
        ("2026-11-20T02:00:00", "2026-11-20T02:00:00 (no time zone)"),
        ("yesterday", "yesterday"),
    ],
)
def test_instants_are_shown_in_utc(text: str, shown: str) -> None:
    """A time without a zone is said to have none, and is never given one."""
    assert instant(text) == shown


@given(st.text(), st.text())
def test_times_of_any_text_are_no_exception(started_at: str, finished_at: str) -> None:
    """What is not a time gives no duration."""
    assert isinstance(instant(started_at), str)
    assert seconds_between(started_at, finished_at) is None or started_at
