"""Sinks of Vector's configuration, and what feeds them."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.vector_config import Sink, object_sinks

HOST = "ams3.digitaloceanspaces.com"
CONFIGURATION = """\
sources:
  journal: {type: journald}
  files: {type: file}
transforms:
  parsed: {type: remap, inputs: [journal]}
  split: {type: route, inputs: [parsed]}
sinks:
  archive:
    type: aws_s3
    inputs: [split.errors, files]
    endpoint: https://ams3.digitaloceanspaces.com
    bucket: logs-hot
    key_prefix: logs/%Y/
  screen: {type: console, inputs: [journal]}
"""
names = st.sampled_from(["a", "b", "c", "a.x", "*", "b*", ""])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


def sinks(text: str) -> tuple[Sink, ...]:
    """Return the sinks of a configuration."""
    return object_sinks(parse_yaml_document(text, "vector.yaml"))


def test_a_sink_is_followed_back_to_its_sources() -> None:
    """Read a sink that is fed through two transforms, and directly."""
    (sink,) = sinks(CONFIGURATION)
    assert sink.feeds == ("files", "journal")
    assert sink.dangling == ()
    assert sink.where == "vector.yaml:8"


@pytest.mark.parametrize(
    ("bucket", "host", "prefix", "ships"),
    [
        ("logs-hot", HOST, "logs/", True),
        ("logs-hot", HOST, "", True),
        ("logs-cold", HOST, "logs/", False),
        ("logs-hot", "fra1.digitaloceanspaces.com", "logs/", False),
        ("logs-hot", HOST, "audit/", False),
    ],
)
def test_a_sink_ships_to_one_place(bucket: str, host: str, prefix: str, *, ships: bool) -> None:
    """Ask for its bucket, and for others: bucket, endpoint and prefix must be the same."""
    (sink,) = sinks(CONFIGURATION)
    assert sink.ships_to(bucket, host, prefix) is ships


def test_an_input_that_nothing_is_called_dangles() -> None:
    """Misspell an input: it is named, and feeds nothing."""
    (sink,) = sinks(CONFIGURATION.replace("split.errors", "splt.errors"))
    assert sink.dangling == ("splt.errors",)
    assert sink.feeds == ("files",)


def test_a_transform_fed_by_nothing_feeds_nothing() -> None:
    """Let the first transform read from nowhere."""
    (sink,) = sinks(CONFIGURATION.replace("inputs: [journal]}\n  split", "inputs: []}\n  split"))
    assert sink.dangling == ("split.errors",)


def test_a_star_names_several_components() -> None:
    """Name every source at once."""
    (sink,) = sinks(CONFIGURATION.replace("[split.errors, files]", '["*"]'))
    assert sink.feeds == ("files", "journal")


@pytest.mark.parametrize("variable", ["${BUCKET}", "$BUCKET", "${BUCKET:-logs-hot}"])
def test_a_bucket_in_a_variable_is_not_settled(variable: str) -> None:
    """Put the bucket into a variable, whose value the file does not hold."""
    (sink,) = sinks(CONFIGURATION.replace("bucket: logs-hot", f"bucket: {variable}"))
    assert not sink.is_settled
    assert not sink.ships_to("logs-hot", HOST, "logs/")


def test_transforms_in_a_circle_feed_nothing() -> None:
    """Let two transforms feed each other, and the sink."""
    circle = (
        "transforms: {a: {inputs: [b]}, b: {inputs: [a]}}\nsinks: {s: {type: aws_s3, inputs: [a]}}"
    )
    (sink,) = sinks(circle)
    assert sink.feeds == ()
    assert sink.dangling == ("a",)


@given(st.dictionaries(st.sampled_from(["sources", "transforms", "sinks"]), values))
def test_any_document_can_be_read(data: dict[str, object]) -> None:
    """Read documents of any shape: a sink without a source is never said to be fed."""
    for sink in sinks(yaml.safe_dump(data)):
        assert set(sink.feeds) <= set(data.get("sources") or ())  # type: ignore[call-overload]
