"""Image references are parsed by their grammar and pinned only by a digest or a precise tag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.image_reference import (
    ImageReference,
    dockerfile_images,
    is_pinned,
    parse_reference,
)

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres", ImageReference("postgres")),
        ("postgres:15", ImageReference("postgres", tag="15")),
        ("localhost:5000/a/b:1.2", ImageReference("a/b", "localhost:5000", "1.2")),
        ("registry:5000/a", ImageReference("a", "registry:5000")),
        ("ghcr.io/org/app@" + DIGEST, ImageReference("org/app", "ghcr.io", digest=DIGEST)),
        ("org/app:1.0@" + DIGEST, ImageReference("org/app", tag="1.0", digest=DIGEST)),
    ],
)
def test_references_are_parsed(text: str, expected: ImageReference) -> None:
    """Parse one reference."""
    assert parse_reference(text) == expected


@pytest.mark.parametrize("text", ["", "A:1", "a:${TAG}", "a b", "a:", "@sha256:1", "a@sha256:12"])
def test_what_is_no_reference_is_none_and_not_pinned(text: str) -> None:
    """Parse texts outside of the grammar."""
    assert parse_reference(text) is None
    assert not is_pinned(text)


@pytest.mark.parametrize(
    "tag",
    ["15.4", "v2.53.1", "1.25-alpine", "16.10-alpine3.22", "2024.01.02", "22-bookworm-20250101"],
)
def test_precise_tags_pin(tag: str) -> None:
    """Judge a tag with a version of at least two numbers, or a date."""
    assert is_pinned(f"image:{tag}")


@pytest.mark.parametrize(
    "tag", ["latest", "stable", "alpine", "15", "7-alpine", "22-bookworm", "main", "lts", "v3"]
)
def test_floating_tags_do_not_pin(tag: str) -> None:
    """Judge a tag that its publisher moves."""
    assert not is_pinned(f"image:{tag}")


def test_a_digest_or_a_commit_pins_and_no_tag_does_not() -> None:
    """Judge the other ways to name an image."""
    assert is_pinned("image@" + DIGEST)
    assert is_pinned("image:latest@" + DIGEST)
    assert is_pinned("image:sha-1a2b3c4")
    assert not is_pinned("image")


DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG NODE=24.11.1
ARG BASE
FROM --platform=$BUILDPLATFORM node:${NODE}-alpine AS build
ARG NODE=1
RUN echo FROM nothing:1
FROM build AS test
from \\
  nginx:1.29 \\
  as web
FROM scratch
FROM ${BASE}
FROM node:${NODE}
"""


def test_the_images_of_a_dockerfile_are_its_external_bases() -> None:
    """Read stages, ARG defaults, continued lines and an argument without a default."""
    found = dockerfile_images(DOCKERFILE, "api/Dockerfile")
    assert [(image.owner, image.reference, image.where) for image in found] == [
        ("build", "node:24.11.1-alpine", "api/Dockerfile:4"),
        ("web", "nginx:1.29", "api/Dockerfile:8"),
        ("4", "${BASE}", "api/Dockerfile:12"),
        ("5", "node:24.11.1", "api/Dockerfile:13"),
    ]


@given(st.text(max_size=80))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    """Parse arbitrary text as a reference."""
    reference = parse_reference(text)
    assert is_pinned(text) is (reference is not None and reference.is_pinned)


@given(st.text(alphabet="FROMARGas :=$\\{}\n#x1.", max_size=80))
def test_any_text_is_read_as_a_dockerfile(text: str) -> None:
    """Read arbitrary text as a Dockerfile."""
    assert all(image.where.startswith("D:") for image in dockerfile_images(text, "D"))
