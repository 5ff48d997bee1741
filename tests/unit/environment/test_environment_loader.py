"""A broken environment file says what is wrong, where, and what was expected."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plimsoll import resources
from plimsoll.environment.inventory import Undeclared, targets, web_hosts
from plimsoll.environment.loader import known_environments, load, locate
from plimsoll.environment.problem import ConfigurationError, UnknownEnvironmentError
from plimsoll.environment.schema import environment_schema

HEAD = "schema: plimsoll/environment/1\nsystem: Shop\n"
PAGE = "endpoints:\n  - {name: home, kind: page, url: 'https://shop.example.com/'}\n"


@pytest.fixture
def written(tmp_path):
    """Write an environment file and return its path."""

    def write(text):
        path = tmp_path / "shop.yaml"
        path.write_text(text)
        return path

    return write


def problems(path):
    """The problems of a file that must have some."""
    with pytest.raises(ConfigurationError) as raised:
        load(str(path))
    return raised.value.problems


def test_a_small_file_is_enough(written):
    """Everything that is left out is not asked for."""
    loaded = load(str(written(HEAD + PAGE)))
    assert loaded.name == "shop"
    assert loaded.model.live is False
    assert [one.id for one in web_hosts(loaded.model)] == ["shop.example.com"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "livee: true\n", "shop.yaml:3: livee: is not a key that is known here"),
        (HEAD + "live: perhaps\n", "shop.yaml:3: live: expected:"),
        (HEAD + "endpoints: []\n", "shop.yaml:3: endpoints: expected: a list of at least"),
        (
            HEAD + "endpoints:\n  - {name: a, kind: page}\n",
            "shop.yaml:4: endpoints[0]: an endpoint has",
        ),
        (HEAD + "system: Other\n", "shop.yaml:3: key system is given 2 times"),
        (HEAD + "a: [\n", "shop.yaml:4:1:"),
        ("system: Shop\n", "shop.yaml:1: schema: is missing"),
        (HEAD + "tls: {minimum_version: '1.1', days_to_expiry: 1}\n", "tls.minimum_version"),
        (HEAD + "sources: {nowhere.at.all: '000'}\n", "nowhere.at.all is not a place"),
        (HEAD + "repository: {app_spec: ../x}\n", "'..' is not allowed"),
        (HEAD + "endpoints:\n  - {name: a, kind: api, path: /x}\n", "declare regions"),
        (HEAD + "headers: {x-a: {}}\n", "exactly one rule"),
        ("", "is empty"),
        ("- a\n", "expected:"),
    ],
)
def test_a_broken_file_names_file_line_key_and_expectation(written, text, expected):
    """Each mistake is one line that a person can act on."""
    found = problems(written(text))
    assert any(expected in problem for problem in found), found


def test_all_mistakes_are_told_at_once(written):
    """Nobody mends one mistake to find the next."""
    text = HEAD + "live: 7\nfail_on: sometimes\ntls: {minimum_version: '2'}\n"
    assert len(problems(written(text))) >= 3


def test_bytes_that_are_no_text_are_refused(tmp_path):
    """A file of another kind is not half read."""
    path = tmp_path / "shop.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in problems(path)[0]


def test_a_secret_is_only_ever_a_name(written):
    """A credential that is no name of an environment variable is refused."""
    text = HEAD + "metrics: {credential: s3cr3t-value, signals: [cpu]}\n"
    assert "metrics.credential" in problems(written(text))[0]


def test_an_unknown_name_is_answered_with_those_that_are_known():
    """The nearest one is suggested."""
    with pytest.raises(UnknownEnvironmentError, match="did you mean app-oint"):
        locate("app-ont")
    with pytest.raises(UnknownEnvironmentError, match="there is no such file"):
        locate("nowhere/app-oint.yaml")
    assert "app-oint" in known_environments()


def test_twice_the_same_name_is_refused(written):
    """Two endpoints of one name could not be told apart in a report."""
    twice = PAGE + "  - {name: home, kind: page, url: 'https://b.example.com/'}\n"
    assert "declared twice: endpoint home" in problems(written(HEAD + twice))[0]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_document_is_loaded_or_refused_in_words(tmp_path_factory, data):
    """Whatever stands in the file, the answer is an environment or problems, nothing else."""
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    try:
        load(str(path))
    except ConfigurationError as error:
        assert error.problems


def test_nothing_declared_is_said_to_be_undeclared(written):
    """No endpoints: a reason, never an empty list."""
    found = targets(load(str(written(HEAD))).model, ["metrics"])
    assert found == Undeclared("no endpoint of kind metrics is declared")


def test_the_committed_schema_is_the_models_own():
    """Editors complete from what the loader accepts (scripts/generate writes it)."""
    committed = resources.environments() / "environment.schema.json"
    assert committed.read_text() == environment_schema()


def test_the_shipped_environments_fit_their_schema():
    """The schema accepts what the loader accepts."""
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(json.loads(environment_schema()))
    for name in known_environments():
        assert validator.is_valid(yaml.safe_load(Path(locate(name)).read_text())), name
