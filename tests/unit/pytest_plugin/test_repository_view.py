"""An absent file deviates; one that cannot be read or parsed is not known."""

import pytest

from plimsoll.findings import NonCompliant, NotObserved, Verdict
from plimsoll.pytest_plugin.repository_view import RepositoryView

FILES = {
    "a.yaml": "a: 1\n",
    "many.yaml": "a: 1\n---\nb: 2\n",
    "broken.yaml": "a: [",
    "j.json": "{}",
}


@pytest.fixture
def examination(examine):
    """The examination of a check that reads the repository."""
    return examine()


@pytest.fixture
def view(examination, read):
    """The repository as that check sees it."""
    seen = read(FILES, also=("unplanned.txt",), problems={"binary.bin": "not UTF-8 text"})
    return RepositoryView(examination, seen)


def test_a_file_that_is_there_is_read_and_becomes_evidence(view, examination):
    """What a check read is what it relied on."""
    assert view.text("a.yaml") == "a: 1\n"
    assert examination.evidence == ["a.yaml"]
    assert not examination.expect.deviations


def test_an_absent_file_is_a_deviation_at_its_vantage_point(view, examination):
    """In a repository that was read, absence was observed."""
    with pytest.raises(NonCompliant):
        view.document("nowhere.yaml", "app-spec")
    conclusion = examination.conclude()
    assert conclusion.verdict is Verdict.FAIL
    (deviation,) = conclusion.deviations
    assert (deviation.what, deviation.observed) == ("file nowhere.yaml", "absent")
    assert deviation.source == "repository:app-spec"


@pytest.mark.parametrize(
    ("read_it", "reason"),
    [
        (lambda view: view.text("binary.bin"), "not UTF-8 text"),
        (lambda view: view.document("broken.yaml"), "cannot be parsed"),
        (lambda view: view.document("many.yaml"), "holds 2 documents instead of one"),
        (lambda view: view.text("unplanned.txt"), "was not planned to be read"),
    ],
)
def test_what_cannot_be_understood_is_not_observed_and_no_deviation(
    view, examination, read_it, reason
):
    """It says nothing about what depends on it, neither good nor bad."""
    with pytest.raises(NotObserved, match=reason):
        read_it(view)
    assert not examination.expect.deviations


def test_several_documents_are_read_in_order(view):
    """A stream is a stream."""
    assert [document.data for document in view.documents("many.yaml")] == [{"a": 1}, {"b": 2}]
    assert view.document("j.json").data == {}


def test_a_vantage_point_is_named_where_a_file_is_one(view):
    """And keeps saying whether it is simulated."""
    assert view.origin_of("a.yaml").source == "repository"
    assert view.origin_of("a.yaml", "hpa").source == "repository:hpa"
    assert view.origin_of("a.yaml").simulated is True


def test_paths_are_looked_up_by_name_and_by_pattern(view):
    """A listed file is there even where nobody planned to read it."""
    assert view.has("unplanned.txt")
    assert not view.has("nowhere")
    assert view.matching("*.yaml") == ("a.yaml", "broken.yaml", "many.yaml")
    assert view.modes_known
