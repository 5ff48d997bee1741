"""From what the body of a check raised to its verdict: judging fails, not knowing is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings import (
    Deviation,
    NonCompliant,
    NotExercised,
    NotObserved,
    Origin,
    ToolMissing,
    Verdict,
)
from plimsoll.pytest_plugin.examination import Conclusion
from plimsoll.pytest_plugin.judging import conclude, enforce
from plimsoll.pytest_plugin.keys import EXAMINATION

HERE = Origin("http", "https://ferry.example/")
THERE = Origin("dns", "ferry.example")


class Item:
    """As much of a pytest item as judging looks at."""

    def __init__(self, examination):
        self.stash = {EXAMINATION: examination}


@pytest.fixture
def item(examine):
    """A check that stated something true of one place."""
    examination = examine()
    examination.saw(HERE)
    examination.expect.equal(1, 1, "count", at=HERE)
    return Item(examination)


@pytest.mark.parametrize(
    ("raised", "verdict"),
    [
        (None, Verdict.PASS),
        (NotObserved("half way", THERE), Verdict.ERROR),
        (NotObserved("half way", HERE), Verdict.ERROR),
        (NotExercised("not asked for", THERE), Verdict.NOT_TESTED),
        (ToolMissing("not installed", THERE), Verdict.NOT_TESTED),
        (AssertionError("must be"), Verdict.FAIL),
        (RuntimeError("bug"), Verdict.ERROR),
        (RecursionError(), Verdict.ERROR),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_was_raised_decides_where_everything_stated_was_true(item, raised, verdict):
    """A true statement does not make up for what came after it."""
    assert conclude(item, raised).verdict is verdict


def test_a_missed_vantage_point_that_is_not_required_stops_a_pass_all_the_same(examine):
    """A check that broke off has not judged everything, whatever the environment requires."""
    examination = examine(required=("http",))
    examination.saw(HERE)
    examination.expect.equal(1, 1, "count", at=HERE)
    conclusion = conclude(Item(examination), NotObserved("half way", THERE))
    assert (conclusion.verdict, conclusion.reason) == (Verdict.ERROR, "ferry.example: half way")


def test_what_was_found_wrong_before_a_missing_observation_still_fails(item):
    """A deviation is knowledge; not knowing the rest does not take it back."""
    item.stash[EXAMINATION].expect.equal(1, 2, "other", at=HERE)
    assert conclude(item, NotObserved("half way", THERE)).verdict is Verdict.FAIL


def test_a_crash_says_what_broke_without_a_traceback(item):
    """One sentence with the kind of exception and its words."""
    reason = conclude(item, KeyError("minimum")).reason
    assert reason == "the check itself broke: KeyError: 'minimum'"


@pytest.mark.parametrize("text", ["", "one\ntwo"])
def test_a_bare_assertion_is_a_deviation_of_one_line(item, text):
    """Whoever writes one is understood, if not encouraged."""
    (deviation,) = conclude(item, AssertionError(text)).deviations
    assert deviation.what == ("one" if text else "an assertion of the check")
    assert deviation.source == "http"


@given(st.sampled_from(Verdict), st.text(max_size=20))
def test_only_a_pass_raises_nothing(verdict, reason):
    """Whatever else a check came to, pytest never sees it as passed."""
    conclusion = Conclusion(verdict, reason, (Deviation("a", "b", "c", "d"),), ())
    if verdict is Verdict.PASS:
        enforce(conclusion)
        return
    kinds = {Verdict.FAIL: NonCompliant, Verdict.NOT_TESTED: pytest.skip.Exception}
    with pytest.raises(kinds.get(verdict, NotObserved)):
        enforce(conclusion)
