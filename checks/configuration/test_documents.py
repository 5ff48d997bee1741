"""Documents hold no default password and nothing that was left to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics import compose
from plimsoll.semantics.credentials import (
    Exposure,
    default_credentials,
    exposed_variables,
    placeholders,
)

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.environment.repository_model import Compose
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView

UNFIT = (Exposure.WELL_KNOWN, Exposure.PLACEHOLDER)
PATTERN_SIGNS = frozenset("*?[")


@pytest.mark.control("CFG-05")
def test_document_holds_no_defaults_and_no_placeholders(
    document: FileSubject, repository: RepositoryView, expect: Expect, environment: Environment
) -> None:
    """Read every document that the path or pattern names, at least one.

    None may tell a well-known default password or hold a value that somebody should have filled
    in. Of a Compose file the variables and options of each service are judged as well, with the
    default that stands behind a variable.
    """
    origin = repository.origin_of(document.id)
    if PATTERN_SIGNS & set(document.id):
        paths = repository.matching(document.id)
        expect.at_least(1, len(paths), "documents", at=origin)
    else:
        paths = (repository.file(document.id).path,)
    for path in paths:
        text = repository.text(path)
        expect.at_least(1, len(text), f"text of {path}", at=origin.at(path), unit="characters")
        told = (*default_credentials(text), *placeholders(text))
        for found in {(one.kind, one.line): one for one in told}.values():
            offender = (found.excerpt, f"{path}:{found.line}")
            what = f"{found.kind} in {path}"
            expect.none([offender], what, expected=f"no {found.kind}", at=origin)
        if path in {one.path for one in _compose_files(environment)}:
            _judge_settings(path, repository, expect)


def _compose_files(environment: Environment) -> tuple[Compose, ...]:
    return (environment.repository.compose if environment.repository else None) or ()


def _judge_settings(path: str, repository: RepositoryView, expect: Expect) -> None:
    for service in compose.services(repository.document(path)):
        settings = (*service.variables, *compose.command_variables(service))
        for found in exposed_variables(settings):
            if found.exposure in UNFIT:
                expect.none(
                    [(found.exposure.value, found.where)],
                    f"“{found.name}” of service {service.name}",
                    expected="a value from the environment, without a default",
                    at=repository.origin_of(path),
                )
