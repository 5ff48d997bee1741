"""What a check reads is told, question by question; and two runs answer alike or they do not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.repository import FileRecord, Repository, RepositoryProbe
from plimsoll.facts.tool_output import ToolOutput, ToolProbe
from plimsoll.findings import NotObserved, NotTested, Observed, Origin
from plimsoll.pytest_plugin.reading import THERE, Question, reads_alike, watched

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
FILES, PAGE = RepositoryProbe(("**/*.yml",)), HttpProbe("https://ferry.example/")
LINT = ToolProbe("shellcheck", "run.sh")


def a_repository(texts, root="/tmp/one", at=NOW, simulated=True):
    """A repository with these files, as it was seen."""
    files = tuple(FileRecord(path, len(text), text, text) for path, text in texts.items())
    seen = Repository(root, None, None, True, tuple(texts), files, at)
    return Observed(seen, Origin("repository", root, simulated), at)


def a_page(value, at=NOW, where="https://ferry.example/"):
    """Something seen of a page."""
    return Observed(value, Origin("http", where), at)


def a_lint(output, at=NOW):
    """What a program said."""
    return Observed(ToolOutput("shellcheck", "run.sh", "0.9", 0, output, at), Origin("x", "y"), at)


def test_a_repository_tells_what_it_is_asked():
    """And answers as the one behind it."""
    asked = set()
    seen = watched(FILES, {FILES: a_repository({"a.yml": "a", "b.yml": "b"})}, asked.add)
    assert asked == {Question(FILES, THERE)}
    assert seen.value.file("a.yml").text == "a"
    assert seen.value.file("c.yml") is None
    assert seen.value.matching("*.yml") == seen.value.paths == ("a.yml", "b.yml")
    assert asked == {
        Question(FILES, THERE),
        Question(FILES, ("file", "a.yml")),
        Question(FILES, ("file", "c.yml")),
        Question(FILES, ("matching", "*.yml")),
        Question(FILES, ("paths",)),
    }


@pytest.mark.parametrize("seen", [a_page("x"), NotObserved("gone", Origin("http", "")), None])
def test_everything_else_is_read_whole(seen):
    """That nobody looked is an answer too."""
    asked = set()
    sightings = {} if seen is None else {PAGE: seen}
    assert watched(PAGE, sightings, asked.add) is seen
    assert asked == {Question(PAGE)}


def test_only_questions_about_what_changed_are_answered_otherwise():
    """Where the copy lies, and when it was read, does not matter."""
    before = {FILES: a_repository({"a.yml": "a", "b.yml": "b"})}
    now = {FILES: a_repository({"a.yml": "a", "b.yml": "other"}, "/tmp/two", LATER)}

    def alike(*asked):
        return reads_alike(Question(FILES, asked), before, now)

    assert alike("file", "a.yml")
    assert alike("file", "c.yml")
    assert alike("matching", "*.yml")
    assert alike("paths")
    assert alike(*THERE)
    assert not alike("file", "b.yml")
    assert not alike("files")


def test_a_real_repository_is_not_a_simulated_one():
    """With the same files."""
    one, other = ({FILES: a_repository({}, simulated=how)} for how in (True, False))
    assert not reads_alike(Question(FILES, THERE), one, other)


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (a_page("x"), a_page("x", LATER), True),
        (a_page("x"), a_page("y"), False),
        (a_page("x"), a_page("x", where="https://other.example/"), False),
        (a_page("x"), NotObserved("gone", Origin("http", "")), False),
        (NotObserved("gone", Origin("http", "")), NotObserved("gone", Origin("http", "")), True),
        (NotObserved("gone", Origin("http", "")), NotObserved("late", Origin("http", "")), False),
        (NotObserved("gone", Origin("http", "")), NotTested("gone", Origin("http", "")), False),
        (a_lint("[]"), a_lint("[]", LATER), True),
        (a_lint("[]"), a_lint("[1]"), False),
    ],
)
def test_two_looks_are_alike_or_not(before, now, same):
    """By what was seen, or by why it was not."""
    assert reads_alike(Question(PAGE), {PAGE: before}, {PAGE: now}) is same


@given(st.sampled_from([FILES, PAGE, LINT]), st.booleans())
def test_what_was_seen_in_one_run_only_is_not_alike(probe, reverse):
    """Nor is it an error to ask."""
    runs = [{probe: a_page("x")}, {}]
    assert not reads_alike(Question(probe), *(reversed(runs) if reverse else runs))
    assert reads_alike(Question(probe), {}, {})
