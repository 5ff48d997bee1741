"""The repository as a check reads it: absent files deviate, unreadable ones are not observed.

In a repository that could be read, the absence of a required file is itself an observation. A file
that is there but cannot be read or parsed says nothing about what depends on it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from plimsoll.facts.document import DocumentError, parse_json, parse_yaml
from plimsoll.findings import NonCompliant, NotObserved, Observed, Origin
from plimsoll.semantics.compose import unread_files

if TYPE_CHECKING:
    from datetime import datetime

    from plimsoll.facts.document import Document
    from plimsoll.facts.repository import FileRecord, Repository
    from plimsoll.pytest_plugin.examination import Examination


class RepositoryView:
    """What one check sees of the repository, from one vantage point of it."""

    def __init__(self, examination: Examination, seen: Observed[Repository]) -> None:
        self._examination = examination
        self._seen = seen

    @cached_property
    def origin(self) -> Origin:
        """The repository as a place."""
        return self._seen.origin

    @property
    def at(self) -> datetime:
        """When it was read."""
        return self._seen.at

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path in the repository."""
        return self._seen.value.paths

    @property
    def modes_known(self) -> bool:
        """Whether version control says anything about modes here."""
        return self._seen.value.modes_known

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the paths that match a path or a shell pattern."""
        return self._seen.value.matching(pattern)

    def has(self, path: str) -> bool:
        """Whether the repository has this file."""
        return path in self._seen.value.paths

    def origin_of(self, path: str, vantage: str = "") -> Origin:
        """Return a file as a place; `vantage` where it is a vantage point of its own."""
        source = f"repository:{vantage}" if vantage else "repository"
        return Origin(source, path, self.origin.simulated)

    def file(self, path: str, vantage: str = "") -> FileRecord:
        """Return a required file. Where it is absent, state that as a deviation and end the check.

        Raises NonCompliant for an absent file, NotObserved for one that could not be read.
        """
        origin = self.origin_of(path, vantage)
        record = self._seen.value.file(path)
        if record is None and self.has(path):
            raise NotObserved("was not planned to be read", origin)
        if record is None:
            self._examination.expect.missing(f"file {path}", expected="the file", at=origin)
            raise NonCompliant(tuple(self._examination.expect.deviations))
        self._examination.relied_on(path)
        return record

    def text(self, path: str, vantage: str = "") -> str:
        """Return the text of a required file; raises as `file` does."""
        record = self.file(path, vantage)
        if record.text is None:
            raise NotObserved(record.problem, self.origin_of(path, vantage))
        return record.text

    def documents(self, path: str, vantage: str = "") -> tuple[Document, ...]:
        """Return every YAML (or JSON) document of a required file; raises as `file` does."""
        text = self.text(path, vantage)
        documents = self._parsed(path, text, vantage)
        for where in (where for document in documents for where in unread_files(document)):
            reason = "takes parts from another file, which is not read"
            raise NotObserved(reason, self.origin_of(path, vantage).at(where))
        return documents

    def _parsed(self, path: str, text: str, vantage: str) -> tuple[Document, ...]:
        try:
            return (parse_json(text, path),) if path.endswith(".json") else parse_yaml(text, path)
        except DocumentError as error:
            origin = self.origin_of(path, vantage)
            raise NotObserved(f"cannot be parsed: {error}", origin) from None

    def document(self, path: str, vantage: str = "") -> Document:
        """Return the one document of a required file; raises as `file` does."""
        documents = self.documents(path, vantage)
        if len(documents) != 1:
            reason = f"holds {len(documents)} documents instead of one"
            raise NotObserved(reason, self.origin_of(path, vantage))
        return documents[0]
