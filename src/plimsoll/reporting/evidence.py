"""The register of evidence: every file that a result rests on, numbered, with its digest."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from plimsoll.reporting.document import Document, Evidence

# Only a plain path below evidence/ becomes a link; anything else is shown as text.
_LINKABLE = re.compile(r"evidence(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+", re.ASCII)
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file of evidence; `href` is `None` where its path is not one to follow."""

    number: int
    file: Evidence
    href: str | None
    results: int


class Register:
    """Exhibits numbered in the order of path and digest, found again by what a result refers to."""

    def __init__(self, document: Document) -> None:
        """Give every distinct file of the document a number."""
        uses: Counter[_Key] = Counter()
        files: dict[_Key, Evidence] = {}
        for result in document["results"]:
            for file in result["evidence"]:
                uses[_key(file)] += 1
                files.setdefault(_key(file), file)
        self._exhibits = {
            key: Exhibit(number, files[key], link(files[key]["path"]), uses[key])
            for number, key in enumerate(sorted(files), start=1)
        }

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """List every exhibit by number."""
        return tuple(self._exhibits.values())

    def of(self, files: Iterable[Evidence]) -> tuple[Exhibit, ...]:
        """Find the exhibits of a result, in the order in which it names them."""
        return tuple(self._exhibits[_key(file)] for file in files)


def link(path: str) -> str | None:
    """Return the path as a relative address when it is a plain path below `evidence/`."""
    return path if _LINKABLE.fullmatch(path) else None


def _key(file: Evidence) -> _Key:
    return file["path"], file["sha256"]
