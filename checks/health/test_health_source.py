"""The application's own health service measures what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.facts.script import Answer
from plimsoll.findings import NotObserved
from plimsoll.semantics.source_code import SourceCodeError, metric_collection

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import HealthSourceSubject
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView

LANGUAGES = {"dart": "dart", "ts": "typescript", "mts": "typescript", "tsx": "tsx"}
"""The language of a source file, by the ending of its name."""


@pytest.mark.control("HLT-11")
def test_health_service_collects_what_it_names(
    health_source: HealthSourceSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Follow, in the source code of the health service, where each declared metric's value is from.

    It must be obtained by a call, or read from something outside the file. Constants, random
    numbers, comments and fields that are never given a value collect nothing. Where the value
    cannot be followed within the file, it is not known.
    """
    path = health_source.id
    origin = repository.origin_of(path)
    source = repository.text(path)
    language = LANGUAGES.get(path.rpartition(".")[2])
    if language is None:
        raise NotObserved("it is written in a language that is not read here", origin)
    unknown: list[str] = []
    for metric in health_source.source.collects:
        try:
            found = metric_collection(source, language, metric)
        except SourceCodeError as error:
            raise NotObserved(f"cannot be parsed: {error}", origin) from None
        if found.answer is Answer.UNKNOWN:
            unknown.append(f"{metric}: {found.reason}")
            continue
        expect.that(
            found.answer is Answer.YES,
            f"metric {metric}",
            observed=found.reason,
            expected="a measured value",
            at=origin.at(f"{path}:{found.line}") if found.line else origin,
        )
    if unknown:
        raise NotObserved("; ".join(unknown), origin)
