"""Prometheus does not start with an option it does not have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Problem, parse_yaml_document
from plimsoll.semantics.compose import services
from plimsoll.semantics.prometheus_options import is_option, unknown_options


def judged(command: str, image: str = "prom/prometheus:v3.7.3") -> tuple[Problem, ...]:
    """Judge the options of one service."""
    text = f"services:\n  p:\n    image: {image}\n    command: {command}\n"
    compose = parse_yaml_document(text, "compose.yml")
    return tuple(unknown_options(compose, services(compose)[0]))


@pytest.mark.parametrize(
    "option",
    [
        "--config.file",
        "--web.enable-lifecycle",
        "--no-storage.tsdb.wal-compression",
        "--storage.remote.flush-deadline",
        "--enable-feature",
    ],
)
def test_an_option_of_the_server_is_known(option: str) -> None:
    """Options of both major versions are known, switched off ones too."""
    assert is_option(option, 2)
    assert is_option(option, 3)


@pytest.mark.parametrize(
    "option", ["--alertmanager.url", "--storage.local.path", "--web.lifecycle"]
)
def test_an_option_that_no_version_has_is_unknown(option: str) -> None:
    """What version 1 had is as unknown as what never was."""
    assert not is_option(option, 2)
    assert not is_option(option, 3)


@pytest.mark.parametrize("option", ["--storage.tsdb.retention", "--alertmanager.timeout"])
def test_an_option_that_version_3_removed_is_one_of_version_2(option: str) -> None:
    """The version of the image decides."""
    assert is_option(option, 2)
    assert not is_option(option, 3)


def test_the_place_of_an_unknown_option_is_its_own_line() -> None:
    """A list of options gives each a line; a single text has only the command's."""
    listed = "[--config.file=/p.yml,\n      --alertmanager.url=http://a:9093]"
    assert [problem.where for problem in judged(listed)] == ["compose.yml:5"]
    told = judged("--config.file=/p.yml --alertmanager.url=http://a:9093")
    assert [problem.where for problem in told] == ["compose.yml:4"]


@pytest.mark.parametrize(
    ("image", "problems"),
    [
        ("prom/prometheus:v2.55.1", 0),
        ("prom/prometheus:v3", 1),
        ("prom/prometheus:latest", 1),
        ("prom/prometheus", 1),
        ('"${IMAGE}"', 1),
    ],
)
def test_without_a_version_the_newest_is_meant(image: str, problems: int) -> None:
    """An image that names no version may be the newest one, and must start with the options."""
    assert len(judged("--storage.tsdb.retention=35d", image)) == problems


@given(st.text(max_size=60), st.integers(0, 5))
def test_any_text_is_an_option_or_none(option: str, major: int) -> None:
    """Never an exception; an option of version 3 is at least one of version 2."""
    assert is_option(option, major) in (True, False)
    assert is_option(option, 2) or not is_option(option, 3)
