"""Prometheus does not start with an option it does not have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Problem, parse_yaml_document
from plimsoll.semantics.compose import services
from plimsoll.semantics.prometheus_options import (
    ALERTMANAGER,
    PROGRAMS,
    PROMETHEUS,
    Program,
    unknown_options,
)


def judged(
    command: str, image: str = "prom/prometheus:v3.7.3", program: Program = PROMETHEUS
) -> tuple[Problem, ...]:
    """Judge the options of one service."""
    text = f"services:\n  p:\n    image: {image}\n    command: {command}\n"
    compose = parse_yaml_document(text, "compose.yml")
    return tuple(unknown_options(compose, services(compose)[0], program))


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
    assert PROMETHEUS.has(option, (2, 45))
    assert PROMETHEUS.has(option, (3, 0))


@pytest.mark.parametrize(
    "option", ["--alertmanager.url", "--storage.local.path", "--web.lifecycle"]
)
def test_an_option_that_no_version_has_is_unknown(option: str) -> None:
    """What version 1 had is as unknown as what never was."""
    assert not PROMETHEUS.has(option, (2, 45))
    assert not PROMETHEUS.has(option, (3, 0))


@pytest.mark.parametrize("option", ["--storage.tsdb.retention", "--alertmanager.timeout"])
def test_an_option_that_version_3_removed_is_one_of_version_2(option: str) -> None:
    """The version of the image decides."""
    assert PROMETHEUS.has(option, (2, 45))
    assert not PROMETHEUS.has(option, (3, 0))


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


@given(st.text(max_size=60), st.integers(0, 5), st.integers(0, 60))
def test_any_text_is_an_option_or_none(option: str, major: int, minor: int) -> None:
    """Never an exception, whatever the program and its version."""
    for program in PROGRAMS.values():
        assert program.has(option, (major, minor)) in (True, False)


@pytest.mark.parametrize(
    ("image", "option", "is_known"),
    [
        ("prom/alertmanager:v0.28.1", "--cluster.listen-address=", True),
        ("prom/alertmanager:v0.28.1", "--enable-feature=x", True),
        ("prom/alertmanager:v0.25.0", "--enable-feature=x", False),
        ("prom/alertmanager:v0.25", "--cluster.label=x", False),
        ("prom/alertmanager", "--cluster.label=x", True),
        ("prom/alertmanager:main", "--cluster.label=x", True),
        ("prom/alertmanager:v0.28.1", "--storage.tsdb.path=/x", False),
        ("prom/alertmanager:v0.28.1", "--web.enable-lifecycle", False),
    ],
)
def test_an_alertmanager_has_options_of_its_own(image: str, option: str, is_known: bool) -> None:
    """Those of Prometheus are not among them, and younger ones need a younger version."""
    assert (not judged(option, image, ALERTMANAGER)) is is_known


def test_the_version_that_lacks_an_option_is_named() -> None:
    """As exactly as the image names it."""
    found = judged("--cluster.label=x", "prom/alertmanager:v0.25.0", ALERTMANAGER)
    assert [one.what for one in found] == [
        "--cluster.label is no option of Alertmanager 0.25, which does not start with it"
    ]
    assert "Prometheus 2," in judged("--x=1", "prom/prometheus:v2")[0].what
    assert "Prometheus 3," in judged("--x=1", "prom/prometheus:latest")[0].what
    assert "of Alertmanager," in judged("--x=1", "prom/alertmanager", ALERTMANAGER)[0].what


def test_an_option_of_version_3_is_none_of_version_2() -> None:
    """Prometheus 2 does not start with it."""
    assert not PROMETHEUS.has("--web.enable-otlp-receiver", (2, 53))
    assert PROMETHEUS.has("--web.enable-otlp-receiver", (3, 0))
    assert PROMETHEUS.has("--web.enable-otlp-receiver")
