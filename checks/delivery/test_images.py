"""What is deployed is what was tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics import app_spec
from plimsoll.semantics.digitalocean.running import running_spec
from plimsoll.semantics.image_file import images_of, is_dockerfile
from plimsoll.semantics.image_reference import dockerfile_images, is_pinned

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("DLV-06")
def test_images_are_pinned(
    image_file: FileSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read every image that the matching files run, start from or copy from; each must be pinned.

    Compose files, Dockerfiles, Kubernetes manifests and App Platform specifications are read;
    variables count by their defaults. A name that matches no file, and a file that names no image,
    deviate: there is nothing that could be called pinned.
    """
    origin = repository.origin_of(image_file.id)
    paths = repository.matching(image_file.id)
    if not paths:
        expect.missing(f"file {image_file.id}", expected="images to judge", at=origin)
    for path in paths:
        images = (
            dockerfile_images(repository.text(path), path)
            if is_dockerfile(path)
            else images_of(repository.documents(path))
        )
        if not images:
            expect.missing(f"images of {path}", expected="images to judge", at=origin.at(path))
        for image in images:
            expect.that(
                is_pinned(image.reference),
                f"image of {image.owner}",
                observed=image.reference,
                expected="a digest, or a tag with major and minor version",
                at=origin.at(image.where),
            )


@pytest.mark.control("DLV-06")
def test_images_of_the_app_are_pinned(
    deployed_app: AppSubject, app: Observed[App], expect: Expect
) -> None:
    """Read how each component that runs came to be: built from a commit, or from which image.

    What the platform builds itself is pinned by the commit it was built from; an image must be
    pinned as in a file. One that tells neither a repository nor an image is not known to be.
    """
    spec = running_spec(app)
    images = {image.owner: image for image in app_spec.images(spec)}
    components = app_spec.components(spec)
    for component in components:
        image = images.get(component.name)
        if image is None and not app_spec.is_from_source(component):
            reason = f"what {component.name} is made of is not told"
            raise NotObserved(reason, app.origin.at(component.where))
        expect.that(
            image is None or is_pinned(image.reference),
            f"image of {component.name}",
            observed=image.reference if image else None,
            expected="a digest, or a tag with major and minor version",
            at=app.origin.at(image.where if image else component.where),
        )
