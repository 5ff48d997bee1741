"""A container must see the files that its configuration names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.container import Container
from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics.compose import services
from plimsoll.semantics.mounted_files import named_files, unseen_files, unseen_templates

COMPOSE = """\
services:
  a:
    image: prom/alertmanager:v0.28.1
    volumes:
      - ./alertmanager:/etc/alertmanager:ro
      - data:/data
    secrets: [key]
secrets: {key: {environment: KEY}}
volumes: {data: {}}
"""
FILES = ("alertmanager/alertmanager.yml", "alertmanager/ca.pem", "alertmanager/t/a.tmpl")
FOLDER = "/etc/alertmanager"


def service() -> Container:
    """Return the container."""
    return services(parse_yaml_document(COMPOSE, "compose.yml"))[0]


def config(text: str) -> Document:
    """Parse a configuration."""
    return parse_yaml_document(text, "alertmanager.yml")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/run/secrets/key", []),
        ("/run/secrets/other", ["ca_file /run/secrets/other is not mounted into a"]),
        ("ca.pem", []),
        ("/etc/alertmanager/ca.pem", []),
        ("/data/anything", []),
        ("gone.pem", ["ca_file gone.pem shows alertmanager/gone.pem, which is absent"]),
        ("/etc/other/ca.pem", ["ca_file /etc/other/ca.pem is not mounted into a"]),
    ],
)
def test_a_named_file_is_seen_through_a_mount_or_a_secret(path: str, expected: list[str]) -> None:
    """What comes from the repository must be in it; what a volume holds is not known."""
    document = config(f"receivers: [{{tls_config: {{ca_file: {path}}}}}]")
    found = unseen_files(service(), document.part(), FOLDER, FILES)
    assert [problem.what for problem in found] == expected


def test_files_that_are_written_are_not_read() -> None:
    """The log of queries comes to be by itself."""
    document = config("{query_log_file: /x, key_file: /y, other: {a_file: /z, file: /w}}")
    assert [part.text for part in named_files(document.part())] == ["/y", "/z"]


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("t/*.tmpl", 0), ("/etc/alertmanager/t/*.tmpl", 0), ("u/*.tmpl", 1), ("/etc/u/*.tmpl", 1)],
)
def test_templates_must_match_a_file_that_is_mounted(pattern: str, count: int) -> None:
    """A pattern that matches nothing leaves every template of its own undefined."""
    document = config(f"templates: ['{pattern}', null]")
    assert len(unseen_templates(service(), document, FOLDER, FILES)) == count


@given(
    st.recursive(
        st.none() | st.integers(0, 3) | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a_file", "templates", "x"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_configuration_is_read(data: object) -> None:
    """Whatever it holds, nothing is raised."""
    document = Document("a.yml", data)
    assert isinstance(unseen_files(service(), document.part(), FOLDER, FILES), tuple)
    assert isinstance(unseen_templates(service(), document, FOLDER, FILES), tuple)
