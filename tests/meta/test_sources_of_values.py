"""Whoever reads an environment file of this repository can tell where each of its values comes from."""

import re
from pathlib import Path

import pytest
import yaml

FILES = sorted((Path(__file__).parents[2] / "environments").glob("*.yaml"))
STRUCTURAL = {
    "schema", "system", "description", "live", "fail_on", "fixtures",
    "named_requirements", "conflicts", "sources",
}  # fmt: skip
"""What says which system this is and how it is read, and asks for nothing."""
CITED = re.compile(r"derived: \S|00[0-4] §\S")


def values(document):
    """Every section that asks for something: a list or a value as a whole, else key by key."""
    for section, value in document.items():
        if section in STRUCTURAL:
            continue
        yield from (f"{section}.{key}" for key in value) if isinstance(value, dict) else [section]


def is_told(place, sources):
    """Whether the place, what it stands in, or something in it has a source."""
    return any(
        f"{place}.".startswith(f"{source}.") or source.startswith(f"{place}.") for source in sources
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_has_a_source_or_is_marked_as_derived(path):
    """A new value without a line under `sources` is found here."""
    document = yaml.safe_load(path.read_text())
    wanted = list(values(document))
    assert wanted
    assert [place for place in wanted if not is_told(place, document["sources"])] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_is_a_section_of_a_document_or_says_that_it_is_derived(path):
    """Nothing else counts as a source."""
    told = yaml.safe_load(path.read_text())["sources"]
    assert [place for place, source in told.items() if not CITED.match(source)] == []
