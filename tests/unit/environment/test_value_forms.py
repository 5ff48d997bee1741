"""A value of the wrong form is told in words, and never shown where it may be a secret."""

import json

import pytest

from plimsoll.environment.form import in_words
from plimsoll.environment.loader import load
from plimsoll.environment.problem import ConfigurationError
from plimsoll.environment.schema import environment_schema

START = "schema: plimsoll/environment/1\nsystem: Shop\n"


def patterns(node):
    """Return every pattern in a JSON Schema."""
    if isinstance(node, list):
        return {found for each in node for found in patterns(each)}
    if not isinstance(node, dict):
        return set()
    own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
    return own.union(*map(patterns, node.values()))


@pytest.fixture
def refused(tmp_path):
    """Return why a file with this content is refused."""

    def why(content):
        path = tmp_path / "shop.yaml"
        path.write_text(START + content)
        with pytest.raises(ConfigurationError) as caught:
            load(str(path))
        return str(caught.value)

    return why


def test_every_form_has_words():
    """A regular expression is for machines; one that lists its words may stay."""
    found = patterns(json.loads(environment_schema()))
    assert len(found) > 10
    untold = {pattern for pattern in found if pattern in in_words(pattern)}
    assert {pattern for pattern in untold if "request_count" not in pattern} == set()


def test_an_id_of_the_wrong_form_is_the_only_thing_told(refused):
    """The list around it is not also called too short."""
    told = refused("digitalocean:\n  apps: [{name: web, id: mine, platform_region: fra}]\n")
    assert "digitalocean.apps[0].id: expected: an id as the platform writes it" in told
    assert "at least 1 item" not in told


@pytest.mark.parametrize("secret", ["dop_v1_" + "0f" * 32, "hunter2-hunter2"])
def test_a_secret_in_place_of_its_variable_is_not_repeated(refused, secret):
    """Whoever pastes the token itself does not find it again in the log of a CI job."""
    told = refused(f"digitalocean:\n  token: {secret}\n")
    assert "digitalocean.token: expected: a name in capitals" in told
    assert secret not in told


def test_a_section_that_contradicts_itself_is_not_printed_whole(refused):
    """What is wrong with it is a sentence of its own, neither expected nor found."""
    app = "{name: web, region: fra1, platform_region: fra}"
    told = refused(f"digitalocean:\n  apps: [{app}, {app}]\n")
    assert told.endswith("digitalocean: declared twice in apps: web")
