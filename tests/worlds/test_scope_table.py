"""The table of scopes in docs/digitalocean.md says what a token without one of them hides."""

import re
from functools import cache
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/digitalocean.md"
SYSTEMS = ("digitalocean-production", "app-oint")
ROW = re.compile(r"\| `(\w+:read)` \|[^|]*\| ([A-Z]{3}-\d\d[a-z]?(?:, [A-Z]{3}-\d\d[a-z]?)*) \|")
TABLE = {scope: set(ids.split(", ")) for scope, ids in ROW.findall(PAGE.read_text())}
NAMED = sorted(set().union(*TABLE.values()))


@pytest.fixture(scope="module")
def undecided(rehearse):
    """Return the controls of the table that a token without a scope leaves undecided."""

    @cache
    def controls(scope):
        asked = [part for control in NAMED for part in ("--control", control)]
        found = set()
        for env in SYSTEMS:
            run = rehearse(
                lambda world: world.cloud.scopes.discard(scope),
                "--no-engineer-log",
                *asked,
                env=env,
            )
            found |= run.controls_with("error")
        return found

    return controls


@pytest.mark.parametrize("scope", sorted(TABLE))
def test_the_page_names_what_a_missing_scope_hides(undecided, scope):
    """Without the scope just these controls are undecided in the mocked accounts."""
    assert undecided(scope) == TABLE[scope]


def test_the_page_lists_the_scopes():
    """A table that nobody could read would say nothing, and be true."""
    assert len(TABLE) == 11
    assert len(NAMED) > 15
