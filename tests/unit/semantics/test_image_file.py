"""The images that a file names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import DocumentError, parse_yaml
from plimsoll.semantics.image_file import images_of, is_dockerfile
from plimsoll.semantics.image_reference import dockerfile_images


def found(text: str) -> list[tuple[str, str, str]]:
    """Return the images of a YAML file as (owner, reference, where)."""
    images = images_of(parse_yaml(text, "f"))
    return [(image.owner, image.reference, image.where) for image in images]


def test_each_kind_of_file_tells_its_images() -> None:
    """Compose services, components of a specification, and every container of a manifest."""
    compose = "services:\n  web: {image: 'nginx:${V:-1.2}'}\n  own: {build: .}\n"
    assert found(compose) == [("web", "nginx:1.2", "f:2")]
    spec = "services:\n  - name: api\n    image: {registry_type: DOCKER_HUB, repository: a, tag: '1'}\n"
    assert [image[:2] for image in found(spec)] == [("api", "docker.io/a:1")]
    manifest = (
        "apiVersion: v1\nkind: Pod\nspec:\n  initContainers:\n    - image: a:1.2\n"
        "  containers:\n    - image: b\n"
    )
    assert [image[1:] for image in found(manifest)] == [("a:1.2", "f:5"), ("b", "f:7")]


def test_a_dockerfile_copies_and_mounts_from_images_too() -> None:
    """Stages by name or number are no images; anything else that is copied from is."""
    text = (
        "FROM a:1.2 AS build\nCOPY --from=build /x /x\nFROM scratch\nCOPY --from=0 /x /x\n"
        "COPY --chown=1 --from=b:latest /y /y\nRUN --mount=type=bind,from=c,target=/c make\n"
    )
    images = [(image.reference, image.where) for image in dockerfile_images(text, "D")]
    assert images == [("a:1.2", "D:1"), ("b:latest", "D:5"), ("c", "D:6")]


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("Dockerfile", True),
        ("api/Dockerfile.prod", True),
        ("x/Containerfile", True),
        ("api/web.dockerfile", True),
        ("Dockerfile/readme.md", False),
        ("docker-compose.yml", False),
    ],
)
def test_a_dockerfile_is_known_by_its_name(path: str, is_one: bool) -> None:
    """The last part of the path decides."""
    assert is_dockerfile(path) is is_one


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Every image that is found has a place in the file."""
    try:
        documents = parse_yaml(text, "f")
    except DocumentError:
        documents = ()
    images = (*images_of(documents), *dockerfile_images(text, "f"))
    assert all(image.where.startswith("f:") for image in images)
