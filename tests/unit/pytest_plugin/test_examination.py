"""What an examination concludes: nothing seen, nothing said or anything missing is never a pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.environment.model import Environment
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotExercised, NotObserved, Observed, Origin, ToolMissing, Verdict
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.reading import Question

ENVIRONMENT = Environment.model_validate({"schema": "plimsoll/environment/1", "system": "Ferry"})
SOURCES = st.sampled_from(["http", "dns", "repository:app-spec", "repository:hpa"])
MISSES = st.sampled_from([NotObserved, NotExercised, ToolMissing])
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("saw"), SOURCES, st.none()),
        st.tuples(st.just("missed"), SOURCES, MISSES),
        st.tuples(st.just("stated"), SOURCES, st.booleans()),
    ),
    max_size=8,
)
REQUIRED = st.lists(SOURCES, unique=True, max_size=2).map(tuple)
UNKNOWN = {Verdict.ERROR, Verdict.NOT_TESTED}


def examined(events, required=()):
    """An examination in which this happened, and what it concludes."""
    examination = Examination("ABC-01", None, ENVIRONMENT, {}, required)
    for what, source, detail in events:
        origin = Origin(source, "there")
        if what == "saw":
            examination.saw(origin)
        elif what == "missed":
            examination.missed(origin, detail("could not look", origin))
        else:
            examination.expect.that(detail, "it", observed="x", expected="y", at=origin)
    return examination.conclude()


def sources(events, what):
    """The vantage points with which something happened."""
    return {source for happened, source, _ in events if happened == what}


def test_nothing_seen_and_nothing_said_is_an_error():
    """A check that did nothing has not passed."""
    conclusion = examined([])
    assert (conclusion.verdict, conclusion.reason) == (Verdict.ERROR, "nothing was judged")


@given(EVENTS.filter(lambda events: not sources(events, "stated")), REQUIRED)
def test_without_a_statement_nothing_passes(events, required):
    """However much was looked at."""
    assert examined(events, required).verdict in UNKNOWN


@given(EVENTS, REQUIRED)
def test_one_untrue_statement_fails_whatever_else_is_missing(events, required):
    """What was seen to be wrong is wrong."""
    untrue = ("stated", "http", False)
    assert examined([*events, untrue], required).verdict is Verdict.FAIL
    assert examined([untrue, *events], required).deviations


@given(EVENTS)
def test_a_pass_needs_every_vantage_point_that_was_consulted(events):
    """Each was judged, and none was missed."""
    conclusion = examined(events)
    if conclusion.verdict is Verdict.PASS:
        assert sources(events, "missed") == set()
        assert sources(events, "saw") == sources(events, "stated") != set()
        assert {seen.verdict for seen in conclusion.vantage} == {Verdict.PASS}


@given(EVENTS, st.sets(SOURCES, min_size=1, max_size=2).map(tuple))
def test_a_pass_needs_every_vantage_point_that_is_required(events, required):
    """Each was judged, and none of them was missed."""
    if examined(events, required).verdict is Verdict.PASS:
        judged = sources(events, "stated") & sources(events, "saw")
        assert set(required) <= judged - sources(events, "missed")


@given(EVENTS, SOURCES, MISSES)
def test_missing_one_more_makes_nothing_green(events, source, miss):
    """Less knowledge never opens a gate."""
    before = examined(events).verdict
    after = examined([*events, ("missed", source, miss)]).verdict
    assert after is not Verdict.PASS
    assert (after is Verdict.FAIL) == (before is Verdict.FAIL)


@given(EVENTS, SOURCES)
def test_a_vantage_point_that_was_seen_and_not_judged_is_an_error(events, source):
    """Looking is not judging."""
    said = [event for event in events if event[0] == "stated" and event[1] != source and event[2]]
    looked_at = [("saw", place, None) for place in {source} | sources(said, "stated")]
    conclusion = examined([*looked_at, *said])
    assert conclusion.verdict is Verdict.ERROR
    assert "nothing was judged" in conclusion.reason


@given(EVENTS, SOURCES)
def test_what_is_said_of_a_place_without_looking_at_it_proves_nothing(events, source):
    """A statement needs an observation behind it."""
    elsewhere = [event for event in events if event[1] != source]
    conclusion = examined([*elsewhere, ("stated", source, True)])
    assert conclusion.verdict is not Verdict.PASS


@given(st.lists(st.tuples(st.just("missed"), SOURCES, st.just(NotExercised)), min_size=1))
def test_what_was_not_exercised_is_not_tested(events):
    """It is no error that nobody asked for it, and no pass either."""
    assert examined(events).verdict is Verdict.NOT_TESTED


def test_a_required_vantage_point_that_nothing_collects_is_not_tested():
    """The environment asks for a place from which nobody looks."""
    events = [("saw", "http", None), ("stated", "http", True)]
    conclusion = examined(events, required=("http", "satellite"))
    assert conclusion.verdict is Verdict.NOT_TESTED
    assert "satellite" in conclusion.reason


@given(EVENTS, REQUIRED)
def test_judging_twice_is_judging_once(events, required):
    """The same evidence, the same conclusion."""
    assert examined(events, required) == examined(events, required)


PROBE = HttpProbe("https://ferry.example/", count=3, exercise="burst")
HERE = Origin("http", "https://ferry.example/", simulated=True)


def test_a_probe_that_was_not_planned_was_not_observed(examine):
    """A fact that nobody looked at cannot be read."""
    with pytest.raises(NotObserved, match="not planned"):
        examine().observed(PROBE)


def test_a_missing_sighting_is_raised_and_remembered(examine, noon):
    """The check ends there, and the conclusion says why."""
    examination = examine({PROBE: NotExercised("nobody asked", HERE)})
    with pytest.raises(NotExercised):
        examination.observed(PROBE)
    assert examination.was_not_exercised
    assert examination.exercises == {"burst"}
    conclusion = examination.conclude()
    assert (conclusion.verdict, conclusion.vantage[0].simulated) == (Verdict.NOT_TESTED, True)


def test_what_a_check_relied_on_is_its_evidence_once(examine, noon):
    """Asking twice for the same fact is one piece of evidence."""
    examination = examine({PROBE: Observed((), HERE, noon)})
    examination.observed(PROBE)
    examination.observed(PROBE)
    assert examination.evidence == [str(PROBE)]
    assert not examination.was_not_exercised


def test_a_failure_tells_what_is_unknown_beside_it():
    """What was missed at the same place, and what nobody collects, stay to be seen."""
    conclusion = examined(
        [("saw", "dns", None), ("stated", "dns", False), ("missed", "dns", NotObserved)],
        required=("dns", "digitalocean"),
    )
    assert conclusion.verdict is Verdict.FAIL
    assert {seen.source: seen.reason for seen in conclusion.vantage} == {
        "dns": "there: could not look",
        "digitalocean": "is not collected",
    }


def test_a_statement_about_what_was_never_looked_at_is_an_error():
    """An origin can be made up; an observation cannot."""
    conclusion = examined([("stated", "http", True)])
    assert conclusion.verdict is Verdict.ERROR
    assert "without a look" in conclusion.reason


def test_what_a_run_shares_is_made_once_and_relied_on_by_each():
    """The second check gets the same, and names the same evidence as its own."""
    memory, made = {}, []
    one, other = (Examination("ABC-01", None, ENVIRONMENT, {}) for _ in range(2))
    one.memory = other.memory = memory

    def make():
        made.append(1)
        one.relied_on("rules.yml")
        return object()

    one.relied_on("before.yml")
    assert one.once("rules", make) is other.once("rules", make)
    assert made == [1]
    assert one.evidence == ["before.yml", "rules.yml"]
    assert other.evidence == ["rules.yml"]


def test_what_could_not_be_made_is_tried_again():
    """A failure is never remembered as a value."""
    examination = Examination("ABC-01", None, ENVIRONMENT, {})

    def refuse():
        raise NotObserved("not there", Origin("repository", "rules.yml"))

    for _ in range(2):
        with pytest.raises(NotObserved):
            examination.once("rules", refuse)
    assert examination.memory == {}


def test_what_is_made_once_hands_on_what_was_read():
    """Whoever uses it has read it too, and the one who made it has read more than that."""
    page, other = HttpProbe("https://ferry.example/"), HttpProbe("https://ferry.example/other")
    first, second = (Examination("ABC-01", None, ENVIRONMENT, {}) for _ in range(2))
    second.memory = first.memory
    first.sighting(other)
    for one in (first, second):
        one.once("page", lambda examined=one: str(examined.sighting(page)))
    assert first.reads == {Question(page), Question(other)}
    assert second.reads == {Question(page)}


def test_what_was_read_in_vain_is_read():
    """What could not be made is told by what it was to be made of."""
    page = HttpProbe("https://ferry.example/")
    examination = Examination("ABC-01", None, ENVIRONMENT, {})
    with pytest.raises(NotObserved):
        examination.once("page", lambda: examination.observed(page))
    assert examination.reads == {Question(page)}
    assert examination.memory == {}
